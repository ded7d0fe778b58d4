/**
 * The book of one market: price-time priority, integers only, and what happened goes into `log`. Orders and
 * levels are records in typed arrays (`arena.ts`), so the plain path allocates nothing and the collector has
 * nothing to follow. The caller has validated what it passes in; what the book itself refuses is an event.
 *
 * Costs: a trade, a cancel, a rest at a level that exists: constant. A level that comes or goes: constant in
 * the usual case (see `key-set.ts`). Fill-or-kill reads the levels that it needs, and matches only if they
 * suffice. A GTC order is refused `bookFull` where it could not rest whole, even if it would have traded.
 *
 * The constants of the hot files are each module's own: V8 folds those into machine code, what is imported or
 * exported it reads and checks at every use, which cost a quarter of the book's speed.
 */
import * as event from "../market/event.ts";
import * as units from "../units.ts";
import * as layout from "./arena.ts";
import * as prices from "./ladders.ts";
import { type BookLimits, Queues } from "./queues.ts";

export const BUY = 0;
export const SELL = 1;

/** What becomes of what doesn't trade at once. */
export const GTC = 0;
export const IOC = 1;
export const FOK = 2;
/** As IOC, and no call takes what is left. */
export const ONCE = 3;

const { ACCOUNT, BEST, FLAGS, ID, KEY, LEVEL, LINKS, NEXT, NUMBERS, ORDERS } = layout;
const { POST_ONLY_FLAG, PREVIOUS, REST, SELL_FLAG, sideSlot, TOTAL } = layout;
const { ACCEPTED, AMENDED, CANCELLED, EventLog, EXPIRED, RESTED, TRADED } = event;
const { maskOf } = prices;
const { TICKS_MAX } = units;
const RESTS = GTC;
const WHOLE = FOK;

export class Book {
  readonly log = new EventLog();
  readonly queues: Queues;
  /** Price of the last trade; 0 before the first. */
  lastTicks = 0;

  constructor(limits?: BookLimits) {
    this.queues = new Queues(limits);
  }

  /**
   * Enters an order of `lots` at `ticks` or better; at any price where `ticks` is 0. Flags: side, post-only.
   */
  place(id: number, account: number, flags: number, timeInForce: number, ticks: number, lots: number): void {
    const { queues, log } = this;
    const side = flags & SELL_FLAG;
    const opposite = side ^ 1;
    const limitKey = ticks === 0 ? TICKS_MAX : ticks ^ maskOf(opposite);
    const crosses = this.#crosses(opposite, limitKey);
    const key = ticks ^ maskOf(side);
    if (timeInForce === RESTS) {
      if (crosses && (flags & POST_ONLY_FLAG) !== 0) {
        log.reject(id, account, side, ticks, lots, "postOnlyWouldTrade");
        return;
      }
      if (queues.isFull() || !queues.hasRoom(side, key, lots)) {
        log.reject(id, account, side, ticks, lots, "bookFull");
        return;
      }
    }
    log.plain(ACCEPTED, id, account, side, ticks, lots);
    let rest = lots;
    if (crosses && (timeInForce !== WHOLE || this.#canFill(opposite, limitKey, lots))) {
      rest = this.#match(id, account, side, limitKey, lots);
      if (rest === 0) return;
    }
    if (timeInForce === RESTS) {
      queues.enter(side, key, id, account, rest, lots, flags);
      log.plain(RESTED, id, account, side, ticks, rest);
    } else {
      log.plain(EXPIRED, id, account, side, ticks, rest);
    }
  }

  /** Takes an order of this account out. */
  cancel(id: number, account: number): void {
    const { queues, log } = this;
    const slot = queues.find(id);
    const { numbers } = queues.arena;
    if (slot === 0 || numbers[(slot << NUMBERS) + ACCOUNT] !== account) {
      log.reject(id, account, BUY, 0, 0, "orderUnknown");
    } else this.takeOut(slot);
  }

  /** Takes the plain order in a slot out. */
  takeOut(slot: number): void {
    const { queues, log } = this;
    const { numbers, links } = queues.arena;
    const at = slot << NUMBERS;
    const side = (links[(slot << LINKS) + FLAGS] ?? 0) & SELL_FLAG;
    const key = links[((links[(slot << LINKS) + LEVEL] ?? 0) << LINKS) + KEY] ?? 0;
    const ticks = key ^ maskOf(side);
    log.plain(
      CANCELLED,
      numbers[at + ID] ?? 0,
      numbers[at + ACCOUNT] ?? 0,
      side,
      ticks,
      numbers[at + REST] ?? 0,
    );
    queues.leave(side, slot);
  }

  /**
   * Changes limit and total size (0 leaves either; else more than is filled) of the order in a slot. A
   * smaller size alone keeps its place; a larger one or any other price enters it anew. So that depth folds
   * from events, `amended` moves the old rest away and the new one in; where the new price trades, `amended`
   * puts nothing in (lots 0), and after the trades `rested` tells what came to rest.
   */
  amend(slot: number, newTicks: number, newTotal: number): void {
    const { queues, log } = this;
    const { numbers, links } = queues.arena;
    const at = slot << NUMBERS;
    const id = numbers[at + ID] ?? 0;
    const account = numbers[at + ACCOUNT] ?? 0;
    const oldRest = numbers[at + REST] ?? 0;
    const filled = (numbers[at + TOTAL] ?? 0) - oldRest;
    const flags = links[(slot << LINKS) + FLAGS] ?? 0;
    const side = flags & SELL_FLAG;
    const oldTicks = queues.ladders.ticksOf(links[(slot << LINKS) + LEVEL] ?? 0);
    const ticks = newTicks === 0 ? oldTicks : newTicks;
    const total = newTotal === 0 ? filled + oldRest : newTotal;
    const rest = total - filled;
    if (ticks === oldTicks && rest <= oldRest) {
      queues.shrink(side, slot, rest, total);
      log.push(AMENDED, id, account, side, ticks, rest, oldRest, oldTicks, 0, total);
      return;
    }
    const opposite = side ^ 1;
    const limitKey = ticks ^ maskOf(opposite);
    const crosses = this.#crosses(opposite, limitKey);
    if (crosses && (flags & POST_ONLY_FLAG) !== 0) {
      log.reject(id, account, side, newTicks, newTotal, "postOnlyWouldTrade");
      return;
    }
    const key = ticks ^ maskOf(side);
    if (!queues.hasRoom(side, key, rest - oldRest)) {
      log.reject(id, account, side, newTicks, newTotal, "bookFull");
      return;
    }
    queues.leave(side, slot);
    log.push(AMENDED, id, account, side, ticks, crosses ? 0 : rest, oldRest, oldTicks, 0, total);
    const left = crosses ? this.#match(id, account, side, limitKey, rest) : rest;
    if (left === 0) return;
    queues.enter(side, key, id, account, left, total, flags);
    if (crosses) log.plain(RESTED, id, account, side, ticks, left);
  }

  /** Whether a side's best level has a key of at most `limitKey`. */
  #crosses(side: number, limitKey: number): boolean {
    const links = this.queues.arena.links;
    const best = links[(sideSlot(side) << LINKS) + BEST] ?? 0;
    return best !== 0 && (links[(best << LINKS) + KEY] ?? 0) <= limitKey;
  }

