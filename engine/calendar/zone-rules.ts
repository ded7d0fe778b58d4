/**
 * The time zones of calendars as data: standard time, and when clocks change, from 1990 on. Every change is
 * on a Sunday and by one hour. The last row of a list goes on until a law says otherwise; then a row is added
 * here, and calendars of days that have passed stay what they were. Facts are those of the laws named, as the
 * tz database (2025c) records them; a test compares every change with it.
 */

/** A Sunday of a month, up to and including a year. */
export interface ChangeRule {
  readonly until: number;
  /** 1 … 12. */
  readonly month: number;
  /** The first Sunday on or after this day; the month's last where it is left out. */
  readonly from?: number;
}

export interface SummerRules {
  /** The hour at which clocks change, and on which clock: the one on the wall, standard time, or UTC. */
  readonly hour: number;
  readonly clock: "wall" | "standard" | "UTC";
  readonly begins: readonly ChangeRule[];
  readonly ends: readonly ChangeRule[];
}

export interface ZoneRules {
  /** Hours that standard time is ahead of UTC. */
  readonly standard: number;
  readonly summer?: SummerRules;
}

const ALWAYS = Number.POSITIVE_INFINITY;

/**
 * The European Community's summertime directives (the ninth, 2000/84/EC, without an end): all change at one
 * moment, 01:00 UTC. The common end in October is that of the seventh, from 1996 on.
 */
const europe = (endsUntil1995: ChangeRule): SummerRules => ({
  hour: 1,
  clock: "UTC",
  begins: [{ until: ALWAYS, month: 3 }],
  ends: [endsUntil1995, { until: ALWAYS, month: 10 }],
});

export const ZONES = {
  UTC: { standard: 0 },

  /** Uniform Time Act of 1966 as changed in 1986 (Public Law 99-359) and by the Energy Policy Act of 2005. */
  "America/New_York": {
    standard: -5,
    summer: {
      hour: 2,
      clock: "wall",
      begins: [
        { until: 2006, month: 4, from: 1 },
        { until: ALWAYS, month: 3, from: 8 },
      ],
      ends: [
        { until: 2006, month: 10 },
        { until: ALWAYS, month: 11, from: 1 },
      ],
    },
  },

  /** Summer Time Act 1972 and its orders: until 1995 the fourth Sunday of October. */
  "Europe/London": { standard: 0, summer: europe({ until: 1995, month: 10, from: 22 }) },

  /** Frankfurt. Time Act of 1978 and its summer time orders. */
  "Europe/Berlin": { standard: 1, summer: europe({ until: 1995, month: 9 }) },

  /** Swiss Summer Time Act of 1980 and its ordinance: as the neighbours do. */
  "Europe/Zurich": { standard: 1, summer: europe({ until: 1995, month: 9 }) },

  /** No summer time since 1951. */
  "Asia/Tokyo": { standard: 9 },

  /** UTC+8 since 1982. */
  "Asia/Singapore": { standard: 8 },

  /** No summer time since 1979. */
  "Asia/Hong_Kong": { standard: 8 },

  /**
   * Standard Time Act 1987 of New South Wales and its proclamations; 2000 early for the Olympic Games, 2006
   * late for the Commonwealth Games. tz: rule AN.
   */
  "Australia/Sydney": {
    standard: 10,
    summer: {
      hour: 2,
      clock: "standard",
      begins: [
        { until: 1999, month: 10 },
        { until: 2000, month: 8 },
        { until: 2007, month: 10 },
        { until: ALWAYS, month: 10, from: 1 },
      ],
      ends: [
        { until: 1995, month: 3, from: 1 },
        { until: 2005, month: 3 },
        { until: 2006, month: 4, from: 1 },
        { until: 2007, month: 3 },
        { until: ALWAYS, month: 4, from: 1 },
      ],
    },
  },

  /** Time Act 1974 and the New Zealand Daylight Time Orders of 1990 and 2007. tz: rule NZ. */
  "Pacific/Auckland": {
    standard: 12,
    summer: {
      hour: 2,
      clock: "standard",
      begins: [
        { until: 2006, month: 10, from: 1 },
        { until: ALWAYS, month: 9 },
      ],
      ends: [
        { until: 2007, month: 3, from: 15 },
        { until: ALWAYS, month: 4, from: 1 },
      ],
    },
  },
} as const satisfies Readonly<Record<string, ZoneRules>>;

export type ZoneName = keyof typeof ZONES;
