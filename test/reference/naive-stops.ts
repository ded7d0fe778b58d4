/** Orders of the naive market that wait for a price, and what releases them. */
import type { MarketEvent } from "../../engine/market/market-event.ts";
import { NaiveMatching } from "./naive-matching.ts";
import type { NaiveWaiting } from "./naive-order.ts";
import { limitWhenReleased, sees, shownBy, unseeing } from "./naive-triggers.ts";

export abstract class NaiveStops extends NaiveMatching {
  /** Arms an order that has seen nothing yet. */
  arm(unarmed: NaiveWaiting): MarketEvent[] {
    const order = unseeing(unarmed, this.trades.length);
    const price = this.matches() ? this.shown(order) : undefined;
    const { trail, stopTicks } = order.trigger;
    if (price !== undefined && trail !== undefined && stopTicks !== 0) order.bestHalfTicks = price * 2;
    if (price !== undefined && sees(order, price, false)) return this.fire(order);
    this.stops.push(order);
    this.stops.sort((a, b) => a.arrival - b.arrival);
    return [this.armedEvent(order)];
  }

  armedEvent({ orderId, account, side, lots, trigger }: NaiveWaiting): MarketEvent {
    return { event: "armed", orderId, account, side, ticks: trigger.stopTicks, lots };
  }

  fire(order: NaiveWaiting): MarketEvent[] {
    const { arrival: _, trigger: __, looked: ___, due: ____, timeInForce, ...plain } = order;
    const { bestHalfTicks: _____, firstHalfTicks: ______, ...entering } = plain;
    const ticks = limitWhenReleased(order);
    const once = timeInForce !== "FOK" && ticks === 0 ? "IOC" : timeInForce;
    return this.enter({ ...entering, ticks }, once, "triggered");
  }

  /** The next pegged order that moves; told where they are. */
  movePegged(): MarketEvent[] | undefined {
    return undefined;
  }

  shown(order: NaiveWaiting): number | undefined {
    return shownBy(order.trigger.source, this.resting, this.lastTicks, this.markTicks);
  }

  /** Shows an order what it has not seen; whether it is released. */
  looks(order: NaiveWaiting): boolean {
    const trades = this.trades.slice(order.looked);
    order.looked = this.trades.length;
    if (order.trigger.source === "last" && trades.some(price => sees(order, price, true))) return true;
    const price = this.shown(order);
    return price !== undefined && sees(order, price, false);
  }

  /** Trading stops within a command: what its trades have released by now waits until it goes on. */
  pause(): void {
    const seen = this.stops.filter(order => order.trigger.source === "last" && this.looks(order));
    for (const order of [...seen, ...this.released]) {
      delete order.firstHalfTicks;
      order.due = true;
    }
    this.stops.push(...this.released);
    this.stops.sort((a, b) => a.arrival - b.arrival);
    this.released = [];
  }

  /** Trading goes on: what has waited for that enters. */
  resume(): void {
    const due = this.stops.filter(order => order.due);
    this.stops = this.stops.filter(order => !order.due);
    this.queueUp(due);
  }

  /** Sells by the highest stop price, then buys by the lowest, then by time. */
  queueUp(orders: NaiveWaiting[]): void {
    const stop = (order: NaiveWaiting) => order.trigger.stopTicks;
    const sells = orders.filter(order => order.side === "sell").sort((a, b) => stop(b) - stop(a));
    const buys = orders.filter(order => order.side === "buy").sort((a, b) => stop(a) - stop(b));
    this.released.push(...sells, ...buys);
  }

  /** How many events of the command lists have noted, and protection. */
  noted = 0;
  guarded = 0;

  /** What follows for lists from the events that they have not noted. */
  abstract adjust(events: MarketEvent[]): void;

  /** Looks at trades in events that it has not looked at; whether one of them freezes an account. */
  abstract guard(events: MarketEvent[]): boolean;

  /** Enters what prices release, and what that releases; trades of events before `from` have no maker. */
  release(events: MarketEvent[], from = 0): void {
    this.noted = 0;
    this.guarded = from;
    for (;;) {
      do this.adjust(events);
      while (this.guard(events));
      const released = !this.matches() ? [] : this.stops.filter(order => this.looks(order));
      this.stops = this.stops.filter(order => !released.includes(order));
      this.queueUp(released);
      const next = this.released.shift();
      const follows = next === undefined ? this.movePegged() : this.fire(next);
      if (follows === undefined) return;
      events.push(...follows);
    }
  }
}
