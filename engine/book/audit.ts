/**
 * Reading a book without changing it: its orders in priority order, its depth, and the proof of its
 * invariants. Priority order is bids from the best price down, then asks from the best price up, each price
 * first in first out, hidden orders behind all others.
 */
import type { TimeInForce } from "../market/command.ts";
import type { SelfTradePrevention, Trigger } from "../market/terms.ts";
import type { AccountId, Lots, OrderId, Ticks } from "../units.ts";
import { assert, type Side } from "../units.ts";
import {
  ACCOUNT,
  FLAGS,
  HIDDEN_FLAG,
  HIDDEN_ORDERS,
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
  SPECIAL_FLAG,
  SPECIAL_ORDERS,
  sideSlot,
  TOTAL,
  UNSEEN_FLAG,
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
  /** This and what follows is undefined where the order hasn't got it: so V8 sees orders of one shape. */
  readonly hidden?: true | undefined;
  /** The least that an execution of it must be. */
  readonly minimumLots?: Lots | undefined;
  readonly allOrNone?: true | undefined;
  /** What an iceberg shows at a time, and what it shows now. */
  readonly displayLots?: Lots | undefined;
  readonly shownLots?: Lots | undefined;
  readonly selfTrade?: SelfTradePrevention | undefined;
  /** Only until it enters the book, which gives it its price. */
  readonly slippageTicks?: Ticks | undefined;
  readonly slide?: true | undefined;
}

/** An order that waits for its trigger; `lots` is all of it. */
export interface WaitingOrder extends RestingOrder {
  readonly trigger: Trigger;
  /** What becomes of it when it enters. */
  readonly timeInForce: TimeInForce;
  /** In half ticks: of a trailing stop, the best price that it has seen. */
  readonly bestHalfTicks?: number | undefined;
  /** Of a double tick, the price that satisfied its condition and that the next one has to confirm. */
  readonly firstHalfTicks?: number | undefined;
  /** A price has released it, and it enters when matching resumes. */
  readonly due?: true | undefined;
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
  const plain = (flags & SPECIAL_FLAG) === 0;
  const special = plain ? undefined : queues.specials.get(slot);
  assert(plain || special !== undefined, "what a special order has beyond the plain is kept");
  const shown = numbers[at + REST] as Lots;
  const displayLots = special?.displayLots;
  return {
    orderId: numbers[at + ID] as OrderId,
    account: numbers[at + ACCOUNT] as AccountId,
    side: (flags & SELL_FLAG) === 0 ? "buy" : "sell",
    ticks: queues.ladders.ticksOf(links[(slot << LINKS) + LEVEL] ?? 0) as Ticks,
    lots: special === undefined ? shown : ((shown + special.reserve) as Lots),
    totalLots: numbers[at + TOTAL] as Lots,
    postOnly: (flags & POST_ONLY_FLAG) !== 0,
    hidden: special?.hidden ? true : undefined,
    minimumLots: special?.minimumLots,
    allOrNone: special?.allOrNone ? true : undefined,
    displayLots,
    shownLots: displayLots === undefined ? undefined : shown,
    selfTrade: special?.selfTrade,
    slippageTicks: undefined,
    slide: undefined,
  };
}

/** The orders of one level that are hidden, or those that aren't, in the order of their queue. */
function* readLevel(queues: Queues, level: number, hidden: number): Generator<RestingOrder, void, undefined> {
  const { links } = queues.arena;
  let slot = links[(level << LINKS) + NEXT] ?? 0;
  for (; slot !== level; slot = links[(slot << LINKS) + NEXT] ?? 0) {
    if (((links[(slot << LINKS) + FLAGS] ?? 0) & HIDDEN_FLAG) === hidden) yield readOrder(queues, slot);
  }
}

/** Every resting order of a side in priority order. */
export function* readSide(queues: Queues, side: number): Generator<RestingOrder, void, undefined> {
  const { ladders } = queues;
  for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) {
    yield* readLevel(queues, level, 0);
    if (queues.specials.size > 0) yield* readLevel(queues, level, HIDDEN_FLAG);
  }
}

