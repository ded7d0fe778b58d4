/** A market's last snapshot holds what its journal holds; after a failed append there is none. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ByteWriter } from "../../../engine/bytes.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { encodeMarketRecord } from "../../../engine/market/record.ts";
import { milliseconds } from "../../../engine/units.ts";
import type { FileJournal } from "../../../mixins/journal/file-journal.ts";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";
import { MarketSnapshots } from "../../../services/matching/market-snapshots.ts";

const [instrument] = INSTRUMENTS;
if (instrument === undefined) throw new Error("Invariant: the venue lists a market");

let folder: string;
let store: FileJournalStore;
let journal: FileJournal;
const machine = new MarketMachine(instrument);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cambist-snapshots-"));
  store = new FileJournalStore(folder);
  journal = await store.open("market.EURUSD");
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function apply(epoch: number): Uint8Array {
  const writer = new ByteWriter();
  const command = { kind: "owner", time: milliseconds(0), epoch } as const;
  encodeMarketRecord(writer, command, machine.apply(command), machine.bestBid, machine.bestAsk);
  return writer.copy();
}

it("is taken of appended state only", async () => {
  const snapshots = store.snapshots("market.EURUSD");
  const failures: unknown[] = [];
  const taken = new MarketSnapshots({
    machine,
    journal,
    snapshots,
    floor: () => 0,
    onFailed: error => failures.push(error),
  });
  await journal.append(0, 1, apply(1), false);
  await taken.close();
  expect(await snapshots.list()).toEqual([1]);

  apply(2);
  await taken.close();
  expect(await snapshots.list()).toEqual([1]);
  expect(failures).toEqual([]);
});
