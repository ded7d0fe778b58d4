/**
 * The records of a live journal batch, decoded once for all who follow it: shards and market data hear the
 * same batch object one after another. Only the newest batch of each market is kept decoded.
 */
import { decodeMarketRecords, type MarketRecord } from "../../engine/market/record.ts";
import type { JournalBatch } from "./journal.ts";

interface Decoded {
  readonly batch: JournalBatch;
  readonly records: readonly MarketRecord[];
}

const newest = new Map<number, Decoded>();

/** Records of a batch of the journal of market number `market`. Shared: nobody changes them. */
export function marketRecordsOf(market: number, batch: JournalBatch): readonly MarketRecord[] {
  const known = newest.get(market);
  if (known?.batch === batch) return known.records;
  const records = decodeMarketRecords(market, batch.first, batch.count, batch.payload);
  newest.set(market, { batch, records });
  return records;
}
