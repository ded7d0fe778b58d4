/**
 * The bytes of a market's whole state:
 *
 *   u8 layout · u32 market · f64 sequence · f64 orders named so far · fence · u32 orders · (orders)
 *   · u32 last price · u32 armed orders · (armed orders) · u8 phase · u32 unpriced · (unpriced orders)
 *   · u32 expiries · (expiries) · u32 parked · (parked orders)
 *   · u32 price, f64 size of the indicative last told
 *   · u32 mark · u32 reference price · how far the calendar was followed
 *   · u32 pegs · (pegged orders) · protections · quotes · dead-man timers · u32 lists · (lists)
 *   · u32 price that the static band lies around · whether and when its auction ends
 *
 * Orders stand in priority order, bids first; each is its id, account, rest and total as doubles, its ticks
 * and its flags, 37 bytes, and a special order its terms and what it shows. Putting them into an empty book
 * in this order makes the same book. Armed orders stand in the order of their arrival. Layout 1 ended with
 * the orders, layout 2 with the orders without a price: what they lack is empty; up to there an armed order's
 * size was its rest.
 */

import { HIDDEN_FLAG, POST_ONLY_FLAG, SELL_FLAG } from "../book/arena.ts";
import type { RestingOrder } from "../book/audit.ts";
import { flagsOf } from "../book/special-queues.ts";
import type { ArmedOrder } from "../book/triggers.ts";
import { ByteReader, ByteWriter } from "../bytes.ts";
import { countOf, originOf } from "../ids.ts";
import { type AccountId, assert, type Lots, type OrderId, TICKS_MAX, type Ticks } from "../units.ts";
import { TIMES_IN_FORCE } from "./command.ts";
import { readLists, writeLists } from "./list-snapshot.ts";
import type { MarketParts } from "./market-parts.ts";
import { watch } from "./order-terms.ts";
import { readPegs, writePegs } from "./peg-record.ts";
import { PHASES } from "./phase.ts";
import { BYTES_AN_ORDER, readResting, readSize, writeResting } from "./resting-record.ts";
import { readSchedule, writeSchedule } from "./schedule-record.ts";
import { readTerms, writeTerms } from "./terms-record.ts";
import { readExpiries, readParked, writeExpiries, writeParked } from "./time-record.ts";

/** Version of this layout; a reader takes the earlier ones too and refuses others. */
const LAYOUT = 3;
/** Beside the flags of the book: a price has released the order. */
const DUE_FLAG = 0x80;
const BYTES_AN_ARMED_ORDER = 46;
const BYTES_AN_UNPRICED_ORDER = 25;

export interface MarketCounters {
  readonly sequence: number;
  /** Orders that the market has named. */
  readonly orders: number;
}

export function writeMarket(market: number, counters: MarketCounters, parts: MarketParts): Uint8Array {
  const { fence, book, stops, phases, outside, desk, accounts, lists } = parts;
  const queues = book.queues;
  const writer = new ByteWriter(4096 + queues.index.size * BYTES_AN_ORDER);
  writer.u8(LAYOUT);
  writer.u32(market);
  writer.f64(counters.sequence);
  writer.f64(counters.orders);
  fence.write(writer);
  writeResting(writer, queues);
  writer.u32(book.lastTicks);
  writer.u32(stops.triggers.size);
  for (const order of stops.triggers.orders()) writeArmed(writer, order);
  writer.u8(PHASES.indexOf(phases.phase));
  writer.u32(phases.unpriced.size);
  for (const order of phases.unpriced.values()) {
    writer.f64(order.orderId);
    writer.f64(order.account);
    writer.f64(order.lots);
    writer.f64(order.totalLots);
    writer.u8(flagsOf(order));
  }
  writeExpiries(writer, desk.expiries);
  writeParked(writer, desk.parked);
  writer.u32(phases.told.ticks);
  writer.f64(phases.told.lots);
  writer.u32(outside.markTicks);
  writer.u32(outside.referenceTicks);
  writeSchedule(writer, parts.schedule);
  writePegs(writer, parts.pegs);
  accounts.write(writer);
  writeLists(writer, lists.lists);
  writer.u32(outside.anchorTicks);
  parts.day.write(writer);
  return writer.copy();
}

function readUnpriced(reader: ByteReader, readId: () => OrderId, layout: number): RestingOrder {
  const orderId = readId();
  const account = reader.whole() as AccountId;
  const lots = readSize(reader);
  const totalLots = layout > 2 ? readSize(reader) : lots;
  assert(totalLots >= lots, "an order's rest is at most its size");
  const flags = reader.u8();
  const side = (flags & SELL_FLAG) === 0 ? "buy" : "sell";
  const hidden = (flags & HIDDEN_FLAG) === 0 ? undefined : { hidden: true as const };
  const plain = {
    orderId,
    account,
    side,
    ticks: 0 as Ticks,
    lots,
    totalLots,
    postOnly: false,
  } as const;
  const order = { ...plain, ...hidden };
  assert(flagsOf(order) === flags, "an order without a price has the flags of one");
  return order;
}

