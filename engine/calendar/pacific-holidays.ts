/**
 * Sydney: the Banks and Bank Holidays Act 1912 and the Public Holidays Act 2010 of New South Wales. Auckland
 * and Wellington: the Holidays Act 2003, its change of 2013 that makes up for two more days, and the dates of
 * the Matariki Act of 2022; the provinces' anniversaries are no holidays of the currency.
 */
import type { HolidayRules } from "./holiday-rules.ts";

export const AUSTRALIA: HolidayRules = {
  rules: [
    { name: "New Year's Day", month: 1, day: 1, moves: "weekend" },
    { name: "Australia Day", month: 1, day: 26, moves: "weekend" },
    { name: "Good Friday", easter: -2 },
    { name: "Easter Monday", easter: 1 },
    { name: "Anzac Day", month: 4, day: 25 },
    { name: "Sovereign's Birthday", month: 6, day: 8, first: "Monday" },
    { name: "Bank Holiday", month: 8, day: 1, first: "Monday" },
    { name: "Labour Day", month: 10, day: 1, first: "Monday" },
    { name: "Christmas Day", month: 12, day: 25, moves: "weekend" },
    { name: "Boxing Day", month: 12, day: 26, moves: "weekend" },
  ],
  once: { "2022-09-22": "day of mourning" },
};

export const NEW_ZEALAND: HolidayRules = {
  rules: [
    { name: "New Year's Day", month: 1, day: 1, moves: "weekend" },
    { name: "Day after New Year's Day", month: 1, day: 2, moves: "weekend" },
    { name: "Waitangi Day", month: 2, day: 6, until: 2013 },
    { name: "Waitangi Day", month: 2, day: 6, from: 2014, moves: "monday" },
    { name: "Good Friday", easter: -2 },
    { name: "Easter Monday", easter: 1 },
    { name: "Anzac Day", month: 4, day: 25, until: 2013 },
    { name: "Anzac Day", month: 4, day: 25, from: 2014, moves: "monday" },
    { name: "Sovereign's Birthday", month: 6, day: 1, first: "Monday" },
    { name: "Labour Day", month: 10, day: 22, first: "Monday" },
    { name: "Christmas Day", month: 12, day: 25, moves: "weekend" },
    { name: "Boxing Day", month: 12, day: 26, moves: "weekend" },
  ],
  once: {
    "2022-09-26": "memorial day for Queen Elizabeth II",
    ...Object.fromEntries(
      [
        ...["2022-06-24", "2023-07-14", "2024-06-28", "2025-06-20", "2026-07-10", "2027-06-25", "2028-07-14"],
        ...["2029-07-06", "2030-06-21", "2031-07-11", "2032-07-02", "2033-06-24", "2034-07-07", "2035-06-29"],
        ...["2036-07-18", "2037-07-10", "2038-06-25", "2039-07-15", "2040-07-06"],
      ].map(date => [date, "Matariki"]),
    ),
  },
};
