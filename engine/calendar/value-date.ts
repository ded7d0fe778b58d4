/**
 * When a foreign-exchange trade settles, and how many nights a position is carried when the trading day
 * ends at 17:00 in New York.
 *
 * Spot is two business days after the trade date, or one for a few pairs of the dollar. Market convention
 * (londonfx.co.uk/valdates.html; I. J. Clark, Foreign Exchange Option Pricing, 2011, section 1.4): the day
 * between must settle both currencies, the dollar left out of account; the value date itself must settle both
 * and, for a cross too, the dollar. Not followed: the few Latin American and Arab currencies that count
 * otherwise, and the New Zealand dollar's roll at 07:00 in Auckland.
 *
 * Nights of a trading day = value date of the next trading day − its own. So three on the day whose next
 * value date lies behind a weekend, and holidays shift them; a sum over days is the difference of two value
 * dates, and nothing is ever charged twice or left out. Every weekday is a trading day here, a venue's own
 * holidays too: who can't trade carries the position all the same.
 */
import type { Days } from "../units.ts";
import { settles } from "./currency-holidays.ts";
import { isWeekend } from "./holiday-rules.ts";

export interface CurrencyPair {
  readonly base: string;
  readonly quote: string;
}

const DOLLAR = "USD";
/** Currencies that settle against the dollar on the next business day. */
const NEXT_DAY: readonly string[] = ["CAD", "TRY", "RUB", "PHP"];

function dayAfter(day: Days): Days {
  return (day + 1) as Days;
}

/** Business days from trade date to value date. */
export function spotDays({ base, quote }: CurrencyPair): 1 | 2 {
  const other = base === DOLLAR ? quote : quote === DOLLAR ? base : undefined;
  return other !== undefined && NEXT_DAY.includes(other) ? 1 : 2;
}

/** The weekday from which a date's trades are dated: its own, or the Monday after a weekend. */
export function tradeDate(day: Days): Days {
  let date = day;
  while (isWeekend(date)) date = dayAfter(date);
  return date;
}

export function nextTradeDate(day: Days): Days {
  return tradeDate(dayAfter(tradeDate(day)));
}

/** The date on which a trade of that date settles. */
export function valueDate(pair: CurrencyPair, traded: Days): Days {
  const others = [pair.base, pair.quote].filter(currency => currency !== DOLLAR);
  const settlesAll = (currencies: readonly string[], day: Days) =>
    !isWeekend(day) && currencies.every(currency => settles(currency, day));
  let date = tradeDate(traded);
  for (let left = spotDays(pair) - 1; left > 0; left--) {
    do date = dayAfter(date);
    while (!settlesAll(others, date));
  }
  do date = dayAfter(date);
  while (!settlesAll([...others, DOLLAR], date));
  return date;
}

/** Nights for which a position is charged that is open when a trade date ends; 0 on some, never less. */
export function nightsOf(pair: CurrencyPair, traded: Days): number {
  return valueDate(pair, nextTradeDate(traded)) - valueDate(pair, traded);
}
