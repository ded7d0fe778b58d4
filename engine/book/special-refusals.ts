/** Why an order of any kind may not enter its book, or an amend not change it: the book's own reasons. */
import { ICEBERG_PARTS_MAX } from "../limits.ts";
import type { Rejection } from "../rejection.ts";
import type { RestingOrder } from "./audit.ts";
import { maskOf } from "./ladders.ts";
import type { Plan } from "./plan.ts";
import type { Queues } from "./queues.ts";

/** Whether an order trades as its plan says: all-or-none does so whole or not at all. */
export function actsOn(plan: Plan, { allOrNone }: RestingOrder): boolean {
  return plan.steps > 0 && !(allOrNone === true && !plan.isWhole);
}

/** Why an order may not rest with so many lots more; `full`: whether the book has room for no other. */
export function refusalOfRest(
  queues: Queues,
  order: RestingOrder,
  plan: Plan,
  lots: number,
  full: boolean,
): Rejection | undefined {
  const side = order.side === "sell" ? 1 : 0;
  if (order.postOnly && plan.trading > 0 && actsOn(plan, order)) return "postOnlyWouldTrade";
  const key = order.ticks ^ maskOf(side);
  const room = queues.hasRoom(side, key, lots + (queues.unseenLots[side] ?? 0));
  return full || !room ? "bookFull" : undefined;
}

/** Why an order may not have its sizes after an amend; `other`: what it breaks beside them. */
export function refusalOfSizes(
  { displayLots, totalLots, minimumLots, lots }: RestingOrder,
  other: Rejection | undefined,
): Rejection | undefined {
  if (displayLots !== undefined && totalLots > displayLots * ICEBERG_PARTS_MAX)
    return "displayQuantityOutOfRange";
  return (minimumLots ?? 0) > lots ? "minimumQuantityOutOfRange" : other;
}
