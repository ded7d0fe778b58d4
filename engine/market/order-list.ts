/**
 * A list of orders that depend on each other, as the market keeps it, and what is to be said of one list
 * alone: how much an entry's trades give to each order that follows it, and at what price a bracket's exit
 * stands. All of it exact: products are bigints.
 */
import type { LinkedOrders } from "../book/queues.ts";
import type { Instrument } from "../instrument.ts";
import { type AccountId, type Lots, type Money, type OrderId, TICKS_MAX, type Ticks } from "../units.ts";
import type { Contingency, ExitDistance, ListLeg, OrderBody, PlaceList } from "./command.ts";

/**
 * `queued`: its turn to enter has not come within its command; `pending`: it waits for the entry's trades;
 * `open`: it is where orders of its type are; `closed`: it has ended or traded all that it can.
 */
export const LEG_STATES = ["queued", "pending", "open", "closed"] as const;

export interface Leg {
  readonly orderId: OrderId;
  readonly list: OrderList;
  state: (typeof LEG_STATES)[number];
  /** What it enters with, its prices those of now; its lots as placed. */
  body: OrderBody;
  /** Of an exit whose price follows the entry's. */
  distance: ExitDistance | undefined;
  /** Of such an exit: how much less favourable than its stop price its limit is. */
  readonly limitOffset: number;
  filled: number;
  /** What the entry's trades have given it so far, what it has traded included. */
  granted: number;
  /** What a pending one waits with: all of it until the entry first trades, then nothing. */
  waiting: Lots;
  /** Lots by which it has yet to grow; negative: to shrink. 0 between commands, as the next two are no. */
  change: number;
  /** It has yet to be removed. */
  ending: boolean;
  /** It has traded all that it was given and has yet to be told to wait for more. */
  dry: boolean;
}

export interface OrderList {
  readonly contingency: Contingency;
  readonly account: AccountId;
  readonly legs: Leg[];
  /** The entry's size as placed, what it has traded, and the sum of ticks × lots of that. */
  readonly entryLots: number;
  filled: number;
  value: bigint;
  /** What those of its orders share that rest on one side. */
  readonly linked: LinkedOrders;
}

/** A list without its orders. */
export function emptyList(contingency: Contingency, account: AccountId, entryLots: number): OrderList {
  const linked = { exclusive: contingency === "OCO" };
  return { contingency, account, legs: [], entryLots, filled: 0, value: 0n, linked };
}

export function hasEntry(contingency: Contingency): boolean {
  return contingency !== "OCO" && contingency !== "OUO";
}

/** Whether what follows the entry takes what it trades off each other. */
export function hasExits(contingency: Contingency): boolean {
  return contingency === "OTOCO" || contingency === "bracket";
}

/** The body of a new leg: what says how an exit's limit follows its stop price is kept beside it. */
function bodyOf(leg: ListLeg): OrderBody {
  const { distance, ...asked } = leg;
  const body = { ...asked, clientOrderId: "", reserved: 0n as Money };
  return distance === undefined ? body : { ...pricedAt(body, 0 as Ticks, 0), ticks: 0 as Ticks };
}

/** A list that nothing has happened to; its orders get these ids. */
export function newList({ contingency, account, legs }: PlaceList, ids: readonly OrderId[]): OrderList {
  const entryLots = hasEntry(contingency) ? (legs[0]?.lots ?? 0) : 0;
  const list = emptyList(contingency, account, entryLots);
  for (const [index, leg] of legs.entries()) {
    const limitOffset = leg.distance === undefined ? 0 : (leg.terms?.trigger?.limitOffset ?? 0);
    list.legs.push({
      ...{ orderId: ids[index] as OrderId, list, state: "queued", body: bodyOf(leg) },
      ...{ distance: leg.distance, limitOffset, filled: 0, granted: 0, waiting: leg.lots },
      ...{ change: 0, ending: false, dry: false },
    });
  }
  return list;
}

/** A bracket's exit with its price; its limit is by its offset less favourable than its stop price. */
export function pricedAt(body: OrderBody, price: Ticks, offset: number): OrderBody {
  const { trigger, ...terms } = body.terms ?? {};
  if (trigger === undefined) return { ...body, ticks: price };
  const { limitOffset: _, ...rest } = trigger;
  const limit = body.side === "sell" ? price - offset : price + offset;
  const ticks = body.type === "limit" ? bounded(BigInt(limit)) : body.ticks;
  return { ...body, ticks, terms: { ...terms, trigger: { ...rest, stopTicks: price } } };
}

function bounded(price: bigint): Ticks {
  return Number(price < 1n ? 1n : price > BigInt(TICKS_MAX) ? BigInt(TICKS_MAX) : price) as Ticks;
}

/** What an entry's trades give to an order of `lots`: its share, whole lots of it. */
export function granted(list: OrderList, lots: number): number {
  return Number((BigInt(lots) * BigInt(list.filled)) / BigInt(list.entryLots));
}

/**
 * The price of an exit at a distance from the average price of the entry's trades; rounded so that a stop
 * loses no more than it says and a take-profit wins no less.
 */
function exitTicks(instrument: Instrument, leg: Leg, distance: ExitDistance): Ticks {
  const { filled, value, entryLots } = leg.list;
  const { side, terms } = leg.body;
  const below = (side === "sell") === (terms?.trigger?.kind === "stop");
  const sign = below ? -1n : 1n;
  const size = BigInt(entryLots) * instrument.valuePerTickLot;
  const [away, per] = distance.by === "ticks" ? [BigInt(distance.ticks), 1n] : [distance.money, size];
  const numerator = value * per + sign * away * BigInt(filled);
  const denominator = BigInt(filled) * per;
  const whole = numerator / denominator;
  const rest = numerator % denominator;
  if (side === "sell") return bounded(rest > 0n ? whole + 1n : whole);
  return bounded(rest < 0n ? whole - 1n : whole);
}

/**
 * Whether an exit's distance from its entry's price leaves it a price of its own. `entryTicks`: what the
 * entry is expected to trade at, 0 where nobody can tell.
 */
export function leavesPrice(
  instrument: Instrument,
  { side, lots, terms, distance }: ListLeg,
  entryTicks: number,
): boolean {
  if (distance === undefined || entryTicks === 0) return true;
  const below = (side === "sell") === (terms?.trigger?.kind === "stop");
  const size = BigInt(lots) * instrument.valuePerTickLot;
  const [away, per] = distance.by === "ticks" ? [BigInt(distance.ticks), 1n] : [distance.money, size];
  const scaled = BigInt(entryTicks) * per + (below ? -away : away);
  return scaled >= per && scaled <= BigInt(TICKS_MAX) * per;
}

/** An exit's body with the price that its distance says now; undefined where it has that price. */
export function movedBody(instrument: Instrument, leg: Leg): OrderBody | undefined {
  const { distance, body, list } = leg;
  if (distance === undefined || list.filled === 0) return undefined;
  const price = exitTicks(instrument, leg, distance);
  const now = body.terms?.trigger?.stopTicks ?? body.ticks;
  return price === now ? undefined : pricedAt(body, price, leg.limitOffset);
}
