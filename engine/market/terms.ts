/**
 * What an order has beyond limit and size; each part is left out, or undefined, where the order is plain in
 * it (`command-shape.ts`). Prices are ticks, sizes lots, times milliseconds; doors turn pips and texts into
 * these.
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
  readonly doubleTick?: true | undefined;
  /** Only of a stop. */
  readonly trail?: Trail | undefined;
  /** Of a trailing stop-limit: its limit is the stop price when released, less favourable by so much. */
  readonly limitOffset?: Ticks | undefined;
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
  readonly trigger?: Trigger | undefined;
  /** An iceberg shows this much at a time. */
  readonly displayLots?: Lots | undefined;
  readonly hidden?: true | undefined;
  /** The least that an execution of it may be. */
  readonly minimumLots?: Lots | undefined;
  readonly allOrNone?: true | undefined;
  /** When a GTD order ends: a whole second. */
  readonly expireAt?: Milliseconds | undefined;
  /** A pegged order is hidden; its limit is its cap, 0 for none. */
  readonly peg?: Peg | undefined;
  /** A market order trades no further than so many ticks from the best price that it meets. */
  readonly slippageTicks?: Ticks | undefined;
  /** A market order for so much of the quote currency; its size in lots is 0 until it is accepted. */
  readonly budget?: Money | undefined;
  /** A post-only order that would trade takes the best price that doesn't. */
  readonly slide?: true | undefined;
  readonly selfTrade?: SelfTradePrevention | undefined;
  readonly intent?: OrderIntent | undefined;
  /** The ticket that it reduces, in a hedging account: the id of the order that opened it. */
  readonly position?: OrderId | undefined;
}

/** What an amend changes beyond limit and size. */
export interface AmendTerms {
  readonly stopTicks?: Ticks | undefined;
  readonly minimumLots?: Lots | undefined;
  readonly displayLots?: Lots | undefined;
  readonly expireAt?: Milliseconds | undefined;
  readonly trail?: Trail | undefined;
  readonly peg?: Peg | undefined;
}
