/**
 * What an order has beyond limit and size; each part is left out where the order is plain in it. Prices are
 * ticks, sizes lots, times milliseconds; doors turn pips and texts into these.
 */
import type { Lots, Milliseconds, Money, OrderId, Ticks } from "../units.ts";

/** Whose price a trigger watches: of the last trade, the best shown prices, or the mark set from outside. */
export const TRIGGER_SOURCES = ["last", "bid", "ask", "mid", "mark"] as const;
export type TriggerSource = (typeof TRIGGER_SOURCES)[number];

export const TRIGGER_KINDS = ["stop", "takeProfit"] as const;

/** How far a trailing stop stays behind the best price that it has seen. */
export interface Trail {
  /** In ticks, or in thousandths of that best price (rounded away from it to a tick). */
  readonly by: "ticks" | "perMille";
  readonly distance: number;
}

/**
 * A condition that an order waits for. A `stop` of a buyer waits for the price to rise to `stopTicks`, of a
 * seller for it to fall there; a `takeProfit` the other way round.
 */
export interface Trigger {
  readonly kind: (typeof TRIGGER_KINDS)[number];
  readonly source: TriggerSource;
  /** Of a trailing stop its first stop price, or 0: as far away as it trails. */
  readonly stopTicks: Ticks;
  /** The condition must hold for two prices of the source in a row. */
  readonly doubleTick?: true;
  /** Only of a stop. */
  readonly trail?: Trail;
  /** Of a trailing stop-limit: its limit is the stop price when released, less favourable by so much. */
  readonly limitOffset?: Ticks;
}

/** A price that follows the best shown prices: own side, other side, or the middle of both. */
export const PEG_REFERENCES = ["own", "other", "mid"] as const;
export interface Peg {
  readonly to: (typeof PEG_REFERENCES)[number];
  /** Ticks added to the price that it follows; may be negative. */
  readonly offset: number;
}

/** Whose order ends where two of one account or group would trade; the index is journalled. */
export const SELF_TRADE_MODES = ["expireTaker", "expireMaker", "expireBoth", "decrement"] as const;
export type SelfTradeMode = (typeof SELF_TRADE_MODES)[number];

export interface SelfTradePrevention {
  readonly mode: SelfTradeMode;
  /** Orders that carry the same group are one trader's too, whatever their accounts. */
  readonly group?: number;
}

/**
 * What an order is to do to its account's position: only make it larger, only smaller, or smaller first and
 * then larger the other way. The market never reads it; the index is journalled.
 */
export const ORDER_INTENTS = ["openOnly", "reduceOnly", "reduceFirst"] as const;
export type OrderIntent = (typeof ORDER_INTENTS)[number];

export interface OrderTerms {
  readonly trigger?: Trigger;
  /** An iceberg shows this much at a time. */
  readonly displayLots?: Lots;
  readonly hidden?: true;
  /** The least that an execution of it may be. */
  readonly minimumLots?: Lots;
  readonly allOrNone?: true;
  /** When a GTD order ends: a whole second. */
  readonly expireAt?: Milliseconds;
  /** A pegged order is hidden; its limit is its cap, 0 for none. */
  readonly peg?: Peg;
  /** A market order trades no further than so many ticks from the best price that it meets. */
  readonly slippageTicks?: Ticks;
  /** A market order for so much of the quote currency; its size in lots is 0 until it is accepted. */
  readonly budget?: Money;
  /** A post-only order that would trade takes the best price that doesn't. */
  readonly slide?: true;
  readonly selfTrade?: SelfTradePrevention;
  readonly intent?: OrderIntent;
  /** The ticket that it reduces, in a hedging account: the id of the order that opened it. */
  readonly position?: OrderId;
}

/** Terms where a part that an order hasn't got may also stand as undefined. */
export type TermsAtHand = { readonly [Part in keyof OrderTerms]: OrderTerms[Part] | undefined };

/** What an amend changes beyond limit and size. */
export interface AmendTerms {
  readonly stopTicks?: Ticks;
  readonly minimumLots?: Lots;
  readonly displayLots?: Lots;
  readonly expireAt?: Milliseconds;
  readonly trail?: Trail;
  readonly peg?: Peg;
}
