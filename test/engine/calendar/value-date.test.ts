/** Value dates and nights, each day from 1990 to 2040, against a calculation of its own; and examples. */
import { expect, test } from "vitest";
import { formatDate, parseDate, weekdayOf } from "../../../engine/calendar/civil-date.ts";
import { CURRENCIES_WITH_HOLIDAYS, settles } from "../../../engine/calendar/currency-holidays.ts";
import { nextTradeDate, nightsOf, spotDays, valueDate } from "../../../engine/calendar/value-date.ts";
import type { Days } from "../../../engine/units.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";
import { readEcbRates } from "../../ecb-rates.ts";
import { sharedFile } from "../../shared-data.ts";
import { PLAIN_HOLIDAYS, plainDate } from "./plain-holidays.ts";

const DAY = 86_400_000;
const FIRST = Date.UTC(1990, 0, 1) / DAY;
const LAST = Date.UTC(2040, 11, 31) / DAY;
const DAYS = Array.from({ length: LAST - FIRST + 1 }, (_, index) => (FIRST + index) as Days);
const ECB = sharedFile("fx/ecb-eurofxref-hist.zip");

function day(iso: string): Days {
  const parsed = parseDate(iso);
  if (parsed === undefined) throw new Error(`${iso} is no date`);
  return parsed;
}

test.each(CURRENCIES_WITH_HOLIDAYS)(
  "%s settles on each day of 51 years as by a look at the date",
  currency => {
    const isHoliday = PLAIN_HOLIDAYS[currency];
    expect(isHoliday).toBeDefined();
    const wrong = DAYS.filter(each => {
      const date = plainDate(each * DAY);
      const open = date.weekday !== 0 && date.weekday !== 6 && isHoliday?.(date) === false;
      return settles(currency, each) !== open;
    });
    expect(wrong.map(formatDate)).toEqual([]);
  },
);

/** The good days of a set of currencies, in one row, found by looking at each date. */
function goodDays(currencies: readonly string[]): number[] {
  const good: number[] = [];
  for (let each = FIRST; each <= LAST + 30; each++) {
    const date = plainDate(each * DAY);
    if (date.weekday === 0 || date.weekday === 6) continue;
    if (!currencies.some(currency => PLAIN_HOLIDAYS[currency]?.(date) === true)) good.push(each);
  }
  return good;
}

const PAIRS = [...INSTRUMENTS, { symbol: "USDTRY", base: "USD", quote: "TRY" }];

test.each(PAIRS)("$symbol's value dates and nights on each day of 51 years", pair => {
  const own = [pair.base, pair.quote].filter(currency => currency !== "USD");
  const between = goodDays(own);
  const last = goodDays([...own, "USD"]);
  const next = ["CAD", "TRY"].includes(pair.quote) && pair.base === "USD";
  let [step, end] = [0, 0];
  const expected = new Map<Days, number>();
  for (const each of DAYS) {
    if (weekdayOf(each) > 5) continue;
    while ((between[step] ?? Infinity) <= each) step++;
    const after = next ? each : (between[step] ?? 0);
    end = 0;
    expected.set(each, after);
  }
  const wrong: string[] = [];
  for (const [each, after] of expected) {
    while ((last[end] ?? Infinity) <= after) end++;
    if (valueDate(pair, each) !== last[end]) wrong.push(formatDate(each));
  }
  expect(wrong).toEqual([]);
  let nights = 0;
  const traded = [...expected.keys()];
  for (const each of traded) {
    const of = nightsOf(pair, each);
    expect(of).toBeGreaterThanOrEqual(0);
    nights += of;
  }
  const [from, to] = [traded[0] ?? 0, traded.at(-1) ?? 0] as [Days, Days];
  expect(nights).toBe(valueDate(pair, nextTradeDate(to)) - valueDate(pair, from));
});

test("a quiet week has its three nights on Wednesday, and on Thursday where spot is the next day", () => {
  const [eurusd, usdtry] = [
    { base: "EUR", quote: "USD" },
    { base: "USD", quote: "TRY" },
  ];
  const quiet = ["2026-06-01", "2026-06-02", "2026-06-03", "2026-06-04", "2026-06-05"].map(day);
  expect(quiet.map(each => nightsOf(eurusd, each))).toEqual([1, 1, 3, 1, 1]);
  expect(quiet.map(each => nightsOf(usdtry, each))).toEqual([1, 1, 1, 3, 1]);
});

test("a value date that a holiday takes gives its night to the trading day before", () => {
  // Veterans Day, Wednesday 11 November 2026, is no value date. Monday's and Tuesday's trades both settle on
  // Thursday, so Friday has two nights and Monday none.
  const dates = ["2026-11-04", "2026-11-05", "2026-11-06", "2026-11-09", "2026-11-10"].map(day);
  expect(dates.map(each => nightsOf({ base: "EUR", quote: "USD" }, each))).toEqual([3, 1, 2, 0, 1]);
});

test.each([
  // Thanksgiving, Thursday 26 November 2026, is no value date; as the day between it leaves EURUSD alone.
  ["EUR", "USD", "2026-11-24", "2026-11-27"],
  ["EUR", "USD", "2026-11-25", "2026-11-27"],
  ["USD", "CAD", "2026-11-25", "2026-11-27"],
  // A cross doesn't settle on a day of the dollar's either.
  ["EUR", "GBP", "2026-11-24", "2026-11-27"],
  // Golden Week, 29 April and 4 to 6 May 2026: the yen's holidays as days between are passed over.
  ["USD", "JPY", "2026-04-28", "2026-05-01"],
  ["USD", "JPY", "2026-05-01", "2026-05-08"],
  // Christmas, of which the Canadians make up for Boxing Day on the Monday.
  ["USD", "CAD", "2026-12-24", "2026-12-29"],
  ["GBP", "USD", "2026-12-23", "2026-12-29"],
])("%s%s traded on %s settles on %s", (base, quote, traded, settled) => {
  expect(formatDate(valueDate({ base, quote }, day(traded)))).toBe(settled);
});

test("pairs of the dollar that settle on the next day, and their crosses, which don't", () => {
  expect(["CAD", "TRY", "RUB", "PHP"].map(quote => spotDays({ base: "USD", quote }))).toEqual([1, 1, 1, 1]);
  expect(spotDays({ base: "EUR", quote: "CAD" })).toBe(2);
});

test.skipIf(ECB === undefined)("the ECB publishes rates on the days that TARGET settles", () => {
  const published = new Set(readEcbRates(ECB ?? "").map(each => each.day));
  const [first, last] = [Math.min(...published), Math.max(...published)];
  const range = Array.from({ length: last - first + 1 }, (_, index) => (first + index) as Days);
  const differing = range.filter(each => settles("EUR", each) !== published.has(each)).map(formatDate);
  expect(differing).toEqual([]);
  expect(published.size).toBeGreaterThan(5_000);
});
