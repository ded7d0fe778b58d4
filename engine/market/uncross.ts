/**
 * The one price of an uncrossing: of all limits in the book the one at which the most trades; of several the
 * one that leaves the smaller surplus; of several the highest where all leave buyers over, the lowest where
 * all leave sellers over; else the one nearest to the reference (the last trade), the higher of two.
 * Without a reference it is the lowest of them.
 *
 * Costs: O(n log n) in the prices that are offered.
 */
import type { Offer } from "../book/auction-levels.ts";
import type { Lots, Ticks } from "../units.ts";

export interface Equilibrium {
  readonly ticks: Ticks;
  readonly lots: Lots;
}

interface Candidate extends Equilibrium {
  /** Buyers' lots over, negative where sellers' are. */
  readonly surplus: number;
}

/** Offers of each side by priority; those without a price (0) first. Undefined where nothing can trade. */
export function equilibrium(
  buys: readonly Offer[],
  sells: readonly Offer[],
  reference: number,
): Equilibrium | undefined {
  const best = mostTraded(candidates(buys, sells, reference));
  const first = best[0];
  if (first === undefined) return undefined;
  const last = best.at(-1) ?? first;
  let chosen = first;
  if (best.every(candidate => candidate.surplus > 0)) chosen = last;
  else if (!best.every(candidate => candidate.surplus < 0) && reference !== 0) {
    for (const candidate of best) {
      if (Math.abs(candidate.ticks - reference) <= Math.abs(chosen.ticks - reference)) chosen = candidate;
    }
  }
  return { ticks: chosen.ticks, lots: chosen.lots };
}

/** Every limit, ascending, with what would trade there. Without limits, the reference. */
function candidates(buys: readonly Offer[], sells: readonly Offer[], reference: number): Candidate[] {
  const limits = [...buys, ...sells].flatMap(order => (order.ticks === 0 ? [] : [order.ticks]));
  const prices = [...new Set(limits.length === 0 && reference !== 0 ? [reference as Ticks] : limits)];
  prices.sort((one, other) => one - other);
  let [sellLots, sellAt] = [0, 0];
  let buyLots = buys.reduce((sum, order) => sum + order.lots, 0);
  let buyAt = buys.length - 1;
  return prices.map(ticks => {
    for (let order = sells[sellAt]; order !== undefined && order.ticks <= ticks; order = sells[++sellAt]) {
      sellLots += order.lots;
    }
    let order = buys[buyAt];
    for (; order !== undefined && order.ticks !== 0 && order.ticks < ticks; order = buys[--buyAt]) {
      buyLots -= order.lots;
    }
    return { ticks, lots: Math.min(buyLots, sellLots) as Lots, surplus: buyLots - sellLots };
  });
}

function mostTraded(all: readonly Candidate[]): Candidate[] {
  const volume = all.reduce((most, candidate) => Math.max(most, candidate.lots), 0);
  if (volume === 0) return [];
  const most = all.filter(candidate => candidate.lots === volume);
  const surplus = most.reduce((least, { surplus: over }) => Math.min(least, Math.abs(over)), Infinity);
  return most.filter(candidate => Math.abs(candidate.surplus) === surplus);
}
