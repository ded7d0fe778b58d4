/**
 * Market orders of a call: they have no price and wait beside the book, in the order of their time. Where one
 * depends on others of a list, an uncrossing has no more of all of them than they may trade together.
 */
import type { RestingOrder } from "../book/audit.ts";
import type { Book } from "../book/book.ts";
import type { LinkedTrades } from "../book/linked-trades.ts";
import type { LinkedOrders } from "../book/queues.ts";
import type { Lots } from "../units.ts";
import { ACCEPTED, AMENDED, CANCELLED, EXPIRED, RESTED, UNSEEN } from "./event.ts";

/** Half of what a safe integer counts: the other half is the book's. */
const LOTS_MAX = 2 ** 52;

function sideOf({ side }: RestingOrder): number {
  return side === "sell" ? 1 : 0;
}

export class UnpricedOrders {
  readonly #orders = new Map<number, RestingOrder>();
  /** Of the orders that depend on others. */
  readonly #links = new Map<number, LinkedOrders>();
  readonly #lots = new Float64Array(2);
  readonly #book: Book;

  constructor(book: Book) {
    this.#book = book;
  }

  get size(): number {
    return this.#orders.size;
  }

  get(id: number): RestingOrder | undefined {
    return this.#orders.get(id);
  }

  values(): Iterable<RestingOrder> {
    return this.#orders.values();
  }

  /** Takes a market order into a call. */
  collect(order: RestingOrder): void {
    const { orderId, account, lots } = order;
    const { log } = this.#book;
    if (this.#isFull(order)) log.reject(orderId, account, sideOf(order), 0, lots, "bookFull");
    else {
      log.plain(ACCEPTED, orderId, account, sideOf(order), 0, lots);
      this.#gather(order);
    }
  }

  /** Takes what is left of a market order into the call that it has started; what has no room expires. */
  collectRest(order: RestingOrder): void {
    const { orderId, account, lots } = order;
    if (this.#isFull(order)) this.#book.log.plain(EXPIRED, orderId, account, sideOf(order), 0, lots);
    else this.#gather(order);
  }

  /** Puts an order here. */
  add(order: RestingOrder): void {
    this.#count(order, order.lots);
    this.#orders.set(order.orderId, order);
  }

  cancel(order: RestingOrder): void {
    const { orderId, account, lots } = order;
    this.#forget(order);
    this.#book.log.plain(CANCELLED | UNSEEN, orderId, account, sideOf(order), 0, lots);
  }

  /** Makes an order larger, behind all others, or smaller by itself; false where there is no room. */
  resize(order: RestingOrder, change: number): boolean {
    const { orderId, account } = order;
    const side = sideOf(order);
    if ((this.#lots[side] ?? 0) + change > LOTS_MAX) return false;
    const [lots, totalLots] = [(order.lots + change) as Lots, (order.totalLots + change) as Lots];
    this.#book.log.push(AMENDED | UNSEEN, orderId, account, side, 0, lots, order.lots, 0, 0, totalLots);
    if (change > 0) this.#orders.delete(orderId);
    this.#orders.set(orderId, { ...order, lots, totalLots });
    this.#count(order, change);
    return true;
  }

  /** Leaves `left` of an order. */
  reduce({ orderId }: RestingOrder, left: number): void {
    const order = this.#orders.get(orderId);
    if (order === undefined) return;
    this.#count(order, left - order.lots);
    if (left === 0) this.#forget({ ...order, lots: 0 as Lots });
    else this.#orders.set(orderId, { ...order, lots: left as Lots });
  }

  /** An order depends on others. */
  link(id: number, linked: LinkedOrders): void {
    this.#links.set(id, linked);
  }

  /** The orders of a side with what they may trade. */
  *taken(side: number, linked: LinkedTrades): Generator<RestingOrder, void, undefined> {
    for (const order of this.#orders.values()) {
      if (sideOf(order) !== side) continue;
      const group = this.#links.get(order.orderId);
      const lots = group === undefined ? order.lots : linked.takeUnpriced(order, group);
      if (lots > 0) yield lots === order.lots ? order : { ...order, lots: lots as Lots };
    }
  }

  /** What a side may trade in all. */
  lotsOf(side: number, linked: LinkedTrades): number {
    if (this.#links.size === 0) return this.#lots[side] ?? 0;
    let lots = 0;
    for (const order of this.taken(side, linked)) lots += order.lots;
    return lots;
  }

  /** What is left after an uncrossing expires. */
  drop(): void {
    for (const order of this.#orders.values()) {
      const { orderId, account, lots } = order;
      this.#book.log.plain(EXPIRED | UNSEEN, orderId, account, sideOf(order), 0, lots);
    }
    this.#orders.clear();
    this.#links.clear();
    this.#lots.fill(0);
  }

  #isFull(order: RestingOrder): boolean {
    const sum = (this.#lots[sideOf(order)] ?? 0) + order.lots;
    return this.#orders.size >= this.#book.queues.limits.orders || sum > LOTS_MAX;
  }

  #gather(order: RestingOrder): void {
    const { orderId, account, lots } = order;
    this.#book.log.plain(RESTED | UNSEEN, orderId, account, sideOf(order), 0, lots);
    // It trades in the uncrossing or not at all, where self-trades are not prevented.
    const { selfTrade: _, ...kept } = order;
    this.add(kept);
  }

  #count(order: RestingOrder, lots: number): void {
    const side = sideOf(order);
    this.#lots[side] = (this.#lots[side] ?? 0) + lots;
  }

  #forget(order: RestingOrder): void {
    this.#count(order, -order.lots);
    this.#orders.delete(order.orderId);
    this.#links.delete(order.orderId);
  }
}
