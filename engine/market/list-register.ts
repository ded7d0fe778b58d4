/**
 * The lists whose orders still depend on each other, and what the log says of their orders: which lists have
 * something to adjust to, and what. Orders of a list that rest on one side are linked here, so that a taker
 * who reaches several of them doesn't get more than it may of all.
 */
import type { Book } from "../book/book.ts";
import { link } from "../book/special-queues.ts";
import { assert, type OrderId, type Ticks } from "../units.ts";
import * as event from "./event.ts";
import { checkExits, isOver, noteEnd, noteLimit, noteStop, noteTrade } from "./list-effects.ts";
import type { OrderDesk } from "./order-desk.ts";
import { hasEntry, type Leg, type OrderList } from "./order-list.ts";

const { AMENDED, ARMED, CANCELLED, COLUMN, EVENT_STRIDE, EXPIRED, KIND_MASK, REMOVED, TRADED } = event;
export const OPEN = "an order of a list that has not ended is open";

export class ListRegister {
  /** By the id of the first leg, in the order of their time. */
  readonly lists = new Map<number, OrderList>();
  /** Lists of which something has happened that has not been adjusted to. */
  readonly touched = new Set<OrderList>();
  /** Rows of the log from here on have not been looked at. */
  row = 0;
  readonly #legs = new Map<number, Leg>();
  readonly #book: Book;
  readonly #sized: Set<number>;
  readonly #desk: OrderDesk;

  /** `sized`: where the ids stand of orders whose size is their entry's to decide. */
  constructor(book: Book, sized: Set<number>, desk: OrderDesk) {
    this.#book = book;
    this.#desk = desk;
    this.#sized = sized;
  }

  /** Keeps a list, new or of a snapshot. */
  keep(list: OrderList): void {
    const [first] = list.legs;
    assert(first !== undefined, "a list has orders");
    this.lists.set(first.orderId, list);
    for (const leg of list.legs) {
      if (leg.state === "closed") continue;
      this.#legs.set(leg.orderId, leg);
      if (hasEntry(list.contingency) && leg !== first) this.#sized.add(leg.orderId);
    }
  }

  /** A list whose orders no longer depend on each other. */
  forget(list: OrderList): void {
    const [first] = list.legs;
    if (first !== undefined) this.lists.delete(first.orderId);
    for (const { orderId } of list.legs) {
      this.#legs.delete(orderId);
      this.#sized.delete(orderId);
    }
  }

  /** Reads what has happened since the last look. */
  look(): void {
    const { rows, length } = this.#book.log;
    for (; this.row < length; this.row++) {
      const at = this.row * EVENT_STRIDE;
      const kind = (rows[at] ?? 0) & KIND_MASK;
      const leg = this.#legs.get(rows[at + COLUMN.order] ?? 0);
      const ticks = rows[at + COLUMN.ticks] ?? 0;
      if (kind === TRADED) {
        const lots = rows[at + COLUMN.lots] ?? 0;
        const maker = this.#legs.get(rows[at + COLUMN.detail] ?? 0);
        if (leg !== undefined) noteTrade(leg, ticks, lots, rows[at + COLUMN.remaining] === 0);
        if (maker !== undefined) noteTrade(maker, ticks, lots, rows[at + COLUMN.makerRemaining] === 0);
        if (leg !== undefined) this.touched.add(leg.list);
        if (maker !== undefined) this.touched.add(maker.list);
        continue;
      }
      if (leg === undefined) continue;
      this.touched.add(leg.list);
      if (kind === CANCELLED || kind === EXPIRED || kind === REMOVED) noteEnd(leg);
      else if (kind === AMENDED) noteLimit(leg, ticks as Ticks);
      else if (kind === ARMED) noteStop(leg, ticks as Ticks);
    }
    for (const list of this.touched) this.link(list);
  }

  /** Links orders of a list that rest on one side: a taker who reaches several must not have too much. */
  link(list: OrderList): void {
    if (list.contingency === "OTO") return;
    const { queues } = this.#book;
    const first = hasEntry(list.contingency) ? 1 : 0;
    for (const side of ["buy", "sell"]) {
      const slots = list.legs.flatMap((leg, index) => {
        if (index < first || leg.state !== "open" || leg.body.side !== side) return [];
        const slot = queues.find(leg.orderId);
        return slot !== 0 || this.#desk.linkUnpriced(leg.orderId, list.linked) ? [slot] : [];
      });
      if (slots.length > 1) for (const slot of slots) if (slot !== 0) link(queues, slot, list.linked);
    }
  }

  /** Proves that what is open is what entries and exits have traded. `lotsOf`: what an order is open for. */
  check(lotsOf: (id: OrderId) => number): void {
    assert(this.touched.size === 0, "lists are adjusted within the command");
    for (const list of this.lists.values()) {
      assert(!isOver(list), "a list is kept as long as its orders depend on each other");
      for (const leg of list.legs) {
        if (leg.state === "closed") continue;
        assert(this.#legs.get(leg.orderId) === leg, OPEN);
        assert(leg.change === 0 && !leg.ending && !leg.dry, "lists are adjusted within the command");
      }
      checkExits(list, lotsOf);
    }
  }
}
