/**
 * Bank holidays the other way round: not from rules to the dates of a year, but a look at each date and its
 * neighbours, with the platform's own calendar and Gauss's Easter. Nothing is shared with the engine.
 */
import { japanese } from "./plain-japanese-holidays.ts";

export interface PlainDate {
  readonly iso: string;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Sunday is 0. */
  readonly weekday: number;
  /** Days after Easter Sunday. */
  readonly afterEaster: number;
}

const DAY = 86_400_000;

/** C. F. Gauss, 1800, with his correction of 1816. */
function gaussEaster(year: number): number {
  const [a, b, c] = [year % 19, year % 4, year % 7];
  const k = Math.floor(year / 100);
  const p = Math.floor((13 + 8 * k) / 25);
  const q = Math.floor(k / 4);
  const m = (15 - p + k - q) % 30;
  const n = (4 + k - q) % 7;
  const d = (19 * a + m) % 30;
  const e = (2 * b + 4 * c + 6 * d + n) % 7;
  let march = 22 + d + e;
  if (d === 29 && e === 6) march -= 7;
  if (d === 28 && e === 6 && a > 10) march -= 7;
  return Date.UTC(year, 2, march);
}

export function plainDate(time: number): PlainDate {
  const date = new Date(time);
  const year = date.getUTCFullYear();
  return {
    iso: date.toISOString().slice(0, 10),
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    afterEaster: (time - gaussEaster(year)) / DAY,
  };
}

export function is(date: PlainDate, month: number, day: number): boolean {
  return date.month === month && date.day === day;
}

/** The nth such weekday of its month. */
export function nth(date: PlainDate, month: number, weekday: number, count: number): boolean {
  return date.month === month && date.weekday === weekday && Math.ceil(date.day / 7) === count;
}

function lastMonday(date: PlainDate, month: number): boolean {
  return date.month === month && date.weekday === 1 && date.day > 24;
}

/** The date itself on a weekday, or the Monday after it fell on the Sunday. */
function orMonday(date: PlainDate, month: number, day: number): boolean {
  return is(date, month, day) || (date.weekday === 1 && is(date, month, day + 1));
}

/** Likewise after a Saturday too. */
function orNextMonday(date: PlainDate, month: number, day: number): boolean {
  return orMonday(date, month, day) || (date.weekday === 1 && is(date, month, day + 2));
}

/** The last day of September goes over into October. */
function truth(date: PlainDate): boolean {
  if (date.year < 2021) return false;
  return is(date, 9, 30) || (date.weekday === 1 && (is(date, 10, 1) || is(date, 10, 2)));
}

/** Two days in a row, each made up for: whatever the weekdays, one of the next four. */
function pair(date: PlainDate, month: number, first: number): boolean {
  if (date.month !== month) return false;
  const { day, weekday } = date;
  if (day === first || day === first + 1) return true;
  // Made up for on the Monday or the Tuesday after.
  return (day === first + 2 || day === first + 3) && (weekday === 1 || weekday === 2);
}

function united(date: PlainDate): boolean {
  return (
    orMonday(date, 1, 1) ||
    nth(date, 1, 1, 3) ||
    nth(date, 2, 1, 3) ||
    lastMonday(date, 5) ||
    (date.year > 2021 && orMonday(date, 6, 19)) ||
    orMonday(date, 7, 4) ||
    nth(date, 9, 1, 1) ||
    nth(date, 10, 1, 2) ||
    orMonday(date, 11, 11) ||
    nth(date, 11, 4, 4) ||
    orMonday(date, 12, 25)
  );
}

function euro(date: PlainDate): boolean {
  if (["1999-12-31", "2001-12-31"].includes(date.iso) || is(date, 1, 1) || is(date, 12, 25)) return true;
  if (date.year === 1999) return false;
  return date.afterEaster === -2 || date.afterEaster === 1 || is(date, 5, 1) || is(date, 12, 26);
}

const ENGLISH_MOVED = ["1995-05-01", "2020-05-04", "2002-05-27", "2012-05-28", "2022-05-30"];
const ENGLISH_ONCE = [
  ...["1995-05-08", "1999-12-31", "2002-06-03", "2002-06-04", "2011-04-29", "2012-06-04", "2012-06-05"],
  ...["2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"],
];

function english(date: PlainDate): boolean {
  if (ENGLISH_ONCE.includes(date.iso)) return true;
  if (ENGLISH_MOVED.includes(date.iso)) return false;
  return (
    orNextMonday(date, 1, 1) ||
    date.afterEaster === -2 ||
    date.afterEaster === 1 ||
    nth(date, 5, 1, 1) ||
    lastMonday(date, 5) ||
    lastMonday(date, 8) ||
    pair(date, 12, 25)
  );
}

function swiss(date: PlainDate): boolean {
  return (
    [1, 2].some(day => is(date, 1, day)) ||
    [-2, 1, 39, 50].includes(date.afterEaster) ||
    is(date, 5, 1) ||
    (date.year >= 1994 && is(date, 8, 1)) ||
    is(date, 12, 25) ||
    is(date, 12, 26)
  );
}

function canadian(date: PlainDate): boolean {
  return (
    orNextMonday(date, 1, 1) ||
    (date.year >= 2008 && nth(date, 2, 1, 3)) ||
    date.afterEaster === -2 ||
    (date.month === 5 && date.weekday === 1 && date.day >= 18 && date.day <= 24) ||
    orNextMonday(date, 7, 1) ||
    nth(date, 8, 1, 1) ||
    nth(date, 9, 1, 1) ||
    truth(date) ||
    nth(date, 10, 1, 2) ||
    orNextMonday(date, 11, 11) ||
    pair(date, 12, 25)
  );
}

function australian(date: PlainDate): boolean {
  return (
    date.iso === "2022-09-22" ||
    orNextMonday(date, 1, 1) ||
    orNextMonday(date, 1, 26) ||
    date.afterEaster === -2 ||
    date.afterEaster === 1 ||
    is(date, 4, 25) ||
    nth(date, 6, 1, 2) ||
    nth(date, 8, 1, 1) ||
    nth(date, 10, 1, 1) ||
    pair(date, 12, 25)
  );
}

const MATARIKI = [
  ...["2022-06-24", "2023-07-14", "2024-06-28", "2025-06-20", "2026-07-10", "2027-06-25", "2028-07-14"],
  ...["2029-07-06", "2030-06-21", "2031-07-11", "2032-07-02", "2033-06-24", "2034-07-07", "2035-06-29"],
  ...["2036-07-18", "2037-07-10", "2038-06-25", "2039-07-15", "2040-07-06", "2022-09-26"],
];

function zealandic(date: PlainDate): boolean {
  const made = date.year >= 2014 ? orNextMonday : is;
  return (
    MATARIKI.includes(date.iso) ||
    pair(date, 1, 1) ||
    made(date, 2, 6) ||
    date.afterEaster === -2 ||
    date.afterEaster === 1 ||
    made(date, 4, 25) ||
    nth(date, 6, 1, 1) ||
    nth(date, 10, 1, 4) ||
    pair(date, 12, 25)
  );
}

export const PLAIN_HOLIDAYS: Readonly<Record<string, (date: PlainDate) => boolean>> = {
  JPY: japanese,
  USD: united,
  EUR: euro,
  GBP: english,
  CHF: swiss,
  CAD: canadian,
  AUD: australian,
  NZD: zealandic,
};
