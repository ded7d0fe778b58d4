/**
 * What the venue tells of a market's day and of every order in it, and what operators read and turn. The
 * phase stays a word of the venue: a new one is shown as it is.
 */
import { fields, list, optionalText, text, whole } from "./fields.ts";

export interface Statistics {
  readonly phase: string;
  readonly open: string | undefined;
  readonly high: string | undefined;
  readonly low: string | undefined;
  readonly averagePrice: string | undefined;
  readonly previousClose: string | undefined;
  readonly volume: string;
  readonly trades: number;
  readonly auctionPrice: string | undefined;
  readonly auctionVolume: string | undefined;
  readonly indicativePrice: string | undefined;
  readonly indicativeVolume: string | undefined;
}

/** "0" as quantity: it is gone. `last`: it has come to stand behind all others of its price. */
export interface OrderRow {
  readonly id: string;
  readonly price: string;
  readonly quantity: string;
  readonly last: boolean;
}

export interface OrdersMessage {
  readonly bids: readonly OrderRow[];
  readonly asks: readonly OrderRow[];
}

export interface Profile {
  readonly roles: readonly string[];
}

/** A market as its operators see it. */
export interface MarketState {
  readonly phase: string;
  readonly sequence: number;
  /** Commands that wait to be taken. */
  readonly waiting: number;
}

export function decodeStatistics(value: unknown): Statistics {
  const source = fields(value, "statistics");
  return {
    phase: text(source, "phase"),
    open: optionalText(source, "open"),
    high: optionalText(source, "high"),
    low: optionalText(source, "low"),
    averagePrice: optionalText(source, "averagePrice"),
    previousClose: optionalText(source, "previousClose"),
    volume: text(source, "volume"),
    trades: whole(source, "trades"),
    auctionPrice: optionalText(source, "auctionPrice"),
    auctionVolume: optionalText(source, "auctionVolume"),
    indicativePrice: optionalText(source, "indicativePrice"),
    indicativeVolume: optionalText(source, "indicativeVolume"),
  };
}

function decodeRow(value: unknown): OrderRow {
  const row = list(value, "order", item => item);
  const source = { id: row[0], price: row[1], quantity: row[2] };
  return {
    id: text(source, "id"),
    price: text(source, "price"),
    quantity: text(source, "quantity"),
    last: row[3] === true,
  };
}

export function decodeOrdersMessage(value: unknown): OrdersMessage {
  const source = fields(value, "orders");
  return {
    bids: list(source.bids ?? [], "bids", decodeRow),
    asks: list(source.asks ?? [], "asks", decodeRow),
  };
}

export function decodeProfile(value: unknown): Profile {
  const source = fields(value, "profile");
  return { roles: list(source.roles ?? [], "roles", role => text({ role }, "role")) };
}

export function decodeMarketState(value: unknown): MarketState {
  const source = fields(value, "market");
  return {
    phase: text(source, "phase"),
    sequence: whole(source, "sequence"),
    waiting: whole(source, "waiting"),
  };
}
