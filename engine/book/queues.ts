/**
 * What rests: the orders of both sides in first-in first-out queues, a queue a level, so that any order
 * leaves in constant time. All parts of the book's state hang on this object; the rules of who trades with
 * whom are in `book.ts`.
 *
 * Invariants (`audit.ts` proves them): a level is never empty; its sum and count are those of its queue; the
 * index finds every order; a side's lots add up to at most 2⁵³−1, so every sum is exact.
 */
import { LEVELS_MAX, ORDERS_IN_BOOK_MAX } from "../limits.ts";
import type { SelfTradePrevention } from "../market/terms.ts";
import type { Lots } from "../units.ts";
import { AccountOrders } from "./account-orders.ts";
import * as layout from "./arena.ts";
import { Ladders } from "./ladders.ts";
import { OrderIndex } from "./order-index.ts";

const { ACCOUNT, Arena, FLAGS, ID, LEVEL, LINKS, NEXT, NUMBERS } = layout;
const { ORDERS, PREVIOUS, REST, sideSlot, TOTAL } = layout;

/** How much one book may hold. */
export interface BookLimits {
  readonly orders: number;
  /** Levels of one side. */
  readonly levels: number;
}

/** What an order that rests has beyond limit and size. */
export interface Special {
  readonly hidden: boolean;
  readonly allOrNone: boolean;
  readonly minimumLots: Lots | undefined;
  readonly displayLots: Lots | undefined;
  readonly selfTrade: SelfTradePrevention | undefined;
  /** What an iceberg holds back. */
  reserve: number;
  /** Orders of its side of which one taker must not have more than it may of all. */
  linked?: LinkedOrders;
}

/** Orders of a list that rest on one side; `exclusive`: a trade of one ends the others, else shrinks them. */
export interface LinkedOrders {
  readonly exclusive: boolean;
}

const VENUE_LIMITS: BookLimits = { orders: ORDERS_IN_BOOK_MAX, levels: LEVELS_MAX };

export class Queues {
  readonly arena = new Arena();
  readonly ladders = new Ladders(this.arena);
  readonly index = new OrderIndex(this.arena);
  readonly accounts = new AccountOrders(this.arena, this.ladders);
  readonly limits: BookLimits;
  /** Whether every order is judged before it trades: then none is left to the plain book. */
  isGuarded = false;
  /** By slot: what special orders have beyond the plain. */
  readonly specials = new Map<number, Special>();
  /** Lots of each side that rest and are in no level's sum. */
  readonly unseenLots = new Float64Array(2);

  constructor(limits: BookLimits = VENUE_LIMITS) {
    this.limits = limits;
  }

  isFull(): boolean {
    return this.index.size >= this.limits.orders;
  }

  /** Whether `lots` more may come to rest at a key. */
  hasRoom(side: number, key: number, lots: number): boolean {
    const sum = this.arena.numbers[(sideSlot(side) << NUMBERS) + REST] ?? 0;
    return (
      sum + lots <= Number.MAX_SAFE_INTEGER &&
      (this.ladders.count(side) < this.limits.levels || this.ladders.find(side, key) !== 0)
    );
  }

  /** Puts an order behind all others of its price; returns its slot. */
  enter(
    side: number,
    key: number,
    id: number,
    account: number,
    rest: number,
    total: number,
    flags: number,
  ): number {
    let level = this.ladders.find(side, key);
    if (level === 0) level = this.ladders.insert(side, key);
    const slot = this.arena.take();
    const { numbers, links } = this.arena;
    const number = slot << NUMBERS;
    numbers[number + ID] = id;
    numbers[number + ACCOUNT] = account;
    numbers[number + REST] = rest;
    numbers[number + TOTAL] = total;
    const atLevel = level << LINKS;
    const last = links[atLevel + PREVIOUS] ?? 0;
    const link = slot << LINKS;
    links[link + NEXT] = level;
    links[link + PREVIOUS] = last;
    links[link + LEVEL] = level;
    links[link + FLAGS] = flags;
    links[(last << LINKS) + NEXT] = slot;
    links[atLevel + PREVIOUS] = slot;
    links[atLevel + ORDERS] = ((links[atLevel + ORDERS] ?? 0) + 1) | 0;
    const sum = (level << NUMBERS) + REST;
    numbers[sum] = (numbers[sum] ?? 0) + rest;
    const sideSum = (sideSlot(side) << NUMBERS) + REST;
    numbers[sideSum] = (numbers[sideSum] ?? 0) + rest;
    this.index.add(id, slot);
    if (this.accounts.isKept) this.accounts.add(slot, account);
    return slot;
  }