function writeArmed(writer: ByteWriter, order: ArmedOrder): void {
  writer.f64(order.orderId);
  writer.f64(order.account);
  writer.f64(order.lots);
  writer.f64(order.totalLots);
  writer.u32(order.ticks);
  writer.f64(order.arrival);
  const flags = (order.side === "sell" ? SELL_FLAG : 0) | (order.postOnly ? POST_ONLY_FLAG : 0);
  writer.u8(flags | (order.due ? DUE_FLAG : 0));
  writer.u8(TIMES_IN_FORCE.indexOf(order.timeInForce));
  writeTerms(writer, order);
  if (order.trigger.trail !== undefined) writer.f64(order.bestHalfTicks ?? 0);
  if (order.trigger.doubleTick) writer.f64(order.firstHalfTicks ?? 0);
}

/** A price in half ticks, or 0 for none. */
function readHalfTicks(reader: ByteReader): number {
  const price = reader.whole();
  assert(price <= 2 * TICKS_MAX, "a price is at most 2³¹−1 ticks");
  return price;
}

function readArmed(reader: ByteReader, readId: () => OrderId, layout: number): ArmedOrder {
  const orderId = readId();
  const account = reader.whole() as AccountId;
  const lots = readSize(reader);
  const totalLots = layout > 2 ? readSize(reader) : lots;
  assert(totalLots >= lots, "an order's rest is at most its size");
  const ticks = reader.ticks();
  const arrival = reader.whole();
  const flags = reader.bits(SELL_FLAG | POST_ONLY_FLAG | DUE_FLAG);
  const timeInForce = reader.choice(TIMES_IN_FORCE);
  const { trigger, ...special } = readTerms(reader);
  assert(trigger !== undefined, "an armed order has a trigger");
  const { kind, stopTicks, trail } = trigger;
  assert(stopTicks > 0 || (trail !== undefined && kind === "stop"), "only a trailing stop has no stop price");
  const bestHalfTicks = trail === undefined ? 0 : readHalfTicks(reader);
  const firstHalfTicks = trigger.doubleTick === undefined ? 0 : readHalfTicks(reader);
  const side = (flags & SELL_FLAG) === 0 ? "buy" : "sell";
  return {
    ...{ orderId, account, side, ticks, lots, totalLots, postOnly: (flags & POST_ONLY_FLAG) !== 0 },
    ...{ timeInForce, arrival, ...special },
    ...((flags & DUE_FLAG) === 0 ? undefined : { due: true as const }),
    bestHalfTicks: bestHalfTicks === 0 ? undefined : bestHalfTicks,
    firstHalfTicks: firstHalfTicks === 0 ? undefined : firstHalfTicks,
    ...watch(side, trigger),
    stopTicks,
  };
}

/** Fills an empty fence and an empty book from a snapshot's bytes; what no market wrote is refused. */
export function readMarket(bytes: Uint8Array, market: number, parts: MarketParts): MarketCounters {
  const { fence, book, stops, phases, outside, desk, accounts, lists } = parts;
  const queues = book.queues;
  const reader = new ByteReader(bytes);
  const layout = reader.u8();
  assert(layout >= 1 && layout <= LAYOUT, "a market's snapshot has a known layout");
  assert(reader.u32() === market, "a market's snapshot is of this market");
  const sequence = reader.whole();
  const orders = reader.whole();
  fence.read(reader);
  const readName = () => {
    const id = reader.whole() as OrderId;
    assert(
      originOf(id) === market && countOf(id) <= orders && countOf(id) > 0,
      "the market named its orders",
    );
    return id;
  };
  const readId = () => {
    const id = readName();
    const known =
      queues.find(id) !== 0 ||
      stops.triggers.find(id) !== undefined ||
      phases.unpriced.get(id) !== undefined ||
      desk.parked.find(id) !== undefined ||
      parts.pegs.find(id) !== undefined;
    assert(!known, "an order is in a market once");
    return id;
  };
  readResting(reader, queues, readId);
  if (layout > 1) {
    book.lastTicks = reader.ticks();
    let arrival = 0;
    for (let left = reader.count(BYTES_AN_ARMED_ORDER); left > 0; left--) {
      const order = readArmed(reader, readId, layout);
      assert(order.arrival > arrival, "armed orders stand in the order of their arrival");
      arrival = order.arrival;
      stops.restore(order);
    }
    phases.restore(reader.choice(PHASES));
    for (let left = reader.count(BYTES_AN_UNPRICED_ORDER); left > 0; left--) {
      phases.unpriced.add(readUnpriced(reader, readId, layout));
    }
  }
  if (layout > 2) {
    readExpiries(reader, desk.expiries);
    readParked(reader, desk.parked, readId);
    phases.told = { ticks: reader.ticks(), lots: reader.whole() as Lots };
    outside.markTicks = reader.ticks();
    outside.referenceTicks = reader.ticks();
    readSchedule(reader, parts.schedule);
    readPegs(reader, parts.pegs, queues, readId);
    accounts.read(reader);
    readLists(reader, readName, list => lists.restore(list));
    outside.anchorTicks = reader.ticks();
    parts.day.read(reader);
  }
  reader.end();
  return { sequence, orders };
}
