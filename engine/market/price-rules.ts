/** What a market refuses of the terms that give an order its price or its size: see `market-rules.ts`. */
import type { Rejection } from "../rejection.ts";
import { TICKS_MAX } from "../units.ts";
import type { OrderBody, TimeInForce } from "./command.ts";

const OF_AUCTIONS: readonly TimeInForce[] = ["ATO", "ATC", "GFA"];

/** What of an order the rules here look at. */
type AskedOrder = Pick<OrderBody, "type" | "timeInForce" | "postOnly" | "lots" | "terms">;

export function refusalOfPrice({ type, timeInForce, lots, terms }: AskedOrder): Rejection | undefined {
  if (terms === undefined) return undefined;
  const { slippageTicks, budget } = terms;
  if (slippageTicks !== undefined) {
    if (type !== "market" || OF_AUCTIONS.includes(timeInForce)) return "slippageNotAllowed";
    if (slippageTicks < 0 || slippageTicks > TICKS_MAX) return "slippageOutOfRange";
  }
  if (budget === undefined) return undefined;
  const { trigger, minimumLots, allOrNone } = terms;
  const other = trigger !== undefined || minimumLots !== undefined || allOrNone === true;
  if (type !== "market" || lots !== 0 || other) return "budgetNotAllowed";
  if (budget <= 0n) return "budgetTooSmall";
  return timeInForce === "IOC" ? undefined : "timeInForceNotAllowed";
}