  /** Takes an order out, wherever in its queue it stands, and its level if that empties. */
  leave(side: number, slot: number): void {
    const { numbers, links } = this.arena;
    const link = slot << LINKS;
    const level = links[link + LEVEL] ?? 0;
    const rest = numbers[(slot << NUMBERS) + REST] ?? 0;
    const next = links[link + NEXT] ?? 0;
    const previous = links[link + PREVIOUS] ?? 0;
    links[(previous << LINKS) + NEXT] = next;
    links[(next << LINKS) + PREVIOUS] = previous;
    const atLevel = level << LINKS;
    links[atLevel + ORDERS] = ((links[atLevel + ORDERS] ?? 0) - 1) | 0;
    const sum = (level << NUMBERS) + REST;
    numbers[sum] = (numbers[sum] ?? 0) - rest;
    const sideSum = (sideSlot(side) << NUMBERS) + REST;
    numbers[sideSum] = (numbers[sideSum] ?? 0) - rest;
    this.index.remove(slot);
    if (this.accounts.isKept) this.accounts.remove(slot);
    this.arena.release(slot);
    if (next === previous && next === level) this.ladders.remove(side, level);
  }

  /** Makes an order smaller where it stands. */
  shrink(side: number, slot: number, rest: number, total: number): void {
    const { numbers, links } = this.arena;
    const number = slot << NUMBERS;
    const less = (numbers[number + REST] ?? 0) - rest;
    numbers[number + REST] = rest;
    numbers[number + TOTAL] = total;
    const sum = ((links[(slot << LINKS) + LEVEL] ?? 0) << NUMBERS) + REST;
    numbers[sum] = (numbers[sum] ?? 0) - less;
    const sideSum = (sideSlot(side) << NUMBERS) + REST;
    numbers[sideSum] = (numbers[sideSum] ?? 0) - less;
  }

  /** Puts an order that rests behind all others of its price. */
  requeue(slot: number): void {
    const { links } = this.arena;
    const link = slot << LINKS;
    const level = links[link + LEVEL] ?? 0;
    const next = links[link + NEXT] ?? 0;
    if (next === level) return;
    const previous = links[link + PREVIOUS] ?? 0;
    links[(previous << LINKS) + NEXT] = next;
    links[(next << LINKS) + PREVIOUS] = previous;
    const atLevel = level << LINKS;
    const last = links[atLevel + PREVIOUS] ?? 0;
    links[link + NEXT] = level;
    links[link + PREVIOUS] = last;
    links[(last << LINKS) + NEXT] = slot;
    links[atLevel + PREVIOUS] = slot;
  }

  /** Puts the last order of a queue before another of it. */
  moveBefore(slot: number, other: number): void {
    const { links } = this.arena;
    const [link, atOther] = [slot << LINKS, other << LINKS];
    const level = links[link + LEVEL] ?? 0;
    const [last, before] = [links[link + PREVIOUS] ?? 0, links[atOther + PREVIOUS] ?? 0];
    links[(last << LINKS) + NEXT] = level;
    links[(level << LINKS) + PREVIOUS] = last;
    links[(before << LINKS) + NEXT] = slot;
    links[link + PREVIOUS] = before;
    links[link + NEXT] = other;
    links[atOther + PREVIOUS] = slot;
  }

  /** The slot of an order that rests; 0 where there is none of this id. */
  find(id: number): number {
    return this.index.find(id);
  }

  /** Ticks at which the order in a slot rests. */
  ticksOf(slot: number): number {
    return this.ladders.ticksOf(this.arena.links[(slot << LINKS) + LEVEL] ?? 0);
  }

  /** Best shown price of a side in ticks; 0 where nothing is shown. */
  bestTicks(side: number): number {
    let best = this.ladders.best(side);
    if (this.specials.size !== 0) {
      const { links } = this.arena;
      while (best !== 0 && links[(best << LINKS) + ORDERS] === 0) best = this.ladders.next(side, best);
    }
    return best === 0 ? 0 : this.ladders.ticksOf(best);
  }
}
