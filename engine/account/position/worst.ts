/**
 * What a market's position may become at the worst, in lots, with the fills of open orders, of those on their
 * way and of further claims, in whatever order they come.
 *
 * A netting position ends anywhere between `low` (all sells fill) and `high` (all buys fill). A hedging
 * account's long tickets become most where everything that opens long fills, nothing closes them, and
 * reduce-first orders find the short ones closed by others:
 *
 *   long = L + opening buys + max(0, reduce-first buys − (S − what closing buys may close of S))
 *
 * and short likewise. Long and short together become most where that is so only of what it is worth closing
 * first: S + OB + OS + max(0, RB − 2 S + min(CB, S)), of sells likewise.
 */
import type { Exposure } from "../account.ts";
import type { Claim } from "../order/claims.ts";
import type { ReducingLots } from "./intent.ts";

export interface WorstLots {
  /** Largest long and largest short side, each from 0. */
  readonly long: number;
  readonly short: number;
  /** Largest sum of both. */
  readonly gross: number;
  /** Largest and least net position. */
  readonly high: number;
  readonly low: number;
}

export const NO_CLAIMS: readonly Claim[] = [];

/** Lots of a side: all, only closing, closing first. */
interface SideLots {
  all: number;
  closing: number;
  either: number;
}

function sideLots(open: number, held: number, reducing: ReducingLots | undefined): SideLots {
  if (reducing === undefined) return { all: open + held, closing: 0, either: 0 };
  const closing = reducing.reduceOnly + reducing.heldReduceOnly;
  return { all: open + held, closing, either: reducing.reduceFirst + reducing.heldReduceFirst };
}

/** `claims`: of this market, beyond what is open and held. */
export function worstOf(exposure: Exposure, claims: readonly Claim[]): WorstLots {
  const { lots, tickets, reducing } = exposure;
  let [moreBuys, moreSells] = [0, 0];
  for (const claim of claims) {
    if (claim.side === "buy") moreBuys += claim.lots;
    else moreSells += claim.lots;
  }
  const high = lots + exposure.openBuys + exposure.heldBuys + moreBuys;
  const low = lots - exposure.openSells - exposure.heldSells - moreSells;
  if (tickets === undefined) {
    const [long, short] = [Math.max(0, high), Math.max(0, -low)];
    return { long, short, gross: Math.max(Math.abs(high), Math.abs(low)), high, low };
  }
  const buys = sideLots(exposure.openBuys, exposure.heldBuys, reducing?.buy);
  const sells = sideLots(exposure.openSells, exposure.heldSells, reducing?.sell);
  for (const claim of claims) add(claim.side === "buy" ? buys : sells, claim);
  let [longs, shorts] = [0, 0];
  for (const ticket of tickets.values()) {
    if (ticket.lots > 0) longs += ticket.lots;
    else shorts -= ticket.lots;
  }
  const [opened, both] = [openedBy(buys, shorts), openedBy(sells, longs)];
  const gross = longs + shorts + opened.gross + both.gross;
  return { long: longs + opened.side, short: shorts + both.side, gross, high, low };
}

function add(side: SideLots, { lots, intent }: Claim): void {
  side.all += lots;
  if (intent === "reduceOnly") side.closing += lots;
  else if (intent === "reduceFirst") side.either += lots;
}

/** What a side's orders may open against `other` lots that they may close. */
function openedBy({ all, closing, either }: SideLots, other: number): { side: number; gross: number } {
  const opening = all - closing - either;
  const closed = Math.min(closing, other);
  return {
    side: opening + Math.max(0, either - (other - closed)),
    gross: opening + Math.max(0, either - 2 * other + closed),
  };
}

/** The size that a position limit is asked about: of a hedging account the larger side. */
export function sizeOf(worst: WorstLots, { tickets }: Exposure): number {
  return tickets === undefined ? worst.gross : Math.max(worst.long, worst.short);
}
