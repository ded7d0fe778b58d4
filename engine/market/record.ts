/**
 * A market's journal record: the command, what happened, and the best prices after it. The command makes
 * replay possible, the events spare every follower a book of its own. Binary, because the journal's speed is
 * the venue's.
 *
 *   u8 layout · u8 kind · f64 time · (command's fields) · u32 best bid · u32 best ask · u32 events · (events)
 *
 * How events are written: `event-record.ts`. Layout 1 had no terms and another first byte of an event.
 */
import { ByteReader, type ByteWriter } from "../bytes.ts";
import {
  type AccountId,
  assert,
  type Lots,
  type Milliseconds,
  type Money,
  type OrderId,
  type Ticks,
} from "../units.ts";
import type { AmendOrder, CancelOrder, MarketCommand, PlaceOrder, ShardCommand } from "./command.ts";
import type { EventLog, MarketEvent } from "./event.ts";
import { readEvents, writeEvents } from "./event-record.ts";
import { PHASES } from "./phases.ts";
import { readAmendTerms, readTerms, TIMES_IN_FORCE, writeAmendTerms, writeTerms } from "./terms-record.ts";

/** Version of this layout; a reader takes the earlier ones too and refuses others. */
const LAYOUT = 2;
const PLACE = 1;
const AMEND = 2;
const CANCEL = 3;
const SHARD_EPOCH = 4;
const OWNER = 5;
const PHASE = 6;
const TERMS_FLAG = 64;
/** Flags that a command of each kind may have. */
const KNOWN_FLAGS: Readonly<Record<number, number>> = { [PLACE]: 127, [AMEND]: 1 | TERMS_FLAG, [CANCEL]: 1 };

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

function writeShardCommand(writer: ByteWriter, command: ShardCommand, flags: number): void {
  writer.u16(command.shard);
  writer.f64(command.number);
  writer.f64(command.account);
  writer.f64(command.reference);
  writer.u8(flags | (command.liquidity ? 1 : 0));
}

function writePlace(writer: ByteWriter, command: PlaceOrder): void {
  const flags =
    (command.side === "sell" ? 2 : 0) |
    (command.type === "market" ? 4 : 0) |
    (command.postOnly ? 8 : 0) |
    (TIMES_IN_FORCE.indexOf(command.timeInForce) << 4) |
    (command.terms === undefined ? 0 : TERMS_FLAG);
  writeShardCommand(writer, command, flags);
  writer.f64(command.lots);
  writer.u32(command.ticks);
  writer.i128(command.reserved);
  writer.ascii(command.clientOrderId);
  if (command.terms !== undefined) writeTerms(writer, command.terms);
}

function writeCommand(writer: ByteWriter, command: MarketCommand): void {
  switch (command.kind) {
    case "place":
      writer.u8(PLACE);
      writer.f64(command.time);
      writePlace(writer, command);
      return;
    case "amend":
      writer.u8(AMEND);
      writer.f64(command.time);
      writeShardCommand(writer, command, command.terms === undefined ? 0 : TERMS_FLAG);
      writer.f64(command.orderId);
      writer.f64(command.lots);
      writer.u32(command.ticks);
      writer.i128(command.reserved);
      if (command.terms !== undefined) writeAmendTerms(writer, command.terms);
      return;
    case "cancel":
      writer.u8(CANCEL);
      writer.f64(command.time);
      writeShardCommand(writer, command, 0);
      writer.f64(command.orderId);
      return;
    case "shardEpoch":
      writer.u8(SHARD_EPOCH);
      writer.f64(command.time);
      writer.u16(command.shard);
      writer.f64(command.epoch);
      return;
    case "phase":
      writer.u8(PHASE);
      writer.f64(command.time);
      writer.u8(PHASES.indexOf(command.phase));
      writer.ascii(command.reason);
      return;
    case "owner":
      writer.u8(OWNER);
      writer.f64(command.time);
      writer.f64(command.epoch);
  }
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

function readCommand(reader: ByteReader): MarketCommand {
  const kind = reader.u8();
  const time = reader.integer() as Milliseconds;
  if (kind === SHARD_EPOCH) return { kind: "shardEpoch", time, shard: reader.u16(), epoch: reader.whole() };
  if (kind === OWNER) return { kind: "owner", time, epoch: reader.whole() };
  if (kind === PHASE) return { kind: "phase", time, phase: reader.choice(PHASES), reason: reader.ascii() };
  const known = KNOWN_FLAGS[kind];
  assert(known !== undefined, "a market's record holds a command of a known kind");
  const shard = reader.u16();
  const number = reader.whole();
  const account = reader.whole() as AccountId;
  const reference = reader.whole();
  const flags = reader.bits(known);
  const common = { time, shard, number, account, reference, liquidity: (flags & 1) !== 0 };
  if (kind === PLACE) return readPlace(reader, common, flags);
  const orderId = reader.whole() as OrderId;
  if (kind === CANCEL) return { kind: "cancel", ...common, orderId } satisfies CancelOrder;
  const lots = reader.whole() as Lots;
  const ticks = reader.ticks();
  const reserved = reader.i128() as Money;
  const amend = { kind: "amend", ...common, orderId, lots, ticks, reserved } satisfies AmendOrder;
  return (flags & TERMS_FLAG) === 0 ? amend : { ...amend, terms: readAmendTerms(reader) };
}

type CommonFields = Omit<CancelOrder, "kind" | "orderId">;

function readPlace(reader: ByteReader, common: CommonFields, flags: number): PlaceOrder {
  const lots = reader.whole() as Lots;
  const ticks = reader.ticks();
  const reserved = reader.i128() as Money;
  const timeInForce = TIMES_IN_FORCE[(flags >> 4) & 3];
  assert(timeInForce !== undefined, "a recorded order has a known time in force");
  const place: PlaceOrder = {
    kind: "place",
    ...common,
    side: (flags & 2) === 0 ? "buy" : "sell",
    type: (flags & 4) === 0 ? "limit" : "market",
    postOnly: (flags & 8) !== 0,
    timeInForce,
    lots,
    ticks,
    reserved,
    clientOrderId: reader.ascii(),
  };
  return (flags & TERMS_FLAG) === 0 ? place : { ...place, terms: readTerms(reader) };
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
    const command = readCommand(reader);
    const bestBid = reader.ticks();
    const bestAsk = reader.ticks();
    const events = readEvents(reader, layout);
    assert(reader.at === end, "a market's record is as long as it says");
    records.push({ market, sequence: first + index, command, events, bestBid, bestAsk });
  }
  reader.end();
  return records;
}
