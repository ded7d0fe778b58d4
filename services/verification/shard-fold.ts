/** Shards made anew from what is recorded: the ledger first, then each market, as a start does it. */
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import { decodeMarketRecords } from "../../engine/market/record.ts";
import { milliseconds } from "../../engine/units.ts";
import { decodeLedgerBatch } from "../risk/shard-recovery.ts";
import { restoreAt } from "./market-replay.ts";
import type { Place, Recorded, RecordedMarket, RecordedShard } from "./recorded.ts";

/** Called after each batch; what it returns is waited for. */
export type AfterBatch = (journal: string, done: number, last: number) => Promise<void> | void;

const NOTHING: AfterBatch = () => undefined;

/** Applies what lies between where the machine is and `place`. Throws where a record is not there. */
export async function foldTo(
  machine: AccountMachine,
  recorded: Recorded,
  { ledger }: RecordedShard,
  place: Place,
  after: AfterBatch = NOTHING,
): Promise<void> {
  await foldLedger(machine, ledger, place.ledger, after);
  for (const market of recorded.markets) {
    const { number } = market.instrument;
    const to = place.cursors.get(number) ?? 0;
    await foldMarket(machine, market, machine.cursor(number) + 1, to, after);
  }
}

/**
 * Clients' accounts to the end of what is recorded, from the first record on: `machine` leaves providers out,
 * so that dropped records may be passed over.
 */
export async function foldClients(
  machine: AccountMachine,
  recorded: Recorded,
  { ledger }: RecordedShard,
  after: AfterBatch = NOTHING,
): Promise<void> {
  await foldLedger(machine, ledger, ledger.last, after);
  for (const market of recorded.markets) {
    for (const { first, last } of market.journal.runs()) {
      if (first > 1) await pass(machine, market, first - 1);
      await foldMarket(machine, market, first, last, after);
    }
  }
}

/** Goes on behind dropped records, in the state of the market that the snapshot there tells. */
async function pass(machine: AccountMachine, market: RecordedMarket, sequence: number): Promise<void> {
  const { phase, bestBid, bestAsk } = restoreAt(market, await market.snapshots.load(sequence));
  // Nothing is decided in this machine, so that no mark can be too old.
  const time = milliseconds(0);
  machine.passMarket({ market: market.instrument.number, sequence, time, phase, bestBid, bestAsk });
}

async function foldLedger(
  machine: AccountMachine,
  ledger: RecordedShard["ledger"],
  to: number,
  after: AfterBatch,
): Promise<void> {
  for await (const batch of ledger.read(machine.ledgerSequence + 1, to)) {
    for (const [index, command] of decodeLedgerBatch(batch).entries()) {
      if (batch.first + index <= to) machine.applyLedger(batch.first + index, command);
    }
    await after(ledger.name, batch.first + batch.count - 1, ledger.last);
  }
}

async function foldMarket(
  machine: AccountMachine,
  { instrument, journal }: RecordedMarket,
  from: number,
  to: number,
  after: AfterBatch,
): Promise<void> {
  for await (const batch of journal.read(from, to)) {
    for (const record of decodeMarketRecords(instrument.number, batch.first, batch.count, batch.payload)) {
      if (record.sequence <= to) machine.applyMarket(record);
    }
    await after(journal.name, batch.first + batch.count - 1, journal.last);
  }
}
