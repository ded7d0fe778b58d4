/** The orders of the naive market, and what is to be said of one order alone. */
import type { Instrument } from "../../engine/instrument.ts";
import type { AmendOrder, CancelOrder, PlaceOrder } from "../../engine/market/command.ts";
import type { RemovalCause } from "../../engine/market/event.ts";
import type { Expiry } from "../../engine/market/expiries.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { RestingOrder, WaitingOrder } from "../../engine/market/market-machine.ts";
import type { SelfTradeMode } from "../../engine/market/terms.ts";
import { REJECTIONS, type Rejection } from "../../engine/rejection.ts";
import type { Lots, Side, Ticks } from "../../engine/units.ts";

export const TICKS_MAX = 2_147_483_647;

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
/** `arrival` grows with each time that an order joins a queue. */
export type NaiveOrder = Mutable<RestingOrder> & { arrival: number };
/** `looked`: so many of the market's trades it has looked at. */
export type NaiveWaiting = Mutable<WaitingOrder> & { arrival: number; looked?: number };

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
  const { displayLots, minimumLots, hidden, allOrNone } = terms ?? {};
  if (displayLots !== undefined) {
    const other = hidden || allOrNone || minimumLots !== undefined;
    const lasts = ["GTC", "DAY", "GTD"].includes(timeInForce);
    if (other || type === "market" || !lasts) broken.push("displayQuantityNotAllowed");
    if (displayLots < instrument.minimumLots || displayLots > lots || lots > displayLots * 1_000) {
      broken.push("displayQuantityOutOfRange");
    }
  }
  if (minimumLots !== undefined && (minimumLots < 1 || minimumLots > lots)) {
    broken.push("minimumQuantityOutOfRange");
  }
  return broken;
}

export function firstOf(broken: Rejection[]): Rejection | undefined {
  return REJECTIONS.map(([name]) => name).find(name => broken.includes(name));
}

export function unknownOrder(command: AmendOrder | CancelOrder, ticks: Ticks, lots: Lots): MarketEvent {
  const { orderId, account } = command;
  return { event: "rejected", orderId, account, side: "buy", ticks, lots, rejection: "orderUnknown" };
}

export function hasRoom(
  resting: NaiveOrder[],
  levelsMax: number,
  side: Side,
  ticks: number,
  lots: number,
): boolean {
  const own = resting.filter(order => order.side === side);
  const levels = new Set(own.map(order => order.ticks));
  const sum = own.reduce((total, order) => total + BigInt(order.lots), BigInt(lots));
  return sum <= BigInt(Number.MAX_SAFE_INTEGER) && (levels.has(ticks as Ticks) || levels.size < levelsMax);
}

/** Whether a taker with so much left would trade with an order. */
export function isEligible(order: NaiveOrder, taker: RestingOrder, remaining: number): boolean {
  const { side, ticks: limit } = taker;
  const traded = Math.min(remaining, order.shownLots ?? order.lots);
  const reachable = limit === 0 || (side === "buy" ? order.ticks <= limit : order.ticks >= limit);
  if (order.side === side || !reachable || traded === 0) return false;
  if (traded < (taker.minimumLots ?? 0) || traded < (order.minimumLots ?? 0)) return false;
  return !order.allOrNone || traded === order.lots;
}

/** Bids first, the better price first, at one price the hidden last, then by arrival. */
export function byPriority(a: NaiveOrder, b: NaiveOrder): number {
  if (a.side !== b.side) return a.side === "buy" ? -1 : 1;
  if (a.ticks !== b.ticks) return a.side === "buy" ? b.ticks - a.ticks : a.ticks - b.ticks;
  if (a.hidden !== b.hidden) return a.hidden ? 1 : -1;
  return a.arrival - b.arrival;
}

export function isTooEarly(expireAt: number, time: number): boolean {
  return expireAt <= time || expireAt % 1000 !== 0;
}

/** What is told of an amend that changes only when the order ends. */
export function postponed(order: RestingOrder): MarketEvent {
  const { orderId, account, side, ticks, lots, totalLots } = order;
  const same = { ticks, lots, oldTicks: ticks, oldLots: lots, totalLots };
  const hides = "trigger" in order ? { unseen: true as const } : unseen(order);
  return { event: "amended", orderId, account, side, ...same, ...hides };
}

export function isPostponement({ lots, ticks, terms }: AmendOrder): boolean {
  return lots === 0 && ticks === 0 && Object.keys(terms ?? {}).join() === "expireAt";
}

