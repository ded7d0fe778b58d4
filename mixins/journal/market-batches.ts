/**
 * The records of a live journal batch, decoded once for all who follow it: shards and market data hear the same batch
 * object one after another. What was decoded goes when the batch does.
 */
import { decodeMarketRecords, type MarketRecord } from "../../engine/market/record.ts";
import type { JournalBatch } from "./journal.ts";

const decoded = new WeakMap<JournalBatch, readonly MarketRecord[]>();

/** Records of a batch of the journal of market number `market`. Shared: nobody changes them. */
export function marketRecordsOf(market: number, batch: JournalBatch): readonly MarketRecord[] {
  const known = decoded.get(batch);
  if (known !== undefined) return known;
  const records = decodeMarketRecords(market, batch.first, batch.count, batch.payload);
  decoded.set(batch, records);
  return records;
}
