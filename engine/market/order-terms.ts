/** A command's order as the book knows orders: its terms flat, and those that it hasn't left out. */
import type { OrderDraft, RestingOrder } from "../book/audit.ts";
import type { Lots, OrderId, Ticks } from "../units.ts";
import type { AmendOrder, PlaceOrder } from "./command.ts";
import type { Trigger } from "./terms.ts";

/** A placed order as it would rest whole; of its total size so much has been filled before. */
export function orderOf(command: PlaceOrder, orderId: OrderId, filled = 0): RestingOrder {
  const { account, side, ticks, lots, postOnly, terms } = command;
  const order: OrderDraft = {
    orderId,
    account,
    side,
    ticks,
    lots,
    totalLots: (lots + filled) as Lots,
    postOnly,
  };
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

/** The trigger after an amend: the same one where that changes nothing about it. */
export function changedTrigger(trigger: Trigger, { terms }: AmendOrder): Trigger {
  const { stopTicks, trail } = terms ?? {};
  const old = trigger.trail;
  const trails = trail !== undefined && (trail.by !== old?.by || trail.distance !== old.distance);
  if (!trails) {
    const same = stopTicks === undefined || stopTicks === trigger.stopTicks;
    return same ? trigger : { ...trigger, stopTicks };
  }
  return { ...trigger, trail, stopTicks: stopTicks ?? (0 as Ticks) };
}
