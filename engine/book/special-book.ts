/**
 * Matching where an order has more than limit and size: icebergs, hidden orders, minimum sizes, all-or-none.
 * They rest in the same queues as all others, what they have beyond stands in `queues.specials`; the plain
 * `Book` is asked where none of them is concerned.
 *
 * At a price, orders trade in the order of their queue, the hidden ones after all others. Before anything
 * changes a plan is made: which orders, how much of each, passing over those whose conditions aren't met. So
 * FOK, all-or-none and post-only look at the plan and nothing is undone. An order that is hidden or that has
 * a condition is no part of the depth: a shown book is never crossed by an order that cannot be had.
 *
 * Worst case: orders that are passed over are passed over by every taker that reaches their price.
 */
import { ACCEPTED, AMENDED, CANCELLED, DISPLAYED, EXPIRED, RESTED, UNSEEN } from "../market/event.ts";
import type { PriceGuard } from "../market/price-guard.ts";
import type { Rejection } from "../rejection.ts";
import { type Lots, TICKS_MAX, type Ticks } from "../units.ts";
import * as layout from "./arena.ts";
import { type RestingOrder, readOrder } from "./audit.ts";
import { type Book, FOK, GTC, IOC } from "./book.ts";
import type { Budget } from "./budget.ts";
import { maskOf } from "./ladders.ts";
import { Plan } from "./plan.ts";
import { carryOut } from "./plan-trades.ts";
import { Prevention } from "./prevention.ts";
import { enterSpecial, flagsOf, isSeen, leaveSpecial, setRest } from "./special-queues.ts";
import { actsOn, refusalOfRest, refusalOfSizes } from "./special-refusals.ts";

const { SELL_FLAG, UNSEEN_FLAG } = layout;

/** What an amend asks for; 0 leaves a value as it is. */
export interface SpecialAmend {
  readonly ticks: number;
  readonly lots: number;
  readonly minimumLots: number;
  /** Whether the order follows a peg: then it stands at that price or nowhere. */
  readonly follows?: true;
  /** What the order breaks after the amend, beside what the book says. */
  readonly refusal?: Rejection | undefined;
}

export class SpecialBook {
  /** False while orders are only collected. */
  matching = true;
  /** Of an instrument that limits prices. */
  guard: PriceGuard | undefined;
  readonly #book: Book;
  readonly #plan = new Plan();
  readonly #prevention: Prevention;

  constructor(book: Book) {
    this.#book = book;
    this.#prevention = new Prevention(book, this);
  }

