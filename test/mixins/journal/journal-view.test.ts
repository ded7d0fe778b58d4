/** A journal as it lies there: read as its own readers read it, and nothing is changed by looking. */
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FileJournal } from "../../../mixins/journal/file-journal.ts";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import type { JournalBatch } from "../../../mixins/journal/journal.ts";
import { JournalCorrupt, JournalGap, JournalShort } from "../../../mixins/journal/journal-fault.ts";
import { JournalView } from "../../../mixins/journal/journal-view.ts";
import { appendTexts } from "../../contract/journal-records.ts";

const NAME = "market.EURUSD";
let data: string;
let folder: string;
let store: FileJournalStore;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "cambist-view-"));
  folder = join(data, "journal", NAME);
  store = new FileJournalStore(data, { segmentBytes: 1_000 });
});
afterEach(async () => {
  await store.close();
  await rm(data, { recursive: true });
});

/** Segments, each of a client's commands or not, with a snapshot at each end. */
async function fill(...segments: readonly boolean[]): Promise<FileJournal> {
  const journal = await store.open(NAME);
  for (const clients of segments) {
    let sealed = false;
    while (!sealed) sealed = await appendTexts(journal, 2, clients, 100);
    const sequence = journal.last;
    await store.snapshots(NAME).save({ sequence, hash: "hash", bytes: Buffer.from("state") });
  }
  await appendTexts(journal, 3, true, 100);
  return journal;
}

async function all(batches: AsyncIterable<JournalBatch>): Promise<JournalBatch[]> {
  const read: JournalBatch[] = [];
  for await (const batch of batches) read.push(batch);
  return read;
}

/** Every file with its bytes. */
async function contents(): Promise<[string, string][]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async name => [name, await readFile(join(folder, name), "hex")]));
}

const newestPath = async () => join(folder, (await readdir(folder)).filter(isSegment).sort().at(-1) ?? "");
const isSegment = (name: string) => name.endsWith(".segment");

test("reads what the journal reads", async () => {
  const journal = await fill(true, false, true);
  const view = await JournalView.open(folder, NAME);
  expect([view.last, view.isWhole, view.unfinishedBytes]).toEqual([journal.last, true, 0]);
  expect(await all(view.read(1, view.last))).toEqual(await all(journal.read(1)));
  expect((await all(view.read(5, 6))).map(({ first }) => first)).toEqual([5]);
  await expect(all(view.read(1, view.last + 1))).rejects.toThrow(JournalShort);
});

test("tells what has been dropped", async () => {
  const journal = await fill(true, false, true, true);
  await journal.retain(journal.last);
  const view = await JournalView.open(folder, NAME);
  expect(view.isWhole).toBe(false);
  expect(view.runs()).toEqual(journal.runs());
  const [run] = view.runs();
  const gap = (run?.last ?? 0) + 1;
  await expect(all(view.read(gap, gap))).rejects.toThrow(JournalGap);
  expect((await all(view.read(1, gap - 1))).at(-1)).toMatchObject({ clients: true });
});

test("passes over an append that never finished, and leaves it there", async () => {
  const journal = await fill(true);
  const { last } = journal;
  await journal.close();
  await appendFile(await newestPath(), Buffer.from("CJF1 and no more", "latin1"));
  const before = await contents();
  const view = await JournalView.open(folder, NAME);
  expect([view.last, view.unfinishedBytes]).toEqual([last, 16]);
  expect(await contents()).toEqual(before);
});

test("a newest segment whose header never came to disk holds nothing", async () => {
  const journal = await fill(true, true);
  const { last } = journal;
  await journal.close();
  const path = await newestPath();
  await truncate(path, 40);
  const view = await JournalView.open(folder, NAME);
  expect([view.last, view.unfinishedBytes]).toEqual([last - 3, 40]);
  expect(await all(view.read(1, view.last))).not.toEqual([]);
});

test("names the place of a damaged byte, in the newest segment and in an older one", async () => {
  const journal = await fill(true);
  await journal.close();
  for (const path of [
    await newestPath(),
    join(folder, (await readdir(folder)).filter(isSegment).sort()[0] ?? ""),
  ]) {
    const bytes = await readFile(path);
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(180) ^ 1, 180);
    await writeFile(path, damaged);
    const reading = JournalView.open(folder, NAME).then(view => all(view.read(1, view.last)));
    await expect(reading).rejects.toThrow(JournalCorrupt);
    await expect(reading).rejects.toMatchObject({ file: path });
    await writeFile(path, bytes);
  }
});

test("an empty folder is an empty journal", async () => {
  await (await store.open(NAME)).close();
  const view = await JournalView.open(folder, NAME);
  expect([view.last, view.runs()]).toEqual([0, []]);
});
