/**
 * Commands on their way that change an open order or put another in its place: what they could add, together,
 * to what that order counts. Whatever the market makes of each, the order's size is at most the largest, and
 * its price the dearest, of what it has and what is on its way; so amends claim that size at that price. Of a
 * replace that stops on failure either the old order is in the market or the new one, and the old one has
 * traded no more than what the command tells: so the larger of the two counts, not both.
 *
 * What is claimed follows each record that names the order. A replacement that can't happen any more, as the
 * old order has traded or closed, claims nothing.
 */
import type { AmendTerms, OrderIntent } from "../../market/terms.ts";
import type { Lots, Ticks } from "../../units.ts";
import { intentOf, ticketOf } from "../position/intent.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { type Claim, countedAfter } from "./claims.ts";
import { stakeOf } from "./counting.ts";
import { countedAt, isOpen, type OrderState, remainingLots } from "./order.ts";

/** One command. An amend's 0 leaves size or limit as it is. */
export type Change =
  | {
      readonly kind: "amend";
      readonly lots: Lots;
      readonly ticks: Ticks;
      readonly terms?: AmendTerms | undefined;
    }
  | {
      readonly kind: "replace";
      /** What the new order claims by itself. */
      readonly claim: Claim;
      /** What of the old one has traded, as the command tells the market. */
      readonly filledLots: Lots;
    };

/** What all changes of an order could add; at most one claim of each side. */
export function claimsOfChanges(state: ShardState, order: OrderState, changes: Iterable<Change>): Claim[] {
  if (!isOpen(order)) return [];
  const all = [...changes];
  const amended = claimOfAmends(state, order, all);
  let [own, other]: (Claim | undefined)[] = [amended, undefined];
  const stands = stakeOf(order);
  const unsaid = hedges(state, order) ? "openOnly" : undefined;
  const meant = saidOf(state, order);
  for (const change of all) {
    if (change.kind === "amend" || change.filledLots !== order.filledLots) continue;
    const { claim } = change;
    if (claim.side !== order.side) other = larger(other, claim);
    else {
      const alike = (claim.intent ?? unsaid) === meant;
      const lots = alike ? claim.lots - stands.lots : claim.lots;
      own = larger(own, { ...claim, lots, buyValue: claim.buyValue - stands.buyValue });
    }
  }
  return [own, other].filter(claim => claim !== undefined);
}

/**
 * Whatever is filled before the records: old and new total shrink alike, so the claim in lots is the growth
 * of the total. In value it is the larger of now and of when the old is filled.
 */
function claimOfAmends(state: ShardState, order: OrderState, changes: readonly Change[]): Claim | undefined {
  const { side } = order;
  let [total, price] = [0, 0];
  for (const change of changes) {
    if (change.kind !== "amend") continue;
    total = Math.max(total, change.lots === 0 ? order.lots : change.lots);
    if (side === "buy") price = Math.max(price, priceAfter(state, order, change.ticks, change.terms));
  }
  if (total === 0) return undefined;
  const growth = Math.max(0, total - order.lots);
  const aim = { intent: saidOf(state, order), ticket: ticketOf(order) };
  if (side === "sell") return { side, lots: growth, buyValue: 0n, ...aim };
  const stands = BigInt(countedAt(order)) * BigInt(remainingLots(order));
  const now = BigInt(price) * BigInt(total - order.filledLots) - stands;
  const filled = BigInt(price) * BigInt(growth);
  return { side, lots: growth, buyValue: now > filled ? now : filled, ...aim };
}

function hedges(state: ShardState, { account, market }: OrderState): boolean {
  return state.known(account).peek(state.instrument(market)).tickets !== undefined;
}

/** An order's intent; undefined where it says none, and nothing follows from that. */
function saidOf(state: ShardState, order: OrderState): OrderIntent | undefined {
  return hedges(state, order) ? intentOf(order, true) : order.terms?.intent;
}

/** What a lot of a buy is counted at after an amend. */
function priceAfter(
  state: ShardState,
  order: OrderState,
  ticks: Ticks,
  terms: AmendTerms | undefined,
): number {
  const limit = ticks === 0 ? order.ticks : ticks;
  if (order.countedTicks === undefined && limit !== 0) return limit;
  return countedAfter(order, ticks, terms, state.marks.closing(order.market, "buy"));
}

/** As much of each as either has; never less than nothing. */
function larger(one: Claim | undefined, other: Claim): Claim {
  const [lots, value] = [Math.max(0, one?.lots ?? 0, other.lots), one?.buyValue ?? 0n];
  const { intent, ticket } = one ?? other;
  const agree = intent === other.intent && ticket === other.ticket;
  const aim = agree ? { intent, ticket } : { intent: undefined, ticket: undefined };
  return { ...other, lots, buyValue: value > other.buyValue ? value : other.buyValue, ...aim };
}

/** What further changes add to claims that are held; nothing where they would be less. */
export function claimsBeyond(claims: readonly Claim[], held: readonly Claim[]): Claim[] {
  return claims.map(({ side, lots, buyValue, intent, ticket }) => {
    const before = held.find(claim => claim.side === side);
    const value = buyValue - (before?.buyValue ?? 0n);
    const further = Math.max(0, lots - (before?.lots ?? 0));
    return { side, lots: further, buyValue: value > 0n ? value : 0n, intent, ticket };
  });
}
