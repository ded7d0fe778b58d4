/**
 * Market data as it goes over the wire: what `markets/*` answers and what the rooms `book:`, `orders:`,
 * `trades:`, `ticker:` and `statistics:` carry. Shared with the dashboard. Prices and sizes are decimal
 * strings, times RFC 3339 in UTC with milliseconds.
 *
 * Every room event has `last`; an update has `first` = the previous `last` + 1. In `book`, `orders` and
 * `trades` these are the market's own sequences; in `ticker`, which also moves with the reference price, and
 * in `statistics` they count the room's revisions.
 */

import type { Phase } from "../engine/market/phase.ts";

export const GRANULARITIES = ["M1", "M5", "M15", "M30", "H1", "H4", "D1"] as const;
export type Granularity = (typeof GRANULARITIES)[number];

export const CANDLE_SOURCES = ["reference", "book", "trades"] as const;
export type CandleSource = (typeof CANDLE_SOURCES)[number];

export interface CandlePrices {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
}

export interface CandleItem {
  readonly time: string;
  readonly bid: CandlePrices;
  readonly ask: CandlePrices;
  /** `reference`: quotes; `book`: changes of the best prices; `trades`: units of the base currency. */
  readonly volume: string;
  readonly complete: boolean;
}

/** Price, quantity, number of orders. In an update quantity "0" removes the level. */
export type BookLevel = readonly [price: string, quantity: string, orders: number];

export interface Book {
  readonly symbol: string;
  /** Sequence of the newest command of the market in it, and that command's time. */
  readonly sequence: number;
  readonly time: string;
  /** Best price first. */
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export interface Trade {
  /** Grows with time; unique within the market. */
  readonly id: string;
  readonly price: string;
  readonly quantity: string;
  /** The aggressor's. */
  readonly side: "buy" | "sell";
  readonly sequence: number;
  readonly time: string;
}

export interface ReferencePrice {
  readonly bid: string;
  readonly ask: string;
  readonly sequence: number;
  readonly time: string;
}

export interface Ticker {
  readonly symbol: string;
  /** Best prices and what rests there; absent where that side is empty. */
  readonly bid?: string;
  readonly ask?: string;
  readonly bidQuantity?: string;
  readonly askQuantity?: string;
  /** Price of the last trade. Not `last`, which is a sequence in every room. */
  readonly lastPrice?: string;
  /** Last price less the first one of the past 24 hours: a difference of prices, not per cent. */
  readonly change24h?: string;
  readonly high24h?: string;
  readonly low24h?: string;
  /** Units of the base currency traded in the past 24 hours. */
  readonly volume24h: string;
  readonly sequence: number;
  readonly time: string;
  readonly reference?: ReferencePrice;
}

/** Broadcast by market data when a market has gone to another phase. */
export interface MarketPhased {
  readonly symbol: string;
  /** Of the market's journal: what is told of a higher one is newer. */
  readonly sequence: number;
  readonly phase: Phase;
}

/** A trading day so far. Prices are absent where there is none yet. */
export interface Statistics {
  readonly symbol: string;
  readonly phase: Phase;
  /** When the first command of the day came. */
  readonly since: string;
  readonly open?: string;
  readonly high?: string;
  readonly low?: string;
  readonly lastPrice?: string;
  readonly previousClose?: string;
  /** Average price, weighted by size. */
  readonly averagePrice?: string;
  /** Units of the base currency. */
  readonly volume: string;
  readonly trades: number;
  /** The newest uncrossing of the day. */
  readonly auctionPrice?: string;
  readonly auctionVolume?: string;
  /** In a call: the price and volume at which it would uncross, as told last. */
  readonly indicativePrice?: string;
  readonly indicativeVolume?: string;
  readonly sequence: number;
  readonly time: string;
}

interface RoomEvent {
  readonly room: string;
  readonly last: number;
  /** Only in an update. */
  readonly first?: number;
}

export type BookEvent = RoomEvent & Omit<Book, "sequence">;
export type TradesEvent = RoomEvent & { readonly symbol: string; readonly trades: readonly Trade[] };
export type TickerEvent = RoomEvent & Ticker;
/**
 * An order that is shown: id, price, quantity ("0": it is gone), and true where it has come to stand behind
 * all others of its price. A client knows its own orders by their ids.
 */
export type OrderRow =
  | readonly [id: string, price: string, quantity: string]
  | readonly [id: string, price: string, quantity: string, last: true];
/** A snapshot holds the best orders of each side in priority order, an update those that have changed. */
export type OrdersEvent = RoomEvent & {
  readonly symbol: string;
  readonly bids: readonly OrderRow[];
  readonly asks: readonly OrderRow[];
};
export type StatisticsEvent = RoomEvent & Statistics;
export type MarketRoomEvent = BookEvent | TradesEvent | TickerEvent | OrdersEvent | StatisticsEvent;

/** Milliseconds from the due moment of a reference quote to the acknowledgement of an order made from it. */
export interface QuoteLag {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface ReferenceItem extends ReferencePrice {
  readonly symbol: string;
  readonly lagMs: QuoteLag;
}

/** What may be traded, in the decimal strings that it was configured with. */
export interface InstrumentItem {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly settlement: "margin" | "spot";
  readonly tickSize: string;
  readonly pipSize: string;
  readonly lotStep: string;
  readonly minimumQuantity: string;
  readonly maximumQuantity: string;
  readonly positionLimit: string;
}
