/**
 * What the venue sends and takes, as the dashboard sees it. Prices, sizes and money are decimal strings; ids
 * are decimal strings; times RFC 3339 in UTC. A field that may be absent is `undefined`, never missing:
 * `decoding.ts` sees to it.
 */
import type { ListPlace } from "./list-wire.ts";

export type Side = "buy" | "sell";
export type OrderType =
  | "market"
  | "limit"
  | "stop"
  | "stop-limit"
  | "take-profit"
  | "take-profit-limit"
  | "trailing-stop"
  | "trailing-stop-limit"
  | "pegged";
export type TimeInForce = "GTC" | "IOC" | "FOK" | "DAY" | "GTD" | "ATO" | "ATC" | "GFA";
/** Whose price an order waits for. */
export type TriggerSource = "last" | "bid" | "ask" | "mid" | "mark";
/** The price that a pegged order follows. */
export type PegReference = "own" | "other" | "mid";
export type OrderStatus = "open" | "partiallyFilled" | "filled" | "cancelled" | "expired" | "rejected";
export type Granularity = "M1" | "M5" | "M15" | "M30" | "H1" | "H4" | "D1";
export type CandleSource = "reference" | "book" | "trades";

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds that the access token is good for. */
  readonly expiresIn: number;
}

export interface Listing {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly tickSize: string;
  readonly lotStep: string;
  readonly pipSize: string;
  readonly minimumQuantity: string;
  readonly maximumQuantity: string | undefined;
}

/** Price, size in units of the base currency, count of orders. */
export type WireLevel = readonly [price: string, quantity: string, orders: number];

export interface BookMessage {
  readonly bids: readonly WireLevel[];
  readonly asks: readonly WireLevel[];
  readonly time: string | undefined;
}

export interface Trade {
  readonly id: string;
  readonly price: string;
  readonly quantity: string;
  /** Of the aggressor. */
  readonly side: Side;
  readonly time: string;
}

export interface TradesMessage {
  readonly trades: readonly Trade[];
}

export interface ReferenceQuote {
  readonly bid: string;
  readonly ask: string;
  readonly time: string;
}

export interface Ticker {
  readonly symbol: string;
  readonly bid: string | undefined;
  readonly ask: string | undefined;
  readonly bidQuantity: string | undefined;
  readonly askQuantity: string | undefined;
  readonly lastPrice: string | undefined;
  /** A difference of prices, not per cent. */
  readonly change24h: string | undefined;
  readonly high24h: string | undefined;
  readonly low24h: string | undefined;
  readonly volume24h: string | undefined;
  readonly time: string | undefined;
  readonly reference: ReferenceQuote | undefined;
}

export interface Prices {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
}

export interface Candle {
  readonly time: string;
  readonly bid: Prices;
  readonly ask: Prices;
  readonly volume: string;
  readonly complete: boolean;
}

export interface Fill {
  readonly id: string | undefined;
  readonly role: "maker" | "taker" | undefined;
  readonly price: string;
  readonly quantity: string;
  readonly time: string;
  /** Negative: a rebate. */
  readonly fee: string | undefined;
  readonly feeCurrency: string | undefined;
}

export interface Order {
  readonly id: string;
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly price: string | undefined;
  readonly stopPrice: string | undefined;
  readonly trigger: string | undefined;
  readonly doubleTick: boolean;
  /** How far a trailing stop stays behind: a difference of prices, or thousandths. */
  readonly trailDistance: string | undefined;
  readonly trailPerMille: string | undefined;
  readonly limitOffset: string | undefined;
  readonly displayQuantity: string | undefined;
  readonly minimumQuantity: string | undefined;
  readonly hidden: boolean;
  readonly allOrNone: boolean;
  readonly expireTime: string | undefined;
  readonly peg: string | undefined;
  readonly pegOffset: string | undefined;
  /** What it waits for before it enters the market: a trigger, an auction, the close, … */
  readonly awaits: string | undefined;
  readonly list: ListPlace | undefined;
  /** Why it ended, where nobody asked for the end of this very order. */
  readonly removal: string | undefined;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly averagePrice: string | undefined;
  readonly status: OrderStatus;
  readonly rejection: string | undefined;
  readonly fills: readonly Fill[];
  /** Of all fills. */
  readonly fee: string | undefined;
  readonly feeCurrency: string | undefined;
  readonly sequence: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | undefined;
}

/** What an order may say beside who, where, which side and how much. */
export interface OrderTerms {
  readonly price?: string;
  readonly stopPrice?: string;
  readonly trigger?: TriggerSource;
  readonly doubleTick?: true;
  readonly trailDistance?: string;
  readonly trailPips?: string;
  readonly trailPerMille?: string;
  readonly limitOffset?: string;
  readonly displayQuantity?: string;
  readonly minimumQuantity?: string;
  readonly hidden?: true;
  readonly allOrNone?: true;
  readonly timeInForce?: TimeInForce;
  readonly expireTime?: string;
  /** What would trade is refused, or slides to a price that rests. */
  readonly postOnly?: boolean | "slide";
  readonly slippagePips?: string;
  readonly peg?: PegReference;
  readonly pegOffset?: string;
  /** Money of the quote currency, instead of a quantity. */
  readonly budget?: string;
}

export interface OrderRequest extends OrderTerms {
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity?: string;
}

export interface OrderChange {
  readonly quantity?: string;
  readonly price?: string;
  readonly stopPrice?: string;
}
