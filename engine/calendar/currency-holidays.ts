/**
 * Days on which a currency doesn't settle: the bank holidays of its principal financial centre, as the
 * foreign-exchange market counts them (ISDA's business-day centres), from 1990 on. Where a rule has years,
 * they are those of the law. The last row goes on until a law says otherwise.
 *
 * Uncertain, and so only what the row says: Canada's and Australia's substitutes before their present acts,
 * Australia Day before 1994, days of mourning and weddings to come, Japan's equinoxes before they are
 * announced. Before 1999 there is no euro; what is answered then is the calendar that TARGET has had since.
 * A currency that isn't here (the lira, the rouble, the peso, metals) has weekends only: its pairs' value
 * dates are right but for its own holidays.
 */
import type { Days } from "../units.ts";
import { type HolidayRule, type HolidayRules, holidaysOf, isWeekend } from "./holiday-rules.ts";
import { JAPAN } from "./japanese-holidays.ts";
import { AUSTRALIA, NEW_ZEALAND } from "./pacific-holidays.ts";

const GOOD_FRIDAY: HolidayRule = { name: "Good Friday", easter: -2 };
const EASTER_MONDAY: HolidayRule = { name: "Easter Monday", easter: 1 };

/** 5 U.S.C. 6103, as the Federal Reserve Banks keep it: what falls on a Saturday is not made up for. */
const UNITED_STATES: HolidayRules = {
  rules: [
    { name: "New Year's Day", month: 1, day: 1, moves: "sunday" },
    { name: "Birthday of Martin Luther King, Jr.", month: 1, day: 15, first: "Monday" },
    { name: "Washington's Birthday", month: 2, day: 15, first: "Monday" },
    { name: "Memorial Day", month: 5, day: 25, first: "Monday" },
    { name: "Juneteenth", month: 6, day: 19, from: 2022, moves: "sunday" },
    { name: "Independence Day", month: 7, day: 4, moves: "sunday" },
    { name: "Labor Day", month: 9, day: 1, first: "Monday" },
    { name: "Columbus Day", month: 10, day: 8, first: "Monday" },
    { name: "Veterans Day", month: 11, day: 11, moves: "sunday" },
    { name: "Thanksgiving Day", month: 11, day: 22, first: "Thursday" },
    { name: "Christmas Day", month: 12, day: 25, moves: "sunday" },
  ],
};

/** TARGET: the European Central Bank's calendars of 1999 to 2001, and the lasting one after. */
const EURO_AREA: HolidayRules = {
  rules: [
    { name: "New Year's Day", month: 1, day: 1 },
    { ...GOOD_FRIDAY, except: [1999] },
    { ...EASTER_MONDAY, except: [1999] },
    { name: "Labour Day", month: 5, day: 1, except: [1999] },
    { name: "Christmas Day", month: 12, day: 25 },
    { name: "26 December", month: 12, day: 26, except: [1999] },
  ],
  once: { "1999-12-31": "change of the millennium", "2001-12-31": "changeover to euro cash" },
};

/** Banking and Financial Dealings Act 1971, and the proclamations of single years. */
const ENGLAND: HolidayRules = {
  rules: [
    { name: "New Year's Day", month: 1, day: 1, moves: "weekend" },
    GOOD_FRIDAY,
    EASTER_MONDAY,
    { name: "Early May bank holiday", month: 5, day: 1, first: "Monday", except: [1995, 2020] },
    { name: "Spring bank holiday", month: 5, day: 25, first: "Monday", except: [2002, 2012, 2022] },
    { name: "Summer bank holiday", month: 8, day: 25, first: "Monday" },
    { name: "Christmas Day", month: 12, day: 25, moves: "weekend" },
    { name: "Boxing Day", month: 12, day: 26, moves: "weekend" },
  ],
  once: {
    "1995-05-08": "50 years of peace",
    "1999-12-31": "millennium",
    "2002-06-03": "Golden Jubilee",
    "2002-06-04": "Spring bank holiday",
    "2011-04-29": "royal wedding",
    "2012-06-04": "Spring bank holiday",
    "2012-06-05": "Diamond Jubilee",
    "2020-05-08": "75 years of peace",
    "2022-06-02": "Spring bank holiday",
    "2022-06-03": "Platinum Jubilee",
    "2022-09-19": "funeral of Queen Elizabeth II",
    "2023-05-08": "coronation of King Charles III",
  },
};

