/** What a shard's snapshots let the journals drop, over restarts, and what a damaged one costs: nothing. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { shardOf } from "../../../engine/ids.ts";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import type { Cursors } from "../../../mixins/runtime/cursors.ts";
import { runtimeOf } from "../../../mixins/runtime/runtime.ts";
import { startVenue, temporaryFolder, type Venue } from "../../venue.ts";

const JOURNAL = "market.EURUSD";
const SHARD = `risk.${shardOf(1001, 2)}`;
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => rm(folder, { recursive: true }));

const snapshots = () => new FileJournalStore(folder).snapshots(SHARD);

/** One run with some facts, stopped in order; how far its followers had come. */
async function run(price: string): Promise<Cursors> {
  const venue: Venue = await startVenue(folder);
  const { cursors } = runtimeOf(venue.broker);
  await venue.openAccounts(1001);
  await venue.quote("EURUSD", price, "1.20000");
  await venue.stop();
  return cursors;
}

it("lets go what the snapshot before the newest holds, also that of an earlier run", async () => {
  await run("1.00000");
  const first = await new FileJournalStore(folder).open(JOURNAL);
  const durable = first.last;
  await first.close();
  const cursors = await run("1.01000");
  cursors.set("marketdata", JOURNAL, Number.MAX_SAFE_INTEGER);
  expect(cursors.floor(JOURNAL)).toBe(durable);
});

it("keeps the two newest good ones", async () => {
  await run("1.00000");
  await run("1.01000");
  const [good, damaged] = await snapshots().list();
  const file = join(folder, "journal", SHARD, `${String(damaged).padStart(16, "0")}.snapshot`);
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  await writeFile(file, bytes);
  await run("1.02000");
  const kept = await snapshots().list();
  expect(kept).toHaveLength(2);
  expect(kept[0]).toBe(good);
  for (const sequence of kept) await snapshots().load(sequence);
});

it("clears away what an unfinished save has left", async () => {
  await run("1.00000");
  const left = join(folder, "journal", SHARD, "0000000000000007.snapshot.tmp");
  await writeFile(left, "half");
  await run("1.01000");
  await expect(readFile(left)).rejects.toMatchObject({ code: "ENOENT" });
});