  /**
   * Enters an order of any kind; one that follows a peg stands at its price or nowhere. What is left of one
   * that a band has stopped is part of the call which begins, where it may be.
   */
  place(asked: RestingOrder, timeInForce: number, follows = false): void {
    const { log } = this.#book;
    const order = this.#bounded(asked, asked.lots);
    const { orderId: id, account, ticks, lots } = order;
    const side = order.side === "sell" ? SELL_FLAG : 0;
    const plan = this.#plan;
    const refusal = this.#refusalOfPlace(order, plan, timeInForce);
    if (refusal !== undefined) {
      log.reject(id, account, side, asked.ticks, lots, refusal);
      return;
    }
    log.plain(ACCEPTED, id, account, side, ticks, lots);
    const whole = timeInForce === FOK || order.allOrNone === true;
    if (whole && !plan.isWhole) plan.clear(lots);
    const breach = this.guard?.cut(plan, whole) ?? 0;
    const { ends, decremented } = plan;
    this.guard?.note(plan);
    const rest = carryOut(this.#book, this.#prevention, order, plan, lots);
    if (breach !== 0) this.guard?.interruption?.interrupt(breach);
    if (rest === 0) return;
    const stopped = follows && (ticks !== asked.ticks || breach !== 0);
    if (timeInForce === GTC && rest >= (order.minimumLots ?? 0) && !ends && !stopped) {
      this.rest(order, rest, true, decremented);
    } else if (breach !== 0 && ticks === 0 && timeInForce === IOC && order.minimumLots === undefined) {
      const totalLots = (order.totalLots - decremented) as Lots;
      this.guard?.interruption?.collectRest({ ...order, lots: rest as Lots, totalLots });
    } else log.plain(EXPIRED, id, account, side, ticks, rest);
  }

  /** Why the book would refuse an order that rests where it doesn't trade. */
  refusal(asked: RestingOrder): Rejection | undefined {
    return this.#refusalOfPlace(this.#bounded(asked, asked.lots), this.#plan, GTC);
  }

  /** Takes the order in a slot out. */
  cancel(slot: number): void {
    const { queues, log } = this.#book;
    const order = readOrder(queues, slot);
    const side = order.side === "sell" ? SELL_FLAG : 0;
    const seen = isSeen(order) ? 0 : UNSEEN;
    log.plain(CANCELLED | seen, order.orderId, order.account, side, order.ticks, order.lots);
    this.#display(order, 0);
    leaveSpecial(queues, side, slot);
  }

  /**
   * As `Book.amend`, for an order of any kind. Only an order without a condition keeps its place when it gets
   * smaller; an iceberg gets smaller where it is not shown first.
   */
  amend(slot: number, asked: SpecialAmend): void {
    const { queues, log } = this.#book;
    const old = readOrder(queues, slot);
    const { orderId: id, account } = old;
    const side = old.side === "sell" ? SELL_FLAG : 0;
    const filled = old.totalLots - old.lots;
    const total = asked.lots === 0 ? old.totalLots : asked.lots;
    const limit = (asked.ticks === 0 ? old.ticks : asked.ticks) as Ticks;
    const rest = (total - filled) as Lots;
    const minimum = (asked.minimumLots === 0 ? old.minimumLots : asked.minimumLots) as Lots | undefined;
    const totalLots = total as Lots;
    const wanted: RestingOrder = { ...old, ticks: limit, lots: rest, totalLots, minimumLots: minimum };
    const hasCondition = minimum !== undefined || old.allOrNone === true;
    const keeps = limit === old.ticks && rest <= old.lots && !hasCondition;
    const order = this.#bounded(wanted, keeps ? 0 : rest);
    const { ticks } = order;
    const plan = this.#plan;
    const refusal = this.#refusalOfAmend(order, keeps ? undefined : plan, old.lots, asked.refusal);
    if (refusal !== undefined) {
      log.reject(id, account, side, asked.ticks, asked.lots, refusal);
      return;
    }
    const kind = isSeen(old) && isSeen(order) ? AMENDED : AMENDED | UNSEEN;
    if (keeps) {
      log.push(kind, id, account, side, ticks, rest, old.lots, old.ticks, 0, total);
      const shown = old.shownLots === undefined ? rest : (Math.min(old.shownLots, rest) as Lots);
      setRest(queues, side, slot, shown, rest - shown, total);
      if (old.shownLots !== shown) this.#display(old, shown);
      return;
    }
    const acts = actsOn(plan, order);
    const breach = (acts && this.guard?.cut(plan, old.allOrNone === true)) || 0;
    const trades = acts && (breach !== 0 || plan.steps > 0);
    log.push(kind, id, account, side, ticks, trades ? 0 : rest, old.lots, old.ticks, 0, total);
    this.#display(old, 0);
    leaveSpecial(queues, side, slot);
    if (!trades) plan.clear(rest);
    const { ends, decremented } = plan;
    this.guard?.note(plan);
    const left = carryOut(this.#book, this.#prevention, order, plan, rest);
    if (breach !== 0) this.guard?.interruption?.interrupt(breach);
    if (left === 0) return;
    const stopped = asked.follows === true && (ticks !== limit || breach !== 0);
    if (left >= (minimum ?? 0) && !ends && !stopped) {
      this.rest(order, left, trades, decremented);
    } else log.plain(EXPIRED, id, account, side, ticks, left);
  }

  /** Leaves `left` of an order that has traded in an uncrossing, where it stands; tells what it shows. */
  reduce(order: RestingOrder, left: number): void {
    const { queues } = this.#book;
    const side = order.side === "sell" ? 1 : 0;
    const slot = queues.find(order.orderId);
    const before = readOrder(queues, slot);
    const unseen = (flagsOf(order) & UNSEEN_FLAG) !== 0;
    const shownBefore = before.shownLots ?? before.lots;
    const shown = unseen ? left : Math.min(shownBefore, left);
    if (!unseen) this.#log(DISPLAYED, order.orderId, order.account, side, order.ticks, shown, shownBefore);
    if (left === 0) leaveSpecial(queues, side, slot);
    else setRest(queues, side, slot, shown, left - shown);
  }

  /** What an order would trade if it entered now; good until the book changes or another plan is made. */
  planOf(order: RestingOrder, lots: number): Plan {
    const plan = this.#plan;
    const opposite = order.side === "sell" ? 0 : 1;
    const limitKey = order.ticks === 0 ? TICKS_MAX : order.ticks ^ maskOf(opposite);
    if (!this.matching) plan.clear(lots);
    else plan.make(this.#book.queues, order, opposite, limitKey, lots);
    return plan;
  }

  /** What a market order would trade for so much money. */
  planFor(order: RestingOrder, budget: Budget): Plan {
    const opposite = order.side === "sell" ? 0 : 1;
    const limitKey = order.ticks === 0 ? TICKS_MAX : order.ticks ^ maskOf(opposite);
    this.#plan.makeFor(this.#book.queues, order, opposite, limitKey, budget);
    return this.#plan;
  }

  /** Plans an order; returns it at the limit that it may trade at. */
  #bounded(order: RestingOrder, lots: number): RestingOrder {
    const plan = this.planOf(order, lots);
    const idle = order.allOrNone === true && !plan.isWhole;
    const bound = (idle ? undefined : this.guard?.boundOf(order, plan)) ?? 0;
    if (bound === 0) return order;
    const bounded = { ...order, ticks: bound };
    this.planOf(bounded, lots);
    return bounded;
  }

  #refusalOfPlace(order: RestingOrder, plan: Plan, timeInForce: number): Rejection | undefined {
    const early = this.#refusalOfTrades(order, plan, timeInForce === FOK);
    if (early !== undefined || timeInForce !== GTC) return early;
    const { queues } = this.#book;
    return refusalOfRest(queues, order, plan, order.lots, queues.isFull());
  }

  #refusalOfTrades({ allOrNone }: RestingOrder, plan: Plan, fillOrKill: boolean): Rejection | undefined {
    const idle = (fillOrKill || allOrNone === true) && !plan.isWhole;
    return idle ? undefined : this.guard?.refusalOf(plan);
  }

