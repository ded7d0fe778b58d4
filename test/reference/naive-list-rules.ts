/** What is to be said of one list of the naive market alone. */
import type { Instrument } from "../../engine/instrument.ts";
import type { ListLeg, OrderBody, PlaceList, PlaceOrder } from "../../engine/market/command.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { RestingOrder } from "../../engine/market/market-machine.ts";
import type { Leg, OrderList } from "../../engine/market/order-list.ts";
import type { AmendTerms } from "../../engine/market/terms.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { AccountId, Lots, Milliseconds, Money, OrderId, Side, Ticks } from "../../engine/units.ts";
import { type NaiveOrder, TICKS_MAX } from "./naive-order.ts";

const LEGS_MAX = 10;

export function follows({ contingency }: PlaceList, index: number): boolean {
  return contingency !== "OCO" && contingency !== "OUO" && index > 0;
}

export function entryOf({ contingency, legs }: OrderList): Leg | undefined {
  return contingency === "OCO" || contingency === "OUO" ? undefined : legs[0];
}

function exitsOf(list: OrderList): Leg[] {
  return list.contingency === "OTOCO" || list.contingency === "bracket" ? list.legs.slice(1) : [];
}

export function withPrices(body: OrderBody, ticks: Ticks, stopTicks: Ticks | undefined): OrderBody {
  const trigger = body.terms?.trigger;
  if (trigger === undefined || stopTicks === undefined) return { ...body, ticks };
  return { ...body, ticks, terms: { ...body.terms, trigger: { ...trigger, stopTicks } } };
}

/** A body with the trail of an amend: its stop price is then the amend's, or follows. */
export function withTrail(body: OrderBody, terms: AmendTerms | undefined): OrderBody {
  const trigger = body.terms?.trigger;
  const trail = terms?.trail;
  if (trigger === undefined || trail === undefined) return body;
  if (JSON.stringify(trail) === JSON.stringify(trigger.trail)) return body;
  const stopTicks = terms?.stopTicks ?? (0 as Ticks);
  return { ...body, terms: { ...body.terms, trigger: { ...trigger, trail, stopTicks } } };
}

function withoutOffset(body: OrderBody): OrderBody {
  const { trigger, ...terms } = body.terms ?? {};
  if (trigger === undefined) return body;
  const { limitOffset: _, ...rest } = trigger;
  return { ...body, terms: { ...terms, trigger: rest } };
}

/** A leg whose price is not known yet is judged as if it were one tick. */
export function standIn({ distance, ...body }: ListLeg): OrderBody {
  if (distance === undefined) return body;
  const ticks = (body.type === "limit" ? 1 : body.ticks) as Ticks;
  return withPrices(withoutOffset(body), ticks, 1 as Ticks);
}

export function newList({ contingency, account, legs }: PlaceList, ids: OrderId[]): OrderList {
  const alone = contingency === "OCO" || contingency === "OUO";
  const entryLots = alone ? 0 : (legs[0]?.lots ?? 0);
  const list: OrderList = {
    contingency,
    account,
    legs: [],
    entryLots,
    filled: 0,
    value: 0n,
    linked: { exclusive: false },
  };
  for (const [index, { distance, ...body }] of legs.entries()) {
    const known = { ...body, clientOrderId: "", reserved: 0n as Money };
    const at = distance === undefined ? known : withPrices(withoutOffset(known), 0 as Ticks, 0 as Ticks);
    list.legs.push({
      ...{ orderId: ids[index] as OrderId, list, state: "queued", body: at, distance },
      limitOffset: distance === undefined ? 0 : (body.terms?.trigger?.limitOffset ?? 0),
      ...{ filled: 0, granted: 0, waiting: body.lots, change: 0, ending: false, dry: false },
    });
  }
  return list;
}

