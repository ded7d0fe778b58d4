/**
 * Trading at the closing price: a new order trades at the last price with those of the other side whose limit
 * allows it, by the priority of the book; what is left rests or expires. As in an uncrossing, icebergs take
 * part with all that they have, linked ones with what they may trade together, orders with a condition take
 * no part, and self-trades are not prevented.
 *
 * Costs: constant for each trade; orders with a condition are passed over by each new order.
 */
import { type RestingOrder, readSide } from "../book/audit.ts";
import { type Book, GTC } from "../book/book.ts";
import { maskOf } from "../book/ladders.ts";
import { LinkedTrades } from "../book/linked-trades.ts";
import type { SpecialBook } from "../book/special-book.ts";
import type { Lots } from "../units.ts";
import { ACCEPTED, EXPIRED, TRADED, UNSEEN } from "./event.ts";

export class ClosingCross {
  readonly #book: Book;
  readonly #special: SpecialBook;
  readonly #linked = new LinkedTrades();

  constructor(book: Book, special: SpecialBook) {
    this.#book = book;
    this.#special = special;
  }

  place(order: RestingOrder, timeInForce: number): void {
    const { queues, log } = this.#book;
    const { orderId, account, ticks, lots } = order;
    const side = order.side === "sell" ? 1 : 0;
    const rests = timeInForce === GTC && ticks !== 0;
    const room = queues.hasRoom(side, ticks ^ maskOf(side), lots + (queues.unseenLots[side] ?? 0));
    if (rests && (queues.isFull() || !room)) {
      log.reject(orderId, account, side, ticks, lots, "bookFull");
      return;
    }
    log.plain(ACCEPTED, orderId, account, side, ticks, lots);
    const left = this.#trade(order, side);
    if (left === 0) return;
    if (rests) this.#special.rest(order, left, true);
    else log.plain(EXPIRED, orderId, account, side, ticks, left);
  }

  /** Trades at the last price; returns what is left. */
  #trade(taker: RestingOrder, side: number): number {
    const { lastTicks, queues, log } = this.#book;
    let left: number = taker.lots;
    if (lastTicks === 0 || !allows(taker, lastTicks)) return left;
    this.#linked.clear();
    const makers = readSide(queues, side ^ 1);
    let next = makers.next();
    while (left > 0 && next.done !== true && allows(next.value, lastTicks)) {
      const maker = next.value;
      // The reader stands on the order: it must have gone on before the order leaves.
      next = makers.next();
      if (maker.minimumLots !== undefined || maker.allOrNone === true) continue;
      const slot = queues.find(maker.orderId);
      const traded = this.#linked.take(queues, slot, Math.min(left, maker.lots)) as Lots;
      if (traded === 0) continue;
      left -= traded;
      const row = [lastTicks, traded, left, maker.orderId, maker.account, maker.lots - traded] as const;
      log.push(TRADED | UNSEEN, taker.orderId, taker.account, side, ...row);
      this.#special.reduce(maker, maker.lots - traded);
    }
    return left;
  }
}

/** Whether an order's limit allows a price. */
function allows({ side, ticks }: RestingOrder, price: number): boolean {
  return ticks === 0 || (side === "buy" ? ticks >= price : ticks <= price);
}
