/**
 * What is dropped, compressed and kept, and that a crash at any step of it leaves a journal that opens with
 * nothing lost that should be there. A crash is a file system whose n-th change, and every one after it,
 * fails.
 */
import type * as FileSystem from "node:fs/promises";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { FileJournal } from "../../../mixins/journal/file-journal.ts";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import { JournalCorrupt, JournalGap } from "../../../mixins/journal/journal-fault.ts";
import { appendTexts, expectedTexts, readTexts } from "../../contract/journal-records.ts";

/** Changes that the file system makes until it fails. */
const disk = vi.hoisted(() => ({ changesLeft: Number.POSITIVE_INFINITY }));

vi.mock("node:fs/promises", async original => {
  const real = await original<typeof FileSystem>();
  function change<Input extends unknown[], Output>(action: (...input: Input) => Promise<Output>) {
    return (...input: Input): Promise<Output> => {
      disk.changesLeft -= 1;
      return disk.changesLeft < 0 ? Promise.reject(new Error("crashed")) : action(...input);
    };
  }
  return { ...real, rename: change(real.rename), unlink: change(real.unlink), open: change(real.open) };
});

const NAME = "market.EURUSD";
let folder: string;
let store: FileJournalStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cambist-retention-"));
  store = new FileJournalStore(folder, { segmentBytes: 1_000 });
});
afterEach(async () => {
  disk.changesLeft = Number.POSITIVE_INFINITY;
  await store.close();
  await rm(folder, { recursive: true });
});

/**
 * Fills one segment for each letter: C with a client's command in it, L without; x leaves out the snapshot at
 * its end.
 */
async function fill(segments: string): Promise<FileJournal> {
  const journal = await store.open(NAME);
  for (const [segment] of segments.matchAll(/[CL]x?/g)) {
    let sealed = false;
    while (!sealed) sealed = await appendTexts(journal, 2, segment.startsWith("C"), 100);
    if (!segment.endsWith("x")) await snapshotAt(journal.last);
  }
  await appendTexts(journal, 1, true, 100);
  return journal;
}

function snapshotAt(sequence: number): Promise<void> {
  return store
    .snapshots(NAME)
    .save({ sequence, hash: `after ${sequence}`, bytes: Buffer.from(`${sequence}`) });
}

async function reopen(): Promise<FileJournal> {
  await store.close();
  store = new FileJournalStore(folder, { segmentBytes: 1_000 });
  return store.open(NAME);
}

/** The segments that are left as letters: z compressed, s as written; and numbers in units of a segment. */
async function stored(): Promise<string> {
  const files = (await readdir(join(folder, "journal", NAME))).sort();
  return files
    .filter(file => file.includes(".segment"))
    .map(file => `${Math.floor(Number.parseInt(file, 10) / RECORDS)}${file.endsWith(".gz") ? "z" : "s"}`)
    .join(" ");
}

/** Records that a segment of `fill` holds. */
const RECORDS = 8;
const snapshotsLeft = async () => (await store.snapshots(NAME).list()).map(sequence => sequence / RECORDS);

/** Every run is whole, and one that begins late has its opening state. */
async function expectWhole(journal: FileJournal): Promise<void> {
  for (const { first, last } of journal.runs()) {
    expect(await readTexts(journal, first, last)).toEqual(expectedTexts(first, last, 100));
    if (first > 1) expect((await store.snapshots(NAME).load(first - 1)).hash).toBe(`after ${first - 1}`);
  }
}