/** Zurich, as the interbank clearing keeps it; none is made up for. 1 August since the vote of 1993. */
const SWITZERLAND: HolidayRules = {
  rules: [
    { name: "New Year's Day", month: 1, day: 1 },
    { name: "Saint Berchtold's Day", month: 1, day: 2 },
    GOOD_FRIDAY,
    EASTER_MONDAY,
    { name: "Labour Day", month: 5, day: 1 },
    { name: "Ascension Day", easter: 39 },
    { name: "Whit Monday", easter: 50 },
    { name: "National Day", month: 8, day: 1, from: 1994 },
    { name: "Christmas Day", month: 12, day: 25 },
    { name: "Saint Stephen's Day", month: 12, day: 26 },
  ],
};

/** Toronto: Canada's Bills of Exchange Act, s. 42, Ontario's Family Day and the civic holiday of August. */
const CANADA: HolidayRules = {
  rules: [
    { name: "New Year's Day", month: 1, day: 1, moves: "weekend" },
    { name: "Family Day", month: 2, day: 15, first: "Monday", from: 2008 },
    GOOD_FRIDAY,
    { name: "Victoria Day", month: 5, day: 18, first: "Monday" },
    { name: "Canada Day", month: 7, day: 1, moves: "weekend" },
    { name: "Civic Holiday", month: 8, day: 1, first: "Monday" },
    { name: "Labour Day", month: 9, day: 1, first: "Monday" },
    { name: "Truth and Reconciliation", month: 9, day: 30, from: 2021, moves: "weekend" },
    { name: "Thanksgiving", month: 10, day: 8, first: "Monday" },
    { name: "Remembrance Day", month: 11, day: 11, moves: "weekend" },
    { name: "Christmas Day", month: 12, day: 25, moves: "weekend" },
    { name: "Boxing Day", month: 12, day: 26, moves: "weekend" },
  ],
};

const CURRENCIES: ReadonlyMap<string, HolidayRules> = new Map([
  ["USD", UNITED_STATES],
  ["EUR", EURO_AREA],
  ["GBP", ENGLAND],
  ["JPY", JAPAN],
  ["CHF", SWITZERLAND],
  ["CAD", CANADA],
  ["AUD", AUSTRALIA],
  ["NZD", NEW_ZEALAND],
]);

/** Currencies whose holidays are known. */
export const CURRENCIES_WITH_HOLIDAYS: readonly string[] = [...CURRENCIES.keys()];

/** The years that are answered for. */
const FIRST_YEAR = 1990;
const LAST_YEAR = 2099;

/** Of each currency that was asked for, worked out once: at most some 1,600 dates. */
const KNOWN = new Map<string, ReadonlySet<Days>>();

function holidaysIn(currency: string, rules: HolidayRules): ReadonlySet<Days> {
  let days = KNOWN.get(currency);
  if (days === undefined) {
    const all = new Set<Days>();
    for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
      for (const day of holidaysOf(rules, year)) all.add(day);
    }
    days = all;
    KNOWN.set(currency, days);
  }
  return days;
}

/** Whether payments in a currency settle on a date, from 1990 to 2099; later only weekends are known. */
export function settles(currency: string, day: Days): boolean {
  if (isWeekend(day)) return false;
  const rules = CURRENCIES.get(currency);
  return rules === undefined || !holidaysIn(currency, rules).has(day);
}
