/** What a specification may say, and what an exchange's day makes of it. */
import { describe, expect, test } from "vitest";
import type { CalendarSpecification } from "../../../engine/calendar/calendar-specification.ts";
import { DAY_MS, formatDate, parseDate } from "../../../engine/calendar/civil-date.ts";
import { defineCalendar } from "../../../engine/calendar/define-calendar.ts";
import { EXCHANGE_DAY, FOREX_WEEK, READY_CALENDARS } from "../../../engine/calendar/ready-calendars.ts";
import { toLocal } from "../../../engine/calendar/time-zone.ts";
import {
  CALENDAR_END,
  CALENDAR_START,
  stateAt,
  transitionsBetween,
} from "../../../engine/calendar/timetable.ts";
import type { Milliseconds } from "../../../engine/units.ts";

const at = (time: number) => time as Milliseconds;

/** The transitions of one civil date in local time: `09:00 continuous: opens`. */
function dayOf(specification: CalendarSpecification, date: string): string[] {
  const calendar = defineCalendar(specification);
  const midnight = (parseDate(date) ?? 0) * DAY_MS;
  const local = (time: Milliseconds) => new Date(toLocal(calendar.zone, time)).toISOString();
  return transitionsBetween(calendar, at(midnight - DAY_MS), at(midnight + 2 * DAY_MS))
    .transitions.filter(({ time }) => local(time).startsWith(date))
    .map(
      one => `${local(one.time).slice(11, 16)} ${one.kind === "phase" ? one.phase : "end"}: ${one.reason}`,
    );
}

describe("an exchange's day", () => {
  test.each(["2026-10-16", "2026-03-30", "2026-10-26"])("%s is an ordinary one", date => {
    expect(dayOf(EXCHANGE_DAY, date)).toEqual([
      "07:30 pre-open: orders are collected",
      "08:50 opening-auction: opening auction",
      "09:00 continuous: opens",
      "13:00 intraday-auction: midday auction",
      "13:02 continuous: midday auction ends",
      "17:30 closing-auction: closing auction",
      "17:35 closing-price-cross: trades at the closing price",
      "17:40 post-close: closes",
      `20:00 end: end of ${date}`,
    ]);
  });

  test.each(["2026-10-17", "2026-10-18", "2026-12-25", "2026-04-03", "2026-04-06", "2026-05-01"])(
    "%s is closed",
    date => {
      expect(dayOf(EXCHANGE_DAY, date)).toEqual([]);
    },
  );

  test("the eve of a holiday names it", () => {
    expect(dayOf(EXCHANGE_DAY, "2026-04-02").at(-2)).toBe("17:40 post-close: holiday: Good Friday");
  });

  test("an early close brings the closing auction forward", () => {
    expect(dayOf(EXCHANGE_DAY, "2026-12-30").slice(3)).toEqual([
      "13:00 intraday-auction: midday auction",
      "13:02 continuous: midday auction ends",
      "14:00 closing-auction: early close: last trading day of the year",
      "14:05 closing-price-cross: early close: last trading day of the year",
      "14:10 post-close: early close: last trading day of the year",
      "20:00 end: end of 2026-12-30",
    ]);
  });

  test("a late open puts the opening auction off", () => {
    expect(dayOf(EXCHANGE_DAY, "2026-01-02").slice(0, 4)).toEqual([
      "09:30 pre-open: late open: first trading day of the year",
      "10:50 opening-auction: late open: first trading day of the year",
      "11:00 continuous: late open: first trading day of the year",
      "13:00 intraday-auction: midday auction",
    ]);
  });

  test("phases that an early close or a late open leaves no time for are left out", () => {
    const name = "storm";
    const changed = {
      ...EXCHANGE_DAY,
      earlyCloses: [{ date: "2026-10-15", time: "13:00", name }],
      lateOpens: [{ date: "2026-10-16", time: "13:00", name }],
    };
    const phases = (date: string) => dayOf(changed, date).map(line => line.split(":").slice(0, 2).join(":"));
    expect(phases("2026-10-15")).toEqual([
      "07:30 pre-open",
      "08:50 opening-auction",
      "09:00 continuous",
      "13:00 closing-auction",
      "13:05 closing-price-cross",
      "13:10 post-close",
      "20:00 end",
    ]);
    expect(phases("2026-10-16")).toEqual([
      "11:30 pre-open",
      "12:50 opening-auction",
      "13:00 continuous",
      "17:30 closing-auction",
      "17:35 closing-price-cross",
      "17:40 post-close",
      "20:00 end",
    ]);
  });

  test("both on one day", () => {
    const name = "storm";
    const changed = {
      ...EXCHANGE_DAY,
      earlyCloses: [{ date: "2026-10-16", time: "11:00", name }],
      lateOpens: [{ date: "2026-10-16", time: "10:00", name }],
    };
    expect(dayOf(changed, "2026-10-16").map(line => line.slice(0, 5))).toEqual([
      "08:30",
      "09:50",
      "10:00",
      "11:00",
      "11:05",
      "11:10",
      "20:00",
    ]);
  });
});

