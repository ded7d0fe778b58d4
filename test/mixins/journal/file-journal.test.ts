/** The file journal: the contract, and what is particular to segments: sizes, rotation, failed writes. */
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import { JournalClosed, JournalWriteFailed } from "../../../mixins/journal/journal-fault.ts";
import { encodeSegmentHeader } from "../../../mixins/journal/segment.ts";
import { journalContract } from "../../contract/journal.contract.ts";
import { appendTexts, encodeRecords, expectedTexts, readTexts } from "../../contract/journal-records.ts";

async function makeStore(segmentBytes: number) {
  const folder = await mkdtemp(join(tmpdir(), "cambist-journal-"));
  let store = new FileJournalStore(folder, { segmentBytes });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = new FileJournalStore(folder, { segmentBytes });
      return store;
    },
    dispose: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

journalContract("FileJournal", () => makeStore(4 * 1024 * 1024));
journalContract("FileJournal with a segment for every few batches", () => makeStore(400));

describe("FileJournal", () => {
  let folder: string;
  let store: FileJournalStore;
  const journalFolder = () => join(folder, "journal", "market.EURUSD");

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cambist-journal-"));
    store = new FileJournalStore(folder, { segmentBytes: 2_000 });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  test("says which append filled a segment, and the next begins a new one", async () => {
    const journal = await store.open("market.EURUSD");
    const seals: number[] = [];
    for (let record = 1; record <= 30; record++)
      if (await appendTexts(journal, 1, true, 200)) seals.push(record);
    expect(seals).toEqual([8, 16, 24]);
    await store.close();
    const files = (await readdir(journalFolder())).sort();
    expect(files.map(file => Number.parseInt(file, 10))).toEqual([1, 9, 17, 25]);
  });

  test("only the owner may read its files", async () => {
    const journal = await store.open("market.EURUSD");
    await appendTexts(journal, 1);
    await store.snapshots("market.EURUSD").save({ sequence: 1, hash: "", bytes: new Uint8Array(1) });
    expect((await stat(journalFolder())).mode & 0o777).toBe(0o700);
    for (const file of await readdir(journalFolder())) {
      expect((await stat(join(journalFolder(), file))).mode & 0o777).toBe(0o600);
    }
  });

  test("sequences pass 2³²", async () => {
    const { mkdir, writeFile } = await import("node:fs/promises");
    const first = 2 ** 32 - 2;
    await mkdir(journalFolder(), { recursive: true });
    await writeFile(join(journalFolder(), "dropped.json"), JSON.stringify([{ first: 1, last: first - 1 }]));
    const path = join(journalFolder(), `${String(first).padStart(16, "0")}.segment`);
    await writeFile(path, encodeSegmentHeader("market.EURUSD", first, 1));
    let journal = await store.open("market.EURUSD");
    for (let batch = 0; batch < 10; batch++) await appendTexts(journal, 3, true, 200);
    await store.close();
    store = new FileJournalStore(folder, { segmentBytes: 2_000 });
    journal = await store.open("market.EURUSD");
    expect(journal.runs()).toEqual([{ first, last: first + 29 }]);
    expect(await readTexts(journal, first)).toEqual(expectedTexts(first, first + 29, 200));
  });

  test("a payload of many records comes back whole; one that is too large is refused", async () => {
    const journal = await store.open("market.EURUSD");
    await appendTexts(journal, 20_000, true, 100);
    const tooLarge = encodeRecords(["x".repeat(16 * 1024 * 1024)]);
    await expect(journal.append(20_000, 1, tooLarge, true)).rejects.toThrow(RangeError);
    expect(await readTexts(journal)).toEqual(expectedTexts(1, 20_000, 100));
    await appendTexts(journal, 1);
  });

  test("after a failed write the journal takes nothing more, and says why", async () => {
    const journal = await store.open("market.EURUSD");
    await appendTexts(journal, 1);
    // The next segment can't be made: its folder has gone.
    await rm(journalFolder(), { recursive: true });
    while (!(await appendTexts(journal, 1, true, 500)));
    await expect(appendTexts(journal, 1)).rejects.toThrow(JournalWriteFailed);
    const { last } = journal;
    const refused = await appendTexts(journal, 1).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(JournalClosed);
    expect(refused).toMatchObject({ code: "JOURNAL_CLOSED", cause: { code: "ENOENT" } });
    expect(journal.last).toBe(last);
  });
});
