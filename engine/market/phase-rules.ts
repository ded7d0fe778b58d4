/**
 * What each phase does with orders, and which it takes. `matches`: trades at once; `collects`: a call, whose
 * orders trade together when it ends; `crosses`: trades at the closing price only; `cancels`: takes cancels;
 * `nothing`. Beside it for each time in force that is an auction's: `in` the call at once, `parked` until
 * its call, or not taken (`no`).
 */
import type { Rejection } from "../rejection.ts";
import type { OrderBody, TimeInForce } from "./command.ts";
import type { Phase } from "./phase.ts";

type Manner = "matches" | "collects" | "crosses" | "cancels" | "nothing";
type Entry = "in" | "parked" | "no";
type Rule = readonly [manner: Manner, ATO: Entry, ATC: Entry, GFA: Entry];

const RULES: Readonly<Record<Phase, Rule>> = {
  //                     manner      ATO   ATC       GFA
  "pre-open": ["collects", "in", "parked", "in"],
  "opening-auction": ["collects", "in", "parked", "in"],
  continuous: ["matches", "no", "parked", "parked"],
  "close-only": ["matches", "no", "parked", "parked"],
  "intraday-auction": ["collects", "no", "parked", "in"],
  "volatility-auction": ["collects", "no", "parked", "in"],
  "closing-auction": ["collects", "no", "in", "in"],
  "closing-price-cross": ["crosses", "no", "no", "no"],
  "post-close": ["cancels", "no", "no", "no"],
  paused: ["cancels", "no", "no", "no"],
  "cancel-only": ["cancels", "no", "no", "no"],
  halted: ["nothing", "no", "no", "no"],
};

/** Times in force of orders that take part in an auction only, in the order of a rule. */
export const AUCTION_TIMES = ["ATO", "ATC", "GFA"] as const;
export type AuctionTime = (typeof AUCTION_TIMES)[number];

export function isOfAuction(timeInForce: TimeInForce): timeInForce is AuctionTime {
  return timeInForce === "ATO" || timeInForce === "ATC" || timeInForce === "GFA";
}

export function mannerOf(phase: Phase): Manner {
  return RULES[phase][0];
}

/** What becomes of an auction's order in a phase. */
export function entryOf(phase: Phase, timeInForce: AuctionTime): Entry {
  return RULES[phase][AUCTION_TIMES.indexOf(timeInForce) + 1] as Entry;
}

/** Why a phase takes no command of a kind; `place`: the order, where it is a new one. */
export function refusalOfPhase(
  phase: Phase,
  kind: "place" | "amend" | "cancel",
  place?: Pick<OrderBody, "type" | "timeInForce" | "postOnly" | "terms">,
): Rejection | undefined {
  const manner = mannerOf(phase);
  if (place !== undefined && isOfAuction(place.timeInForce)) {
    return entryOf(phase, place.timeInForce) === "no" ? "phaseForbids" : undefined;
  }
  if (manner === "matches") return undefined;
  if (manner === "nothing") return "phaseForbids";
  if (manner === "cancels" || (manner === "crosses" && kind === "amend")) {
    return kind === "cancel" ? undefined : "phaseForbids";
  }
  if (place === undefined || place.terms?.trigger !== undefined) return undefined;
  const { type, timeInForce, postOnly, terms } = place;
  const conditional = terms?.minimumLots !== undefined || terms?.allOrNone === true;
  const atOnce =
    timeInForce === "FOK" || (manner === "collects" && type === "limit" && timeInForce === "IOC");
  const follows = terms?.slippageTicks !== undefined || terms?.budget !== undefined;
  return conditional || atOnce || postOnly || follows ? "phaseForbids" : undefined;
}
