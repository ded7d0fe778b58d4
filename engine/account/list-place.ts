/**
 * An order's place in a list of orders that depend on each other, and what follows from it for what the
 * account has at stake. Orders that shrink with each other's trades are linked: together they fill at most
 * what the largest of them may, so they count once. Orders that wait for an entry's trades and close no more
 * than it opens are covered: until they are in the market they count nothing.
 */
import type { Contingency, ExitDistance } from "../market/command.ts";
import type { Lots, OrderId, Side } from "../units.ts";

export interface ListPlace {
  /** Id of the list's first order. */
  readonly id: OrderId;
  readonly contingency: Contingency;
  /** From 0; the entry where there is one. */
  readonly leg: number;
  readonly covered: boolean;
  readonly distance?: ExitDistance;
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
