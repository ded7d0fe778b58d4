/**
 * An order's place in a list of orders that depend on each other, and what follows from it for what the
 * account has at stake. Orders that shrink with each other's trades are linked: the market lets them have no
 * more together than the largest of them could (`book/linked-trades.ts`), so they count once. Orders that
 * wait for an entry's trades and close no more than it opens are covered: until they are in the market they
 * count nothing.
 */
import type { Contingency, ExitDistance } from "../../market/command.ts";
import type { Lots, OrderId, Side } from "../../units.ts";

export interface ListPlace {
  /** Id of the list's first order. */
  readonly id: OrderId;
  readonly contingency: Contingency;
  /** From 0; the entry where there is one. */
  readonly leg: number;
  readonly covered: boolean;
  readonly distance?: ExitDistance;
}

/** What an order, or several that count as one, may add to a position, and what buying it may cost. */
export interface Stake {
  readonly lots: number;
  readonly buyValue: bigint;
}

/**
 * Of linked orders of one side: of OCO's the largest, as only one of them trades; of others as many lots as
 * the largest has, the dearest of all of them first.
 */
export function stakeOfLinked(contingency: Contingency, stakes: readonly Stake[]): Stake {
  const lots = stakes.reduce((most, stake) => Math.max(most, stake.lots), 0);
  if (contingency === "OCO") {
    let dearest = 0n;
    for (const stake of stakes) if (stake.buyValue > dearest) dearest = stake.buyValue;
    return { lots, buyValue: dearest };
  }
  const priced = stakes.filter(stake => stake.lots > 0).map(stake => ({ ...stake, price: priceOf(stake) }));
  let [left, buyValue] = [lots, 0n];
  for (const stake of priced.sort((one, other) => (one.price < other.price ? 1 : -1))) {
    const part = Math.min(left, stake.lots);
    buyValue += part === stake.lots ? stake.buyValue : stake.price * BigInt(part);
    left -= part;
  }
  return { lots, buyValue };
}

/** Of a lot, up to the next tick. */
function priceOf({ lots, buyValue }: Stake): bigint {
  return (buyValue + BigInt(lots - 1)) / BigInt(lots);
}

interface SizedLeg {
  readonly side: Side;
  readonly lots: Lots;
}

function updatesEachOther(contingency: Contingency): boolean {
  return contingency !== "OTO";
}

export function hasEntry(contingency: Contingency): boolean {
  return contingency !== "OCO" && contingency !== "OUO";
}

/** Whether a leg's trades make others of its list smaller by as much. */
export function isLinked({ contingency, leg }: Pick<ListPlace, "contingency" | "leg">): boolean {
  return updatesEachOther(contingency) && (leg > 0 || !hasEntry(contingency));
}

/** Whether a leg waits for the entry and, with those like it, can only undo what the entry has traded. */
export function isCovered(contingency: Contingency, legs: readonly SizedLeg[], leg: number): boolean {
  const entry = legs[0];
  const own = legs[leg];
  if (!hasEntry(contingency) || entry === undefined || own === undefined || leg === 0) return false;
  if (own.side === entry.side) return false;
  let most = 0;
  for (const [index, other] of legs.entries()) {
    if (index === 0 || other.side === entry.side) continue;
    most = updatesEachOther(contingency) ? Math.max(most, other.lots) : most + other.lots;
  }
  return most <= entry.lots;
}
