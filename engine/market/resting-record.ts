/**
 * The bytes of a market's resting orders in its snapshot, in priority order: putting them into an empty book
 * in this order makes the same book. What no market wrote is refused as far as one order and its neighbour
 * show it; `check` proves the rest.
 */
import {
  HIDDEN_FLAG,
  NUMBERS,
  POST_ONLY_FLAG,
  REST,
  SELL_FLAG,
  SPECIAL_FLAG,
  sideSlot,
} from "../book/arena.ts";
import { type RestingOrder, readOrder, readOrders } from "../book/audit.ts";
import { maskOf } from "../book/ladders.ts";
import type { Queues } from "../book/queues.ts";
import { enterSpecial, flagsOf } from "../book/special-queues.ts";
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { type AccountId, assert, type Lots, type OrderId, TICKS_MAX } from "../units.ts";
import { partsOf, readTerms, writeTerms } from "./terms-record.ts";

export const BYTES_AN_ORDER = 37;

export function writeResting(writer: ByteWriter, queues: Queues): void {
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
}

export function readSize(reader: ByteReader): Lots {
  const lots = reader.whole();
  assert(lots > 0, "an open order has a size");
  return lots as Lots;
}

/** Orders that rest, in the order in which they were written: bids first, the best price first. */
export function readResting(reader: ByteReader, queues: Queues, readId: () => OrderId): void {
  let [lastSide, lastTicks, lastHidden] = [0, TICKS_MAX, 0];
  for (let left = reader.count(BYTES_AN_ORDER); left > 0; left--) {
    const id = readId();
    const account = reader.whole() as AccountId;
    const rest = readSize(reader);
    const total = reader.whole() as Lots;
    const ticks = reader.ticks();
    const flags = reader.u8();
    const side = flags & SELL_FLAG;
    const first = side !== lastSide;
    const hidden = flags & HIDDEN_FLAG;
    const later = side === 0 ? ticks < lastTicks : ticks > lastTicks;
    assert(
      first ? side === 1 : later || (ticks === lastTicks && hidden >= lastHidden),
      "a snapshot's orders stand in the order of their priority",
    );
    assert(rest <= total && ticks > 0, "an order's rest is at most its size, and it has a price");
    [lastSide, lastTicks, lastHidden] = [side, ticks, hidden];
    if ((flags & SPECIAL_FLAG) === 0) {
      assert((flags & ~(SELL_FLAG | POST_ONLY_FLAG)) === 0, "a plain order has no other flags");
      queues.enter(side, ticks ^ maskOf(side), id, account, rest, total, flags);
      continue;
    }
    const { trigger, ...terms } = readTerms(reader);
    const postOnly = (flags & POST_ONLY_FLAG) !== 0;
    const name = side === 0 ? "buy" : "sell";
    const plain = {
      orderId: id,
      account,
      side: name,
      ticks,
      lots: rest,
      totalLots: total,
      postOnly,
    } as const;
    const order: RestingOrder = { ...plain, ...terms };
    assert(trigger === undefined && flagsOf(order) === flags, "a special order has the flags of its terms");
    const shown = reader.whole();
    const whole = order.displayLots === undefined ? shown === rest : shown > 0 && shown <= rest;
    assert(whole, "an order shows a part of what rests");
    enterSpecial(queues, side, order, rest, shown);
    const kept = readOrder(queues, queues.find(id));
    assert(partsOf(kept) === partsOf(terms), "an order that rests has the terms that a book keeps");
  }
  for (const side of [0, 1]) {
    const shown = queues.arena.numbers[(sideSlot(side) << NUMBERS) + REST] ?? 0;
    const all = shown + (queues.unseenLots[side] ?? 0);
    assert(all <= Number.MAX_SAFE_INTEGER, "a side's lots add up to a safe integer");
  }
}
