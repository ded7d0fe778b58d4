/**
 * The phase of a market, and what happens when it changes; `phase-rules.ts` says what each takes. A market
 * that goes from a phase that doesn't trade to one that does, or to its end, uncrosses first: all trades of
 * an uncrossing are at one price (`uncross.ts`).
 *
 * What is left of a call's market orders (`unpriced-orders.ts`) after the uncrossing expires. Orders with a
 * condition take no part and are not taken during a call.
 */

import { type Offer, readOffers } from "../book/auction-levels.ts";
import { type RestingOrder, readSide } from "../book/audit.ts";
import type { Book } from "../book/book.ts";
import { LinkedTrades } from "../book/linked-trades.ts";
import type { SpecialBook } from "../book/special-book.ts";
import { restOf } from "../book/special-queues.ts";
import type { Rejection } from "../rejection.ts";
import { assert, type Lots, type Ticks } from "../units.ts";
import { numberOf } from "../word-list.ts";
import type { PlaceOrder } from "./command.ts";
import * as event from "./event.ts";
import { PHASES, type Phase } from "./phase.ts";
import { type AuctionTime, entryOf, mannerOf, refusalOfPhase } from "./phase-rules.ts";
import { type Equilibrium, equilibrium } from "./uncross.ts";
import { UnpricedOrders } from "./unpriced-orders.ts";

const { INDICATIVE, PHASED, TRADED, UNSEEN } = event;

const NO_PRICE = 0 as Ticks;
const NOTHING: Equilibrium = { ticks: NO_PRICE, lots: 0 as Lots };

/** Why a market goes to another phase; `ticks`: the price that made it, 0 for none. */
export interface PhaseReason {
  readonly cause: event.PhaseCause;
  readonly ticks: number;
}

/** Whether a phase is a call: orders are collected until it uncrosses. */
export function collectsIn(phase: Phase): boolean {
  return mannerOf(phase) === "collects";
}

export class Phases {
  phase: Phase = "continuous";
  /** Market orders of a call. */
  readonly unpriced: UnpricedOrders;
  /** What was last told of this call's indicative price. */
  told: Equilibrium = NOTHING;
  readonly #book: Book;
  readonly #special: SpecialBook;

  constructor(book: Book, special: SpecialBook) {
    this.#book = book;
    this.#special = special;
    this.unpriced = new UnpricedOrders(book);
  }

  get matches(): boolean {
    return this.#special.matching;
  }

  get crosses(): boolean {
    return mannerOf(this.phase) === "crosses";
  }

  /** Whether an auction's order waits in this phase. */
  parks(timeInForce: AuctionTime): boolean {
    return entryOf(this.phase, timeInForce) === "parked";
  }

  /** Why a command of a kind is not taken in this phase. */
  refusal(kind: "place" | "amend" | "cancel", place?: PlaceOrder): Rejection | undefined {
    return refusalOfPhase(this.phase, kind, place);
  }

  /**
   * Goes to another phase; uncrosses first where that one trades, or ends the day. Whether it did; market
   * orders are left as they are.
   */
  change(phase: Phase, why: PhaseReason): boolean {
    const before = mannerOf(this.phase);
    this.restore(phase);
    this.told = NOTHING;
    const cause = numberOf(event.PHASE_CAUSES, why.cause);
    this.#book.log.push(PHASED, 0, 0, 0, why.ticks, 0, 0, numberOf(PHASES, phase), 0, cause);
    const trades = this.matches || this.crosses || phase === "post-close";
    if (!trades || before === "matches" || (before === "crosses" && !this.matches)) return false;
    this.#uncross();
    return true;
  }

  /** Sets the phase without anything happening. */
  restore(phase: Phase): void {
    this.phase = phase;
    this.#special.matching = mannerOf(phase) === "matches";
  }

  /** Price and volume of an uncrossing now; undefined while the book doesn't cross or the market matches. */
  indicative(): Equilibrium | undefined {
    if (this.matches) return undefined;
    return equilibrium(this.#offers(0), this.#offers(1), this.#book.lastTicks);
  }

  /** In a call, tells its price and volume where they have changed since they were told. */
  tellIndicative(): void {
    if (mannerOf(this.phase) !== "collects") return;
    const { ticks, lots } = this.indicative() ?? NOTHING;
    if (ticks === this.told.ticks && lots === this.told.lots) return;
    this.told = { ticks, lots };
    this.#book.log.push(INDICATIVE, 0, 0, 0, ticks, lots, 0, 0, 0, 0);
  }

  check(): void {
    assert(this.unpriced.size === 0 || !this.matches, "market orders wait only while nothing matches");
  }

  /**
   * Who takes part in an uncrossing, by priority: market orders by time, then as in the book; each with what
   * it may trade, which is less than it has where it is linked with a better one.
   */
  #side(side: number): RestingOrder[] {
    const { queues } = this.#book;
    const linked = new LinkedTrades();
    const orders = [...this.unpriced.taken(side, linked)];
    for (const order of readSide(queues, side)) {
      const conditional = order.minimumLots !== undefined || order.allOrNone === true;
      if (conditional) continue;
      const lots = linked.take(queues, queues.find(order.orderId), order.lots);
      if (lots > 0) orders.push(lots === order.lots ? order : { ...order, lots: lots as Lots });
    }
    return orders;
  }

  #offers(side: number): Offer[] {
    const linked = new LinkedTrades();
    const lots = this.unpriced.lotsOf(side, linked) as Lots;
    const offers = readOffers(this.#book.queues, side, linked);
    return lots === 0 ? offers : [{ ticks: NO_PRICE, lots }, ...offers];
  }

  #uncross(): void {
    const [buys, sells] = [this.#side(0), this.#side(1)];
    const found = equilibrium(this.#offers(0), this.#offers(1), this.#book.lastTicks);
    if (found === undefined) return;
    let volume: number = found.lots;
    let [buyAt, sellAt] = [0, 0];
    this.#book.lastTicks = found.ticks;
    this.#special.guard?.noteUncrossing(found.ticks);
    while (volume > 0) {
      const [buy, sell] = [buys[buyAt], sells[sellAt]];
      assert(buy !== undefined && sell !== undefined, "both sides hold the volume of an uncrossing");
      const traded = Math.min(volume, buy.lots, sell.lots);
      volume -= traded;
      const [buyLeft, sellLeft] = [this.#restOf(buy) - traded, this.#restOf(sell) - traded];
      const { orderId, account } = buy;
      const row = [found.ticks, traded, buyLeft, sell.orderId, sell.account, sellLeft] as const;
      this.#book.log.push(TRADED | UNSEEN, orderId, account, 0, ...row);
      this.#reduce(buy, buyLeft);
      this.#reduce(sell, sellLeft);
      buys[buyAt] = { ...buy, lots: (buy.lots - traded) as Lots };
      sells[sellAt] = { ...sell, lots: (sell.lots - traded) as Lots };
      if (buy.lots === traded) buyAt++;
      if (sell.lots === traded) sellAt++;
    }
  }

  /** All that is left of an order, what it may not trade included. */
  #restOf({ orderId, ticks }: RestingOrder): number {
    if (ticks === 0) return this.unpriced.get(orderId)?.lots ?? 0;
    const { queues } = this.#book;
    return restOf(queues, queues.find(orderId));
  }

  /** Leaves `left` of an order; tells what its price shows. */
  #reduce(order: RestingOrder, left: number): void {
    if (order.ticks === 0) this.unpriced.reduce(order, left);
    else this.#special.reduce(order, left);
  }
}
