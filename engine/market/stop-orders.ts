/**
 * Orders that wait for a price, and what happens when it comes. After a command has done its work, prices are
 * looked at: of trades every one, so that no stop misses a price that was only touched; of best prices those
 * that stand. What one look releases enters in this order: sells, the highest stop price first, then buys,
 * the lowest first, equal ones by the time at which they were armed. Each enters whole before prices are
 * looked at again, and what that releases queues up behind. An order is released once, so a cascade ends.
 */
import type { RestingOrder } from "../book/audit.ts";
import { type Book, BUY, FOK, GTC, IOC, SELL } from "../book/book.ts";
import type { SpecialBook } from "../book/special-book.ts";
import { flagsOf, isSpecial } from "../book/special-queues.ts";
import { type ArmedOrder, ASK, BID, LAST, MID, releaseOrder, Triggers } from "../book/triggers.ts";
import { ARMED_ORDERS_MAX } from "../limits.ts";
import { assert, type Side } from "../units.ts";
import type { AmendOrder, TimeInForce, Trigger } from "./command.ts";
import {
  ACCEPTED,
  AMENDED,
  ARMED,
  CANCELLED,
  COLUMN,
  EVENT_STRIDE,
  EXPIRED,
  REJECTED,
  TRADED,
  TRIGGERED,
  UNSEEN,
} from "./event.ts";
import { SOURCES } from "./terms-record.ts";

export function timeInForceNumber(timeInForce: TimeInForce): number {
  return timeInForce === "GTC" ? GTC : timeInForce === "IOC" ? IOC : FOK;
}

/** What follows from a trigger: what is watched, and in which direction. */
export function watch(side: Side, trigger: Trigger) {
  const source = SOURCES.indexOf(trigger.source);
  const rising = (side === "buy") === (trigger.kind === "stop");
  return { trigger, source, rising, stopTicks: trigger.stopTicks };
}

export class StopOrders {
  readonly triggers = new Triggers();
  readonly #book: Book;
  readonly #special: SpecialBook;
  #arrivals = 0;

  constructor(book: Book, special: SpecialBook) {
    this.#book = book;
    this.#special = special;
  }

  /** Arms an order, or enters it where its condition holds already. */
  place(order: RestingOrder, timeInForce: TimeInForce, trigger: Trigger): void {
    const { log } = this.#book;
    const { orderId, account, side, ticks, lots } = order;
    const sign = side === "buy" ? BUY : SELL;
    if (this.triggers.size >= ARMED_ORDERS_MAX) {
      log.reject(orderId, account, sign, ticks, lots, "bookFull");
      return;
    }
    log.plain(ACCEPTED, orderId, account, sign, ticks, lots);
    this.arm({
      ...order,
      timeInForce,
      ...watch(side, trigger),
      arrival: ++this.#arrivals,
    });
  }

  arm(order: ArmedOrder): void {
    const { log } = this.#book;
    if (this.#special.matching && this.#holds(order)) {
      this.#enter(order);
      return;
    }
    this.triggers.arm(order);
    const side = order.side === "buy" ? BUY : SELL;
    log.plain(ARMED, order.orderId, order.account, side, order.stopTicks, order.lots);
  }

  /** Puts back what a snapshot holds; its condition is known not to hold. */
  restore(order: ArmedOrder): void {
    this.#arrivals = Math.max(this.#arrivals, order.arrival);
    this.triggers.arm(order);
  }

  cancel(order: ArmedOrder): void {
    const side = order.side === "buy" ? BUY : SELL;
    this.triggers.disarm(order);
    this.#book.log.plain(CANCELLED | UNSEEN, order.orderId, order.account, side, order.ticks, order.lots);
  }

