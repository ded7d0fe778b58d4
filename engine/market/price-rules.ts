/** What a market refuses of the terms that give an order its price or its size: see `market-rules.ts`. */
import type { Rejection } from "../rejection.ts";
import { TICKS_MAX } from "../units.ts";
import type { OrderBody, TimeInForce } from "./command.ts";
import type { Peg } from "./terms.ts";

const LASTING: readonly TimeInForce[] = ["GTC", "DAY", "GTD"];
const OF_AUCTIONS: readonly TimeInForce[] = ["ATO", "ATC", "GFA"];

/** What of an order the rules here look at. */
type AskedOrder = Pick<OrderBody, "type" | "timeInForce" | "postOnly" | "lots" | "terms">;

export function isPossiblePeg({ offset }: Peg): boolean {
  return Number.isInteger(offset) && Math.abs(offset) <= TICKS_MAX;
}

export function refusalOfPeg({ type, terms }: AskedOrder): Rejection | undefined {
  const peg = terms?.peg;
  if (peg === undefined) return undefined;
  const other = terms?.trigger !== undefined || terms?.displayLots !== undefined;
  if (type !== "limit" || other || terms?.slide === true) return "pegNotAllowed";
  return isPossiblePeg(peg) ? undefined : "pegOutOfRange";
}

export function refusalOfPrice({
  type,
  timeInForce,
  postOnly,
  lots,
  terms,
}: AskedOrder): Rejection | undefined {
  if (terms === undefined) return undefined;
  const { slippageTicks, budget, peg } = terms;
  if (slippageTicks !== undefined) {
    if (type !== "market" || OF_AUCTIONS.includes(timeInForce)) return "slippageNotAllowed";
    if (slippageTicks < 0 || slippageTicks > TICKS_MAX) return "slippageOutOfRange";
  }
  if (peg !== undefined && !LASTING.includes(timeInForce)) return "timeInForceNotAllowed";
  if (peg !== undefined && postOnly) return "postOnlyNotAllowed";
  if (budget === undefined) return undefined;
  const { trigger, minimumLots, allOrNone } = terms;
  const other = trigger !== undefined || minimumLots !== undefined || allOrNone === true;
  if (type !== "market" || lots !== 0 || other) return "budgetNotAllowed";
  if (budget <= 0n) return "budgetTooSmall";
  return timeInForce === "IOC" ? undefined : "timeInForceNotAllowed";
}
