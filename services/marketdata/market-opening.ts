/**
 * Where reading a market's journal begins: right behind what is known, or, where that record can't be read
 * any more, at a snapshot of the market or its beginning.
 */
import type { Instrument } from "../../engine/instrument.ts";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import { assert } from "../../engine/units.ts";
import type { Journal, SnapshotStore } from "../../mixins/journal/journal.ts";

export interface MarketSource {
  readonly instrument: Instrument;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
}

/**
 * The market from which to read on, all the way to the journal's end; undefined where the record behind
 * `known` can be read. It is the oldest possible: what follows has as few holes as can be.
 */
export async function openingBehind(
  { instrument, journal, snapshots }: MarketSource,
  known: number,
): Promise<MarketMachine | undefined> {
  if (known === journal.last) return undefined;
  const newest = journal.runs().at(-1);
  const next = known + 1;
  const isReadable = newest !== undefined && next >= newest.first && next <= newest.last;
  if (known <= journal.last && isReadable) return undefined;
  const from = newest === undefined ? journal.last : newest.first - 1;
  if (from === 0) return new MarketMachine(instrument);
  const [opening] = (await snapshots.list()).filter(sequence => sequence >= from && sequence <= journal.last);
  assert(opening !== undefined, `journal ${journal.name} has a snapshot in front of its newest run`);
  return MarketMachine.restore(instrument, (await snapshots.load(opening)).bytes);
}

/** The market as its newest snapshot has it: for whoever needs its present alone. */
export async function newestOpening(source: MarketSource): Promise<MarketMachine | undefined> {
  const { instrument, journal, snapshots } = source;
  const snapshot = await snapshots.newest();
  // A reader may be behind the owner, who has taken a snapshot in the meantime.
  if (snapshot === undefined || snapshot.sequence > journal.last) return openingBehind(source, 0);
  return MarketMachine.restore(instrument, snapshot.bytes);
}
