/**
 * The bytes of a record's events. The first byte of each is its kind, the mark of what is not shown (32), the
 * side (64), and whether order and account are those of the event before it and so left out (128). In layout
 * 2 these were 16, 32 and 64; in layout 1 the side was 8 and the repetition 16, as kinds were fewer.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { assert, TICKS_MAX } from "../units.ts";
import {
  AMENDED,
  DISPLAYED,
  EVENT_KINDS,
  EVENT_STRIDE,
  type EventLog,
  INDICATIVE,
  KIND_MASK,
  PARKED,
  PHASED,
  PREVENTED,
  REJECTED,
  REMOVED,
  RESTRICTED,
  TRADED,
  UNSEEN,
} from "./event.ts";
import { decodeEvent, type MarketEvent } from "./market-event.ts";

const SELL = 64;
const SAME_ORDER = 128;
/** A trade, an amend…: all four of a row's last columns. */
const WHOLE = 4;
/** One number of a closed list behind the plain columns. */
const WORD = 1;
/** Of an event that repeats its order: its kind, price and size. */
const EVENT_BYTES_MIN = 13;

function columnsOf(kind: number): number {
  switch (kind) {
    case TRADED:
    case AMENDED:
    case DISPLAYED:
    case PREVENTED:
    case PHASED:
      return WHOLE;
    case REJECTED:
    case REMOVED:
    case PARKED:
    case RESTRICTED:
      return WORD;
    default:
      return 0;
  }
}

/** The first byte of an event as the newest layout has it. */
function firstByte(byte: number, layout: number): number {
  if (layout > 2) return byte;
  const second = layout === 2 ? byte : (byte & 7) | ((byte & ~7) << 2);
  return (second & 15) | ((second & ~15) << 1);
}

export function writeEvents(writer: ByteWriter, log: EventLog): void {
  const rows = log.rows;
  let order = -1;
  let account = -1;
  writer.u32(log.length);
  for (let at = 0; at < log.length * EVENT_STRIDE; at += EVENT_STRIDE) {
    const kind = (rows[at] ?? 0) & KIND_MASK;
    const same = rows[at + 1] === order && rows[at + 2] === account;
    writer.u8((rows[at] ?? 0) | (rows[at + 3] === 1 ? SELL : 0) | (same ? SAME_ORDER : 0));
    if (!same) {
      order = rows[at + 1] ?? 0;
      account = rows[at + 2] ?? 0;
      writer.f64(order);
      writer.f64(account);
    }
    writer.u32(rows[at + 4] ?? 0);
    writer.f64(rows[at + 5] ?? 0);
    const more = columnsOf(kind);
    if (more === WHOLE) {
      writer.f64(rows[at + 6] ?? 0);
      writer.f64(rows[at + 7] ?? 0);
      writer.f64(rows[at + 8] ?? 0);
      writer.f64(rows[at + 9] ?? 0);
    } else if (more === WORD) {
      writer.u16(rows[at + 7] ?? 0);
    }
  }
}

/** What is of the market or an account alone names no order. */
function checkOrderless(kind: number, first: number, row: Float64Array): void {
  assert(row[1] === 0 && row[3] === 0 && (first & UNSEEN) === 0, "an event that is no order's names none");
  assert(row[5] === 0 || kind === INDICATIVE, "only an indicative price has a size");
  assert(row[2] === 0 || kind === RESTRICTED, "only a restriction is an account's");
  assert(kind !== RESTRICTED || (row[4] === 0 && (row[7] ?? 0) <= 1), "quotes are frozen or not");
  assert(kind !== PHASED || row[6] === 0, "a phase has no rest");
}

function checkWhole(kind: number, row: Float64Array): void {
  assert(row[8] === 0 || kind === TRADED || kind === PREVENTED, "only a trade has a maker");
  assert(kind !== AMENDED || (row[7] ?? 0) <= TICKS_MAX, "an old price is at most 2³¹−1 ticks");
  const bare = row[7] === 0 && row[9] === 0;
  assert(kind !== DISPLAYED || bare, "what an iceberg shows has no detail");
}

export function readEvents(reader: ByteReader, layout: number): MarketEvent[] {
  const count = reader.count(EVENT_BYTES_MIN);
  const row = new Float64Array(EVENT_STRIDE);
  const events: MarketEvent[] = [];
  for (let index = 0; index < count; index++) {
    const byte = reader.u8();
    const first = firstByte(byte, layout);
    const kind = first & KIND_MASK;
    row[0] = first & (KIND_MASK | UNSEEN);
    row[3] = (first & SELL) === 0 ? 0 : 1;
    assert(kind < EVENT_KINDS.length && first < SAME_ORDER * 2, "an event has a known kind");
    if ((first & SAME_ORDER) === 0) {
      const order = reader.whole();
      const account = reader.whole();
      const again = index > 0 && order === row[1] && account === row[2];
      assert(!again, "an event names an order once");
      row[1] = order;
      row[2] = account;
    } else assert(index > 0, "the first event names its order");
    row[4] = reader.ticks();
    row[5] = reader.whole();
    const more = columnsOf(kind);
    if (more === WHOLE) {
      for (let column = 6; column < EVENT_STRIDE; column++) row[column] = reader.whole();
      checkWhole(kind, row);
    } else {
      row[7] = more === WORD ? reader.u16() : 0;
    }
    if (kind === RESTRICTED || kind === PHASED || kind === INDICATIVE) checkOrderless(kind, first, row);
    events.push(decodeEvent(row, 0));
  }
  return events;
}
