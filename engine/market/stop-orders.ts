/**
 * Orders that wait for a price, and what happens when it comes. After a command has done its work, prices are
 * looked at (`trigger-prices.ts`). What one look releases enters in this order: sells, the highest stop price
 * first, then buys, the lowest first, equal ones by the time at which they were armed. Each enters whole
 * before prices are looked at again, and what that releases queues up behind. An order is released once, so a
 * cascade ends. While nothing matches no price is looked at: nothing is released, no trail follows. What has
 * been released when a price band stops matching enters when it resumes.
 */
import type { RestingOrder } from "../book/audit.ts";
import { type Book, BUY, GTC, IOC, SELL } from "../book/book.ts";
import { armedOrder, orderAt } from "../book/order-shape.ts";
import type { SpecialBook } from "../book/special-book.ts";
import { see, track } from "../book/trailing.ts";
import { type ArmedOrder, releaseOrder, Triggers } from "../book/triggers.ts";
import { ARMED_ORDERS_MAX } from "../limits.ts";
import { assert, type Lots, TICKS_MAX, type Ticks } from "../units.ts";
import type { AmendOrder, TimeInForce } from "./command.ts";
import {
  ACCEPTED,
  AMENDED,
  ARMED,
  CANCELLED,
  EVENT_STRIDE,
  EXPIRED,
  REJECTED,
  TRIGGERED,
  UNSEEN,
} from "./event.ts";
import type { OrderEntry } from "./order-entry.ts";
import { changedTrigger, timeInForceNumber, watch } from "./order-terms.ts";
import type { OutsidePrices } from "./outside-prices.ts";
import type { PriceReaction } from "./reactions.ts";
import type { Trigger } from "./terms.ts";
import { TriggerPrices } from "./trigger-prices.ts";

/** Limit of an order that enters: that of a trailing stop-limit follows from its stop price. */
function limitOf({ ticks, side, stopTicks, trigger }: ArmedOrder): Ticks {
  const { limitOffset } = trigger;
  if (limitOffset === undefined) return ticks;
  const limit = side === "buy" ? stopTicks + limitOffset : stopTicks - limitOffset;
  return Math.min(Math.max(limit, 1), TICKS_MAX) as Ticks;
}

export class StopOrders implements PriceReaction {
  readonly triggers = new Triggers();
  readonly #book: Book;
  readonly #special: SpecialBook;
  readonly #entry: OrderEntry;
  readonly #prices: TriggerPrices;
  #arrivals = 0;
  /** Released by a price, not entered yet: from `#next` on; empty between commands. */
  readonly #queue: ArmedOrder[] = [];
  #next = 0;
  /** What a look has found; empty between looks. */
  readonly #released: ArmedOrder[] = [];

  constructor(book: Book, special: SpecialBook, entry: OrderEntry, outside: OutsidePrices) {
    this.#book = book;
    this.#special = special;
    this.#entry = entry;
    this.#prices = new TriggerPrices(book, outside);
  }