describe("the forex week's exceptions", () => {
  test("an early close within the week ends trading until the roll", () => {
    const name = "Thanksgiving";
    const changed = { ...FOREX_WEEK, earlyCloses: [{ date: "2026-11-26", time: "13:00", name }] };
    expect(dayOf(changed, "2026-11-26")).toEqual([
      "13:00 post-close: early close: Thanksgiving",
      "17:00 end: end of 2026-11-26",
      "17:00 continuous: opens",
    ]);
  });

  test("a late open may be on the date before the trading day's", () => {
    const late = { date: "2026-10-19", time: "18:00", dayBefore: true, name: "maintenance" } as const;
    expect(dayOf({ ...FOREX_WEEK, lateOpens: [late] }, "2026-10-18")).toEqual([
      "17:45 pre-open: late open: maintenance",
      "18:00 continuous: late open: maintenance",
    ]);
  });
});

describe("a specification", () => {
  test.each([...READY_CALENDARS.values()])("$name is JSON", specification => {
    const calendar = defineCalendar(JSON.parse(JSON.stringify(specification)));
    expect(calendar).toEqual(defineCalendar(specification));
    expect(READY_CALENDARS.get(calendar.name)).toBe(specification);
  });

  const session = (...phases: object[]) => ({ sessions: [{ days: ["Monday"], phases }] });
  const opens = { time: "09:00", phase: "continuous" };
  const closes = { time: "17:00", phase: "post-close" };
  const exception = (time: string, date = "2026-10-16") => [{ date, time, name: "storm" }];
  const allMondays = Array.from({ length: 6 }, (_, week) => ({
    date: formatDate(((parseDate("2026-10-05") ?? 0) + 7 * week) as Parameters<typeof formatDate>[0]),
    name: "holiday",
  }));

  test.each<[object, string]>([
    [{ timeZone: "Europe/Paris" }, "'timeZone' must be one of UTC, America/New_York"],
    [{ timeZone: "toString" }, "'timeZone' must be one of UTC"],
    [{ name: "" }, "'name' must be 1 to 200 ASCII characters: received "],
    [{ dayEnds: "5pm" }, "'dayEnds' must be a time as 17:00 or 17:00:30, at most 24:00: received 5pm"],
    [{ dayEnds: "24:01" }, "'dayEnds' must be a time as 17:00"],
    [{ dayEnds: "12:60" }, "'dayEnds' must be a time as 17:00"],
    [{ dayEnds: "00:00" }, "'dayEnds' must be after 00:00, as the end of a date is 24:00"],
    [{ sessions: [] }, "'sessions' must be a list with a session on some day"],
    [session(), "'sessions[0].phases' must be a list with a continuous phase"],
    [session(closes), "'sessions[0].phases' must be a list with a continuous phase"],
    [session(opens), "'sessions[0].phases' must be a list whose last phase doesn't match orders"],
    [session(opens, { ...closes, phase: "close-only" }), "whose last phase doesn't match orders"],
    [
      session(opens, { ...closes, phase: "closed" }),
      "'sessions[0].phases[1].phase' must be one of continuous",
    ],
    [session(opens, { ...closes, time: "09:00" }), "'sessions[0].phases[1].time' must be later than the one"],
    [
      session(opens, { ...closes, time: "20:01" }),
      "'sessions[0].phases[1].time' must be no later than the end",
    ],
    [
      session({ ...opens, time: "19:59", dayBefore: true }, closes),
      "must be after the end of the day before",
    ],
    [session(opens, { ...closes, reason: "fermé" }), "phases[1].reason' must be 1 to 200 ASCII characters"],
    [session(...Array.from({ length: 33 }, () => opens)), "'sessions[0].phases' must be at most 32 phases"],
    [{ sessions: [{ days: ["Mon"], phases: [opens, closes] }] }, "'sessions[0].days' must be of Monday"],
    [{ sessions: [{ days: ["Monday", "Monday"], phases: [opens, closes] }] }, "days without another session"],
    [{ holidays: [{ date: "2026-02-29", name: "x" }] }, "'holidays[0].date' must be a date as 2026-10-16"],
    [{ holidays: [{ date: "1989-12-25", name: "x" }] }, "from 1990 to 2199: received 1989-12-25"],
    [{ holidays: [{ month: "Dec", day: 25, name: "x" }] }, "'holidays[0].month' must be one of January"],
    [{ holidays: [{ month: "April", day: 31, name: "x" }] }, "'holidays[0].day' must be a day of April"],
    [
      { holidays: [...allMondays, ...allMondays] },
      "'holidays' must be a list without a date twice: received 6",
    ],
    [{ ...session(opens, closes), holidays: allMondays }, "'holidays' must be a list that closes at most 31"],
    [
      { holidays: Array.from({ length: 2001 }, () => allMondays[0]) },
      "'holidays' must be at most 2000 dates",
    ],
    [{ earlyCloses: exception("12:00", "2026-10-17") }, "'earlyCloses[0].date' must be a trading day"],
    [{ earlyCloses: exception("12:00", "2026-12-25") }, "'earlyCloses[0].date' must be a trading day"],
    [
      { earlyCloses: exception("09:00") },
      "'earlyCloses[0].time' must be between opening and close of its day",
    ],
    [{ earlyCloses: exception("17:30") }, "'earlyCloses[0].time' must be between opening and close"],
    [{ lateOpens: exception("09:00") }, "'lateOpens[0].time' must be between opening and close"],
    [{ lateOpens: [...exception("10:00"), ...exception("11:00")] }, "'lateOpens[1].date' must be there once"],
    [
      { lateOpens: exception("12:00"), earlyCloses: exception("11:00") },
      "'earlyCloses[0].time' must be between opening and close",
    ],
  ])("refuses %j", (change, message) => {
    const changed: CalendarSpecification = { ...EXCHANGE_DAY, ...change };
    expect(() => defineCalendar(changed)).toThrow(RangeError);
    expect(() => defineCalendar(changed)).toThrow(`Cannot define calendar as`);
    expect(() => defineCalendar(changed)).toThrow(message);
  });

  test("a leap day may be a holiday of every year that has it", () => {
    const leap = { ...EXCHANGE_DAY, holidays: [{ month: "February", day: 29, name: "leap day" }] } as const;
    expect(dayOf(leap, "2028-02-29")).toEqual([]);
    expect(dayOf(leap, "2027-03-01")).toHaveLength(9);
  });
});

describe("the moments that a calendar answers for", () => {
  const calendar = defineCalendar(EXCHANGE_DAY);

  test("are 1990 to 2199", () => {
    expect(stateAt(calendar, CALENDAR_START)).toMatchObject({ phase: "post-close" });
    expect(stateAt(calendar, at(CALENDAR_END - 1))).toMatchObject({ phase: "post-close" });
    const rule = "Invariant: a calendar is asked about 1990 … 2199";
    expect(() => stateAt(calendar, at(CALENDAR_START - 1))).toThrow(rule);
    expect(() => stateAt(calendar, CALENDAR_END)).toThrow(rule);
    expect(() => transitionsBetween(calendar, at(0), CALENDAR_START)).toThrow(rule);
  });
});
