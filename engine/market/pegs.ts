/**
 * Pegged orders: hidden orders whose price follows the best shown prices. What is shown never is one of
 * them, so none follows itself. After all else that a command does, those whose price has changed are entered
 * anew, in the order in which they came: each loses its place, and may trade with whom it meets. Where there
 * is no price for one, it waits outside the book (parked): while nothing matches, while what it follows isn't
 * shown, and where its price would be no price.
 *
 * Invariant, proven by `check`: between commands every pegged order stands at its price, or there is none.
 * One that cannot be entered at its price is removed. It ends: between two trades each is entered at most
 * once. Worst case: PEGGED_ORDERS_MAX entries whenever a best price changes, and that again after each trade
 * which empties a price.
 */
import { type RestingOrder, readOrder } from "../book/audit.ts";
import { type Book, BUY, GTC, SELL } from "../book/book.ts";
import type { SpecialBook } from "../book/special-book.ts";
import { leaveSpecial, sideAt } from "../book/special-queues.ts";
import { PEGGED_ORDERS_MAX } from "../limits.ts";
import type { Rejection } from "../rejection.ts";
import { assert, type Lots, type Side, type Ticks } from "../units.ts";
import { numberOf } from "../word-list.ts";
import type { AmendOrder } from "./command.ts";
import * as event from "./event.ts";
import { type PeggedOrder, pegPrice } from "./peg-price.ts";
import type { PriceReaction } from "./reactions.ts";
import type { Peg } from "./terms.ts";

const { ACCEPTED, AMENDED, CANCELLED, EVENT_STRIDE, PARKED, REJECTED, REMOVED, TRIGGERED, UNSEEN } = event;
const REFERENCE = numberOf(event.PARKING_REASONS, "reference");
const NO_REFERENCE = numberOf(event.REMOVAL_CAUSES, "noReference");

export class Pegs implements PriceReaction {
  readonly #book: Book;
  readonly #special: SpecialBook;
  /** In the order in which they came. Those that have ended stay until they are met or there are too many. */
  #orders: PeggedOrder[] = [];
  readonly #byId = new Map<number, PeggedOrder>();
  /** Where the next look begins, and what was shown when the last one began. */
  #next = 0;
  #bid = -1;
  #ask = -1;

  constructor(book: Book, special: SpecialBook) {
    this.#book = book;
    this.#special = special;
  }

  get active(): boolean {
    return this.#orders.length !== 0;
  }

  get idle(): boolean {
    return this.#next === this.#orders.length && this.#bid !== -1;
  }

  /** A pegged order that is open. */
  find(id: number): PeggedOrder | undefined {
    const order = this.#byId.get(id);
    return order !== undefined && this.#isOpen(order) ? order : undefined;
  }

  /** Those that are open, in the order in which they came. */
  orders(): PeggedOrder[] {
    return this.#orders.filter(order => this.#isOpen(order));
  }

  /** Those that wait outside the book. */
  parked(): RestingOrder[] {
    return this.#orders.flatMap(({ parked }) => parked ?? []);
  }