  /** Arms an order, or enters it where its condition holds already. */
  place(order: RestingOrder, timeInForce: TimeInForce, trigger: Trigger): void {
    const { log } = this.#book;
    const { orderId, account, side, ticks, lots } = order;
    const sign = side === "buy" ? BUY : SELL;
    if (this.isFull) {
      log.reject(orderId, account, sign, ticks, lots, "bookFull");
      return;
    }
    log.plain(ACCEPTED, orderId, account, sign, ticks, lots);
    const { source, rising } = watch(side, trigger);
    this.arm(armedOrder(order, { trigger, timeInForce, source, rising, arrival: ++this.#arrivals }));
  }

  /** Arms an order that has not seen a price yet; the price of now is the first. */
  arm(order: ArmedOrder): void {
    const price = this.#special.matching ? this.#prices.of(order.source) : 0;
    const armed = this.triggers.arm(order, price, this.#book.log.length);
    if (armed === undefined) this.#enter(order);
    else this.#tellArmed(armed);
  }

  /** Puts back what a snapshot holds; its condition is known not to hold. */
  restore(order: ArmedOrder): void {
    this.#arrivals = Math.max(this.#arrivals, order.arrival);
    this.triggers.restore(order);
  }

  cancel(order: ArmedOrder): void {
    const side = order.side === "buy" ? BUY : SELL;
    if (this.triggers.find(order.orderId) !== undefined) this.triggers.disarm(order.orderId);
    this.#book.log.plain(CANCELLED | UNSEEN, order.orderId, order.account, side, order.ticks, order.lots);
  }

  /**
   * Changes an order that waits. A smaller size or another limit keeps its time; a larger size takes the time
   * of now; another stop price or trail does too, and what the order has seen is forgotten.
   */
  amend(order: ArmedOrder, command: AmendOrder): void {
    const { log } = this.#book;
    const { orderId, account, trigger } = order;
    const side = order.side === "buy" ? BUY : SELL;
    const ticks = command.ticks === 0 ? order.ticks : command.ticks;
    const filled = order.totalLots - order.lots;
    const totalLots = command.lots === 0 ? order.totalLots : command.lots;
    const lots = (totalLots - filled) as Lots;
    const minimumLots = command.terms?.minimumLots ?? order.minimumLots;
    const changed = changedTrigger(trigger, command);
    const keeps = changed === trigger && lots <= order.lots;
    const before = [order.lots, order.ticks, 0, totalLots] as const;
    log.push(AMENDED | UNSEEN, orderId, account, side, ticks, lots, ...before);
    const arrival = keeps ? order.arrival : ++this.#arrivals;
    const whole = { ...order, ticks, lots, totalLots, minimumLots, arrival };
    if (changed === trigger) {
      this.triggers.change(whole);
      this.#tellArmed(whole);
      return;
    }
    const { timeInForce } = order;
    this.triggers.disarm(orderId);
    this.arm(armedOrder(whole, { timeInForce, arrival, ...watch(order.side, changed) }));
  }

  get isFull(): boolean {
    return this.triggers.size >= ARMED_ORDERS_MAX;
  }

  get active(): boolean {
    return this.triggers.size !== 0 || this.#queue.length !== 0;
  }

  get idle(): boolean {
    return this.#queue.length === 0 && !this.triggers.hasFresh;
  }

  begin(): void {
    this.#prices.row = 0;
    this.#prices.uncrossed = 0;
  }

  /** Matching is about to stop within a command: what its trades have released by now waits. */
  pause(): void {
    const released = this.#released;
    this.#prices.lookAtLast(this.triggers, released);
    for (const order of [...this.queue, ...released]) this.triggers.keep(order);
    released.length = 0;
    this.#queue.length = 0;
    this.#next = 0;
  }

  /** After a phase in which nothing matched: what has traded so far is an uncrossing. */
  resume(): void {
    this.#prices.uncrossed = this.#book.log.length;
    if (this.#special.matching) this.#queue.push(...this.triggers.takeDue());
  }

  /** Looks at the prices since the last look, and enters one of the orders that they have released. */
  react(): boolean {
    if (!this.#special.matching) {
      this.triggers.endLook();
      return false;
    }
    const released = this.#released;
    this.#prices.look(this.triggers, released);
    if (released.length !== 0) {
      for (const order of released.sort(releaseOrder)) this.#queue.push(order);
      released.length = 0;
    }
    const order = this.#queue[this.#next];
    if (order === undefined) return false;
    this.#next++;
    this.#tidyQueue();
    this.#enter(order);
    return true;
  }

  /** Orders that were released and have not entered yet, in the order in which they will. */
  get queue(): readonly ArmedOrder[] {
    return this.#queue.slice(this.#next);
  }

  released(id: number): ArmedOrder | undefined {
    return this.#queue.find((order, at) => at >= this.#next && order.orderId === id);
  }

  /** Changes the size of such an order where it stands in the queue. */
  resizeReleased(order: ArmedOrder, lots: Lots): void {
    const at = this.#queue.indexOf(order);
    const totalLots = (order.totalLots - order.lots + lots) as Lots;
    const { orderId, account, ticks, side } = order;
    const sign = side === "buy" ? BUY : SELL;
    const before = [order.lots, ticks, 0, totalLots] as const;
    this.#book.log.push(AMENDED | UNSEEN, orderId, account, sign, ticks, lots, ...before);
    this.#queue[at] = { ...order, lots, totalLots };
  }

  /** Takes back an order that was released and has not entered yet. */
  withdraw(id: number): ArmedOrder | undefined {
    const at = this.#queue.findIndex(order => order.orderId === id);
    if (at < this.#next) return undefined;
    const [order] = this.#queue.splice(at, 1);
    this.#tidyQueue();
    return order;
  }

  /** Proves that what waits is known, and that no order waits for a price that is there. */
  check(): void {
    this.triggers.check();
    assert(this.#queue.length === 0, "what a price releases enters within the command");
    for (const order of this.triggers.orders()) {
      assert(this.#book.queues.find(order.orderId) === 0, "an order that waits does not rest");
      const price = this.#special.matching ? this.#prices.of(order.source) : 0;
      assert(!order.due || !this.#special.matching, "what has been released enters while orders match");
      if (price === 0) continue;
      const tracked = track(order, 0);
      const { best } = tracked;
      const released = see(tracked, price * tracked.sign, false);
      assert(!released, "no order waits for a price that is there");
      assert(order.trigger.trail === undefined || best === tracked.best, "a trail has seen the price of now");
    }
  }

  #tidyQueue(): void {
    if (this.#next < this.#queue.length) return;
    this.#queue.length = 0;
    this.#next = 0;
  }

  #tellArmed({ orderId, account, side, stopTicks, lots }: ArmedOrder): void {
    this.#book.log.plain(ARMED, orderId, account, side === "buy" ? BUY : SELL, stopTicks, lots);
  }

  #enter(order: ArmedOrder): void {
    const { log } = this.#book;
    const named = timeInForceNumber(order.timeInForce);
    const ticks = limitOf(order);
    const timeInForce = ticks === 0 && named === GTC ? IOC : named;
    const row = log.length;
    this.#entry.place(orderAt(order, ticks), timeInForce);
    const refused = log.rows[row * EVENT_STRIDE] === REJECTED;
    log.retitle(row, refused ? EXPIRED : TRIGGERED);
  }
}