export function shaped({ contingency, legs }: PlaceList): boolean {
  const [entry, ...others] = legs;
  if (entry === undefined || others.length === 0 || legs.length > LEGS_MAX) return false;
  if (legs.some(leg => leg.terms?.peg || leg.terms?.budget !== undefined)) return false;
  const atDistance = legs.filter(leg => leg.distance !== undefined);
  if (atDistance.length > 0 && (contingency !== "bracket" || entry.distance !== undefined)) return false;
  const isStop = (leg: ListLeg) => leg.terms?.trigger?.kind === "stop";
  const atOnce = (leg: ListLeg) => leg.type === "market" && leg.terms?.trigger === undefined;
  if (contingency === "OCO" || contingency === "OUO") return !legs.some(atOnce);
  for (const { terms, timeInForce } of others) {
    if (terms?.minimumLots !== undefined || terms?.allOrNone) return false;
    if (["ATO", "ATC", "GFA"].includes(timeInForce)) return false;
  }
  if (contingency === "OTO") return true;
  if (contingency === "OTOCO" && others.length !== 2) return false;
  const [stops, profits] = [others.filter(isStop), others.filter(leg => !isStop(leg))];
  if (stops.length > 1 || profits.length > 1) return false;
  if (others.some(leg => leg.side === entry.side || leg.lots !== entry.lots || atOnce(leg))) return false;
  return atDistance.every(({ distance, ticks, type, terms }) => {
    const far = distance?.by === "ticks" ? distance.ticks > 0 : (distance?.money ?? 0n) > 0n;
    const trigger = terms?.trigger;
    if (!far || ticks !== 0) return false;
    if (trigger === undefined) return true;
    if (trigger.stopTicks !== 0 || trigger.trail !== undefined) return false;
    return (type === "limit") === (trigger.limitOffset !== undefined);
  });
}

export function pendingOrder({ orderId, list, body, waiting, filled }: Leg): RestingOrder {
  const { trigger, hidden, displayLots } = body.terms ?? {};
  return {
    ...{ orderId, account: list.account, side: body.side, ticks: body.ticks, lots: waiting },
    ...{ totalLots: (waiting + filled) as Lots, postOnly: body.postOnly },
    ...(hidden ? { hidden } : {}),
    ...(displayLots === undefined ? {} : { displayLots }),
    ...(trigger === undefined ? {} : { trigger }),
  };
}

export function noteFill(leg: Leg, ticks: Ticks, lots: Lots, left: Lots): void {
  const { list } = leg;
  const entry = entryOf(list);
  leg.filled += lots;
  if (leg === entry) {
    list.filled += lots;
    list.value += BigInt(ticks) * BigInt(lots);
    for (const other of list.legs) {
      if (other === entry || other.state === "closed") continue;
      other.granted = Math.floor((other.body.lots * list.filled) / list.entryLots);
    }
  }
  if (left === 0 && entry !== undefined && leg !== entry) leg.dry = true;
  else if (left === 0) leg.state = "closed";
  for (const other of list.legs) {
    if (other === leg || other.state === "closed") continue;
    if (list.contingency === "OCO") other.ending = true;
    if (list.contingency === "OUO") other.change -= lots;
  }
}

/** An order has been given a limit, or waits for a stop price. */
export function notePrice(leg: Leg, event: "amended" | "armed", ticks: Ticks): void {
  const { body } = leg;
  const trigger = body.terms?.trigger;
  if (event === "amended" && (body.type === "market" || ticks === body.ticks)) return;
  if (event === "armed" && (!trigger || trigger.trail || trigger.stopTicks === ticks)) return;
  leg.distance = undefined;
  leg.body = event === "amended" ? { ...body, ticks } : withPrices(body, body.ticks, ticks);
}

/** Self-trade prevention has taken so much off an order that follows an entry: it is not to get it back. */
export function noteLoss(leg: Leg | undefined, lots: number): void {
  if (leg !== undefined && entryOf(leg.list) !== undefined) leg.change -= lots;
}

/** What an order that follows an entry should be open for; undefined of others. */
export function dueOf(leg: Leg): number | undefined {
  const { list, granted, filled, change } = leg;
  if (entryOf(list) === undefined) return undefined;
  const exits = exitsOf(list);
  const gone = exits.length === 0 ? filled : exits.reduce((sum, exit) => sum + exit.filled, 0);
  const due = granted - gone + change;
  // What was taken off more than it had is no debt.
  if (due < 0) leg.change -= due;
  return Math.max(0, due);
}