  /** The price that a peg has now; 0 for none. */
  #priceOf(side: Side, peg: Peg, capTicks: number): number {
    return this.#special.matching ? pegPrice(this.#book.queues, side, peg, capTicks) : 0;
  }

  /** Takes an order whose limit is its cap. */
  place(order: RestingOrder, peg: Peg): void {
    const { log } = this.#book;
    const { orderId, account, side, ticks: capTicks, lots } = order;
    const sign = side === "sell" ? SELL : BUY;
    if (this.#isFull()) {
      log.reject(orderId, account, sign, capTicks, lots, "bookFull");
      return;
    }
    const ticks = this.#priceOf(side, peg, capTicks) as Ticks;
    const parked = { ...order, hidden: true as const };
    if (ticks !== 0) this.#special.place({ ...parked, ticks }, GTC, true);
    else {
      log.plain(ACCEPTED, orderId, account, sign, capTicks, lots);
      this.#tell(PARKED, parked, REFERENCE);
    }
    this.restore({ orderId, peg, capTicks, parked: ticks === 0 ? parked : undefined });
  }

  /** Why the book would refuse an order now whose limit is its cap. */
  refusal(order: RestingOrder, peg: Peg): Rejection | undefined {
    const ticks = this.#priceOf(order.side, peg, order.ticks) as Ticks;
    if (ticks === 0 || this.#isFull()) return this.#isFull() ? "bookFull" : undefined;
    return this.#special.refusal({ ...order, ticks, hidden: true });
  }

  /** Puts back what a snapshot holds. */
  restore(order: PeggedOrder): void {
    if (!this.#isOpen(order)) return;
    this.#orders.push(order);
    this.#byId.set(order.orderId, order);
  }

  /** Takes out an order that is parked. */
  cancel(order: RestingOrder): void {
    this.#forget(order.orderId);
    this.#tell(CANCELLED, order, 0);
  }

  /** Changes size, cap, peg or minimum; a limit that a command names is the cap. */
  amend(order: PeggedOrder, command: AmendOrder, late: Rejection | undefined): void {
    const { queues, log } = this.#book;
    const { terms, lots: asked } = command;
    const old = order.parked ?? readOrder(queues, queues.find(order.orderId));
    const side = old.side === "sell" ? SELL : BUY;
    const peg = terms?.peg ?? order.peg;
    const capTicks = command.ticks === 0 ? order.capTicks : command.ticks;
    const ticks = this.#priceOf(old.side, peg, capTicks) as Ticks;
    const row = log.length;
    const minimumLots = terms?.minimumLots ?? 0;
    if (order.parked === undefined && ticks !== 0) {
      const slot = queues.find(order.orderId);
      this.#special.amend(slot, { ticks, lots: asked, minimumLots, refusal: late, follows: true });
      if (log.rows[row * EVENT_STRIDE] === REJECTED) {
        // What was asked for is told, not the price that the peg has.
        log.rows[row * EVENT_STRIDE + event.COLUMN.ticks] = command.ticks;
        return;
      }
    } else {
      const total = (asked === 0 ? old.totalLots : asked) as Lots;
      const lots = (total - (old.totalLots - old.lots)) as Lots;
      const minimum = (minimumLots || old.minimumLots) as Lots | undefined;
      const refusal = (minimum ?? 0) > lots ? "minimumQuantityOutOfRange" : late;
      if (refusal !== undefined) {
        log.reject(order.orderId, old.account, side, command.ticks, asked, refusal);
        return;
      }
      const parked = { ...old, ticks: capTicks, lots, totalLots: total };
      const change = [capTicks, lots, old.lots, old.ticks, 0, total] as const;
      log.push(AMENDED | UNSEEN, order.orderId, old.account, side, ...change);
      this.#park(order, minimum === undefined ? parked : { ...parked, minimumLots: minimum });
      this.#bid = -1;
    }
    order.peg = peg;
    order.capTicks = capTicks;
  }

  begin(): void {
    if (this.#orders.length <= PEGGED_ORDERS_MAX) return;
    for (const order of [...this.#orders]) if (!this.#isOpen(order)) this.#forget(order.orderId);
  }

  /** Enters one order anew, or parks it. */
  react(): boolean {
    const { queues } = this.#book;
    const matches = this.#special.matching;
    const bid = matches ? queues.bestTicks(BUY) : -2;
    const ask = matches ? queues.bestTicks(SELL) : -2;
    if (bid !== this.#bid || ask !== this.#ask) this.#next = 0;
    this.#bid = bid;
    this.#ask = ask;
    for (let order = this.#orders[this.#next]; order !== undefined; order = this.#orders[this.#next]) {
      if (!this.#isOpen(order)) {
        this.#forget(order.orderId);
        continue;
      }
      this.#next++;
      if (this.#follow(order)) return true;
    }
    return false;
  }

  /** Proves that each order stands at its price, or is parked where it has none. */
  check(): void {
    for (const { orderId, peg, capTicks, parked } of this.orders()) {
      const slot = this.#book.queues.find(orderId);
      assert((slot === 0) === (parked !== undefined), "a pegged order rests or is parked");
      const { side, ticks, hidden } = parked ?? readOrder(this.#book.queues, slot);
      const price = this.#priceOf(side, peg, capTicks);
      assert(hidden === true, "a pegged order is hidden");
      assert(parked === undefined ? price === ticks : price === 0, "a pegged order stands at its price");
    }
  }

  #isFull(): boolean {
    return this.#orders.length >= PEGGED_ORDERS_MAX && this.orders().length >= PEGGED_ORDERS_MAX;
  }

  #isOpen({ orderId, parked }: PeggedOrder): boolean {
    return parked !== undefined || this.#book.queues.find(orderId) !== 0;
  }

  #forget(id: number): void {
    const at = this.#orders.findIndex(({ orderId }) => orderId === id);
    if (at < this.#next) this.#next--;
    this.#orders.splice(at, 1);
    this.#byId.delete(id);
  }

  /** Puts an order where it belongs now; whether it stood elsewhere. */
  #follow(order: PeggedOrder): boolean {
    const { queues, log } = this.#book;
    const { orderId, peg, capTicks, parked } = order;
    const slot = queues.find(orderId);
    const ticks = this.#priceOf(parked?.side ?? sideAt(queues, slot), peg, capTicks) as Ticks;
    if (ticks === (parked === undefined ? queues.ticksOf(slot) : 0)) return false;
    const row = log.length;
    if (ticks === 0) this.#park(order, { ...(parked ?? readOrder(queues, slot)), ticks: capTicks });
    else if (parked === undefined) {
      this.#special.amend(slot, { ticks, lots: 0, minimumLots: 0, follows: true });
      if (log.rows[row * EVENT_STRIDE] !== REJECTED) return true;
      log.length = row;
      this.#special.cancel(slot);
      log.turnIntoRemoval(row, NO_REFERENCE);
    } else {
      order.parked = undefined;
      this.#special.place({ ...parked, ticks }, GTC, true);
      if (log.rows[row * EVENT_STRIDE] !== REJECTED) log.retitle(row, TRIGGERED);
      else {
        log.length = row;
        this.#tell(REMOVED, parked, NO_REFERENCE);
      }
    }
    return true;
  }

  #park(order: PeggedOrder, parked: RestingOrder): void {
    const { queues } = this.#book;
    const slot = queues.find(order.orderId);
    if (slot !== 0) leaveSpecial(queues, parked.side === "sell" ? SELL : BUY, slot);
    order.parked = parked;
    this.#tell(PARKED, parked, REFERENCE);
  }

  /** Tells of an order that is in no book. */
  #tell(kind: number, { orderId, account, side, ticks, lots }: RestingOrder, detail: number): void {
    const sign = side === "sell" ? SELL : BUY;
    this.#book.log.push(kind | UNSEEN, orderId, account, sign, ticks, lots, 0, detail, 0, 0);
  }
}
