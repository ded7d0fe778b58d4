/**
 * The book of one market: price-time priority, integers only, and what happened goes into `log`. Orders and
 * levels are slots in typed arrays (`order-pool.ts`, `level-pool.ts`), so the plain path allocates nothing
 * and the collector has nothing to follow. The caller has validated what it passes in; what the book itself
 * refuses is an event.
 *
 * Costs: a trade, a cancel, a rest at a level that exists: constant. A level that comes or goes: constant in
 * the usual case (see `key-set.ts`). Fill-or-kill reads the levels that it needs, and matches only if they
 * suffice. A GTC order is refused `bookFull` where it could not rest whole, even if it would have traded.
 */

import { countWord } from "../ids.ts";
import { ACCEPTED, AMENDED, CANCELLED, EventLog, EXPIRED, RESTED, TRADED } from "../market/event.ts";
import { TICKS_MAX } from "../units.ts";
import type { Ladder } from "./ladder.ts";
import { HEAD, KEY, LEVEL_LINKS, LEVEL_NUMBERS, LOTS, ORDERS } from "./level-pool.ts";
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
import { type BookLimits, Queues } from "./queues.ts";

export const BUY = 0;
export const SELL = 1;

/** What becomes of what doesn't trade at once. */
export const GTC = 0;
export const IOC = 1;
export const FOK = 2;

export class Book {
  readonly log = new EventLog();
  readonly queues: Queues;

  constructor(limits?: BookLimits) {
    this.queues = new Queues(limits);
  }