  /**
   * Changes an order that waits. A smaller size or another limit keeps its time; a larger size or another
   * stop price takes the time of now.
   */
  amend(order: ArmedOrder, command: AmendOrder): void {
    const { log } = this.#book;
    const { orderId, account } = order;
    const side = order.side === "buy" ? BUY : SELL;
    const ticks = command.ticks === 0 ? order.ticks : command.ticks;
    const lots = command.lots === 0 ? order.lots : command.lots;
    const stopTicks = command.terms?.stopTicks ?? order.stopTicks;
    const minimumLots = command.terms?.minimumLots ?? order.minimumLots;
    const keeps = stopTicks === order.stopTicks && lots <= order.lots;
    this.triggers.disarm(order);
    log.push(AMENDED | UNSEEN, orderId, account, side, ticks, lots, order.lots, order.ticks, 0, lots);
    this.arm({
      ...order,
      ...{ ticks, lots, totalLots: lots },
      ...(minimumLots === undefined ? undefined : { minimumLots }),
      ...watch(order.side, { ...order.trigger, stopTicks }),
      arrival: keeps ? order.arrival : ++this.#arrivals,
    });
  }

  /** `resumed`: after a phase in which nothing matched the last price counts as new.
   * Looks at prices from the log's row `from` on, and enters what they release, and what that releases. */
  release(from: number, resumed = false): void {
    if (!this.#special.matching) return;
    const queue: ArmedOrder[] = [];
    const { lastTicks } = this.#book;
    if (resumed && lastTicks !== 0) this.triggers.collect(LAST, lastTicks, lastTicks, queue);
    let row = from;
    for (let next = 0; ; next++) {
      const released = this.#look(row);
      for (const order of next === 0 ? queue.splice(0) : []) released.push(order);
      for (const order of released.sort(releaseOrder)) queue.push(order);
      const order = queue[next];
      if (order === undefined) return;
      row = this.#book.log.length;
      this.#enter(order);
    }
  }

  /** Proves that heaps and map agree, and that no order waits for a price that is there. */
  check(): void {
    this.triggers.check();
    for (const order of this.triggers.orders()) {
      assert(!this.#special.matching || !this.#holds(order), "no order waits for a price that is there");
      assert(this.#book.queues.find(order.orderId) === 0, "an order that waits does not rest");
    }
  }

  /** Whether the price that an order watches is there already. */
  #holds(order: ArmedOrder): boolean {
    const price = this.#priceOf(order.source);
    const stop = order.source === MID ? order.stopTicks * 2 : order.stopTicks;
    return price !== 0 && (order.rising ? price >= stop : price <= stop);
  }

  /** The price of a source, the midpoint doubled; 0 where there is none. */
  #priceOf(source: number): number {
    if (source === LAST) return this.#book.lastTicks;
    const bid = this.#book.queues.bestTicks(BUY);
    const ask = this.#book.queues.bestTicks(SELL);
    if (source === BID) return bid;
    if (source === ASK) return ask;
    return bid === 0 || ask === 0 ? 0 : bid + ask;
  }

  #look(from: number): ArmedOrder[] {
    const released: ArmedOrder[] = [];
    const { rows, length } = this.#book.log;
    let low = 0;
    let high = 0;
    for (let row = from; row < length; row++) {
      const at = row * EVENT_STRIDE;
      if (((rows[at] ?? 0) & ~UNSEEN) !== TRADED) continue;
      const ticks = rows[at + COLUMN.ticks] ?? 0;
      if (low === 0 || ticks < low) low = ticks;
      if (ticks > high) high = ticks;
    }
    if (low !== 0) this.triggers.collect(LAST, low, high, released);
    for (const source of [BID, ASK, MID]) {
      const price = this.#priceOf(source);
      if (price !== 0) this.triggers.collect(source, price, price, released);
    }
    return released;
  }

  #enter(order: ArmedOrder): void {
    const { log, queues } = this.#book;
    const { orderId, account, ticks, lots } = order;
    const named = timeInForceNumber(order.timeInForce);
    const timeInForce = ticks === 0 && named === GTC ? IOC : named;
    const row = log.length;
    if (queues.specials.size > 0 || isSpecial(order)) this.#special.place(order, timeInForce);
    else this.#book.place(orderId, account, flagsOf(order), timeInForce, ticks, lots);
    const refused = log.rows[row * EVENT_STRIDE] === REJECTED;
    log.retitle(row, refused ? EXPIRED : TRIGGERED);
  }
}
