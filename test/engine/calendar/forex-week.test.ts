/**
 * The forex week from 1990 to 2040 against a naive rule in New York's local time by Intl: at every quarter of
 * an hour between 20:00 and 23:00 UTC, where all changes are, and at random moments.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS, formatDate } from "../../../engine/calendar/civil-date.ts";
import { defineCalendar } from "../../../engine/calendar/define-calendar.ts";
import { ALWAYS_OPEN, FOREX_WEEK } from "../../../engine/calendar/ready-calendars.ts";
import { HOUR_MS } from "../../../engine/calendar/time-zone.ts";
import { stateAt, type Transition, transitionsBetween } from "../../../engine/calendar/timetable.ts";
import type { Milliseconds } from "../../../engine/units.ts";
import { intlClock } from "./intl-clock.ts";

const START = Date.UTC(1990, 0, 1);
const END = Date.UTC(2041, 0, 1);
const SEED = Number(process.env.SEED ?? 20_261_120);
const COMMANDS = Number(process.env.COMMANDS ?? 20_000);
const QUARTER_MS = HOUR_MS / 4;

const forex = defineCalendar(FOREX_WEEK);
const newYork = intlClock("America/New_York");
const at = (time: number) => time as Milliseconds;

/** Whether the date of a local time is a trading day, by its name. */
function trades(local: number): boolean {
  const date = new Date(local);
  const weekday = date.getUTCDay();
  const holiday = ["01-01", "12-25"].includes(date.toISOString().slice(5, 10));
  return weekday >= 1 && weekday <= 5 && !holiday;
}

function naive(time: number): { phase: string; day: string } {
  const local = newYork(time);
  const ofDay = local % DAY_MS;
  const date = local - ofDay;
  let day = ofDay < 17 * HOUR_MS ? date : date + DAY_MS;
  const open = trades(day);
  while (!trades(day)) day += DAY_MS;
  const name = new Date(day).toISOString().slice(0, 10);
  if (open) return { phase: "continuous", day: name };
  const soon = ofDay >= 16.75 * HOUR_MS && ofDay < 17 * HOUR_MS && trades(date + DAY_MS);
  return { phase: soon ? "pre-open" : "post-close", day: name };
}

/** Everything that a calendar says of a time, asked page by page. */
function everything(after: number, upTo: number, calendar = forex): Transition[] {
  const all: Transition[] = [];
  let through = at(after);
  while (through < upTo) {
    const page = transitionsBetween(calendar, through, at(upTo));
    expect(page.through).toBeGreaterThan(through);
    expect(page.transitions.length).toBeLessThanOrEqual(1000);
    all.push(...page.transitions);
    through = page.through;
  }
  return all;
}

const told = ({ time, kind, reason, ...rest }: Transition) =>
  `${new Date(time).toISOString().slice(0, 16)} ${"phase" in rest ? rest.phase : kind}: ${reason}`;

