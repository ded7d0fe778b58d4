/** A market that is opened again goes on where its journal ends, in time too. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ByteWriter } from "../../../engine/bytes.ts";
import { decodeMarketRecords } from "../../../engine/market/record.ts";
import { milliseconds } from "../../../engine/units.ts";
import type { MarketCore } from "../../../mixins/actor/market-core.ts";
import { recoverMarket } from "../../../mixins/actor/market-recovery.ts";
import type { FileJournal } from "../../../mixins/journal/file-journal.ts";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";

const NAME = "market.EURUSD";
const [instrument] = INSTRUMENTS;
if (instrument === undefined) throw new Error("Invariant: the venue lists a market");

let folder: string;
let store: FileJournalStore;
let journal: FileJournal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cambist-market-"));
  store = new FileJournalStore(folder);
  journal = await store.open(NAME);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const recover = (now: number) =>
  recoverMarket(instrument, journal, store.snapshots(NAME), { now: () => now });

/** Time of the record that an owner's command makes. */
async function append(core: MarketCore, epoch: number): Promise<number> {
  const writer = new ByteWriter();
  core.handle({ command: { kind: "owner", time: milliseconds(0), epoch } }, writer);
  const payload = writer.copy();
  const [record] = decodeMarketRecords(1, journal.last + 1, 1, payload);
  await journal.append(journal.last, 1, payload, false);
  return record?.command.time ?? 0;
}

it("does not go back in time, from a tail or from a snapshot alone", async () => {
  expect(await append(await recover(1_000), 1)).toBe(1_000);
  const core = await recover(5);
  expect(await append(core, 2)).toBe(1_000);
  const { machine } = core;
  await store.snapshots(NAME).save({ sequence: 2, hash: machine.hash(), bytes: machine.snapshot() });
  expect(await append(await recover(7), 3)).toBe(1_000);
});