describe("retention", () => {
  test("clients' segments are compressed and kept, the others dropped, snapshots follow", async () => {
    let journal = await fill("CLLCLCLL");
    expect(journal.last).toBe(8 * RECORDS + 1);
    const retained = await journal.retain(journal.last);
    // Snapshots at 7 and 8: what lies below 7 is decided.
    expect(retained).toMatchObject({
      droppedSegments: 4,
      droppedRecords: 4 * RECORDS,
      compressedSegments: 3,
    });
    expect(await stored()).toBe("0z 3z 5z 7s 8s");
    expect(await snapshotsLeft()).toEqual([3, 5, 7, 8]);
    for (const again of [false, true]) {
      if (again) journal = await reopen();
      expect(journal.runs()).toEqual([
        { first: 1, last: RECORDS },
        { first: 3 * RECORDS + 1, last: 4 * RECORDS },
        { first: 5 * RECORDS + 1, last: 6 * RECORDS },
        { first: 7 * RECORDS + 1, last: 8 * RECORDS + 1 },
      ]);
      expect(journal.oldest).toBe(1);
      await expectWhole(journal);
    }
    expect(await journal.retain(journal.last)).toMatchObject({ droppedSegments: 0, compressedSegments: 0 });
  });

  test("reading into or across a dropped run throws JournalGap with where it goes on", async () => {
    const journal = await fill("CLLCLL");
    await journal.retain(journal.last);
    const next = 3 * RECORDS + 1;
    await expect(readTexts(journal, 1)).rejects.toMatchObject({
      code: "JOURNAL_GAP",
      from: RECORDS + 1,
      next,
    });
    await expect(readTexts(journal, RECORDS + 3)).rejects.toMatchObject({ from: RECORDS + 3, next });
    await expect(
      journal.follow(
        RECORDS + 1,
        () => undefined,
        () => undefined,
      ).failed,
    ).rejects.toThrow(JournalGap);
  });

  test("nothing goes that a cursor, a follower or the second snapshot has not passed", async () => {
    const journal = await fill("LLLLL");
    expect(await journal.retain(2 * RECORDS - 1)).toMatchObject({ droppedSegments: 1 });
    let release: () => void = () => undefined;
    const gate = new Promise<void>(resolve => {
      release = resolve;
    });
    const follower = journal.follow(RECORDS + 1, batch => {
      return batch.first > 3 * RECORDS ? gate : undefined;
    });
    while (follower.cursor < 3 * RECORDS) await new Promise(resolve => setImmediate(resolve));
    expect(await journal.retain(journal.last)).toMatchObject({ droppedSegments: 2 });
    expect(await stored()).toBe("3s 4s 5s");
    release();
  });

  test("without two snapshots that verify nothing goes; a damaged one does not count", async () => {
    const journal = await fill("LLLxLx");
    expect(await snapshotsLeft()).toEqual([1, 2]);
    const newest = join(folder, "journal", NAME, `${String(2 * RECORDS).padStart(16, "0")}.snapshot`);
    const bytes = await readFile(newest);
    await writeFile(newest, bytes.subarray(0, -1));
    expect((await store.snapshots(NAME).newest())?.sequence).toBe(RECORDS);
    expect(await journal.retain(journal.last)).toMatchObject({ droppedSegments: 0, removedSnapshots: 0 });
  });

  test("without a snapshot at its end a segment stays, unless the next one goes", async () => {
    const journal = await fill("LLxCLxLLL");
    await journal.retain(journal.last);
    expect(journal.runs()[0]).toEqual({ first: RECORDS + 1, last: 3 * RECORDS });
    expect(await stored()).toBe("1z 2z 6s 7s");
    await expectWhole(journal);
  });

  test("what an earlier process wrote is judged by what is in it", async () => {
    await fill("LCLL");
    const journal = await reopen();
    expect(await journal.retain(journal.last)).toMatchObject({ droppedSegments: 2, compressedSegments: 1 });
    await expectWhole(journal);
  });

  test("a flipped byte in a compressed segment is found", async () => {
    const journal = await fill("CCCC");
    await journal.retain(journal.last);
    const path = join(folder, "journal", NAME, `${"1".padStart(16, "0")}.segment.gz`);
    const bytes = await readFile(path);
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 4;
    await writeFile(path, bytes);
    await expect(reopen().then(damaged => readTexts(damaged))).rejects.toThrow(JournalCorrupt);
  });

  test("a crash at any step leaves a journal that opens whole; the next retention ends it", async () => {
    let finished = false;
    for (let step = 0; !finished; step++) {
      await store.close();
      await rm(folder, { recursive: true });
      store = new FileJournalStore(folder, { segmentBytes: 1_000 });
      let journal = await fill("CLLCLCLL");
      const { last } = journal;
      disk.changesLeft = step;
      finished = await journal.retain(last).then(
        () => true,
        error => {
          expect(String(error)).toContain("crashed");
          return false;
        },
      );
      disk.changesLeft = Number.POSITIVE_INFINITY;
      await store.close();
      store = new FileJournalStore(folder, { segmentBytes: 1_000 });
      journal = await store.open(NAME);
      expect(journal.last, `step ${step}`).toBe(last);
      await expectWhole(journal);
      await journal.retain(last);
      expect(await stored(), `step ${step}`).toBe("0z 3z 5z 7s 8s");
      expect(await snapshotsLeft()).toEqual([3, 5, 7, 8]);
      await expectWhole(journal);
    }
  });

  test("reading goes on while its segments are compressed", async () => {
    const journal = await fill("CCCCCC");
    const reading = readTexts(journal);
    await journal.retain(journal.last);
    expect(await reading).toEqual(expectedTexts(1, journal.last, 100));
  });
});
