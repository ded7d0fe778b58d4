/** How orders of the naive market enter, trade and come to rest. */
import type { TimeInForce } from "../../engine/market/command.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { RestingOrder } from "../../engine/market/market-machine.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { Lots } from "../../engine/units.ts";
import {
  displayed,
  firstOf,
  hasRoom,
  isEligible,
  type NaiveOrder,
  tradedEvent,
  unseen,
} from "./naive-order.ts";
import { NaiveState } from "./naive-state.ts";

export class NaiveMatching extends NaiveState {
  enter(order: RestingOrder, timeInForce: TimeInForce, first: "accepted" | "triggered"): MarketEvent[] {
    const { orderId, account, side, ticks, lots, postOnly } = order;
    const broken: Rejection[] = [];
    const mayGet = this.obtainable(order, lots);
    if (postOnly && mayGet > 0) broken.push("postOnlyWouldTrade");
    if (timeInForce === "GTC") {
      if (this.resting.length >= this.limits.orders) broken.push("bookFull");
      if (!hasRoom(this.resting, this.limits.levels, side, ticks, lots)) broken.push("bookFull");
    }
    const rejection = timeInForce === "GTC" ? firstOf(broken) : undefined;
    if (rejection !== undefined) {
      return first === "triggered"
        ? [{ event: "expired", orderId, account, side, ticks, lots }]
        : [{ event: "rejected", orderId, account, side, ticks, lots, rejection }];
    }
    const events: MarketEvent[] = [{ event: first, orderId, account, side, ticks, lots }];
    const rest = timeInForce === "FOK" && mayGet < lots ? lots : this.trade(events, order, lots);
    if (rest === 0) return events;
    if (timeInForce === "GTC" && rest >= (order.minimumLots ?? 0)) {
      this.rest(events, order, rest as Lots, true);
    } else {
      events.push({ event: "expired", orderId, account, side, ticks, lots: rest as Lots });
    }
    return events;
  }

  /** What an order would get if it entered now; 0 for an all-or-none order that would not get all. */
  obtainable(order: RestingOrder, lots: number): number {
    const [resting, lastTicks, arrivals] = [this.resting, this.lastTicks, this.arrivals];
    this.resting = resting.map(other => ({ ...other }));
    const rest = this.match([], order, lots);
    [this.resting, this.lastTicks, this.arrivals] = [resting, lastTicks, arrivals];
    return order.allOrNone && rest > 0 ? 0 : lots - rest;
  }

  trade(events: MarketEvent[], taker: RestingOrder, lots: number): number {
    return taker.allOrNone && this.obtainable(taker, lots) < lots ? lots : this.match(events, taker, lots);
  }

  /** Trades with the first order whose conditions and the taker's are met, as long as there is one. */
  match(events: MarketEvent[], taker: RestingOrder, lots: number): number {
    let remaining = lots;
    if (!this.matches()) return remaining;
    for (;;) {
      const maker = this.resting.find(order => isEligible(order, taker, remaining));
      if (maker === undefined) return remaining;
      const traded = Math.min(remaining, maker.shownLots ?? maker.lots) as Lots;
      remaining -= traded;
      this.lastTicks = maker.ticks;
      maker.lots = (maker.lots - traded) as Lots;
      events.push(tradedEvent(taker, maker, traded, remaining as Lots));
      this.afterTrade(events, maker, traded);
    }
  }

  afterTrade(events: MarketEvent[], maker: NaiveOrder, traded: Lots): void {
    const { orderId, account, side, ticks, lots, displayLots, shownLots } = maker;
    if (displayLots !== undefined && shownLots !== undefined) {
      const left = (shownLots - traded) as Lots;
      maker.shownLots = left === 0 ? (Math.min(displayLots, lots) as Lots) : left;
      events.push(displayed(maker, maker.shownLots, shownLots));
      if (left === 0 && lots > 0) {
        this.leave(maker);
        this.join(maker);
      }
    }
    if (lots === 0) this.leave(maker);
    else if (lots < (maker.minimumLots ?? 0)) {
      this.leave(maker);
      events.push({ event: "expired", orderId, account, side, ticks, lots, unseen: true });
    }
  }

  rest(events: MarketEvent[], order: RestingOrder, lots: Lots, tell: boolean): void {
    const { orderId, account, side, ticks, displayLots } = order;
    const shown = displayLots === undefined ? {} : { shownLots: Math.min(displayLots, lots) as Lots };
    this.join({ ...order, lots, ...shown });
    if (tell) events.push({ event: "rested", orderId, account, side, ticks, lots, ...unseen(order) });
    if (shown.shownLots !== undefined) events.push(displayed(order, shown.shownLots, 0 as Lots));
  }
}
