/** A command's order as the book knows orders: its terms flat, all orders of one shape. */
import type { RestingOrder } from "../book/audit.ts";
import { FOK, GTC, IOC } from "../book/book.ts";
import type { Lots, OrderId, Side, Ticks } from "../units.ts";
import { numberOf } from "../word-list.ts";
import type { AmendOrder, PlaceOrder, TimeInForce } from "./command.ts";
import { type OrderTerms, TRIGGER_SOURCES, type Trigger } from "./terms.ts";

const PLAIN: OrderTerms = {};

/** A placed order as it would rest whole; of its total size so much has been filled before. */
export function orderOf(command: PlaceOrder, orderId: OrderId, filled = 0): RestingOrder {
  const { account, side, ticks, lots, postOnly } = command;
  const terms = command.terms ?? PLAIN;
  return {
    orderId,
    account,
    side,
    ticks,
    lots,
    totalLots: (lots + filled) as Lots,
    postOnly,
    hidden: terms.hidden,
    minimumLots: terms.minimumLots,
    allOrNone: terms.allOrNone,
    displayLots: terms.displayLots,
    shownLots: undefined,
    selfTrade: terms.selfTrade,
    slippageTicks: terms.slippageTicks,
    slide: terms.slide,
  };
}

/** What the book does with what doesn't trade at once; when it ends by itself is nothing to the book. */
export function timeInForceNumber(timeInForce: TimeInForce): number {
  return timeInForce === "IOC" ? IOC : timeInForce === "FOK" ? FOK : GTC;
}

/** What follows from a trigger: what is watched, and in which direction. */
export function watch(side: Side, trigger: Trigger) {
  const source = numberOf(TRIGGER_SOURCES, trigger.source);
  const rising = (side === "buy") === (trigger.kind === "stop");
  return { trigger, source, rising };
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
