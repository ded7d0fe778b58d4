/**
 * What rests: the orders of both sides in first-in first-out queues, a queue a level, doubly linked through
 * the orders' own records, so that any order leaves in constant time. All parts of the state hang on this
 * object; the rules of who trades with whom are in `book.ts`.
 *
 * Invariants (`audit.ts` proves them): a level is never empty; its sum and count are those of its queue; the
 * index finds every order; a side's lots add up to at most 2⁵³−1, so every sum is exact.
 */
import { countWord } from "../ids.ts";
import { LEVELS_MAX, ORDERS_IN_BOOK_MAX } from "../limits.ts";
import { TICKS_MAX } from "../units.ts";
import { Ladder } from "./ladder.ts";
import { HEAD, KEY, LEVEL_LINKS, LEVEL_NUMBERS, LevelPool, LOTS, ORDERS, TAIL } from "./level-pool.ts";
import { OrderIndex } from "./order-index.ts";
import {
  ACCOUNT,
  FLAGS,
  ID,
  LEVEL,
  NEXT,
  ORDER_LINKS,
  ORDER_NUMBERS,
  OrderPool,
  PREVIOUS,
  REST,
  SELL_FLAG,
  TOTAL,
} from "./order-pool.ts";

/** How much one book may hold. */
export interface BookLimits {
  readonly orders: number;
  /** Levels of one side. */
  readonly levels: number;
}

const VENUE_LIMITS: BookLimits = { orders: ORDERS_IN_BOOK_MAX, levels: LEVELS_MAX };

export class Queues {
  readonly orders = new OrderPool();
  readonly levels = new LevelPool();
  readonly index = new OrderIndex(this.orders);
  readonly bids = new Ladder(this.levels, TICKS_MAX);
  readonly asks = new Ladder(this.levels, 0);
  readonly limits: BookLimits;

  constructor(limits: BookLimits = VENUE_LIMITS) {
    this.limits = limits;
  }

  /** Whether `lots` more may come to rest at a key. */
  hasRoom(ladder: Ladder, key: number, lots: number): boolean {
    return (
      (ladder.lots[0] ?? 0) + lots <= Number.MAX_SAFE_INTEGER &&
      (ladder.count < this.limits.levels || ladder.find(key) !== 0)
    );
  }

  isFull(): boolean {
    return this.orders.size >= this.limits.orders;
  }

  /** Puts an order behind all others of its price. */
  enter(
    ladder: Ladder,
    key: number,
    id: number,
    account: number,
    rest: number,
    total: number,
    flags: number,
  ): void {
    let level = ladder.find(key);
    if (level === 0) level = ladder.insert(key);
    const slot = this.orders.take();
    const { numbers, links } = this.orders;
    const levelLinks = this.levels.links;
    const levelNumbers = this.levels.numbers;
    const atNumbers = slot << ORDER_NUMBERS;
    numbers[atNumbers + ID] = id;
    numbers[atNumbers + ACCOUNT] = account;
    numbers[atNumbers + REST] = rest;
    numbers[atNumbers + TOTAL] = total;
    const atLevel = level << LEVEL_LINKS;
    const tail = levelLinks[atLevel + TAIL] ?? 0;
    const atLinks = slot << ORDER_LINKS;
    links[atLinks + NEXT] = 0;
    links[atLinks + PREVIOUS] = tail;
    links[atLinks + LEVEL] = level;
    links[atLinks + FLAGS] = flags;
    if (tail === 0) levelLinks[atLevel + HEAD] = slot;
    else links[(tail << ORDER_LINKS) + NEXT] = slot;
    levelLinks[atLevel + TAIL] = slot;
    levelLinks[atLevel + ORDERS] = (levelLinks[atLevel + ORDERS] ?? 0) + 1;
    const atSum = (level << LEVEL_NUMBERS) + LOTS;
    levelNumbers[atSum] = (levelNumbers[atSum] ?? 0) + rest;
    ladder.lots[0] = (ladder.lots[0] ?? 0) + rest;
    this.index.add(countWord(id), slot);
  }

  /** Takes an order out, wherever in its queue it stands, and its level if that empties. */
  leave(ladder: Ladder, slot: number): void {
    const { numbers, links } = this.orders;
    const levelLinks = this.levels.links;
    const atLinks = slot << ORDER_LINKS;
    const level = links[atLinks + LEVEL] ?? 0;
    const atLevel = level << LEVEL_LINKS;
    const rest = numbers[(slot << ORDER_NUMBERS) + REST] ?? 0;
    const next = links[atLinks + NEXT] ?? 0;
    const previous = links[atLinks + PREVIOUS] ?? 0;
    this.index.remove(countWord(numbers[(slot << ORDER_NUMBERS) + ID] ?? 0), slot);
    this.orders.release(slot);
    ladder.lots[0] = (ladder.lots[0] ?? 0) - rest;
    if (next === 0 && previous === 0) {
      ladder.remove(level);
      return;
    }
    if (previous === 0) levelLinks[atLevel + HEAD] = next;
    else links[(previous << ORDER_LINKS) + NEXT] = next;
    if (next === 0) levelLinks[atLevel + TAIL] = previous;
    else links[(next << ORDER_LINKS) + PREVIOUS] = previous;
    levelLinks[atLevel + ORDERS] = (levelLinks[atLevel + ORDERS] ?? 0) - 1;
    const atSum = (level << LEVEL_NUMBERS) + LOTS;
    this.levels.numbers[atSum] = (this.levels.numbers[atSum] ?? 0) - rest;
  }

  /** Makes an order smaller where it stands. */
  shrink(ladder: Ladder, slot: number, rest: number, total: number): void {
    const { numbers, links } = this.orders;
    const atNumbers = slot << ORDER_NUMBERS;
    const less = (numbers[atNumbers + REST] ?? 0) - rest;
    numbers[atNumbers + REST] = rest;
    numbers[atNumbers + TOTAL] = total;
    const atSum = ((links[(slot << ORDER_LINKS) + LEVEL] ?? 0) << LEVEL_NUMBERS) + LOTS;
    this.levels.numbers[atSum] = (this.levels.numbers[atSum] ?? 0) - less;
    ladder.lots[0] = (ladder.lots[0] ?? 0) - less;
  }

  /** The slot of an order that rests; 0 where there is none of this id. */
  find(id: number): number {
    return this.index.find(countWord(id), id);
  }

  /** The side that an order rests on. */
  ladderOf(slot: number): Ladder {
    return ((this.orders.links[(slot << ORDER_LINKS) + FLAGS] ?? 0) & SELL_FLAG) === 0
      ? this.bids
      : this.asks;
  }

  /** Best price of a side in ticks; 0 where it is empty. */
  bestOf(ladder: Ladder): number {
    return ladder.best === 0 ? 0 : ladder.ticksOf(ladder.best);
  }

  /** Whether an order of the other side with this limit, as a key of `ladder`, would trade with it. */
  crosses(ladder: Ladder, limitKey: number): boolean {
    const best = ladder.best;
    return best !== 0 && (this.levels.links[(best << LEVEL_LINKS) + KEY] ?? 0) <= limitKey;
  }
}