/** Every resting order in priority order. The book must not change meanwhile. */
export function* readOrders(queues: Queues): Generator<RestingOrder, void, undefined> {
  for (const side of SIDES) yield* readSide(queues, side);
}

/** The best levels of a side, at most `levelsMax`. */
export function readDepth(queues: Queues, side: number, levelsMax: number): DepthLevel[] {
  const { arena, ladders } = queues;
  const depth: DepthLevel[] = [];
  for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) {
    if (depth.length >= levelsMax) break;
    if (arena.links[(level << LINKS) + ORDERS] === 0) continue;
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
  let shown = 0;
  let special = 0;
  let hidden = 0;
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
    orders++;
    if (((links[link + FLAGS] ?? 0) & UNSEEN_FLAG) === 0) {
      shown++;
      lots += rest;
    }
    const flags = links[link + FLAGS] ?? 0;
    if ((flags & SPECIAL_FLAG) !== 0) special++;
    if ((flags & HIDDEN_FLAG) !== 0) hidden++;
    checkSpecial(queues, slot);
    assert(orders <= queues.index.size, "a level's queue ends");
  }
  assert(links[at + PREVIOUS] === previous, "a level's last is the last of its queue");
  assert(links[at + SPECIAL_ORDERS] === special, "a level counts its special orders");
  assert(links[at + HIDDEN_ORDERS] === hidden, "a level counts its hidden orders");
  assert(links[at + ORDERS] === shown, "a level counts its shown orders");
  assert(numbers[(level << NUMBERS) + REST] === lots, "a level sums its shown orders");
  assert(queues.ladders.ticksOf(level) >= 1, "a level's price is at least one tick");
  return orders;
}

function checkSpecial(queues: Queues, slot: number): void {
  const { numbers, links } = queues.arena;
  const flags = links[(slot << LINKS) + FLAGS] ?? 0;
  const special = queues.specials.get(slot);
  assert(((flags & SPECIAL_FLAG) !== 0) === (special !== undefined), "a special order is marked as one");
  if (special === undefined) return;
  const rest = numbers[(slot << NUMBERS) + REST] ?? 0;
  assert(((flags & HIDDEN_FLAG) !== 0) === special.hidden, "a hidden order is marked as one");
  assert(rest >= (special.minimumLots ?? 0), "an order that can never trade again does not rest");
  assert(special.reserve >= 0 && rest <= (special.displayLots ?? rest), "an iceberg shows its part");
  const unseen = special.hidden || special.allOrNone || special.minimumLots !== undefined;
  assert(((flags & UNSEEN_FLAG) !== 0) === unseen, "an order that is not shown is marked so");
}

/** Lots of a side that rest and are in no level's sum. */
function countUnseen(queues: Queues, side: number): number {
  let lots = 0;
  for (const order of readOrders(queues)) {
    if ((order.side === "sell" ? 1 : 0) !== side) continue;
    const unseen = order.hidden || order.allOrNone || order.minimumLots !== undefined;
    if (unseen) lots += order.lots;
    else if (order.shownLots !== undefined) lots += order.lots - order.shownLots;
  }
  return lots;
}

/** `mayCross`: orders are only collected. Throws where an invariant of the book does not hold. */
export function checkQueues(queues: Queues, mayCross = false): void {
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
  if (queues.specials.size > 0 || queues.unseenLots[0] !== 0 || queues.unseenLots[1] !== 0) {
    for (const side of SIDES) {
      assert(queues.unseenLots[side] === countUnseen(queues, side), "what is not shown is counted");
    }
  }
  index.check(orders);
  queues.accounts.check(orders);
  arena.check(orders + ladders.count(0) + ladders.count(1) + queues.accounts.size);
  const bid = queues.bestTicks(0);
  const ask = queues.bestTicks(1);
  assert(mayCross || bid === 0 || ask === 0 || bid < ask, "the best shown bid is below the best shown ask");
}