/** What is wrong with an amend, whatever the market holds. */
export function brokenAmend(
  command: AmendOrder,
  order: RestingOrder,
  instrument: Instrument,
  endings: Expiry[],
): Rejection[] {
  const broken: Rejection[] = [];
  const { lots, ticks, terms } = command;
  const asked = terms?.minimumLots;
  if (lots !== 0 && lots < instrument.minimumLots) broken.push("quantityBelowMinimum");
  if (lots > instrument.maximumLots) broken.push("quantityAboveMaximum");
  if (ticks < 0 || ticks > TICKS_MAX) broken.push("priceOutOfRange");
  if (asked !== undefined && order.minimumLots === undefined) broken.push("minimumQuantityNotAllowed");
  if (asked !== undefined && asked < 1) broken.push("minimumQuantityOutOfRange");
  const expireAt = terms?.expireAt;
  const dated = endings.some(
    ({ orderId, timeInForce }) => orderId === order.orderId && timeInForce === "GTD",
  );
  if (expireAt !== undefined && !dated) broken.push("expireTimeUnexpected");
  if (expireAt !== undefined && isTooEarly(expireAt, command.time)) broken.push("expireTimeOutOfRange");
  return broken;
}

/** What an amend would make of an order, and whether that keeps its place. */
export function changedBy(
  command: AmendOrder,
  order: NaiveOrder,
): { changed: NaiveOrder; keepsPlace: boolean } {
  const filled = order.totalLots - order.lots;
  const totalLots = command.lots === 0 ? order.totalLots : command.lots;
  const ticks = command.ticks === 0 ? order.ticks : command.ticks;
  const rest = (totalLots - filled) as Lots;
  const minimumLots = command.terms?.minimumLots ?? order.minimumLots;
  const conditional = minimumLots !== undefined || order.allOrNone;
  const keepsPlace = ticks === order.ticks && rest <= order.lots && !conditional;
  const terms = minimumLots === undefined ? {} : { minimumLots };
  const changed = { ...order, ticks, totalLots, lots: rest, ...terms };
  return { changed, keepsPlace };
}

export function rejectedAmend(command: AmendOrder, order: RestingOrder, rejection: Rejection): MarketEvent {
  const { orderId, account, side } = order;
  return { event: "rejected", orderId, account, side, ticks: command.ticks, lots: command.lots, rejection };
}

export function tradedEvent(
  taker: RestingOrder,
  maker: NaiveOrder,
  lots: Lots,
  remaining: Lots,
): MarketEvent {
  const { orderId, account, side } = taker;
  return {
    ...{ event: "traded", orderId, account, side, ticks: maker.ticks, lots, remaining },
    makerOrderId: maker.orderId,
    makerAccount: maker.account,
    makerRemaining: maker.lots,
    ...unseen(maker),
  };
}

export interface Limits {
  readonly orders: number;
  readonly levels: number;
}

/** What is told of a market order that a call takes. */
export function collected(
  { orderId, account, side, ticks, lots }: RestingOrder,
  first: "accepted" | "triggered",
): MarketEvent[] {
  const order = { orderId, account, side, ticks, lots };
  return [
    { event: first, ...order },
    { event: "rested", ...order, unseen: true },
  ];
}

/** Whether the taker's terms forbid a trade with an order. */
export function isSameTrader(taker: RestingOrder, maker: RestingOrder): boolean {
  if (taker.selfTrade === undefined) return false;
  const group = taker.selfTrade.group ?? 0;
  return taker.account === maker.account || (group !== 0 && maker.selfTrade?.group === group);
}

export function preventedEvent(
  { orderId, account, side }: RestingOrder,
  maker: NaiveOrder,
  lots: Lots,
  remaining: Lots,
  mode: SelfTradeMode,
): MarketEvent {
  const { orderId: makerOrderId, account: makerAccount, ticks } = maker;
  const what = { orderId, account, side, ticks, lots, remaining, makerOrderId, makerAccount, mode };
  return { event: "prevented", ...what, ...unseen(maker) };
}

/** What is told of an order that leaves the book for a cause. */
export function removedEvents(order: RestingOrder, cause: RemovalCause): MarketEvent[] {
  const { orderId, account, side, ticks, lots, shownLots } = order;
  const removed = { event: "removed", orderId, account, side, ticks, lots, cause, ...unseen(order) } as const;
  return shownLots === undefined ? [removed] : [removed, displayed(order, 0 as Lots, shownLots)];
}
