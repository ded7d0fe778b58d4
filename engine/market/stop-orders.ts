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
import { reachesSpecial } from "../book/special-reach.ts";
import { type ArmedOrder, ASK, BID, LAST, MID, releaseOrder, Triggers } from "../book/triggers.ts";
import { ARMED_ORDERS_MAX } from "../limits.ts";
import { assert, type Side } from "../units.ts";
import { numberOf } from "../word-list.ts";
import type { AmendOrder, TimeInForce } from "./command.ts";
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
import type { Reaction } from "./reactions.ts";
import { TRIGGER_SOURCES, type Trigger } from "./terms.ts";

export function timeInForceNumber(timeInForce: TimeInForce): number {
  return timeInForce === "GTC" ? GTC : timeInForce === "IOC" ? IOC : FOK;
}

/** What follows from a trigger: what is watched, and in which direction. */
export function watch(side: Side, trigger: Trigger) {
  const source = numberOf(TRIGGER_SOURCES, trigger.source);
  const rising = (side === "buy") === (trigger.kind === "stop");
  return { trigger, source, rising, stopTicks: trigger.stopTicks };
}

export class StopOrders implements Reaction {
  readonly triggers = new Triggers();
  readonly #book: Book;
  readonly #special: SpecialBook;
  #arrivals = 0;
  /** Released by a price, not entered yet; empty between commands. */
  readonly #queue: ArmedOrder[] = [];
  /** What a look has found; empty between looks. */
  readonly #released: ArmedOrder[] = [];
  /** Rows of the log from here on have not been looked at. */
  #row = 0;
  #resumed = false;

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
    const { source, rising, stopTicks } = watch(side, trigger);
    // A spread object comes last: adding to a copy costs V8 microseconds.
    this.arm({ timeInForce, trigger, source, rising, stopTicks, arrival: ++this.#arrivals, ...order });
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
    const trigger = { ...order.trigger, stopTicks };
    const arrival = keeps ? order.arrival : ++this.#arrivals;
    const changed = { ...order, ticks, lots, totalLots: lots, trigger, stopTicks, arrival };
    this.arm(minimumLots === undefined ? changed : { ...changed, minimumLots });
  }

  get active(): boolean {
    return this.triggers.size !== 0 || this.#queue.length !== 0;
  }

  begin(): void {
    this.#row = 0;
    this.#resumed = false;
  }

  /** Matching goes on after a phase in which nothing matched: the last price counts as new. */
  resume(): void {
    this.#resumed = true;
  }

  /** Looks at the prices since the last look, and enters one of the orders that they have released. */
  react(): boolean {
    if (!this.#special.matching) return false;
    this.#look();
    const released = this.#released;
    if (released.length !== 0) {
      for (const order of released.sort(releaseOrder)) this.#queue.push(order);
      released.length = 0;
    }
    if (this.#queue.length === 0) return false;
    const order = this.#queue.shift();
    if (order !== undefined) this.#enter(order);
    return order !== undefined;
  }

  /** Takes back an order that was released and has not entered yet. */
  withdraw(id: number): ArmedOrder | undefined {
    const at = this.#queue.findIndex(order => order.orderId === id);
    return at < 0 ? undefined : this.#queue.splice(at, 1)[0];
  }

  /** Proves that heaps and map agree, and that no order waits for a price that is there. */
  check(): void {
    this.triggers.check();
    assert(this.#queue.length === 0, "what a price releases enters within the command");
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

  /** Collects what the prices since the last look release. After most commands that is nothing. */
  #look(): void {
    const { triggers } = this;
    const released = this.#released;
    const { lastTicks, queues, log } = this.#book;
    const { rows, length } = log;
    let low = this.#resumed ? lastTicks : 0;
    let high = low;
    this.#resumed = false;
    for (let row = this.#row; row < length; row++) {
      const at = row * EVENT_STRIDE;
      if (((rows[at] ?? 0) & ~UNSEEN) !== TRADED) continue;
      const ticks = rows[at + COLUMN.ticks] ?? 0;
      if (low === 0 || ticks < low) low = ticks;
      if (ticks > high) high = ticks;
    }
    this.#row = length;
    if (low !== 0) triggers.collect(LAST, low, high, released);
    const bid = queues.bestTicks(BUY);
    const ask = queues.bestTicks(SELL);
    if (bid !== 0) triggers.collect(BID, bid, bid, released);
    if (ask !== 0) triggers.collect(ASK, ask, ask, released);
    if (bid !== 0 && ask !== 0) triggers.collect(MID, bid + ask, bid + ask, released);
  }

  #enter(order: ArmedOrder): void {
    const { log, queues } = this.#book;
    const { orderId, account, ticks, lots } = order;
    const named = timeInForceNumber(order.timeInForce);
    const timeInForce = ticks === 0 && named === GTC ? IOC : named;
    const row = log.length;
    const side = order.side === "sell" ? SELL : BUY;
    if (isSpecial(order) || reachesSpecial(queues, side, ticks, lots))
      this.#special.place(order, timeInForce);
    else this.#book.place(orderId, account, flagsOf(order), timeInForce, ticks, lots);
    const refused = log.rows[row * EVENT_STRIDE] === REJECTED;
    log.retitle(row, refused ? EXPIRED : TRIGGERED);
  }
}
