/**
 * The bytes of a market's whole state:
 *
 *   u8 layout · u32 market · f64 sequence · f64 orders named so far · fence · u32 orders · (orders)
 *
 * Orders stand in priority order, bids first; each is its id, account, rest and total as doubles, its ticks
 * and its flags: 37 bytes. Putting them into an empty book in this order makes the same book.
 */

import { POST_ONLY_FLAG, SELL_FLAG } from "../book/arena.ts";
import { readOrders } from "../book/audit.ts";
import { maskOf } from "../book/ladders.ts";
import type { Queues } from "../book/queues.ts";
import { ByteReader, ByteWriter } from "../bytes.ts";
import { assert } from "../units.ts";
import type { Fence } from "./fence.ts";

/** Version of this layout; a reader refuses others. */
const LAYOUT = 1;
const BYTES_AN_ORDER = 37;

export interface MarketCounters {
  readonly sequence: number;
  /** Orders that the market has named. */
  readonly orders: number;
}

export function writeMarket(
  market: number,
  counters: MarketCounters,
  fence: Fence,
  queues: Queues,
): Uint8Array {
  const writer = new ByteWriter(4096 + queues.index.size * BYTES_AN_ORDER);
  writer.u8(LAYOUT);
  writer.u32(market);
  writer.f64(counters.sequence);
  writer.f64(counters.orders);
  fence.write(writer);
  writer.u32(queues.index.size);
  for (const order of readOrders(queues)) {
    writer.f64(order.orderId);
    writer.f64(order.account);
    writer.f64(order.lots);
    writer.f64(order.totalLots);
    writer.u32(order.ticks);
    writer.u8((order.side === "sell" ? SELL_FLAG : 0) | (order.postOnly ? POST_ONLY_FLAG : 0));
  }
  return writer.copy();
}

/** Fills an empty fence and empty queues from a snapshot's bytes. */
export function readMarket(bytes: Uint8Array, market: number, fence: Fence, queues: Queues): MarketCounters {
  const reader = new ByteReader(bytes);
  assert(reader.u8() === LAYOUT, "a market's snapshot has a known layout");
  assert(reader.u32() === market, "a market's snapshot is of this market");
  const sequence = reader.f64();
  const orders = reader.f64();
  fence.read(reader);
  for (let left = reader.u32(); left > 0; left--) {
    const id = reader.f64();
    const account = reader.f64();
    const rest = reader.f64();
    const total = reader.f64();
    const ticks = reader.u32();
    const flags = reader.u8();
    const side = flags & SELL_FLAG;
    queues.enter(side, ticks ^ maskOf(side), id, account, rest, total, flags);
  }
  assert(reader.remaining === 0, "a market's snapshot ends with its last order");
  return { sequence, orders };
}
