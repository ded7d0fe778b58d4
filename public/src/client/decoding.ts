/**
 * Decoders of the shapes in `wire.ts`; orders have their own file. Fields that this page does not know are
 * passed over; those that it needs are asked for by name.
 */
import type * as account from "./account-wire.ts";
import { type Fields, fields, flag, list, oneOf, optionalText, text, whole } from "./fields.ts";
import { decodeTransaction, decodeTransfer } from "./money-wire.ts";
import { decodeOrder } from "./order-decoding.ts";
import type * as Wire from "./wire.ts";

const SIDES = ["buy", "sell"] as const;
const CALL_EVENTS = ["enter", "extend", "leave"] as const;
const MARGIN_STATES = ["normal", "marginCall", "closeOut"] as const;

export function decodePage<Item>(value: unknown, decode: (item: unknown) => Item): Wire.Page<Item> {
  const source = fields(value, "list");
  return { items: list(source.items, "items", decode), nextCursor: optionalText(source, "nextCursor") };
}

export function decodeTokens(value: unknown): Wire.Tokens {
  const source = fields(value, "tokens");
  return {
    accessToken: text(source, "accessToken"),
    refreshToken: text(source, "refreshToken"),
    expiresIn: whole(source, "expiresIn"),
  };
}

export function decodeListing(value: unknown): Wire.Listing {
  const source = fields(value, "instrument");
  const symbol = text(source, "symbol");
  return {
    symbol,
    base: optionalText(source, "base") ?? symbol.slice(0, 3),
    quote: optionalText(source, "quote") ?? symbol.slice(3),
    tickSize: text(source, "tickSize"),
    lotStep: text(source, "lotStep"),
    pipSize: optionalText(source, "pipSize") ?? text(source, "tickSize"),
    minimumQuantity: text(source, "minimumQuantity"),
    maximumQuantity: optionalText(source, "maximumQuantity"),
  };
}

function decodeLevel(value: unknown): Wire.WireLevel {
  const row = list(value, "level", item => item);
  const source: Fields = { price: row[0], quantity: row[1], orders: row[2] ?? 0 };
  return [text(source, "price"), text(source, "quantity"), whole(source, "orders")];
}

export function decodeBookMessage(value: unknown): Wire.BookMessage {
  const source = fields(value, "book");
  return {
    bids: list(source.bids ?? [], "bids", decodeLevel),
    asks: list(source.asks ?? [], "asks", decodeLevel),
    time: optionalText(source, "time"),
  };
}

export function decodeTrade(value: unknown): Wire.Trade {
  const source = fields(value, "trade");
  return {
    id: text(source, "id"),
    price: text(source, "price"),
    quantity: text(source, "quantity"),
    side: oneOf(source, "side", SIDES),
    time: text(source, "time"),
  };
}

export function decodeTradesMessage(value: unknown): Wire.TradesMessage {
  return { trades: list(fields(value, "trades").trades ?? [], "trades", decodeTrade) };
}

function decodeReference(value: unknown): Wire.ReferenceQuote {
  const source = fields(value, "reference");
  return { bid: text(source, "bid"), ask: text(source, "ask"), time: text(source, "time") };
}

export function decodeTicker(value: unknown): Wire.Ticker {
  const outer = fields(value, "ticker");
  const source = outer.ticker === undefined ? outer : fields(outer.ticker, "ticker");
  const reference = source.reference;
  return {
    symbol: text(source, "symbol"),
    bid: optionalText(source, "bid"),
    ask: optionalText(source, "ask"),
    bidQuantity: optionalText(source, "bidQuantity"),
    askQuantity: optionalText(source, "askQuantity"),
    lastPrice: optionalText(source, "lastPrice"),
    change24h: optionalText(source, "change24h"),
    high24h: optionalText(source, "high24h"),
    low24h: optionalText(source, "low24h"),
    volume24h: optionalText(source, "volume24h"),
    time: optionalText(source, "time"),
    reference: reference === undefined || reference === null ? undefined : decodeReference(reference),
  };
}

function decodePrices(value: unknown): Wire.Prices {
  const source = fields(value, "prices");
  return {
    open: text(source, "open"),
    high: text(source, "high"),
    low: text(source, "low"),
    close: text(source, "close"),
  };
}

export function decodeCandle(value: unknown): Wire.Candle {
  const source = fields(value, "candle");
  // Where only one side was ever quoted, that side stands for both.
  return {
    time: text(source, "time"),
    bid: decodePrices(source.bid ?? source.ask),
    ask: decodePrices(source.ask ?? source.bid),
    volume: optionalText(source, "volume") ?? "0",
    complete: flag(source, "complete"),
  };
}

export function decodeAccount(value: unknown): account.Account {
  const source = fields(value, "account");
  return {
    id: text(source, "id"),
    currency: text(source, "currency"),
    balance: text(source, "balance"),
    equity: text(source, "equity"),
    marginUsed: text(source, "marginUsed"),
    freeMargin: text(source, "freeMargin"),
    leverage: text(source, "leverage"),
    marginCallLevel: text(source, "marginCallLevel"),
    closeOutLevel: text(source, "closeOutLevel"),
    marginState: oneOf(source, "marginState", MARGIN_STATES),
    wallet: text(source, "wallet"),
    environment: text(source, "environment"),
    positionMode: text(source, "positionMode"),
    parentId: optionalText(source, "parentId"),
  };
}

export function decodeBalance(value: unknown): account.Balance {
  const source = fields(value, "balance");
  return {
    currency: text(source, "currency"),
    total: text(source, "total"),
    locked: text(source, "locked"),
    available: text(source, "available"),
  };
}

export function decodePosition(value: unknown): account.Position {
  const source = fields(value, "position");
  return {
    id: optionalText(source, "id"),
    openedAt: optionalText(source, "openedAt"),
    symbol: text(source, "symbol"),
    quantity: text(source, "quantity"),
    averagePrice: text(source, "averagePrice"),
    unrealisedProfit: optionalText(source, "unrealisedProfit") ?? "0",
    realisedProfit: optionalText(source, "realisedProfit") ?? "0",
  };
}

function decodeMarginCall(value: unknown): account.MarginCall {
  const source = fields(value, "marginCall");
  return { event: oneOf(source, "event", CALL_EVENTS), levelPerMille: whole(source, "levelPerMille") };
}

export function decodeAccountMessage(value: unknown): account.AccountMessage {
  const source = fields(value, "account");
  const each = <Item>(name: string, decode: (item: unknown) => Item) =>
    source[name] === undefined ? undefined : list(source[name], name, decode);
  return {
    account: source.account === undefined ? undefined : decodeAccount(source.account),
    balances: each("balances", decodeBalance),
    positions: each("positions", decodePosition),
    orders: each("orders", decodeOrder),
    transactions: each("transactions", decodeTransaction) ?? [],
    transfers: each("transfers", decodeTransfer) ?? [],
    marginCall: source.marginCall === undefined ? undefined : decodeMarginCall(source.marginCall),
  };
}
