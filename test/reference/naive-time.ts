/** What of the naive market ends by itself: orders that last for the day or until a time. */
import type { AmendOrder, MarketCommand, PlaceOrder } from "../../engine/market/command.ts";
import type { RemovalCause } from "../../engine/market/event.ts";
import type { Expiry } from "../../engine/market/expiries.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { OrderId } from "../../engine/units.ts";
import { isTooEarly } from "./naive-order.ts";
import { NaiveProtection } from "./naive-protection.ts";

/** What is wrong with when an order shall end. */
export function brokenExpiry({ type, time, timeInForce, postOnly, terms }: PlaceOrder): Rejection[] {
  const broken: Rejection[] = [];
  const lasts = ["GTC", "DAY", "GTD"].includes(timeInForce);
  const { expireAt, trigger } = terms ?? {};
  if (timeInForce === "GTD" && expireAt === undefined) broken.push("expireTimeMissing");
  if (timeInForce !== "GTD" && expireAt !== undefined) broken.push("expireTimeUnexpected");
  if (expireAt !== undefined && isTooEarly(expireAt, time)) broken.push("expireTimeOutOfRange");
  if (type === "market" && lasts && trigger === undefined) broken.push("timeInForceNotAllowed");
  if (postOnly && (type === "market" || !lasts)) broken.push("postOnlyNotAllowed");
  return broken;
}

export abstract class NaiveTime extends NaiveProtection {
  /** Those of orders that are still open. */
  expiries(): Expiry[] {
    return this.endings.filter(({ orderId }) => this.open().some(order => order.orderId === orderId));
  }

  remember(orderId: OrderId, { timeInForce, terms }: PlaceOrder): void {
    if (timeInForce === "GTC" || timeInForce === "IOC" || timeInForce === "FOK") return;
    const expireAt = terms?.expireAt;
    this.endings.push({ orderId, timeInForce, ...(expireAt === undefined ? {} : { expireAt }) });
  }

  /** Ends a call that a price band has started. */
  abstract endCall(): MarketEvent[];

  /** Takes out an open order that nobody asked to cancel. */
  remove(orderId: OrderId, cause: RemovalCause): MarketEvent[] {
    const order = this.open().find(other => other.orderId === orderId);
    return order === undefined ? [] : this.takeOut(order, cause);
  }

  /** Moment after moment, what a command's time has made due. */
  keepTime({ kind, time }: MarketCommand): MarketEvent[] {
    const events: MarketEvent[] = [];
    if (kind === "owner" || kind === "shardEpoch") return events;
    for (;;) {
      const due = this.expiries().filter(({ expireAt }) => expireAt !== undefined && expireAt <= time);
      const fired = this.timers.filter(timer => timer.time <= time);
      const moments = [...due.map(({ expireAt = 0 }) => expireAt), ...fired.map(timer => timer.time)];
      if (this.call !== undefined && this.call.until <= time) moments.push(this.call.until);
      if (moments.length === 0) return events;
      const moment = Math.min(...moments);
      const now: MarketEvent[] = [];
      for (const { orderId, expireAt } of due) {
        if (expireAt === moment) now.push(...this.remove(orderId, "expiry"));
      }
      const timers = fired.filter(timer => timer.time === moment).sort((a, b) => a.account - b.account);
      this.timers = this.timers.filter(timer => !timers.includes(timer));
      now.push(...timers.flatMap(({ account }) => this.removeAll(account, "cancelAllAfter")));
      this.moment = moment;
      const ended = this.call?.until === moment ? this.endCall() : [];
      now.push(...ended);
      this.release(now, ended.length === 0 ? 0 : now.length);
      events.push(...now);
    }
  }

  /** What an amend says of when its order shall end; the order is still there. */
  postpone({ orderId, terms }: AmendOrder): void {
    const expireAt = terms?.expireAt;
    if (expireAt === undefined) return;
    this.endings = this.endings.map(ending =>
      ending.orderId === orderId ? { ...ending, expireAt } : ending,
    );
  }
}
