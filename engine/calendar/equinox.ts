/**
 * The dates of the equinoxes in Japan, from 1980 to 2099, by the almanac formula that Japanese calendars use
 * (Shinkoyomi benricho, Koseisha Koseikaku): a date in 1980 that comes 0.242194 days later each year, less a
 * day each leap year. The law leaves the date to the observatory, which announces it a year ahead; so far it
 * has been the formula's.
 */
import { assert, type Days } from "../units.ts";
import { daysOf } from "./civil-date.ts";

/** In millionths of a day. */
const DAY = 1_000_000;
const LATER_EACH_YEAR = 242_194;
const DATE_IN_1980 = { vernal: 20_843_100, autumnal: 23_248_800 };

export function equinoxOf(year: number, which: "vernal" | "autumnal"): Days {
  assert(year >= 1980 && year <= 2099, "the formula of an equinox holds from 1980 to 2099");
  const years = year - 1980;
  const date = Math.floor((DATE_IN_1980[which] + LATER_EACH_YEAR * years) / DAY) - Math.floor(years / 4);
  return daysOf({ year, month: which === "vernal" ? 3 : 9, day: date });
}
