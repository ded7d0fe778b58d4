/** The types of order: their names for people, what they wait for, and how they then enter the market. */
import type { OrderType, PegReference, Side, TimeInForce, TriggerSource } from "../client/wire.ts";

export interface OrderKind {
  readonly words: string;
  /** One sentence for who has not met it before. */
  readonly about: string;
  /** Whether it enters the market with a limit of its own. */
  readonly limit: boolean;
  readonly waits: "no" | "stop" | "takeProfit" | "trail";
}

export const ORDER_KINDS: Readonly<Record<OrderType, OrderKind>> = {
  market: {
    words: "Market",
    about: "Trades at once at the best prices there are.",
    limit: false,
    waits: "no",
  },
  limit: { words: "Limit", about: "Trades at its price or better, and may rest.", limit: true, waits: "no" },
  stop: {
    words: "Stop",
    about: "Becomes a market order when the price moves against you to the trigger.",
    limit: false,
    waits: "stop",
  },
  "stop-limit": {
    words: "Stop-limit",
    about: "Becomes a limit order when the price moves against you to the trigger.",
    limit: true,
    waits: "stop",
  },
  "take-profit": {
    words: "Take-profit",
    about: "Becomes a market order when the price moves your way to the trigger.",
    limit: false,
    waits: "takeProfit",
  },
  "take-profit-limit": {
    words: "Take-profit limit",
    about: "Becomes a limit order when the price moves your way to the trigger.",
    limit: true,
    waits: "takeProfit",
  },
  "trailing-stop": {
    words: "Trailing stop",
    about: "A stop whose trigger follows the best price at a distance.",
    limit: false,
    waits: "trail",
  },
  "trailing-stop-limit": {
    words: "Trailing stop-limit",
    about: "A stop-limit whose trigger follows the best price at a distance.",
    limit: true,
    waits: "trail",
  },
  pegged: {
    words: "Pegged",
    about: "Hidden; its price follows the best prices of the book.",
    limit: false,
    waits: "no",
  },
};

export const ORDER_TYPES = Object.keys(ORDER_KINDS) as readonly OrderType[];

/** Its short name, and what it means. */
export const TIME_WORDS: Readonly<Record<TimeInForce, readonly [name: string, about: string]>> = {
  GTC: ["GTC", "Holds until it is cancelled."],
  IOC: ["IOC", "What does not trade at once expires."],
  FOK: ["FOK", "Trades whole at once or not at all."],
  DAY: ["Day", "Holds until the end of the trading day."],
  GTD: ["Until", "Holds until a time that you choose."],
  ATO: ["At open", "Trades in the opening auction; the rest ends there."],
  ATC: ["At close", "Trades in the closing auction; the rest ends there."],
  GFA: ["Auction", "Trades in the next auction; the rest ends there."],
};

export const TRIGGER_SOURCES: readonly TriggerSource[] = ["last", "bid", "ask", "mid", "mark"];
export const SOURCE_WORDS: Readonly<Record<TriggerSource, string>> = {
  last: "Last trade",
  bid: "Bid",
  ask: "Ask",
  mid: "Mid",
  mark: "Mark",
};

export const PEG_WORDS: Readonly<Record<PegReference, string>> = {
  own: "Own side's best",
  mid: "Middle",
  other: "Other side's best",
};

const RESTING: readonly TimeInForce[] = ["GTC", "DAY", "GTD"];
const PASSING: readonly TimeInForce[] = ["IOC", "FOK"];
const AUCTION: readonly TimeInForce[] = ["ATO", "ATC", "GFA"];

/** The first is the one that a trader most likely wants. */
export function timesInForceOf(type: OrderType): readonly TimeInForce[] {
  if (type === "pegged") return RESTING;
  if (type === "market") return [...PASSING, ...AUCTION];
  return type === "limit" ? [...RESTING, ...PASSING, ...AUCTION] : [...RESTING, ...PASSING];
}

/** An auction takes plain orders: a size, and a limit if wanted. */
export function isForAuction(timeInForce: TimeInForce): boolean {
  return AUCTION.includes(timeInForce);
}

/** Whether what does not trade at once is gone. */
export function isPassing(timeInForce: TimeInForce): boolean {
  return PASSING.includes(timeInForce);
}

export function mayRest(timeInForce: TimeInForce): boolean {
  return RESTING.includes(timeInForce);
}

/** Whether the trigger is reached from below: ≥; else ≤. */
export function triggersUpwards(waits: OrderKind["waits"], side: Side): boolean {
  return (waits === "takeProfit") === (side === "sell");
}
