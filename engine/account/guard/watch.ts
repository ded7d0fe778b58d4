/**
 * What an account's guards look at beside money and orders: how many orders a day has seen, when something
 * was closed at a loss, when stops took it out, what was paid in, what the day began with. All of it is a sum
 * or a maximum over facts, so it does not matter in which order markets and ledger are heard.
 */
import { assert } from "../../units.ts";
import type { Account } from "../account.ts";
import type { Order } from "../order/order.ts";

/** Times of stop-outs that are kept: a guard's maximum is at most as many. */
export const STOP_OUTS_KEPT = 16;

/** A trade of the order has closed at a loss. A stop that has done all its work is a stop-out. */
export function watchLoss(account: Account, order: Order, time: number): void {
  if (account.liquidity) return;
  const watch = account.watched();
  watch.lose(time);
  if (order.terms?.trigger?.kind === "stop" && order.status === "filled") watch.stopOut(time);
}

const NOTHING: ReadonlyMap<string, bigint> = new Map();

export class Watch {
  /** The newest day that has seen an order, as days since 1970, and how many new ones it has seen. */
  ordersDay = 0;
  orders = 0;
  /** Time of the newest trade that closed at a loss; 0 for none. */
  lastLossAt = 0;
  /** Times of the newest stop-outs, ascending. */
  readonly stopOuts: number[] = [];
  /** What was paid in less what was paid out, ever, by currency. */
  readonly paid = new Map<string, bigint>();
  /** The newest day that has a baseline; 0 for none. */
  baselineDay = 0;
  baseline = 0n;
  paidBefore: ReadonlyMap<string, bigint> = NOTHING;
  /** Margin level that was last told of a margin call that stands, in per mille. */
  calledPerMille: number | undefined;
  /** Ledger sequence at which a close-out began that has not ended. */
  closeOut: number | undefined;

  countOrder(day: number): void {
    if (day < this.ordersDay) return;
    if (day > this.ordersDay) {
      this.ordersDay = day;
      this.orders = 0;
    }
    this.orders++;
  }

  lose(time: number): void {
    this.lastLossAt = Math.max(this.lastLossAt, time);
  }

  stopOut(time: number): void {
    let at = this.stopOuts.length;
    while (at > 0 && (this.stopOuts[at - 1] ?? 0) > time) at--;
    this.stopOuts.splice(at, 0, time);
    if (this.stopOuts.length > STOP_OUTS_KEPT) this.stopOuts.shift();
  }

  pay(currency: string, amount: bigint): void {
    this.paid.set(currency, (this.paid.get(currency) ?? 0n) + amount);
  }

  begin(day: number, equity: bigint, paid: Iterable<readonly [string, bigint]>): void {
    assert(day > this.baselineDay, "a day begins once");
    this.baselineDay = day;
    this.baseline = equity;
    this.paidBefore = new Map(paid);
  }

  /** What was paid in since the day began, by currency. */
  *paidSince(): Generator<[string, bigint], void, undefined> {
    for (const [currency, amount] of this.paid) {
      const since = amount - (this.paidBefore.get(currency) ?? 0n);
      if (since !== 0n) yield [currency, since];
    }
  }

  /** Nothing that a hash would have to tell. */
  get isEmpty(): boolean {
    const { orders, lastLossAt, stopOuts, paid, baselineDay, calledPerMille, closeOut } = this;
    const watched = orders + lastLossAt + stopOuts.length + paid.size + baselineDay;
    return watched === 0 && calledPerMille === undefined && closeOut === undefined;
  }
}