describe("the forex week", () => {
  test("is open and closed as the naive rule says, 1990 to 2040", () => {
    const transitions = everything(START - 1, END - 1);
    const { phase, tradingDay } = stateAt(forex, at(START));
    let now = { phase: String(phase), day: formatDate(tradingDay) };
    let next = 0;
    const differing: string[] = [];
    for (let midnight = START; midnight < END; midnight += DAY_MS) {
      for (let quarter = 80; quarter <= 92; quarter++) {
        const time = midnight + quarter * QUARTER_MS;
        for (let due = transitions[next]; due !== undefined && due.time <= time; due = transitions[next]) {
          if (due.kind === "phase") now = { ...now, phase: due.phase };
          next += 1;
        }
        const expected = naive(time);
        if (now.phase !== expected.phase) differing.push(new Date(time).toISOString());
      }
    }
    expect(differing).toEqual([]);
    expect(next).toBeGreaterThan(51 * 52 * 7);
  });

  test("every Sunday's open and every Friday's close in UTC", () => {
    const opens = new Set<number>();
    const closes = new Set<number>();
    for (const transition of everything(START, END)) {
      if (transition.kind === "endOfDay") continue;
      if (transition.phase === "continuous") opens.add(transition.time);
      if (transition.phase === "post-close") closes.add(transition.time);
    }
    let weeks = 0;
    for (let midnight = START; midnight < END; midnight += DAY_MS) {
      const weekday = new Date(midnight).getUTCDay();
      const hour = [21, 22].find(each => newYork(midnight + each * HOUR_MS) === midnight + 17 * HOUR_MS);
      const time = midnight + (hour ?? Number.NaN) * HOUR_MS;
      if (weekday === 0) {
        expect(opens.has(time)).toBe(trades(midnight + DAY_MS));
        weeks += 1;
      }
      if (weekday === 5) expect(closes.has(time)).toBe(trades(midnight));
    }
    expect(weeks).toBe(2661);
  });

  test("phase and trading day at random moments", () => {
    const moment = fc.integer({ min: START, max: END - 1 });
    const property = fc.property(moment, time => {
      const { phase, tradingDay } = stateAt(forex, at(time));
      expect({ phase, day: formatDate(tradingDay) }).toEqual(naive(time));
    });
    fc.assert(property, { seed: SEED, numRuns: Math.min(COMMANDS, 100_000) });
  });

  test("every trading day ends once, at 17:00 in New York", () => {
    const ends = everything(START, END).filter(({ kind }) => kind === "endOfDay");
    const days: string[] = [];
    for (let midnight = START; midnight < END; midnight += DAY_MS) {
      if (trades(midnight)) days.push(new Date(midnight + 17 * HOUR_MS).toISOString());
    }
    expect(ends.map(({ time }) => new Date(newYork(time)).toISOString())).toEqual(days);
    expect(ends.map(({ tradingDay }) => formatDate(tradingDay))).toEqual(days.map(day => day.slice(0, 10)));
  });

  test("a year's end in its own words", () => {
    expect(everything(Date.UTC(2026, 11, 24), Date.UTC(2027, 0, 4, 23)).map(told)).toEqual([
      "2026-12-24T22:00 post-close: holiday: Christmas Day",
      "2026-12-24T22:00 endOfDay: end of 2026-12-24",
      "2026-12-27T21:45 pre-open: opens at 17:00",
      "2026-12-27T22:00 continuous: opens",
      "2026-12-28T22:00 endOfDay: end of 2026-12-28",
      "2026-12-29T22:00 endOfDay: end of 2026-12-29",
      "2026-12-30T22:00 endOfDay: end of 2026-12-30",
      "2026-12-31T22:00 post-close: holiday: New Year's Day",
      "2026-12-31T22:00 endOfDay: end of 2026-12-31",
      "2027-01-03T21:45 pre-open: opens at 17:00",
      "2027-01-03T22:00 continuous: opens",
      "2027-01-04T22:00 endOfDay: end of 2027-01-04",
    ]);
  });

  test("the week in which New York's clocks go forward", () => {
    expect(everything(Date.UTC(2026, 2, 5, 23), Date.UTC(2026, 2, 9, 23)).map(told)).toEqual([
      "2026-03-06T22:00 post-close: week ends",
      "2026-03-06T22:00 endOfDay: end of 2026-03-06",
      "2026-03-08T20:45 pre-open: opens at 17:00",
      "2026-03-08T21:00 continuous: opens",
      "2026-03-09T21:00 endOfDay: end of 2026-03-09",
    ]);
  });

  test("Friday evening, Saturday and Sunday belong to Monday", () => {
    const day = (...parts: Parameters<typeof Date.UTC>) =>
      formatDate(stateAt(forex, at(Date.UTC(...parts))).tradingDay);
    expect(day(2026, 9, 16, 20, 59, 59, 999)).toBe("2026-10-16");
    expect(day(2026, 9, 16, 21)).toBe("2026-10-19");
    expect(day(2026, 9, 17, 12)).toBe("2026-10-19");
    expect(day(2026, 9, 18, 21)).toBe("2026-10-19");
    expect(day(2026, 9, 19, 21)).toBe("2026-10-20");
  });
});

describe("always open", () => {
  const always = defineCalendar(ALWAYS_OPEN);

  test("knows no phase but continuous, and ends every day", () => {
    const transitions = everything(START, END, always);
    expect(transitions.every(({ kind }) => kind === "endOfDay")).toBe(true);
    expect(transitions.length).toBe((END - START) / DAY_MS);
    expect(stateAt(always, at(START))).toMatchObject({ phase: "continuous" });
  });
});
