/** The orders of the naive market, and what is to be said of one order alone. */
import type { Instrument } from "../../engine/instrument.ts";
import type { AmendOrder, CancelOrder, PlaceOrder } from "../../engine/market/command.ts";
import type { MarketEvent } from "../../engine/market/event.ts";
import type { RestingOrder, WaitingOrder } from "../../engine/market/market-machine.ts";
import { REJECTIONS, type Rejection } from "../../engine/rejection.ts";
import type { Lots, Ticks } from "../../engine/units.ts";

const TICKS_MAX = 2_147_483_647;

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
/** `arrival` grows with each time that an order joins a queue. */
export type NaiveOrder = Mutable<RestingOrder> & { arrival: number };
export type NaiveWaiting = WaitingOrder & { arrival: number };

/** Marks the events of an order that is not part of the depth, or only through what it displays. */
export function unseen(order: RestingOrder): { unseen?: true } {
  const { hidden, allOrNone, minimumLots, displayLots } = order;
  const seen = !hidden && !allOrNone && minimumLots === undefined && displayLots === undefined;
  return seen ? {} : { unseen: true };
}

export function displayed(order: RestingOrder, lots: Lots, oldLots: Lots): MarketEvent {
  const { orderId, account, side, ticks } = order;
  return { event: "displayed", orderId, account, side, ticks, lots, oldLots };
}

export function isShown(order: RestingOrder): boolean {
  return !order.hidden && !order.allOrNone && order.minimumLots === undefined;
}

/** What is wrong with an order's terms. */
export function brokenTerms(
  { terms, type, timeInForce, lots }: PlaceOrder,
  instrument: Instrument,
): Rejection[] {
  const broken: Rejection[] = [];
  const { trigger, displayLots, minimumLots, hidden, allOrNone } = terms ?? {};
  if (trigger !== undefined && (trigger.stopTicks < 1 || trigger.stopTicks > TICKS_MAX)) {
    broken.push("stopPriceOutOfRange");
  }
  if (displayLots !== undefined) {
    const other = hidden || allOrNone || minimumLots !== undefined;
    if (other || type === "market" || timeInForce !== "GTC") broken.push("displayQuantityNotAllowed");
    if (displayLots < instrument.minimumLots || displayLots > lots || lots > displayLots * 1_000) {
      broken.push("displayQuantityOutOfRange");
    }
  }
  if (minimumLots !== undefined && (minimumLots < 1 || minimumLots > lots)) {
    broken.push("minimumQuantityOutOfRange");
  }
  return broken;
}

/** Whether a price is as far as an order waits for. */
export function isReached(order: WaitingOrder, price: number): boolean {
  const { kind, stopTicks } = order.trigger;
  const rises = kind === "stop" ? order.side === "buy" : order.side === "sell";
  return rises ? price >= stopTicks : price <= stopTicks;
}

export function firstOf(broken: Rejection[]): Rejection | undefined {
  return REJECTIONS.map(([name]) => name).find(name => broken.includes(name));
}

export function unknownOrder(command: AmendOrder | CancelOrder, ticks: Ticks, lots: Lots): MarketEvent {
  const { orderId, account } = command;
  return { event: "rejected", orderId, account, side: "buy", ticks, lots, rejection: "orderUnknown" };
}
