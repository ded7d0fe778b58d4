/**
 * Civil dates of the Gregorian calendar as day numbers, and back; day 0 is 1970-01-01, a Thursday. Exact for
 * the years 1 to 9999.
 *
 * A year is counted from March, so that the leap day is its last and the months' lengths follow one line,
 * (153 m + 2) / 5; 400 years are 146,097 days.
 */
import { assert, type Days } from "../units.ts";

export const DAY_MS = 86_400_000;

/** ISO's order: Monday is 1. */
export const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
export type Month = (typeof MONTHS)[number];

export interface CivilDate {
  readonly year: number;
  /** 1 … 12. */
  readonly month: number;
  /** 1 … 31. */
  readonly day: number;
}

/** Days from 0000-03-01 to 1970-01-01, and in 400 years. */
const DAYS_TO_1970 = 719_468;
const DAYS_IN_CYCLE = 146_097;

/** The day number of a date that there is. */
export function daysOf({ year, month, day }: CivilDate): Days {
  assert(Number.isInteger(year) && year >= 1 && year <= 9999, "a year is 1 … 9999");
  assert(month >= 1 && month <= 12 && day >= 1 && day <= 31, "a date has a month and a day");
  const fromMarch = month > 2 ? year : year - 1;
  const months = (month + 9) % 12;
  const leapDays = Math.floor(fromMarch / 4) - Math.floor(fromMarch / 100) + Math.floor(fromMarch / 400);
  const inYear = Math.floor((153 * months + 2) / 5) + day - 1;
  return (fromMarch * 365 + leapDays + inYear - DAYS_TO_1970) as Days;
}

export function dateOf(days: Days): CivilDate {
  const fromStart = days + DAYS_TO_1970;
  const cycle = Math.floor(fromStart / DAYS_IN_CYCLE);
  const inCycle = fromStart - cycle * DAYS_IN_CYCLE;
  const leapless =
    inCycle - Math.floor(inCycle / 1460) + Math.floor(inCycle / 36_524) - Math.floor(inCycle / 146_096);
  const yearOfCycle = Math.floor(leapless / 365);
  const inYear = inCycle - (yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const months = Math.floor((5 * inYear + 2) / 153);
  const month = months < 10 ? months + 3 : months - 9;
  const day = inYear - Math.floor((153 * months + 2) / 5) + 1;
  return { year: cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month, day };
}

/** 1 for Monday … 7 for Sunday. */
export function weekdayOf(days: Days): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

/** A date written `2026-10-16`; undefined where there is no such date. */
export function parseDate(text: string): Days | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const days = daysOf({ year, month, day });
  return formatDate(days) === text ? days : undefined;
}

export function formatDate(days: Days): string {
  const { year, month, day } = dateOf(days);
  const padded = [
    String(year).padStart(4, "0"),
    String(month).padStart(2, "0"),
    String(day).padStart(2, "0"),
  ];
  return padded.join("-");
}
