/**
 * A currency's bank holidays as rules, and the dates that they make of a year. Rules are data, so that a law
 * which moves a holiday is a row with its years, and years that have passed stay what they were.
 *
 * Only weekdays matter here, as weekends settle nothing: a holiday on a weekend is one that its rule moves to
 * a weekday, or none.
 */
import type { Days } from "../units.ts";
import {
  type CivilDate,
  dateOf,
  daysOf,
  parseDate,
  WEEKDAYS,
  type Weekday,
  weekdayOf,
} from "./civil-date.ts";
import { easterOf } from "./easter.ts";
import { equinoxOf } from "./equinox.ts";

/** The first and the last year that a rule holds for, and those between that it doesn't. */
interface RuleYears {
  readonly from?: number;
  readonly until?: number;
  readonly except?: readonly number[];
}

/**
 * Where a holiday goes that falls on a Sunday, or on a weekend: to the next weekday that is none yet; or, by
 * "monday", from a weekend to the Monday, even if that is one already.
 */
type Moves = "sunday" | "weekend" | "monday";

/** A date; the first such weekday on or after one; so many days after Easter Sunday; an equinox. */
type YearlyDate =
  | { readonly month: number; readonly day: number }
  | { readonly month: number; readonly day: number; readonly first: Weekday }
  | { readonly easter: number }
  | { readonly equinox: "vernal" | "autumnal" };

export type HolidayRule = YearlyDate & RuleYears & { readonly name: string; readonly moves?: Moves };

export interface HolidayRules {
  readonly rules: readonly HolidayRule[];
  /** Holidays of one year only, by their dates. */
  readonly once?: Readonly<Record<string, string>>;
  /** A weekday between two holidays is one too. */
  readonly bridges?: true;
}

const SATURDAY = 6;
const SUNDAY = 7;

export function isWeekend(day: Days): boolean {
  return weekdayOf(day) >= SATURDAY;
}

function holdsIn({ from, until, except }: RuleYears, year: number): boolean {
  if (year < (from ?? year) || year > (until ?? year)) return false;
  return except === undefined || !except.includes(year);
}

function fallsOn(rule: HolidayRule, year: number): Days {
  if ("easter" in rule) return (easterOf(year) + rule.easter) as Days;
  if ("equinox" in rule) return equinoxOf(year, rule.equinox);
  const date: CivilDate = { year, month: rule.month, day: rule.day };
  const day = daysOf(date);
  if (!("first" in rule)) return day;
  const weekday = WEEKDAYS.indexOf(rule.first) + 1;
  return (day + ((weekday - weekdayOf(day) + 7) % 7)) as Days;
}

function hasToMove({ moves }: HolidayRule, day: Days): boolean {
  if (moves === "sunday") return weekdayOf(day) === SUNDAY;
  return moves !== undefined && isWeekend(day);
}

/** Weekdays of a year that are holidays. */
export function holidaysOf({ rules, once = {}, bridges }: HolidayRules, year: number): Set<Days> {
  const days = new Set<Days>();
  const moving: Days[] = [];
  for (const rule of rules) {
    if (!holdsIn(rule, year)) continue;
    const day = fallsOn(rule, year);
    if (!hasToMove(rule, day)) days.add(day);
    else if (rule.moves === "monday") days.add((day + 8 - weekdayOf(day)) as Days);
    else moving.push(day);
  }
  for (const text of Object.keys(once)) {
    const day = parseDate(text);
    if (day !== undefined && dateOf(day).year === year) days.add(day);
  }
  for (const day of moving.sort((one, other) => one - other)) {
    let next = day;
    do next = (next + 1) as Days;
    while (isWeekend(next) || days.has(next));
    days.add(next);
  }
  if (bridges === true) bridge(days);
  return new Set([...days].filter(day => !isWeekend(day)));
}

function bridge(days: Set<Days>): void {
  for (const day of [...days]) {
    if (days.has((day + 2) as Days)) days.add((day + 1) as Days);
  }
}
