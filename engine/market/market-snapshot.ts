/**
 * The bytes of a market's whole state:
 *
 *   u8 layout · u32 market · f64 sequence · f64 orders named so far · fence · u32 orders · (orders)
 *   · u32 last price · u32 armed orders · (armed orders) · u8 phase · u32 unpriced · (unpriced orders)
 *
 * Orders stand in priority order, bids first; each is its id, account, rest and total as doubles, its ticks
 * and its flags, 37 bytes, and a special order its terms and what it shows. Putting them into an empty book
 * in this order makes the same book. Armed orders stand in the order of their arrival. Layout 1 ended with
 * the orders: it is read as a market that has not traded and has none armed.
 */

import { POST_ONLY_FLAG, SELL_FLAG, SPECIAL_FLAG } from "../book/arena.ts";
import { type RestingOrder, readOrders } from "../book/audit.ts";
import type { Book } from "../book/book.ts";
import { maskOf } from "../book/ladders.ts";
import { enterSpecial, flagsOf } from "../book/special-queues.ts";
import type { ArmedOrder } from "../book/triggers.ts";
import { ByteReader, ByteWriter } from "../bytes.ts";
import { type AccountId, assert, type Lots, type OrderId, type Ticks } from "../units.ts";
import type { Fence } from "./fence.ts";
import { PHASES, type Phases } from "./phases.ts";
import { type StopOrders, watch } from "./stop-orders.ts";
import { readTerms, TIMES_IN_FORCE, writeTerms } from "./terms-record.ts";

/** Version of this layout; a reader takes the earlier ones too and refuses others. */
const LAYOUT = 2;
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
  book: Book,
  stops: StopOrders,
  phases: Phases,
): Uint8Array {
  const queues = book.queues;
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
    const flags = flagsOf(order);
    writer.u8(flags);
    if ((flags & SPECIAL_FLAG) !== 0) {
      writeTerms(writer, order);
      writer.f64(order.shownLots ?? order.lots);
    }
  }
  writer.u32(book.lastTicks);
  writer.u32(stops.triggers.size);
  for (const order of stops.triggers.orders()) writeArmed(writer, order);
  writer.u8(PHASES.indexOf(phases.phase));
  writer.u32(phases.unpriced.size);
  for (const order of phases.unpriced.values()) {
    writer.f64(order.orderId);
    writer.f64(order.account);
    writer.f64(order.lots);
    writer.u8(flagsOf(order));
  }
  return writer.copy();
}

function readUnpriced(reader: ByteReader): RestingOrder {
  const orderId = reader.f64() as OrderId;
  const account = reader.f64() as AccountId;
  const lots = reader.f64() as Lots;
  const side = (reader.u8() & SELL_FLAG) === 0 ? "buy" : "sell";
  return { orderId, account, side, ticks: 0 as Ticks, lots, totalLots: lots, postOnly: false };
}

function writeArmed(writer: ByteWriter, order: ArmedOrder): void {
  writer.f64(order.orderId);
  writer.f64(order.account);
  writer.f64(order.lots);
  writer.u32(order.ticks);
  writer.f64(order.arrival);
  writer.u8((order.side === "sell" ? SELL_FLAG : 0) | (order.postOnly ? POST_ONLY_FLAG : 0));
  writer.u8(TIMES_IN_FORCE.indexOf(order.timeInForce));
  writeTerms(writer, order);
}

function readArmed(reader: ByteReader): ArmedOrder {
  const orderId = reader.f64() as OrderId;
  const account = reader.f64() as AccountId;
  const lots = reader.f64() as Lots;
  const ticks = reader.u32() as Ticks;
  const arrival = reader.f64();
  const flags = reader.u8();
  const timeInForce = TIMES_IN_FORCE[reader.u8()] ?? "GTC";
  const { trigger, ...special } = readTerms(reader);
  assert(trigger !== undefined, "an armed order has a trigger");
  const side = (flags & SELL_FLAG) === 0 ? "buy" : "sell";
  return {
    ...{ orderId, account, side, ticks, lots, totalLots: lots, postOnly: (flags & POST_ONLY_FLAG) !== 0 },
    ...{ timeInForce, arrival, ...special },
    ...watch(side, trigger),
  };
}

/** Fills an empty fence and an empty book from a snapshot's bytes. */
export function readMarket(
  bytes: Uint8Array,
  market: number,
  fence: Fence,
  book: Book,
  stops: StopOrders,
  phases: Phases,
): MarketCounters {
  const queues = book.queues;
  const reader = new ByteReader(bytes);
  const layout = reader.u8();
  assert(layout >= 1 && layout <= LAYOUT, "a market's snapshot has a known layout");
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
    if ((flags & SPECIAL_FLAG) === 0) {
      queues.enter(side, ticks ^ maskOf(side), id, account, rest, total, flags);
      continue;
    }
    const order = {
      ...{ orderId: id as OrderId, account: account as AccountId, ticks: ticks as Ticks },
      ...{
        side: side === 0 ? ("buy" as const) : ("sell" as const),
        postOnly: (flags & POST_ONLY_FLAG) !== 0,
      },
      ...{ lots: rest as Lots, totalLots: total as Lots },
      ...readTerms(reader),
    };
    enterSpecial(queues, side, order, rest, reader.f64());
  }
  if (layout > 1) {
    book.lastTicks = reader.u32();
    for (let left = reader.u32(); left > 0; left--) stops.restore(readArmed(reader));
    phases.restore(PHASES[reader.u8()] ?? "continuous");
    for (let left = reader.u32(); left > 0; left--) phases.add(readUnpriced(reader));
  }
  assert(reader.remaining === 0, "a market's snapshot ends with its last order");
  return { sequence, orders };
}
