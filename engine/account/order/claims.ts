/**
 * What a command could add to its market's exposure until its record arrives, counted at the worst price that
 * it may settle at. A buy with a limit is counted at its limit, a pegged one at its cap. One without is
 * counted at the ask or at the price that it waits for, whichever is higher, plus 5 % (up to the next tick);
 * an order for a sum of money at as many lots as that buys or sells 5 % below the mark. What fills beyond
 * that may overdraw a spot account. An order without a limit is never counted lower after an amend.
 *
 * What changes or replaces an open order: see `changes.ts`. A replace that may leave the old order where it
 * is holds all of the new one. In a spot market a mass quote holds all that enters on top of what leaves
 * until the record: the old may trade to the last lot while the command is on its way. On margin it holds the
 * larger of the two. Admitted worst case there: what of the old trades meanwhile comes on top, once, beyond
 * the leverage.
 */
import type { Instrument } from "../../instrument.ts";
import type { OrderBody } from "../../market/command.ts";
import type { AmendTerms, OrderIntent, Trail } from "../../market/terms.ts";
import type { Money, OrderId, Side, Ticks } from "../../units.ts";
import type { Account } from "../account.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { hasEntry, isCovered, isLinked, type Stake, stakeOfLinked } from "./list-place.ts";
import { countedAt, type OrderState, remainingLots } from "./order.ts";
import type { ListRequest, QuotesRequest } from "./request.ts";

/** Lots, and Σ ticks × lots that a buy may have to pay, beyond what is counted already. */
export interface Claim extends Stake {
  readonly side: Side;
  /** Of all that is claimed; undefined where nothing is said, or not all of it means the same. */
  readonly intent?: OrderIntent | undefined;
  /** The ticket that it closes. */
  readonly ticket?: OrderId | undefined;
}

const NO_INTENT: Pick<Claim, "intent" | "ticket"> = { intent: undefined, ticket: undefined };
const SIDES: readonly Side[] = ["buy", "sell"];

type Asked = Pick<OrderBody, "side" | "lots" | "ticks" | "terms">;

/** A price plus 5 %, up to the next tick. */
function raised(ticks: number): number {
  return Math.ceil((ticks * 105) / 100);
}

/** How far a trailing stop begins from a price. */
function trailOf(price: number, trail: Trail | undefined): number {
  if (trail === undefined) return 0;
  return trail.by === "ticks" ? trail.distance : Math.ceil((price * trail.distance) / 1_000);
}

/** What a lot of a buy is counted at; 0 where there is neither limit nor mark nor stop price. */
function countedTicks(state: ShardState, market: number, { ticks, terms }: Asked): number {
  if (ticks !== 0) return ticks;
  const ask = state.marks.closing(market, "buy");
  const trigger = terms?.trigger;
  const stop = trigger?.stopTicks || ask + trailOf(ask, trigger?.trail);
  return raised(trigger === undefined ? ask : Math.max(ask, stop)) + (trigger?.limitOffset ?? 0);
}

/**
 * What a lot of an order is counted at after an amend; `ticks`: its new limit, where it may have one. Another
 * trail may first stop as far from the ask, 0 where there is none, as it is long.
 */
export function countedAfter(
  order: OrderState,
  ticks: Ticks,
  terms: AmendTerms | undefined,
  ask: number,
): number {
  if (order.terms?.peg !== undefined && ticks !== 0) return ticks;
  const trailed = terms?.trail === undefined ? 0 : ask + trailOf(ask, terms.trail);
  return countedAtStop(order, Math.max(terms?.stopTicks ?? 0, trailed));
}

/** What a lot of an order is counted at that may wait for this price; 0: for none that is known. */
export function countedAtStop(order: OrderState, stopTicks: number): number {
  if (stopTicks === 0) return countedAt(order);
  return Math.max(countedAt(order), raised(stopTicks) + (order.terms?.trigger?.limitOffset ?? 0));
}

/** Whether an order's worst settlement cannot be told, as its market was never quoted. */
export function isBlind(state: ShardState, market: number, { ticks, side }: Asked): boolean {
  return ticks === 0 && state.marks.closing(market, side) === 0;
}

