/** Orders of the naive market that wait for a price, and what releases them. */
import type { MarketEvent } from "../../engine/market/market-event.ts";
import { NaiveMatching } from "./naive-matching.ts";
import { isReached, type NaiveWaiting, pricesOf } from "./naive-order.ts";

export class NaiveStops extends NaiveMatching {
  arm(order: NaiveWaiting): MarketEvent[] {
    const reached = pricesOf(this.resting, this.lastTicks, order.trigger.source).some(price =>
      isReached(order, price),
    );
    if (this.matches() && reached) return this.fire(order);
    this.stops.push(order);
    this.stops.sort((a, b) => a.arrival - b.arrival);
    const { orderId, account, side, lots, trigger } = order;
    return [{ event: "armed", orderId, account, side, ticks: trigger.stopTicks, lots }];
  }

  fire(order: NaiveWaiting): MarketEvent[] {
    const { arrival: _, trigger: __, timeInForce, ...plain } = order;
    const once = timeInForce === "GTC" && order.ticks === 0 ? "IOC" : timeInForce;
    return this.enter(plain, once, "triggered");
  }

  /** Enters what the events of a command release, and what that releases. */
  release(events: MarketEvent[], resumed = false): void {
    const queue: NaiveWaiting[] = [];
    let past = resumed && this.lastTicks > 0 ? [this.lastTicks] : [];
    let seen = events;
    for (;;) {
      const released = this.stops.filter(order => {
        const now = pricesOf(this.resting, this.lastTicks, order.trigger.source, seen);
        if (order.trigger.source === "last") now.push(...past);
        return now.some(price => isReached(order, price));
      });
      past = [];
      this.stops = this.stops.filter(order => !released.includes(order));
      const stop = (order: NaiveWaiting) => order.trigger.stopTicks;
      const sells = released.filter(order => order.side === "sell").sort((a, b) => stop(b) - stop(a));
      const buys = released.filter(order => order.side === "buy").sort((a, b) => stop(a) - stop(b));
      queue.push(...sells, ...buys);
      const next = queue.shift();
      if (next === undefined) return;
      seen = this.fire(next);
      events.push(...seen);
    }
  }
}
