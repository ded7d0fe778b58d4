/**
 * The bytes of what ends or begins by itself, in a market's snapshot: when orders end, by order id (id, u8
 * time in force, f64 time or 0), and orders that are parked, in the order in which they will enter (id,
 * account, size, u32 limit, u8 flags, u8 time in force, terms).
 */
import { SELL_FLAG } from "../book/arena.ts";
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { type AccountId, assert, type Milliseconds, type OrderId } from "../units.ts";
import { numberOf } from "../word-list.ts";
import { ENDING, type Expiries } from "./expiries.ts";
import type { ParkedOrders } from "./parked-orders.ts";
import { AUCTION_TIMES } from "./phase-rules.ts";
import { readSize } from "./resting-record.ts";
import { partsOf, readTerms, writeTerms } from "./terms-record.ts";

const BYTES_AN_EXPIRY = 17;
const BYTES_A_PARKED_ORDER = 32;

export function writeExpiries(writer: ByteWriter, expiries: Expiries): void {
  const entries = expiries.entries();
  writer.u32(entries.length);
  for (const { orderId, timeInForce, expireAt } of entries) {
    writer.f64(orderId);
    writer.u8(numberOf(ENDING, timeInForce));
    writer.f64(expireAt ?? 0);
  }
}

export function readExpiries(reader: ByteReader, expiries: Expiries): void {
  let last = 0;
  for (let left = reader.count(BYTES_AN_EXPIRY); left > 0; left--) {
    const orderId = reader.whole() as OrderId;
    const timeInForce = reader.choice(ENDING);
    const expireAt = reader.whole() as Milliseconds;
    assert(orderId > last, "expiries stand in the order of their orders");
    assert((timeInForce === "GTD") === expireAt > 0, "a time to end at belongs to a GTD order");
    last = orderId;
    expiries.restore({ orderId, timeInForce, ...(expireAt === 0 ? undefined : { expireAt }) });
  }
}

export function writeParked(writer: ByteWriter, parked: ParkedOrders): void {
  writer.u32(parked.size);
  for (const order of parked.orders()) {
    writer.f64(order.orderId);
    writer.f64(order.account);
    writer.f64(order.lots);
    writer.u32(order.ticks);
    writer.u8(order.side === "sell" ? SELL_FLAG : 0);
    writer.u8(numberOf(AUCTION_TIMES, order.timeInForce));
    writeTerms(writer, order);
  }
}

export function readParked(reader: ByteReader, parked: ParkedOrders, readId: () => OrderId): void {
  for (let left = reader.count(BYTES_A_PARKED_ORDER); left > 0; left--) {
    const orderId = readId();
    const account = reader.whole() as AccountId;
    const lots = readSize(reader);
    const ticks = reader.ticks();
    const flags = reader.bits(SELL_FLAG);
    const timeInForce = reader.choice(AUCTION_TIMES);
    const { hidden, selfTrade, ...others } = readTerms(reader);
    assert(partsOf(others) === 0, "an order that is parked has the terms of an auction's");
    const side = (flags & SELL_FLAG) === 0 ? "buy" : "sell";
    parked.restore({
      ...{ orderId, account, side, ticks, lots, totalLots: lots, postOnly: false, timeInForce },
      ...(hidden ? { hidden } : undefined),
      ...(selfTrade === undefined ? undefined : { selfTrade }),
    });
  }
}
