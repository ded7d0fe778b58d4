/** A command's order as the book knows orders: its terms flat, and those that it hasn't left out. */
import type { RestingOrder } from "../book/audit.ts";
import type { OrderId } from "../units.ts";
import type { PlaceOrder } from "./command.ts";

/** A placed order as it would rest whole. */
export function orderOf(command: PlaceOrder, orderId: OrderId): RestingOrder {
  const { account, side, ticks, lots, postOnly } = command;
  const { hidden, minimumLots, allOrNone, displayLots } = command.terms ?? {};
  return {
    ...{ orderId, account, side, ticks, lots, totalLots: lots, postOnly },
    ...(hidden ? { hidden } : undefined),
    ...(minimumLots === undefined ? undefined : { minimumLots }),
    ...(allOrNone ? { allOrNone } : undefined),
    ...(displayLots === undefined ? undefined : { displayLots }),
  };
}
