/**
 * One order that waits for a price, and what each price of its source does to it: a trailing stop follows,
 * the condition holds or not, and a double tick wants it to hold twice in a row.
 *
 * Prices are counted in half ticks here, so that the midpoint of two prices is an integer. Signed, they are
 * negative for an order that waits for a rise: then for both directions the larger price is the one that is
 * further from releasing, a trail follows the largest, and an order is released at its stop price or below.
 */
import type { Trail } from "../market/terms.ts";
import { TICKS_MAX, type Ticks } from "../units.ts";
import type { WaitingOrder } from "./audit.ts";

/** Below every price: the stop price of an order that has none. */
export const NONE = Number.NEGATIVE_INFINITY;

export interface ArmedOrder extends WaitingOrder {
  readonly source: number;
  /** Whether the price must rise to the stop price; else fall. */
  readonly rising: boolean;
  /** As in the trigger: the stop price of now, 0 for none. */
  readonly stopTicks: Ticks;
  /** Grows with each time that an order is armed: time priority among equal stop prices. */
  readonly arrival: number;
}

/** Orders whose best price so far is the same; one that became part of another says of which. */
export interface TrailGroup {
  best: number;
  root: Tracked | undefined;
  /** Signed; that of the order that is the nearest to its release. */
  stop: number;
  into: TrailGroup | undefined;
}

/** An armed order as it moves. What is said of a price is signed. */
export interface Tracked {
  order: ArmedOrder;
  alive: boolean;
  readonly sign: 1 | -1;
  /** Of a trailing stop the best price that it has seen, while it is not in a group; `NONE` before any. */
  best: number;
  /** Stop price, in a group the least that it is; `NONE` where there is none. */
  stop: number;
  /** Of a double tick: the price which satisfied the condition, and which the next has to confirm; else 0. */
  first: number;
  group: TrailGroup | undefined;
  /** Rows of the log before this one were written before it was armed. */
  fromRow: number;
  /** Links of the heap of its group. */
  child: Tracked | undefined;
  sibling: Tracked | undefined;
}

/** Where a trail puts the stop price for the best price seen; `NONE` where that is no price. */
export function trailedStop(best: number, sign: number, { by, distance }: Trail): number {
  if (best === NONE) return NONE;
  // In thousandths of a half tick; rounded away from the best price to a whole tick.
  const lead = by === "ticks" ? 2000 * distance : Math.abs(best) * distance;
  const ticks = Math.floor((1000 * best - lead) / 2000);
  return ticks < (sign === 1 ? 1 : -TICKS_MAX) ? NONE : ticks * 2;
}

/** An order's condition before it has seen a price, or with what it had seen. */
export function track(order: ArmedOrder, fromRow: number): Tracked {
  const sign = order.rising ? -1 : 1;
  const { bestHalfTicks = 0, firstHalfTicks = 0 } = order;
  return {
    order,
    alive: true,
    sign,
    fromRow,
    best: bestHalfTicks === 0 ? NONE : bestHalfTicks * sign,
    stop: order.stopTicks === 0 ? NONE : order.stopTicks * 2 * sign,
    first: firstHalfTicks * sign,
    group: undefined,
    child: undefined,
    sibling: undefined,
  };
}

/** The group that a group has become part of, or itself. */
export function groupOf(group: TrailGroup): TrailGroup {
  let found = group;
  while (found.into !== undefined) found = found.into;
  for (let at = group; at.into !== undefined && at.into !== found; ) {
    const next = at.into;
    at.into = found;
    at = next;
  }
  return found;
}

export function bestOf(tracked: Tracked): number {
  return tracked.group === undefined ? tracked.best : groupOf(tracked.group).best;
}

export function stopOf(tracked: Tracked): number {
  const { trail } = tracked.order.trigger;
  if (trail === undefined || tracked.group === undefined) return tracked.stop;
  return Math.max(tracked.stop, trailedStop(groupOf(tracked.group).best, tracked.sign, trail));
}

/**
 * Shows an order that is in no group a price, signed; whether that releases it. `isNew`: a trade, which
 * counts even at the price of the one before; of standing prices only another one does.
 */
export function see(tracked: Tracked, price: number, isNew: boolean): boolean {
  const { trail, doubleTick } = tracked.order.trigger;
  if (trail !== undefined && price > tracked.best) {
    tracked.best = price;
    tracked.stop = Math.max(tracked.stop, trailedStop(price, tracked.sign, trail));
  }
  const holds = price <= tracked.stop;
  if (doubleTick === undefined) return holds;
  if (!isNew && price === tracked.first) return false;
  const confirms = holds && tracked.first !== 0;
  tracked.first = holds ? price : 0;
  return confirms;
}

/** The order as it is now; `seen`: the newest price that one which has joined the others has seen. */
export function orderOf(tracked: Tracked, first = tracked.first): ArmedOrder {
  const { order, sign } = tracked;
  const { trail, doubleTick } = order.trigger;
  if (trail === undefined && doubleTick === undefined) return order;
  const stop = stopOf(tracked);
  const best = bestOf(tracked);
  const stopTicks = (stop === NONE ? 0 : Math.abs(stop) / 2) as Ticks;
  const trigger = { ...order.trigger, stopTicks };
  const bestHalfTicks = trail === undefined || best === NONE ? undefined : best * sign;
  const firstHalfTicks = doubleTick === undefined || first === 0 ? undefined : first * sign;
  return { ...order, stopTicks, trigger, bestHalfTicks, firstHalfTicks };
}
