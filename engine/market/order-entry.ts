/**
 * How an order that takes part in the market now comes to its book: at a limit that may depend on what the
 * book shows, and in a size that may depend on what the book holds.
 *
 *   slippage  a market order trades no further than so many ticks from the best shown price of the other
 *             side; where nothing is shown it trades nothing
 *   slide     a post-only order that would trade takes the best price at which it doesn't
 *   budget    a market order takes the size that the money comes to, along the book as it would trade
 */
import type { RestingOrder } from "../book/audit.ts";
import { type Book, BUY, SELL } from "../book/book.ts";
import { Budget } from "../book/budget.ts";
import { orderAt } from "../book/order-shape.ts";
import type { SpecialBook } from "../book/special-book.ts";
import { flagsOf, isSpecial } from "../book/special-queues.ts";
import { reachesSpecial } from "../book/special-reach.ts";
import type { Instrument } from "../instrument.ts";
import type { Rejection } from "../rejection.ts";
import { type Lots, type Money, TICKS_MAX, type Ticks } from "../units.ts";
import { ACCEPTED, EXPIRED } from "./event.ts";

export class OrderEntry {
  readonly #instrument: Instrument;
  readonly #book: Book;
  readonly #special: SpecialBook;

  constructor(instrument: Instrument, book: Book, special: SpecialBook) {
    this.#instrument = instrument;
    this.#book = book;
    this.#special = special;
  }

  /** Enters an order; in a call it only joins the others. */
  place(order: RestingOrder, timeInForce: number): void {
    const { slippageTicks, slide } = order;
    if (slippageTicks !== undefined) {
      const ticks = this.#reach(order, slippageTicks);
      if (ticks === 0) this.#expire(order);
      else this.#enter(orderAt(order, ticks as Ticks), timeInForce);
    } else this.#enter(slide === true ? this.#slid(order) : order, timeInForce);
  }

  /** The size that a market order for so much money has, or why it can't have one. */
  sizeFor(order: RestingOrder, money: Money): Lots | Rejection {
    const { side, slippageTicks } = order;
    const { minimumLots, maximumLots, valuePerTickLot } = this.#instrument;
    const reach = slippageTicks === undefined ? 0 : this.#reach(order, slippageTicks);
    if (reach === 0 && slippageTicks !== undefined) return "budgetTooSmall";
    const taker = orderAt(order, reach as Ticks);
    const plan = this.#special.planFor(taker, new Budget(side, money, valuePerTickLot));
    const lots = plan.trading + plan.decremented;
    if (plan.trading === 0 || lots < minimumLots) return "budgetTooSmall";
    return lots > maximumLots ? "quantityAboveMaximum" : (lots as Lots);
  }

  #enter(order: RestingOrder, timeInForce: number): void {
    const { queues } = this.#book;
    const { orderId, account, ticks, lots } = order;
    const side = order.side === "sell" ? SELL : BUY;
    const begun = order.totalLots !== lots;
    if (begun || !this.#special.matching || isSpecial(order) || reachesSpecial(queues, side, ticks, lots)) {
      this.#special.place(order, timeInForce);
    } else this.#book.place(orderId, account, flagsOf(order), timeInForce, ticks, lots);
  }

  /** The limit that follows from a slippage cap; 0 where nothing is shown on the other side. */
  #reach({ side }: RestingOrder, slippageTicks: number): number {
    const best = this.#book.queues.bestTicks(side === "buy" ? SELL : BUY);
    if (best === 0) return 0;
    return side === "buy" ? Math.min(best + slippageTicks, TICKS_MAX) : Math.max(best - slippageTicks, 1);
  }

  /** Where there is no price at which it wouldn't trade, it is left as it is, and refused. */
  #slid(order: RestingOrder): RestingOrder {
    const plan = this.#special.planOf(order, order.lots);
    if (plan.trading === 0 || (order.allOrNone === true && !plan.isWhole)) return order;
    const step = order.allOrNone === true ? plan.steps - 1 : plan.prevented.indexOf(false);
    const met = this.#book.queues.ticksOf(plan.makers[step] ?? 0);
    const ticks = order.side === "buy" ? met - 1 : met + 1;
    return ticks < 1 || ticks > TICKS_MAX ? order : orderAt(order, ticks as Ticks);
  }

  #expire({ orderId, account, side, ticks, lots }: RestingOrder): void {
    const { log } = this.#book;
    const sign = side === "sell" ? SELL : BUY;
    log.plain(ACCEPTED, orderId, account, sign, ticks, lots);
    log.plain(EXPIRED, orderId, account, sign, ticks, lots);
  }
}
