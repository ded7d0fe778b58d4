/**
 * What an instrument's execution range and price bands say of an order that is about to trade, from its plan:
 * nothing has changed yet. Only trades count, not what is prevented.
 *
 *   range         from the first price that the order trades at, so far and no further
 *   static band   around the reference that the market is told, else its last uncrossing's price, else that
 *                 of its first trade
 *   dynamic band  around the price of the last trade before the order
 *
 * A band that has no price to lie around is none. Its edges belong to it. What would trade beyond it is
 * refused, or is stopped at its edge by a volatility auction; then a limit may lie anywhere, and the price of
 * an uncrossing takes the place of the reference that the market was told before.
 */
import type { RestingOrder } from "../book/audit.ts";
import type { Book } from "../book/book.ts";
import type { Plan } from "../book/plan.ts";
import { type BandWidth, type PriceLimits, ticksWide } from "../price-limits.ts";
import type { Rejection } from "../rejection.ts";
import { TICKS_MAX, type Ticks } from "../units.ts";
import type { OutsidePrices } from "./outside-prices.ts";

function isWithin(price: number, center: number, width: BandWidth | undefined): boolean {
  return width === undefined || center === 0 || Math.abs(price - center) <= ticksWide(width, center);
}

/** What happens in the market where an order would trade outside a band. */
export interface Interruption {
  /** A call begins. */
  interrupt(ticks: number): void;
  /** The call takes what is left of a market order. */
  collectRest(order: RestingOrder): void;
}

export class PriceGuard {
  /** Of an instrument whose bands start a call. */
  interruption: Interruption | undefined;
  readonly #limits: PriceLimits;
  readonly #book: Book;
  readonly #outside: OutsidePrices;

  constructor(limits: PriceLimits, book: Book, outside: OutsidePrices) {
    this.#limits = limits;
    this.#book = book;
    this.#outside = outside;
  }

  /** Why an order may not have a limit, 0 for none. */
  refusalOfLimit(ticks: number): Rejection | undefined {
    const free = ticks === 0 || this.#limits.bands?.auctionMs !== undefined;
    return free || this.#isInStatic(ticks) ? undefined : "priceOutsideBand";
  }

  /** The furthest price at which an order may trade, where its plan goes beyond; 0 where it doesn't. */
  boundOf({ side }: RestingOrder, plan: Plan): Ticks {
    const { rangeTicks } = this.#limits;
    const first = rangeTicks === undefined ? -1 : this.#nextTrade(plan, 0);
    if (rangeTicks === undefined || first < 0) return 0 as Ticks;
    let last = first;
    for (let step = first; step >= 0; step = this.#nextTrade(plan, step + 1)) last = step;
    const from = this.#priceOf(plan, first);
    if (Math.abs(this.#priceOf(plan, last) - from) <= rangeTicks) return 0 as Ticks;
    return Math.min(side === "buy" ? from + rangeTicks : from - rangeTicks, TICKS_MAX) as Ticks;
  }

  /** Why an order may not trade as its plan says. */
  refusalOf(plan: Plan): Rejection | undefined {
    const { bands } = this.#limits;
    if (bands === undefined || bands.auctionMs !== undefined) return undefined;
    return this.#breachIn(plan) < 0 ? undefined : "priceBandBreached";
  }

  /**
   * Leaves of a plan what trades within the bands, where going beyond starts an auction; of who wants all or
   * nothing, nothing is left, and that starts none. The price that starts one, else 0.
   */
  cut(plan: Plan, whole: boolean): Ticks {
    if (this.#limits.bands?.auctionMs === undefined) return 0 as Ticks;
    const step = this.#breachIn(plan);
    if (step < 0) return 0 as Ticks;
    const price = this.#priceOf(plan, step);
    plan.cut(whole ? 0 : step);
    return (whole ? 0 : price) as Ticks;
  }

  /** The first trade of a plan that is outside a band; -1 where there is none. */
  #breachIn(plan: Plan): number {
    for (let step = this.#nextTrade(plan, 0); step >= 0; step = this.#nextTrade(plan, step + 1)) {
      const price = this.#priceOf(plan, step);
      const { dynamic } = this.#limits.bands ?? {};
      if (!this.#isInStatic(price) || !isWithin(price, this.#book.lastTicks, dynamic)) return step;
    }
    return -1;
  }

  /** An order trades as its plan says. */
  note(plan: Plan): void {
    const first =
      this.#outside.anchorTicks === 0 && this.#limits.bands?.static ? this.#nextTrade(plan, 0) : -1;
    if (first >= 0) this.#outside.anchorTicks = this.#priceOf(plan, first);
  }

  /** The market has uncrossed. */
  noteUncrossing(ticks: number): void {
    if (this.#limits.bands?.static === undefined) return;
    this.#outside.anchorTicks = ticks;
    if (this.#limits.bands.auctionMs !== undefined) this.#outside.referenceTicks = 0 as Ticks;
  }

  #isInStatic(price: number): boolean {
    return isWithin(
      price,
      this.#outside.referenceTicks || this.#outside.anchorTicks,
      this.#limits.bands?.static,
    );
  }

  /** The first step from one on that is a trade; -1 where there is none. */
  #nextTrade(plan: Plan, from: number): number {
    for (let step = from; step < plan.steps; step++) if (plan.prevented[step] !== true) return step;
    return -1;
  }

  #priceOf(plan: Plan, step: number): number {
    return this.#book.queues.ticksOf(plan.makers[step] ?? 0);
  }
}