  #refusalOfAmend(
    order: RestingOrder,
    plan: Plan | undefined,
    oldRest: number,
    other: Rejection | undefined,
  ): Rejection | undefined {
    const early = refusalOfSizes(order, other);
    if (early !== undefined || plan === undefined) return early;
    const late = this.#refusalOfTrades(order, plan, false);
    return late ?? refusalOfRest(this.#book.queues, order, plan, order.lots - oldRest, false);
  }

  /**
   * Puts what is left of an order behind all others of its price; `decremented`: what meeting its own trader
   * has taken off its size.
   */
  rest(order: RestingOrder, rest: number, tell: boolean, decremented = 0): void {
    const { queues, log } = this.#book;
    const side = order.side === "sell" ? 1 : 0;
    const totalLots = (order.totalLots - decremented) as Lots;
    const shown = enterSpecial(queues, side, decremented === 0 ? order : { ...order, totalLots }, rest);
    const seen = isSeen(order) ? 0 : UNSEEN;
    if (tell) log.plain(RESTED | seen, order.orderId, order.account, side, order.ticks, rest);
    if (order.displayLots !== undefined) {
      this.#log(DISPLAYED, order.orderId, order.account, side, order.ticks, shown, 0);
    }
  }

  /** Tells that an iceberg at its price now shows `shown`. */
  #display({ orderId, account, side, ticks, shownLots }: RestingOrder, shown: number): void {
    if (shownLots === undefined) return;
    this.#log(DISPLAYED, orderId, account, side === "sell" ? 1 : 0, ticks, shown, shownLots);
  }

  #log(kind: number, id: number, account: number, side: number, ticks: number, lots: number, old: number) {
    this.#book.log.push(kind, id, account, side, ticks, lots, old, 0, 0, 0);
  }
}
