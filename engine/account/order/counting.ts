/**
 * How an open order counts in the sums of its market, alone or with those that it is linked to. A change is
 * counted by taking the order out, changing it, and putting it in again.
 */
import { addOpen, addOpenValue, type Exposure } from "../account.ts";
import { countIntent } from "../position/intent.ts";
import { type Stake, stakeOfLinked } from "./list-place.ts";
import { countedAt, type Order, type OrderState, remainingLots } from "./order.ts";

/** What an order by itself may still add to a position. */
export function stakeOf(order: OrderState): Stake {
  const { awaits, list, side } = order;
  const lots = awaits === "entry" && list?.covered === true ? 0 : remainingLots(order);
  const buyValue = side === "sell" ? 0n : BigInt(lots) * BigInt(countedAt(order));
  return { lots, buyValue };
}

/** What an order counts, with those that it is linked to. */
export function stakeWithLinked(order: Order): Stake {
  const { linked, list } = order;
  if (linked === undefined || list === undefined) return stakeOf(order);
  return stakeOfLinked(list.contingency, linked.map(stakeOf));
}

/** Adds what an order counts to the sums of its market, or takes it out of them. */
export function count(exposure: Exposure, order: Order, sign: 1 | -1): void {
  if (order.linked === undefined && order.awaits === undefined) {
    const left = remainingLots(order);
    if (left === 0) return;
    addOpen(exposure, order.side, sign * left, countedAt(order));
    countIntent(exposure, order, sign * left);
    return;
  }
  const { lots, buyValue } = stakeWithLinked(order);
  addOpenValue(exposure, order.side, sign * lots, BigInt(sign) * buyValue);
  countIntent(exposure, order, sign * lots);
}

/** Changes an order that is open before or after; its sums follow. */
export function recount(exposure: Exposure, order: Order, change: () => void): void {
  count(exposure, order, -1);
  change();
  count(exposure, order, 1);
}

/** Counts an order that has entered; it is linked to those of its list and side that came before it. */
export function countIn(exposure: Exposure, order: Order, linked: Order[] | undefined): void {
  if (linked === undefined) {
    count(exposure, order, 1);
    return;
  }
  const [before] = linked;
  if (before !== undefined) count(exposure, before, -1);
  linked.push(order);
  order.linked = linked;
  count(exposure, order, 1);
}

/** Takes a closed order, which counts nothing any more, from those that it was linked to. */
export function unlink(order: Order): void {
  const { linked } = order;
  if (linked === undefined) return;
  linked.splice(linked.indexOf(order), 1);
  order.linked = undefined;
}
