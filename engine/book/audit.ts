/**
 * Reading a book without changing it: its orders in priority order, its depth, and the proof of its
 * invariants. Priority order is bids from the best price down, then asks from the best price up, each price
 * first in first out.
 */
import type { TimeInForce, Trigger } from "../market/command.ts";
import type { AccountId, Lots, OrderId, Ticks } from "../units.ts";
import { assert, type Side } from "../units.ts";
import {
  ACCOUNT,
  FLAGS,
  ID,
  LEVEL,
  LINKS,
  NEXT,
  NUMBERS,
  ORDERS,
  POST_ONLY_FLAG,
  PREVIOUS,
  REST,
  SELL_FLAG,
  sideSlot,
  TOTAL,
} from "./arena.ts";
import type { Queues } from "./queues.ts";

const SIDES = [0, 1];

/** An order that rests. */
export interface RestingOrder {
  readonly orderId: OrderId;
  readonly account: AccountId;
  readonly side: Side;
  readonly ticks: Ticks;
  /** What still rests. */
  readonly lots: Lots;
  /** Size as placed or last amended, what is filled included. */
  readonly totalLots: Lots;
  readonly postOnly: boolean;
}

/** An order that waits for its trigger; `lots` is all of it. */
export interface WaitingOrder extends RestingOrder {
  readonly trigger: Trigger;
  /** What becomes of it when it enters. */
  readonly timeInForce: TimeInForce;
}

/** One price of the book's depth. */
export interface DepthLevel {
  readonly ticks: Ticks;
  readonly lots: Lots;
  readonly orders: number;
}

export function readOrder(queues: Queues, slot: number): RestingOrder {
  const { numbers, links } = queues.arena;
  const at = slot << NUMBERS;
  const flags = links[(slot << LINKS) + FLAGS] ?? 0;
  return {
    orderId: numbers[at + ID] as OrderId,
    account: numbers[at + ACCOUNT] as AccountId,
    side: (flags & SELL_FLAG) === 0 ? "buy" : "sell",
    ticks: queues.ladders.ticksOf(links[(slot << LINKS) + LEVEL] ?? 0) as Ticks,
    lots: numbers[at + REST] as Lots,
    totalLots: numbers[at + TOTAL] as Lots,
    postOnly: (flags & POST_ONLY_FLAG) !== 0,
  };
}

/** Every resting order in priority order. The book must not change meanwhile. */
export function* readOrders(queues: Queues): Generator<RestingOrder, void, undefined> {
  const { arena, ladders } = queues;
  for (const side of SIDES) {
    for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) {
      let slot = arena.links[(level << LINKS) + NEXT] ?? 0;
      for (; slot !== level; slot = arena.links[(slot << LINKS) + NEXT] ?? 0) yield readOrder(queues, slot);
    }
  }
}

/** The best levels of a side, at most `levelsMax`. */
export function readDepth(queues: Queues, side: number, levelsMax: number): DepthLevel[] {
  const { arena, ladders } = queues;
  const depth: DepthLevel[] = [];
  for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) {
    if (depth.length >= levelsMax) break;
    depth.push({
      ticks: ladders.ticksOf(level) as Ticks,
      lots: arena.numbers[(level << NUMBERS) + REST] as Lots,
      orders: arena.links[(level << LINKS) + ORDERS] ?? 0,
    });
  }
  return depth;
}

/** Proves one level; returns its number of orders. */
function checkLevel(queues: Queues, side: number, level: number): number {
  const { numbers, links } = queues.arena;
  const at = level << LINKS;
  let orders = 0;
  let lots = 0;
  let previous = level;
  let slot = links[at + NEXT] ?? 0;
  assert(slot !== level, "a level holds at least one order");
  for (; slot !== level; slot = links[(slot << LINKS) + NEXT] ?? 0) {
    const link = slot << LINKS;
    const rest = numbers[(slot << NUMBERS) + REST] ?? 0;
    assert(links[link + PREVIOUS] === previous, "an order's links are mutual");
    assert(links[link + LEVEL] === level, "an order knows its level");
    assert(((links[link + FLAGS] ?? 0) & SELL_FLAG) === side, "an order rests on its side");
    assert(rest > 0, "an order that rests is not filled");
    assert(rest <= (numbers[(slot << NUMBERS) + TOTAL] ?? 0), "an order's rest is at most its size");
    assert(queues.find(numbers[(slot << NUMBERS) + ID] ?? 0) === slot, "the index finds a resting order");
    previous = slot;
    lots += rest;
    orders++;
    assert(orders <= queues.index.size, "a level's queue ends");
  }
  assert(links[at + PREVIOUS] === previous, "a level's last is the last of its queue");
  assert(links[at + ORDERS] === orders, "a level counts its orders");
  assert(numbers[(level << NUMBERS) + REST] === lots, "a level sums its orders");
  assert(queues.ladders.ticksOf(level) >= 1, "a level's price is at least one tick");
  return orders;
}

/** Throws where an invariant of the book does not hold. */
export function checkQueues(queues: Queues): void {
  const { arena, ladders, index } = queues;
  let orders = 0;
  for (const side of SIDES) {
    ladders.check(side);
    let lots = 0;
    for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) {
      orders += checkLevel(queues, side, level);
      lots += arena.numbers[(level << NUMBERS) + REST] ?? 0;
    }
    assert(arena.numbers[(sideSlot(side) << NUMBERS) + REST] === lots, "a side sums its levels");
  }
  index.check(orders);
  arena.check(orders + ladders.count(0) + ladders.count(1));
  const bid = queues.bestTicks(0);
  const ask = queues.bestTicks(1);
  assert(bid === 0 || ask === 0 || bid < ask, "the best bid is below the best ask");
}
