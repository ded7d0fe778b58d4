/**
 * Tokyo: the Act on National Holidays of 1948 with its changes, and the banks' days around New Year. A
 * holiday on a Sunday is made up for on the next day that is none; a weekday between two is one. The Olympic
 * Games moved three of 2020 and of 2021.
 */
import type { HolidayRules } from "./holiday-rules.ts";

const OLYMPIC = [2020, 2021];

export const JAPAN: HolidayRules = {
  rules: [
    // The banks' days need no substitutes: those after 1 January are closed anyway.
    { name: "New Year's Day", month: 1, day: 1 },
    { name: "Bank holiday", month: 1, day: 2 },
    { name: "Bank holiday", month: 1, day: 3 },
    { name: "Coming of Age Day", month: 1, day: 15, until: 1999, moves: "sunday" },
    { name: "Coming of Age Day", month: 1, day: 8, first: "Monday", from: 2000 },
    { name: "National Foundation Day", month: 2, day: 11, moves: "sunday" },
    { name: "Emperor's Birthday", month: 2, day: 23, from: 2020, moves: "sunday" },
    { name: "Vernal Equinox Day", equinox: "vernal", moves: "sunday" },
    { name: "Greenery Day, from 2007 Showa Day", month: 4, day: 29, moves: "sunday" },
    { name: "Constitution Day", month: 5, day: 3, moves: "sunday" },
    { name: "Greenery Day", month: 5, day: 4, from: 2007, moves: "sunday" },
    { name: "Children's Day", month: 5, day: 5, moves: "sunday" },
    { name: "Marine Day", month: 7, day: 20, from: 1996, until: 2002, moves: "sunday" },
    { name: "Marine Day", month: 7, day: 15, first: "Monday", from: 2003, except: OLYMPIC },
    { name: "Mountain Day", month: 8, day: 11, from: 2016, except: OLYMPIC, moves: "sunday" },
    { name: "Respect for the Aged Day", month: 9, day: 15, until: 2002, moves: "sunday" },
    { name: "Respect for the Aged Day", month: 9, day: 15, first: "Monday", from: 2003 },
    { name: "Autumnal Equinox Day", equinox: "autumnal", moves: "sunday" },
    { name: "Health and Sports Day", month: 10, day: 10, until: 1999, moves: "sunday" },
    { name: "Sports Day", month: 10, day: 8, first: "Monday", from: 2000, except: OLYMPIC },
    { name: "Culture Day", month: 11, day: 3, moves: "sunday" },
    { name: "Labour Thanksgiving Day", month: 11, day: 23, moves: "sunday" },
    { name: "Emperor's Birthday", month: 12, day: 23, until: 2018, moves: "sunday" },
    { name: "Bank holiday", month: 12, day: 31 },
  ],
  once: {
    "1990-11-12": "enthronement",
    "1993-06-09": "imperial wedding",
    "2019-05-01": "accession",
    "2019-10-22": "enthronement",
    "2020-07-23": "Marine Day",
    "2020-07-24": "Sports Day",
    "2020-08-10": "Mountain Day",
    "2021-07-22": "Marine Day",
    "2021-07-23": "Sports Day",
    "2021-08-09": "Mountain Day, made up for",
  },
  bridges: true,
};