/** Lots that a sum of quote money may come to. */
function lotsOfBudget(state: ShardState, instrument: Instrument, side: Side, budget: Money): number {
  const price = Math.max(1, Math.floor((state.marks.closing(instrument.number, side) * 95) / 100));
  const lots = budget / (BigInt(price) * instrument.valuePerTickLot) + 1n;
  return lots > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(lots);
}

function valueOfBuy(state: ShardState, market: number, asked: Asked, lots: number): bigint {
  const budget = asked.terms?.budget;
  if (budget !== undefined) return budget / state.instrument(market).valuePerTickLot + 1n;
  return BigInt(countedTicks(state, market, asked)) * BigInt(lots);
}

export function claimOfOrder(state: ShardState, market: number, asked: Asked): Claim {
  const { side, terms } = asked;
  const budget = terms?.budget;
  const [intent, ticket] = [terms?.intent, terms?.position];
  const instrument = state.instrument(market);
  const lots = budget === undefined ? asked.lots : lotsOfBudget(state, instrument, side, budget);
  const value = side === "sell" ? 0n : valueOfBuy(state, market, asked, lots);
  return { side, lots, buyValue: value, intent, ticket };
}

/** What is asked for beyond what leaves; nothing where less is asked for. */
function beyond({ side, lots, buyValue, intent, ticket }: Claim, leaving: Iterable<OrderState>): Claim {
  let [restLots, restValue] = [lots, buyValue];
  for (const order of leaving) {
    if (order.side !== side) continue;
    restLots -= remainingLots(order);
    if (side === "buy") restValue -= BigInt(countedAt(order)) * BigInt(remainingLots(order));
  }
  return { side, lots: Math.max(0, restLots), buyValue: restValue > 0n ? restValue : 0n, intent, ticket };
}

function isSpot(state: ShardState, market: number): boolean {
  return state.instrument(market).settlement === "spot";
}

/** By side: linked legs count as one, covered ones not until they are in the market. */
export function claimsOfList(state: ShardState, { market, contingency, legs }: ListRequest): Claim[] {
  return SIDES.flatMap(side => {
    const linked: Claim[] = [];
    const alone: Claim[] = [];
    for (const [leg, asked] of legs.entries()) {
      if (asked.side !== side || isCovered(contingency, legs, leg)) continue;
      const claim = claimOfOrder(state, market, asked);
      (isLinked({ contingency, leg }) ? linked : alone).push(claim);
    }
    if (linked.length + alone.length === 0) return [];
    let { lots, buyValue } = stakeOfLinked(contingency, linked);
    const [{ intent, ticket } = NO_INTENT, ...others] = [...linked, ...alone];
    const agree = others.every(other => other.intent === intent && other.ticket === ticket);
    for (const claim of alone) {
      lots += claim.lots;
      buyValue += claim.buyValue;
    }
    return [{ side, lots, buyValue, ...(agree ? { intent, ticket } : NO_INTENT) }];
  });
}

/** The open levels of an account's last mass quote in a market. */
export function* quotedOrders(account: Account, market: number): Generator<OrderState, void, undefined> {
  for (const order of account.open.values()) {
    if (order.quoted === true && order.market === market) yield order;
  }
}

export function claimsOfQuotes(
  state: ShardState,
  account: Account,
  { market, quotes }: QuotesRequest,
): Claim[] {
  const leaving = isSpot(state, market) ? [] : [...quotedOrders(account, market)];
  return SIDES.flatMap(side => {
    const asked = quotes.filter(quote => quote.side === side);
    let [lots, buyValue] = [0, 0n];
    for (const quote of asked) {
      lots += quote.lots;
      if (side === "buy") buyValue += BigInt(quote.ticks) * BigInt(quote.lots);
    }
    return asked.length === 0 ? [] : [beyond({ side, lots, buyValue }, leaving)];
  });
}

/** Whether a list may be in the market where only closing is allowed: what follows an entry opens again. */
export function mayOnlyClose({ contingency }: ListRequest): boolean {
  return !hasEntry(contingency);
}
