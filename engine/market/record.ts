/**
 * A market's journal record: the command, what happened, and the best prices after it. The command makes
 * replay possible, the events spare every follower a book of its own. Binary, because the journal's speed is
 * the venue's.
 *
 *   u8 layout · u8 kind · f64 time · (command's fields) · u32 best bid · u32 best ask · u32 events · (events)
 *
 * How commands and events are written: `command-record.ts`, `event-record.ts`; what earlier layouts had
 * otherwise is said there.
 */
import { ByteReader, type ByteWriter } from "../bytes.ts";
import { assert, type Ticks } from "../units.ts";
import type { MarketCommand } from "./command.ts";
import { readCommand, writeCommand } from "./command-record.ts";
import type { EventLog } from "./event.ts";
import { readEvents, writeEvents } from "./event-record.ts";
import type { MarketEvent } from "./market-event.ts";

/** Version of this layout; a reader takes the earlier ones too and refuses others. */
export const LAYOUT = 3;

export interface MarketRecord {
  /** The market's number in the venue. */
  readonly market: number;
  readonly sequence: number;
  readonly command: MarketCommand;
  readonly events: readonly MarketEvent[];
  /** Best prices after the command; 0 where that side is empty. */
  readonly bestBid: Ticks;
  readonly bestAsk: Ticks;
}

/** Appends one record, its length in front, to `writer`. */
export function encodeMarketRecord(
  writer: ByteWriter,
  command: MarketCommand,
  events: EventLog,
  bestBid: number,
  bestAsk: number,
): void {
  const start = writer.beginLength();
  writer.u8(LAYOUT);
  writeCommand(writer, command);
  writer.u32(bestBid);
  writer.u32(bestAsk);
  writeEvents(writer, events);
  writer.endLength(start);
}

/** Decodes one journal batch: `payload` is records back to back, each behind its u32 length. */
export function decodeMarketRecords(
  market: number,
  first: number,
  count: number,
  payload: Uint8Array,
): MarketRecord[] {
  const reader = new ByteReader(payload);
  const records: MarketRecord[] = [];
  for (let index = 0; index < count; index++) {
    const end = reader.count(1) + reader.at;
    const layout = reader.u8();
    assert(layout >= 1 && layout <= LAYOUT, "a market's record has a known layout");
    const command = readCommand(reader, layout);
    const bestBid = reader.ticks();
    const bestAsk = reader.ticks();
    const events = readEvents(reader, layout);
    assert(reader.at === end, "a market's record is as long as it says");
    records.push({ market, sequence: first + index, command, events, bestBid, bestAsk });
  }
  reader.end();
  return records;
}