  /**
   * Trades up to `lots` with the other side's levels whose key is at most `limitKey`; returns what is left.
   */
  #match(id: number, account: number, side: number, limitKey: number, lots: number): number {
    const { queues, log } = this;
    const { arena, index, accounts } = queues;
    const { numbers, links } = arena;
    const opposite = side ^ 1;
    const mask = maskOf(opposite);
    const atBest = (sideSlot(opposite) << LINKS) + BEST;
    let remaining = lots;
    let level = links[atBest] ?? 0;
    while (remaining > 0 && level !== 0) {
      const atLevel = level << LINKS;
      const key = links[atLevel + KEY] ?? 0;
      if (key > limitKey) break;
      const ticks = key ^ mask;
      this.lastTicks = ticks;
      const before = remaining;
      let gone = 0;
      let maker = links[atLevel + NEXT] ?? 0;
      do {
        const at = maker << NUMBERS;
        const rest = numbers[at + REST] ?? 0;
        const makerId = numbers[at + ID] ?? 0;
        const makerAccount = numbers[at + ACCOUNT] ?? 0;
        if (rest > remaining) {
          numbers[at + REST] = rest - remaining;
          log.push(TRADED, id, account, side, ticks, remaining, 0, makerId, makerAccount, rest - remaining);
          remaining = 0;
          break;
        }
        remaining -= rest;
        log.push(TRADED, id, account, side, ticks, rest, remaining, makerId, makerAccount, 0);
        const next = links[(maker << LINKS) + NEXT] ?? 0;
        index.remove(maker);
        if (accounts.isKept) accounts.remove(maker);
        arena.release(maker);
        maker = next;
        gone = (gone + 1) | 0;
      } while (remaining > 0 && maker !== level);
      const traded = before - remaining;
      const sideSum = (sideSlot(opposite) << NUMBERS) + REST;
      numbers[sideSum] = (numbers[sideSum] ?? 0) - traded;
      if (maker === level) {
        queues.ladders.remove(opposite, level);
        level = links[atBest] ?? 0;
      } else {
        const sum = (level << NUMBERS) + REST;
        numbers[sum] = (numbers[sum] ?? 0) - traded;
        links[atLevel + NEXT] = maker;
        links[(maker << LINKS) + PREVIOUS] = level;
        links[atLevel + ORDERS] = ((links[atLevel + ORDERS] ?? 0) - gone) | 0;
      }
    }
    return remaining;
  }

  /** Whether a side's levels whose key is at most `limitKey` hold `lots`. */
  #canFill(side: number, limitKey: number, lots: number): boolean {
    const { ladders, arena } = this.queues;
    let missing = lots;
    for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) {
      if ((arena.links[(level << LINKS) + KEY] ?? 0) > limitKey) return false;
      missing -= arena.numbers[(level << NUMBERS) + REST] ?? 0;
      if (missing <= 0) return true;
    }
    return false;
  }
}