  /**
   * Enters an order of `lots` at `ticks` or better; at any price where `ticks` is 0. Flags: side, post-only.
   */
  place(id: number, account: number, flags: number, timeInForce: number, ticks: number, lots: number): void {
    const { queues, log } = this;
    const side = flags & SELL_FLAG;
    const opposite = side === BUY ? queues.asks : queues.bids;
    const limitKey = ticks === 0 ? TICKS_MAX : ticks ^ opposite.mask;
    const crosses = queues.crosses(opposite, limitKey);
    const own = side === BUY ? queues.bids : queues.asks;
    if (timeInForce === GTC) {
      if (crosses && (flags & POST_ONLY_FLAG) !== 0) {
        log.reject(id, account, side, ticks, lots, "postOnlyWouldTrade");
        return;
      }
      if (queues.isFull() || !queues.hasRoom(own, ticks ^ own.mask, lots)) {
        log.reject(id, account, side, ticks, lots, "bookFull");
        return;
      }
    }
    log.push(ACCEPTED, id, account, side, ticks, lots, 0, 0, 0, 0);
    let rest = lots;
    if (crosses && (timeInForce !== FOK || this.#canFill(opposite, limitKey, lots))) {
      rest = this.#match(id, account, side, opposite, limitKey, lots);
      if (rest === 0) return;
    }
    if (timeInForce === GTC) {
      queues.enter(own, ticks ^ own.mask, id, account, rest, lots, flags);
      log.push(RESTED, id, account, side, ticks, rest, 0, 0, 0, 0);
    } else {
      log.push(EXPIRED, id, account, side, ticks, rest, 0, 0, 0, 0);
    }
  }

  /** Takes an order of this account out. */
  cancel(id: number, account: number): void {
    const { queues, log } = this;
    const slot = queues.find(id);
    const { numbers, links } = queues.orders;
    const at = slot << ORDER_NUMBERS;
    if (slot === 0 || numbers[at + ACCOUNT] !== account) {
      log.reject(id, account, BUY, 0, 0, "orderUnknown");
      return;
    }
    const side = (links[(slot << ORDER_LINKS) + FLAGS] ?? 0) & SELL_FLAG;
    const ladder = side === BUY ? queues.bids : queues.asks;
    const ticks = ladder.ticksOf(links[(slot << ORDER_LINKS) + LEVEL] ?? 0);
    const rest = numbers[at + REST] ?? 0;
    queues.leave(ladder, slot);
    log.push(CANCELLED, id, account, side, ticks, rest, 0, 0, 0, 0);
  }

  /**
   * Changes limit and total size (0 leaves either) of the order in a slot. A smaller size alone keeps its
   * place; a larger one or any other price enters it anew. So that depth folds from events, `amended` moves
   * the old rest away and the new one in; where the new price trades, `amended` puts nothing in (lots 0), and
   * after the trades `rested` tells what came to rest.
   */
  amend(slot: number, newTicks: number, newTotal: number): void {
    const { queues, log } = this;
    const { numbers, links } = queues.orders;
    const at = slot << ORDER_NUMBERS;
    const id = numbers[at + ID] ?? 0;
    const account = numbers[at + ACCOUNT] ?? 0;
    const oldRest = numbers[at + REST] ?? 0;
    const filled = (numbers[at + TOTAL] ?? 0) - oldRest;
    const flags = links[(slot << ORDER_LINKS) + FLAGS] ?? 0;
    const side = flags & SELL_FLAG;
    const own = side === BUY ? queues.bids : queues.asks;
    const oldTicks = own.ticksOf(links[(slot << ORDER_LINKS) + LEVEL] ?? 0);
    const ticks = newTicks === 0 ? oldTicks : newTicks;
    const total = newTotal === 0 ? filled + oldRest : newTotal;
    const rest = total - filled;
    if (rest <= 0) {
      log.reject(id, account, side, newTicks, newTotal, "quantityBelowFilled");
      return;
    }
    if (ticks === oldTicks && rest <= oldRest) {
      queues.shrink(own, slot, rest, total);
      log.push(AMENDED, id, account, side, ticks, rest, oldRest, oldTicks, 0, total);
      return;
    }
    const opposite = side === BUY ? queues.asks : queues.bids;
    const limitKey = ticks ^ opposite.mask;
    const crosses = queues.crosses(opposite, limitKey);
    if (crosses && (flags & POST_ONLY_FLAG) !== 0) {
      log.reject(id, account, side, newTicks, newTotal, "postOnlyWouldTrade");
      return;
    }
    if (!queues.hasRoom(own, ticks ^ own.mask, rest - oldRest)) {
      log.reject(id, account, side, newTicks, newTotal, "bookFull");
      return;
    }
    queues.leave(own, slot);
    log.push(AMENDED, id, account, side, ticks, crosses ? 0 : rest, oldRest, oldTicks, 0, total);
    const left = crosses ? this.#match(id, account, side, opposite, limitKey, rest) : rest;
    if (left === 0) return;
    queues.enter(own, ticks ^ own.mask, id, account, left, total, flags);
    if (crosses) log.push(RESTED, id, account, side, ticks, left, 0, 0, 0, 0);
  }

  /** Trades up to `lots` with the levels whose key is at most `limitKey`; returns what is left. */
  #match(
    id: number,
    account: number,
    side: number,
    opposite: Ladder,
    limitKey: number,
    lots: number,
  ): number {
    const { queues, log } = this;
    const { orders, index } = queues;
    const { numbers, links } = orders;
    const levelLinks = queues.levels.links;
    let remaining = lots;
    let level = opposite.best;
    while (remaining > 0 && level !== 0) {
      const atLevel = level << LEVEL_LINKS;
      const key = levelLinks[atLevel + KEY] ?? 0;
      if (key > limitKey) break;
      const ticks = key ^ opposite.mask;
      const before = remaining;
      let gone = 0;
      let maker = levelLinks[atLevel + HEAD] ?? 0;
      do {
        const at = maker << ORDER_NUMBERS;
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
        const next = links[(maker << ORDER_LINKS) + NEXT] ?? 0;
        index.remove(countWord(makerId), maker);
        orders.release(maker);
        maker = next;
        gone++;
      } while (remaining > 0 && maker !== 0);
      const traded = before - remaining;
      opposite.lots[0] = (opposite.lots[0] ?? 0) - traded;
      if (maker === 0) {
        opposite.remove(level);
        level = opposite.best;
      } else {
        levelLinks[atLevel + HEAD] = maker;
        links[(maker << ORDER_LINKS) + PREVIOUS] = 0;
        levelLinks[atLevel + ORDERS] = (levelLinks[atLevel + ORDERS] ?? 0) - gone;
        const atSum = (level << LEVEL_NUMBERS) + LOTS;
        queues.levels.numbers[atSum] = (queues.levels.numbers[atSum] ?? 0) - traded;
      }
    }
    return remaining;
  }

  /** Whether the levels whose key is at most `limitKey` hold `lots`. */
  #canFill(opposite: Ladder, limitKey: number, lots: number): boolean {
    const { links, numbers } = this.queues.levels;
    let missing = lots;
    for (let level = opposite.best; level !== 0; level = opposite.next(level)) {
      if ((links[(level << LEVEL_LINKS) + KEY] ?? 0) > limitKey) return false;
      missing -= numbers[(level << LEVEL_NUMBERS) + LOTS] ?? 0;
      if (missing <= 0) return true;
    }
    return false;
  }
}
