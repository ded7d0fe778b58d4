/**
 * Calendars that are ready to use, as specifications: by name, or to be changed into one's own. Their terms
 * are explained in docs/CALENDAR.md.
 */
import type { CalendarSpecification } from "./calendar-specification.ts";
import { WEEKDAYS } from "./civil-date.ts";

/**
 * Forex: from Sunday 17:00 to Friday 17:00 in New York, without a break. The day rolls at 17:00; orders are
 * taken from a quarter of an hour before the week, or the day after a holiday, opens.
 */
export const FOREX_WEEK: CalendarSpecification = {
  name: "forex-week",
  timeZone: "America/New_York",
  dayEnds: "17:00",
  sessions: [
    {
      days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
      phases: [
        { time: "16:45", dayBefore: true, phase: "pre-open", reason: "opens at 17:00" },
        { time: "17:00", dayBefore: true, phase: "continuous", reason: "opens" },
        { time: "17:00", phase: "post-close", reason: "week ends" },
      ],
    },
  ],
  holidays: [
    { month: "January", day: 1, name: "New Year's Day" },
    { month: "December", day: 25, name: "Christmas Day" },
  ],
};

/** Every day, weekends too; the day rolls at 17:00 in New York, as daily candles do. */
export const ALWAYS_OPEN: CalendarSpecification = {
  name: "always-open",
  timeZone: "America/New_York",
  dayEnds: "17:00",
  sessions: [
    {
      days: WEEKDAYS,
      phases: [
        { time: "17:00", dayBefore: true, phase: "continuous", reason: "opens" },
        { time: "17:00", phase: "post-close", reason: "closes" },
      ],
    },
  ],
};

/** An exchange's day with its auctions, and the dates of one year: an example, no exchange's own calendar. */
export const EXCHANGE_DAY: CalendarSpecification = {
  name: "exchange-day",
  timeZone: "Europe/Berlin",
  dayEnds: "20:00",
  sessions: [
    {
      days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
      phases: [
        { time: "07:30", phase: "pre-open", reason: "orders are collected" },
        { time: "08:50", phase: "opening-auction", reason: "opening auction" },
        { time: "09:00", phase: "continuous", reason: "opens" },
        { time: "13:00", phase: "intraday-auction", reason: "midday auction" },
        { time: "13:02", phase: "continuous", reason: "midday auction ends" },
        { time: "17:30", phase: "closing-auction", reason: "closing auction" },
        { time: "17:35", phase: "closing-price-cross", reason: "trades at the closing price" },
        { time: "17:40", phase: "post-close", reason: "closes" },
      ],
    },
  ],
  holidays: [
    { month: "January", day: 1, name: "New Year's Day" },
    { date: "2026-04-03", name: "Good Friday" },
    { date: "2026-04-06", name: "Easter Monday" },
    { month: "May", day: 1, name: "Labour Day" },
    { month: "December", day: 25, name: "Christmas Day" },
    { month: "December", day: 26, name: "Boxing Day" },
  ],
  earlyCloses: [{ date: "2026-12-30", time: "14:00", name: "last trading day of the year" }],
  lateOpens: [{ date: "2026-01-02", time: "11:00", name: "first trading day of the year" }],
};

export const READY_CALENDARS: ReadonlyMap<string, CalendarSpecification> = new Map(
  [FOREX_WEEK, ALWAYS_OPEN, EXCHANGE_DAY].map(calendar => [calendar.name, calendar]),
);
