/**
 * How an open order counts in the sums of its market. What is covered and still waits for its entry counts
 * nothing; linked orders of one side count as the largest of them. A change is counted by taking the order
 * out, changing it, and putting it in again.
 */
import { addOpenValue, type Exposure } from "./account.ts";
import { countedAt, type Order, remainingLots } from "./order.ts";

/** What an order by itself may still add to a position. */
function countedLots(order: Order): number {
  return order.awaits === "entry" && order.list?.covered === true ? 0 : remainingLots(order);
}

function count(exposure: Exposure, order: Order, sign: 1 | -1): void {
  let lots = 0;
  let value = 0n;
  for (const each of order.linked ?? [order]) {
    const own = countedLots(each);
    if (own > lots) lots = own;
    if (each.side === "sell") continue;
    const worth = BigInt(own) * BigInt(countedAt(each));
    if (worth > value) value = worth;
  }
  addOpenValue(exposure, order.side, sign * lots, BigInt(sign) * value);
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
  delete order.linked;
}
