/**
 * Reading a book without changing it: its orders in priority order, its depth, and the proof of its
 * invariants. Priority order is bids from the best price down, then asks from the best price up, each price
 * first in first out.
 */
import type { AccountId, Lots, OrderId, Ticks } from "../units.ts";
import { assert, type Side } from "../units.ts";
import type { Ladder } from "./ladder.ts";
import { HEAD, LEVEL_LINKS, LEVEL_NUMBERS, LOTS, ORDERS, TAIL } from "./level-pool.ts";
import {
  ACCOUNT,
  FLAGS,
  ID,
  LEVEL,
  NEXT,
  ORDER_LINKS,
  ORDER_NUMBERS,
  POST_ONLY_FLAG,
  PREVIOUS,
  REST,
  SELL_FLAG,
  TOTAL,
} from "./order-pool.ts";
import type { Queues } from "./queues.ts";

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

/** One price of the book's depth. */
export interface DepthLevel {
  readonly ticks: Ticks;
  readonly lots: Lots;
  readonly orders: number;
}

export function readOrder(queues: Queues, slot: number): RestingOrder {
  const { numbers, links } = queues.orders;
  const at = slot << ORDER_NUMBERS;
  const flags = links[(slot << ORDER_LINKS) + FLAGS] ?? 0;
  return {
    orderId: numbers[at + ID] as OrderId,
    account: numbers[at + ACCOUNT] as AccountId,
    side: (flags & SELL_FLAG) === 0 ? "buy" : "sell",
    ticks: queues.ladderOf(slot).ticksOf(links[(slot << ORDER_LINKS) + LEVEL] ?? 0) as Ticks,
    lots: numbers[at + REST] as Lots,
    totalLots: numbers[at + TOTAL] as Lots,
    postOnly: (flags & POST_ONLY_FLAG) !== 0,
  };
}

/** Every resting order in priority order. The book must not change meanwhile. */
export function* readOrders(queues: Queues): Generator<RestingOrder, void, undefined> {
  for (const ladder of [queues.bids, queues.asks]) {
    for (let level = ladder.best; level !== 0; level = ladder.next(level)) {
      let slot = queues.levels.links[(level << LEVEL_LINKS) + HEAD] ?? 0;
      for (; slot !== 0; slot = queues.orders.links[(slot << ORDER_LINKS) + NEXT] ?? 0) {
        yield readOrder(queues, slot);
      }
    }
  }
}

/** The best levels of a side, at most `levelsMax`. */
export function readDepth(queues: Queues, ladder: Ladder, levelsMax: number): DepthLevel[] {
  const depth: DepthLevel[] = [];
  for (let level = ladder.best; level !== 0 && depth.length < levelsMax; level = ladder.next(level)) {
    depth.push({
      ticks: ladder.ticksOf(level) as Ticks,
      lots: queues.levels.numbers[(level << LEVEL_NUMBERS) + LOTS] as Lots,
      orders: queues.levels.links[(level << LEVEL_LINKS) + ORDERS] ?? 0,
    });
  }
  return depth;
}

/** Proves one level; returns its number of orders. */
function checkLevel(queues: Queues, ladder: Ladder, level: number, flag: number): number {
  const { links, numbers } = queues.orders;
  const at = level << LEVEL_LINKS;
  let orders = 0;
  let lots = 0;
  let previous = 0;
  let slot = queues.levels.links[at + HEAD] ?? 0;
  assert(slot !== 0, "a level holds at least one order");
  for (; slot !== 0; slot = links[(slot << ORDER_LINKS) + NEXT] ?? 0) {
    const order = slot << ORDER_LINKS;
    const rest = numbers[(slot << ORDER_NUMBERS) + REST] ?? 0;
    assert(links[order + PREVIOUS] === previous, "an order's links are mutual");
    assert(links[order + LEVEL] === level, "an order knows its level");
    assert(((links[order + FLAGS] ?? 0) & SELL_FLAG) === flag, "an order rests on its side");
    assert(rest > 0, "an order that rests is not filled");
    assert(rest <= (numbers[(slot << ORDER_NUMBERS) + TOTAL] ?? 0), "an order's rest is at most its size");
    assert(
      queues.find(numbers[(slot << ORDER_NUMBERS) + ID] ?? 0) === slot,
      "the index finds a resting order",
    );
    previous = slot;
    lots += rest;
    orders++;
    assert(orders <= queues.orders.size, "a level's queue ends");
  }
  assert(queues.levels.links[at + TAIL] === previous, "a level's tail is the last of its queue");
  assert(queues.levels.links[at + ORDERS] === orders, "a level counts its orders");
  assert(queues.levels.numbers[(level << LEVEL_NUMBERS) + LOTS] === lots, "a level sums its orders");
  assert(ladder.ticksOf(level) >= 1, "a level's price is at least one tick");
  return orders;
}

/** Throws where an invariant of the book does not hold. */
export function checkQueues(queues: Queues): void {
  let orders = 0;
  let flag = 0;
  for (const ladder of [queues.bids, queues.asks]) {
    ladder.check();
    let lots = 0;
    for (let level = ladder.best; level !== 0; level = ladder.next(level)) {
      orders += checkLevel(queues, ladder, level, flag);
      lots += queues.levels.numbers[(level << LEVEL_NUMBERS) + LOTS] ?? 0;
    }
    assert(ladder.lots[0] === lots, "a side sums its levels");
    flag = SELL_FLAG;
  }
  assert(orders === queues.orders.size, "every order in use is in a queue");
  assert(queues.bids.count + queues.asks.count === queues.levels.size, "every level in use is of a side");
  queues.orders.check();
  queues.levels.check();
  queues.index.check(orders);
  const bid = queues.bestOf(queues.bids);
  const ask = queues.bestOf(queues.asks);
  assert(bid === 0 || ask === 0 || bid < ask, "the best bid is below the best ask");
}
