/**
 * What one taker has of orders that are linked: all of one of them, or parts of several, and never more than
 * they would trade if each trade were told to the others at once. Where no order is linked this is one
 * comparison a step.
 */
import type { RestingOrder } from "./audit.ts";
import type { LinkedOrders, Queues } from "./queues.ts";
import { restOf } from "./special-queues.ts";

interface Taken {
  /** Traded, and all that has been taken off it: also what self-trade prevention took. */
  traded: number;
  whole: number;
}

export class LinkedTrades {
  readonly #orders = new Map<number, Taken>();
  readonly #traded = new Map<LinkedOrders, number>();

  clear(): void {
    if (this.#orders.size === 0) return;
    this.#orders.clear();
    this.#traded.clear();
  }

  /** How much more of the order in a slot may be had; without bound where it isn't linked. */
  allowed(queues: Queues, slot: number): number {
    const linked = linkedOf(queues, slot);
    if (linked === undefined) return Number.POSITIVE_INFINITY;
    const own = this.#orders.get(slot);
    const others = (this.#traded.get(linked) ?? 0) - (own?.traded ?? 0);
    if (linked.exclusive) return others > 0 ? 0 : Number.POSITIVE_INFINITY;
    return Math.max(0, restOf(queues, slot) - (own?.whole ?? 0) - others);
  }

  /** As much of `lots` as may be had, which is noted as traded. */
  take(queues: Queues, slot: number, lots: number): number {
    const taken = Math.min(lots, this.allowed(queues, slot));
    this.note(queues, slot, taken, false);
    return taken;
  }

  /** The same of an order that is in no queue. */
  takeUnpriced({ orderId, lots }: RestingOrder, linked: LinkedOrders): number {
    const others = this.#traded.get(linked) ?? 0;
    const taken = linked.exclusive ? (others > 0 ? 0 : lots) : Math.max(0, lots - others);
    this.#orders.set(-orderId, { traded: taken, whole: taken });
    this.#traded.set(linked, others + taken);
    return taken;
  }

  note(queues: Queues, slot: number, lots: number, isPrevented: boolean): void {
    if (queues.specials.size === 0) return;
    const linked = linkedOf(queues, slot);
    if (linked === undefined) return;
    const own = this.#orders.get(slot) ?? { traded: 0, whole: 0 };
    this.#orders.set(slot, own);
    own.whole += lots;
    if (isPrevented) return;
    own.traded += lots;
    this.#traded.set(linked, (this.#traded.get(linked) ?? 0) + lots);
  }
}

function linkedOf(queues: Queues, slot: number): LinkedOrders | undefined {
  return queues.specials.get(slot)?.linked;
}
