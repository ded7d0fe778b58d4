/**
 * The readers of what journals and snapshots hold, each with its oracle: what it takes encodes to the same
 * bytes, or, where it is of an earlier layout, is read alike after it has been written anew.
 */
import { isDeepStrictEqual } from "node:util";
import { AccountMachine } from "../../engine/account/account-machine.ts";
import { decodeOrder, encodeOrder } from "../../engine/account/order/order-record.ts";
import { decodeLedgerCommand, encodeLedgerCommand } from "../../engine/account/record.ts";
import { ByteWriter } from "../../engine/bytes.ts";
import {
  EVENT_KINDS,
  EventLog,
  PARKING_REASONS,
  PHASE_CAUSES,
  REMOVAL_CAUSES,
  UNSEEN,
} from "../../engine/market/event.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import { PHASES } from "../../engine/market/phase.ts";
import { decodeMarketRecords, encodeMarketRecord } from "../../engine/market/record.ts";
import { SELF_TRADE_MODES } from "../../engine/market/terms.ts";
import { rejectionCode } from "../../engine/rejection.ts";
import { TICKS_MAX } from "../../engine/units.ts";
import { EURJPY, EURUSD, SHARE, USDJPY } from "../engine/account/venue.ts";
import { PLAIN } from "../reference/commands.ts";
import { expectThat } from "./target.ts";

export const READER_NAMES = ["market", "ledger", "order", "marketSnapshot", "shardSnapshot"] as const;
export type ReaderName = (typeof READER_NAMES)[number];

export const SHARDS = 2;
export const INSTRUMENTS = [SHARE, EURUSD, USDJPY, EURJPY];

const writer = new ByteWriter();
const log = new EventLog();

/** An event as the row that it was decoded from. */
function pushEvent(event: MarketEvent): void {
  const kind = EVENT_KINDS.indexOf(event.event) | ("unseen" in event && event.unseen ? UNSEEN : 0);
  const [order, account] = ["orderId" in event ? event.orderId : 0, "account" in event ? event.account : 0];
  const side = "side" in event && event.side === "sell" ? 1 : 0;
  const [ticks, lots] = ["ticks" in event ? event.ticks : 0, "lots" in event ? event.lots : 0];
  const last = lastColumns(event);
  log.push(kind, order, account, side, ticks, lots, ...last);
}

function lastColumns(event: MarketEvent): [number, number, number, number] {
  switch (event.event) {
    case "displayed":
      return [event.oldLots, 0, 0, 0];
    case "rejected":
      return [0, rejectionCode(event.rejection), 0, 0];
    case "traded":
      return [event.remaining, event.makerOrderId, event.makerAccount, event.makerRemaining];
    case "amended":
      return [event.oldLots, event.oldTicks, 0, event.totalLots];
    case "removed":
      return [0, REMOVAL_CAUSES.indexOf(event.cause), 0, 0];
    case "parked":
      return [0, PARKING_REASONS.indexOf(event.reason), 0, 0];
    case "prevented":
      return [event.remaining, event.makerOrderId, event.makerAccount, SELF_TRADE_MODES.indexOf(event.mode)];
    case "restricted":
      return [0, event.frozen ? 1 : 0, 0, 0];
    case "phased":
      return [0, PHASES.indexOf(event.phase), 0, PHASE_CAUSES.indexOf(event.cause)];
    default:
      return [0, 0, 0, 0];
  }
}

/** Number of records in a payload, as its lengths tell it; what lies behind the last counts as one more. */
function countOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = 0; at + 4 <= bytes.length; count++) at += 4 + view.getUint32(at, true);
  return Math.max(1, count);
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** Every number of what was read is an integer that a double holds, every price is in range. */
function checkNumbers(value: object): void {
  for (const [name, part] of Object.entries(value)) {
    if (typeof part === "object" && part !== null) checkNumbers(part);
    if (typeof part !== "number") continue;
    expectThat(Number.isSafeInteger(part) && !Object.is(part, -0), `${name} is a safe integer: ${part}`);
    if (/(?<!counted)ticks$/i.test(name))
      expectThat(part >= 0 && part <= TICKS_MAX, `${name} is a price: ${part}`);
    if (/lots$/i.test(name)) expectThat(part >= 0, `${name} is a size: ${part}`);
  }
}

function readMarket(bytes: Uint8Array): void {
  const count = countOf(bytes);
  let at = 0;
  for (const record of decodeMarketRecords(1, 1, count, bytes)) {
    const { command, events, bestBid, bestAsk } = record;
    checkNumbers(record);
    writer.clear();
    log.clear();
    for (const event of events) pushEvent(event);
    encodeMarketRecord(writer, command, log, bestBid, bestAsk);
    const again = writer.view();
    const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
    const read = bytes.subarray(at, at + 4 + length);
    at += 4 + length;
    if (same(again, read)) continue;
    expectThat(read[4] !== again[4], "a record encodes to the bytes that it was read from");
    const [other] = decodeMarketRecords(1, record.sequence, 1, again);
    expectThat(isDeepStrictEqual(other, record), "a record is read alike when it is written anew");
  }
}

function readLedger(bytes: Uint8Array): void {
  const command = decodeLedgerCommand(bytes);
  checkAlike(bytes, command, encodeLedgerCommand(command), decodeLedgerCommand);
}

function readOrder(bytes: Uint8Array): void {
  const order = decodeOrder(bytes);
  checkAlike(bytes, order, encodeOrder(writer, order), decodeOrder);
}

function checkAlike<Value extends object>(
  bytes: Uint8Array,
  value: Value,
  again: Uint8Array,
  decode: (bytes: Uint8Array) => Value,
): void {
  checkNumbers(value);
  if (same(again, bytes)) return;
  expectThat(bytes[0] !== again[0], "what is read encodes to the bytes that it was read from");
  expectThat(isDeepStrictEqual(decode(again), value), "what is read is read alike when it is written anew");
}

function readMarketSnapshot(bytes: Uint8Array): void {
  const machine = MarketMachine.restore(PLAIN, bytes);
  const again = machine.snapshot();
  machine.check();
  if (same(again, bytes)) return;
  expectThat(bytes[0] !== again[0], "a market is written as it was read");
  expectThat(MarketMachine.restore(PLAIN, again).hash() === machine.hash(), "a market is read alike");
}

/** What is kept for a while comes in any order, so only what is read again is the same to the byte. */
function readShardSnapshot(bytes: Uint8Array): void {
  const machine = AccountMachine.restore(0, SHARDS, INSTRUMENTS, bytes);
  const again = machine.snapshot();
  machine.check();
  if (same(again, bytes)) return;
  expectThat(
    again.length === bytes.length || bytes[0] !== again[0],
    "a shard is written as long as it was read",
  );
  const other = AccountMachine.restore(0, SHARDS, INSTRUMENTS, again);
  expectThat(other.hash() === machine.hash(), "a shard is read alike");
  expectThat(same(other.snapshot(), again), "a shard is written as it was read");
}

/** Each throws what its reader throws, or what its oracle finds. */
export const READERS: Readonly<Record<ReaderName, (bytes: Uint8Array) => void>> = {
  market: readMarket,
  ledger: readLedger,
  order: readOrder,
  marketSnapshot: readMarketSnapshot,
  shardSnapshot: readShardSnapshot,
};

/** What a reader may throw: an invariant that is stated, or that the bytes end early. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /^Invariant: |ends early$|^Offset is outside the bounds of the DataView$/.test(error.message);
}