/** How much more a taker may have of an order that rests, after its trades with others of the list. */
export function allowed(leg: Leg | undefined, order: NaiveOrder, run: Map<OrderId, number>): number {
  if (leg === undefined || leg.list.contingency === "OTO" || leg === entryOf(leg.list)) return Infinity;
  const others = leg.list.legs.filter(other => other !== leg && other !== entryOf(leg.list));
  const traded = others.reduce((sum, other) => sum + (run.get(other.orderId) ?? 0), 0);
  if (leg.list.contingency === "OCO") return traded > 0 ? 0 : Infinity;
  return Math.max(0, order.lots - traded);
}

/** The body with the price that its distance from the entry's average price says. */
export function atDistance({ valuePerTickLot }: Instrument, leg: Leg): OrderBody {
  const { distance, body, list, limitOffset } = leg;
  if (distance === undefined || list.filled === 0) return body;
  const filled = BigInt(list.filled);
  const isStop = body.terms?.trigger?.kind === "stop";
  const up = (body.side === "sell") !== isStop;
  // The price times `filled` times `size`, so that it is whole.
  const size = distance.by === "ticks" ? 1n : BigInt(list.entryLots) * valuePerTickLot;
  const away = distance.by === "ticks" ? BigInt(distance.ticks) : distance.money;
  const exact = list.value * size + (up ? 1n : -1n) * away * filled;
  let price = exact / (filled * size);
  if (body.side === "sell") {
    while (price * filled * size < exact) price++;
  } else {
    while (price * filled * size > exact) price--;
  }
  const stop = inRange(Number(price));
  const trigger = body.terms?.trigger;
  if (stop === (trigger?.stopTicks ?? body.ticks)) return body;
  if (trigger === undefined) return { ...body, ticks: stop };
  const limit = inRange(body.side === "sell" ? stop - limitOffset : stop + limitOffset);
  return withPrices(body, body.type === "limit" ? limit : body.ticks, stop);
}

/** What is wrong with each leg, distances included where nothing else is wrong. */
export function withDistances(
  list: PlaceList,
  broken: readonly (Rejection | undefined)[],
  market: { instrument: Instrument; judgedAt(side: Side, limit: number): number | undefined },
): readonly (Rejection | undefined)[] {
  const { legs } = list;
  const [entry] = legs;
  if (entry === undefined || !shaped(list) || broken.some(reason => reason !== undefined)) return broken;
  const price = market.judgedAt(entry.side, entry.ticks || (entry.terms?.trigger?.stopTicks ?? 0));
  const far = legs.filter(leg => price !== undefined && isTooFar(market.instrument, leg, price));
  if (far.length === 0) return broken;
  return legs.map(leg => (far.includes(leg) ? "distanceOutOfRange" : "listInvalid"));
}

/** Whether an exit at its distance from a price of the entry would be below one tick or above the highest. */
function isTooFar({ valuePerTickLot }: Instrument, leg: ListLeg, price: number): boolean {
  const { distance, side, lots, terms } = leg;
  if (distance === undefined) return false;
  const isStop = terms?.trigger?.kind === "stop";
  const up = (side === "sell") !== isStop;
  const tick = distance.by === "ticks" ? 1n : valuePerTickLot * BigInt(lots);
  const away = distance.by === "ticks" ? BigInt(distance.ticks) : distance.money;
  const room = up ? BigInt(TICKS_MAX - price) * tick : BigInt(price - 1) * tick;
  return away > room;
}

function inRange(price: number): Ticks {
  return Math.min(Math.max(price, 1), TICKS_MAX) as Ticks;
}

export function isOver(list: OrderList): boolean {
  const open = list.legs.filter(leg => leg.state !== "closed");
  const entry = entryOf(list);
  if (open.some(leg => leg.state === "queued" || leg.state === "pending" || leg === entry)) return false;
  return list.contingency === "OTO" || open.length < 2;
}

export function asPlace(body: OrderBody, account: AccountId, time = 0 as Milliseconds): PlaceOrder {
  return { kind: "place", time, shard: 0, number: 0, account, liquidity: false, reference: 0, ...body };
}

/** The first of these that does something. */
export function firstDone(steps: (() => MarketEvent[] | undefined)[]): MarketEvent[] | undefined {
  for (const step of steps) {
    const done = step();
    if (done !== undefined) return done;
  }
  return undefined;
}
