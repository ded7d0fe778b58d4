/** A command's order as the book knows orders: its terms flat, and those that it hasn't left out. */
import type { OrderDraft, RestingOrder } from "../book/audit.ts";
import type { OrderId } from "../units.ts";
import type { PlaceOrder } from "./command.ts";

/** A placed order as it would rest whole. */
export function orderOf(command: PlaceOrder, orderId: OrderId): RestingOrder {
  const { account, side, ticks, lots, postOnly, terms } = command;
  const order: OrderDraft = { orderId, account, side, ticks, lots, totalLots: lots, postOnly };
  if (terms === undefined) return order;
  const { hidden, minimumLots, allOrNone, displayLots, selfTrade, slippageTicks, slide } = terms;
  if (hidden) order.hidden = true;
  if (minimumLots !== undefined) order.minimumLots = minimumLots;
  if (allOrNone) order.allOrNone = true;
  if (displayLots !== undefined) order.displayLots = displayLots;
  if (selfTrade !== undefined) order.selfTrade = selfTrade;
  if (slippageTicks !== undefined) order.slippageTicks = slippageTicks;
  if (slide) order.slide = true;
  return order;
}
