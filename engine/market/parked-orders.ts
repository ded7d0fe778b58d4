/**
 * Orders for an auction that has not begun: beside the book, in nobody's depth, until their call opens. They
 * enter it by the time at which they were parked; a smaller size keeps that time, a larger one or another
 * limit takes the time of now.
 */
import type { RestingOrder } from "../book/audit.ts";
import { PARKED_ORDERS_MAX } from "../limits.ts";
import { assert } from "../units.ts";
import { numberOf } from "../word-list.ts";
import type { AmendOrder } from "./command.ts";
import { ACCEPTED, AMENDED, CANCELLED, type EventLog, PARKED, PARKING_REASONS, UNSEEN } from "./event.ts";
import type { AuctionTime } from "./phase-rules.ts";

export interface ParkedOrder extends RestingOrder {
  readonly timeInForce: AuctionTime;
}

function sideOf(order: RestingOrder): number {
  return order.side === "sell" ? 1 : 0;
}

export class ParkedOrders {
  /** By id, in the order of their time. */
  readonly #parked = new Map<number, ParkedOrder>();
  readonly #log: EventLog;
  /** One that is about to be replaced and enters no call; 0 for none. */
  aside = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  get size(): number {
    return this.#parked.size;
  }

  /** In the order in which they will enter. */
  orders(): Iterable<ParkedOrder> {
    return this.#parked.values();
  }

  find(id: number): ParkedOrder | undefined {
    return this.#parked.get(id);
  }

  place(order: RestingOrder, timeInForce: AuctionTime): void {
    const { orderId, account, ticks, lots } = order;
    if (this.#parked.size >= PARKED_ORDERS_MAX) {
      this.#log.reject(orderId, account, sideOf(order), ticks, lots, "bookFull");
      return;
    }
    this.#log.plain(ACCEPTED, orderId, account, sideOf(order), ticks, lots);
    const reason = numberOf(PARKING_REASONS, timeInForce === "ATC" ? "close" : "auction");
    this.#log.push(PARKED | UNSEEN, orderId, account, sideOf(order), ticks, lots, 0, reason, 0, 0);
    this.restore({ ...order, timeInForce });
  }

  /** Parks an order behind all others without telling. */
  restore(order: ParkedOrder): void {
    this.#parked.set(order.orderId, order);
  }

  amend(order: ParkedOrder, { ticks, lots }: AmendOrder): void {
    const { orderId, account } = order;
    const changed = { ...order };
    if (ticks !== 0) changed.ticks = ticks;
    if (lots !== 0) changed.lots = changed.totalLots = lots;
    const row = [changed.ticks, changed.lots, order.lots, order.ticks, 0, changed.lots] as const;
    this.#log.push(AMENDED | UNSEEN, orderId, account, sideOf(order), ...row);
    const keeps = changed.ticks === order.ticks && changed.lots <= order.lots;
    if (!keeps) this.#parked.delete(orderId);
    this.#parked.set(orderId, changed);
  }

  cancel(order: ParkedOrder): void {
    const { orderId, account, ticks, lots } = order;
    this.#parked.delete(orderId);
    this.#log.plain(CANCELLED | UNSEEN, orderId, account, sideOf(order), ticks, lots);
  }

  /** Takes out the orders of these times in force, in the order in which they enter. */
  take(times: readonly AuctionTime[]): ParkedOrder[] {
    const taken = [...this.#parked.values()].filter(
      ({ timeInForce, orderId }) => times.includes(timeInForce) && orderId !== this.aside,
    );
    for (const order of taken) this.#parked.delete(order.orderId);
    return taken;
  }

  check(): void {
    for (const order of this.#parked.values()) {
      assert(order.lots === order.totalLots, "an order that is parked has not traded");
    }
  }
}
