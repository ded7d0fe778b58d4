/**
 * What a command could add to its market's exposure until its record arrives, counted at the worst price that
 * it may settle at. A buy with a limit is counted at its limit. One without is counted at the ask or at the
 * price that it waits for, whichever is higher, plus 5 % (up to the next tick); what fills beyond that may
 * overdraw a spot account. A stop or market order that is amended is never counted lower than before.
 */
import type { AmendTerms } from "../market/terms.ts";
import type { Lots, Side, Ticks } from "../units.ts";
import type { OrderRequest } from "./command.ts";
import { countedAt, type OrderState, remainingLots } from "./order.ts";
import type { ShardState } from "./shard-state.ts";

/** What an amend asks for: 0 leaves size or limit as it is. */
export interface AmendAsked {
  readonly lots: Lots;
  readonly ticks: Ticks;
  readonly terms?: AmendTerms | undefined;
}

export interface Claim {
  readonly side: Side;
  readonly lots: number;
  /** Σ ticks × lots that a buy may have to pay beyond what is counted already. */
  readonly buyValue: bigint;
}

/** A price plus 5 %, up to the next tick. */
function raised(ticks: number): number {
  return Math.ceil((ticks * 105) / 100);
}

/** What a lot of a buy is counted at; 0 where there is neither limit nor mark nor stop price. */
function countedTicks(state: ShardState, { market, ticks, terms }: OrderRequest): number {
  if (ticks !== 0) return ticks;
  return raised(Math.max(state.marks.closing(market, "buy"), terms?.trigger?.stopTicks ?? 0));
}

/** What a lot of an order without a limit is counted at after an amend. */
export function countedAfter(order: OrderState, terms: AmendTerms | undefined): number {
  return Math.max(countedAt(order), raised(terms?.stopTicks ?? 0));
}

export function claimOfOrder(state: ShardState, request: OrderRequest): Claim {
  const { side, lots } = request;
  if (side === "sell") return { side, lots, buyValue: 0n };
  return { side, lots, buyValue: BigInt(countedTicks(state, request)) * BigInt(lots) };
}

/**
 * Old and new size count as the larger of the two, whatever is filled before the record: both totals shrink
 * alike, so the claim in lots is the growth of the total. In value it is the larger of now and of when the
 * old is filled.
 */
export function claimOfAmend(order: OrderState, { lots, ticks, terms }: AmendAsked): Claim {
  const newLots = lots === 0 ? order.lots : lots;
  const { side } = order;
  const growth = Math.max(0, newLots - order.lots);
  if (side === "sell") return { side, lots: growth, buyValue: 0n };
  const limit = ticks === 0 ? order.ticks : ticks;
  const newTicks = BigInt(limit === 0 ? countedAfter(order, terms) : limit);
  const remaining = BigInt(remainingLots(order));
  const now = newTicks * BigInt(newLots - order.filledLots) - BigInt(countedAt(order)) * remaining;
  const filled = newTicks * BigInt(growth);
  return { side, lots: growth, buyValue: now > filled ? now : filled };
}
