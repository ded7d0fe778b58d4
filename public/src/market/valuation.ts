/**
 * Money in the account's currency: conversion through quoted pairs, the margin of an order, the unrealised
 * profit of a position. All in whole 1e-8 units (the venue's money unit), divisions rounded half away from
 * zero; an estimate between two account updates, never what the venue settles by.
 */
import type { Position } from "../client/account-wire.ts";
import type { Ticker } from "../client/wire.ts";
import { decimalPlaces, divideRounded, parseDecimal, rescale } from "../decimal.ts";
import type { Instrument } from "./instrument.ts";

export const MONEY_DIGITS = 8;

export type TickerOf = (symbol: string) => Ticker | undefined;

interface Rate {
  /** Price × 10^digits. */
  readonly units: bigint;
  readonly digits: number;
}

/** Twice the middle of bid and ask is exact; half of it need not be, so one digit more is kept. */
function middle(ticker: Ticker | undefined): Rate | undefined {
  if (ticker?.bid === undefined || ticker.ask === undefined) return undefined;
  const digits = Math.max(decimalPlaces(ticker.bid), decimalPlaces(ticker.ask)) + 1;
  const bid = parseDecimal(ticker.bid, digits);
  const ask = parseDecimal(ticker.ask, digits);
  return bid === undefined || ask === undefined ? undefined : { units: (bid + ask) / 2n, digits };
}

/**
 * `money` of one currency in another, by the direct pair or through USD; undefined where no quote leads
 * there.
 */
export function convert(money: bigint, from: string, to: string, tickerOf: TickerOf): bigint | undefined {
  if (from === to) return money;
  const direct = middle(tickerOf(from + to));
  if (direct !== undefined) return rescale(money * direct.units, direct.digits, 0);
  const inverse = middle(tickerOf(to + from));
  if (inverse !== undefined && inverse.units > 0n) {
    return divideRounded(money * 10n ** BigInt(inverse.digits), inverse.units);
  }
  if (from === "USD" || to === "USD") return undefined;
  const dollars = convert(money, from, "USD", tickerOf);
  return dollars === undefined ? undefined : convert(dollars, "USD", to, tickerOf);
}

/** Quantity × price in the quote currency. */
export function quoteValueOf(instrument: Instrument, quantity: string, price: string): bigint | undefined {
  const size = parseDecimal(quantity, instrument.quantityDigits);
  const units = parseDecimal(price, instrument.priceDigits);
  if (size === undefined || units === undefined) return undefined;
  return rescale(size * units, instrument.quantityDigits + instrument.priceDigits, MONEY_DIGITS);
}

/** Margin that `quantity` ties up: its value in the account's currency over the leverage. */
export function marginOf(
  instrument: Instrument,
  quantity: string,
  leverage: string,
  currency: string,
  tickerOf: TickerOf,
): bigint | undefined {
  const size = parseDecimal(quantity, MONEY_DIGITS);
  const times = parseDecimal(leverage, 2);
  if (size === undefined || times === undefined || times <= 0n) return undefined;
  const value = convert(size, instrument.base, currency, tickerOf);
  return value === undefined ? undefined : divideRounded(value * 100n, times);
}

/** Profit if the position were closed at the best opposite price now. */
export function profitOf(
  instrument: Instrument,
  position: Position,
  currency: string,
  tickerOf: TickerOf,
): bigint | undefined {
  const long = !position.quantity.startsWith("-");
  const ticker = tickerOf(position.symbol);
  const price = long ? ticker?.bid : ticker?.ask;
  const digits = Math.max(instrument.priceDigits, decimalPlaces(position.averagePrice));
  const size = parseDecimal(position.quantity, instrument.quantityDigits);
  const mark = price === undefined ? undefined : parseDecimal(price, digits);
  const average = parseDecimal(position.averagePrice, digits);
  if (size === undefined || mark === undefined || average === undefined) return undefined;
  const quoted = rescale((mark - average) * size, digits + instrument.quantityDigits, MONEY_DIGITS);
  return convert(quoted, instrument.quote, currency, tickerOf);
}

/** Margin level in per cent with one digit: equity ÷ margin used; undefined where no margin is used. */
export function marginLevel(equity: bigint, marginUsed: bigint): bigint | undefined {
  return marginUsed <= 0n ? undefined : divideRounded(equity * 1_000n, marginUsed);
}
