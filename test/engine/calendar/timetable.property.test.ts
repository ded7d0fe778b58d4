/** Transitions partition time: properties of any calendar, and of a market that follows one and restarts. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Calendar, dayAfter, isTradingDay, tradingDayFrom } from "../../../engine/calendar/calendar.ts";
import { DAY_MS } from "../../../engine/calendar/civil-date.ts";
import { dueCommands, type Followed, follow, isNews } from "../../../engine/calendar/due-commands.ts";
import { stateAt, type Transition, transitionsBetween } from "../../../engine/calendar/timetable.ts";
import { TRANSITIONS_MAX } from "../../../engine/limits.ts";
import type { Milliseconds } from "../../../engine/units.ts";
import { calendars, DAYS, FIRST_DAY } from "./random-calendar.ts";

const SEED = Number(process.env.SEED ?? 20_261_120);
const COMMANDS = Number(process.env.COMMANDS ?? 20_000);
/** A run looks at a month or so of transitions, so there are fewer of them than commands. */
const RUNS = { seed: SEED, numRuns: Math.min(Math.max(20, Math.floor(COMMANDS / 40)), 5_000) };
const TIMEOUT_MS = 600_000;

const at = (time: number) => time as Milliseconds;
const START = FIRST_DAY * DAY_MS;
const MINUTE_MS = 60_000;
/** Mostly whole minutes, so that a moment often is one of a transition. */
const moments = fc
  .tuple(fc.integer({ min: 0, max: DAYS * 1440 }), fc.constantFrom(0, 0, 0, 0, 1, -1))
  .map(([minute, more]) => at(START + Math.floor(minute / 5) * 5 * MINUTE_MS + more));
const spans = fc
  .tuple(moments, fc.integer({ min: 0, max: 40 * 288 }))
  .map(([from, steps]) => [from, at(from + steps * 5 * MINUTE_MS)] as const);

function whole(calendar: Calendar, after: Milliseconds, upTo: Milliseconds): readonly Transition[] {
  const { transitions, through } = transitionsBetween(calendar, after, upTo);
  expect(through).toBe(upTo);
  return transitions;
}

describe("transitions", { timeout: TIMEOUT_MS }, () => {
  test("the state between two is the one that they lead from and to", () => {
    const property = fc.property(calendars, spans, (calendar, [from, upTo]) => {
      const transitions = whole(calendar, from, upTo);
      let { phase, tradingDay } = stateAt(calendar, from);
      expect(isTradingDay(calendar, tradingDay)).toBe(true);
      for (const [place, transition] of transitions.entries()) {
        const { time, index } = transition;
        const earlier = transitions[place - 1];
        expect(time).toBeGreaterThanOrEqual(earlier?.time ?? from + 1);
        expect(index).toBe(earlier?.time === time ? earlier.index + 1 : 0);
        if (index === 0) {
          const before = stateAt(calendar, at(time - 1));
          expect(before).toEqual({ phase, tradingDay, next: transition });
        }
        expect(transition.tradingDay).toBe(tradingDay);
        if (transition.kind === "endOfDay") tradingDay = tradingDayFrom(calendar, dayAfter(tradingDay), 1);
        else {
          expect(transition.phase).not.toBe(phase);
          phase = transition.phase;
        }
        if (transitions[place + 1]?.time === time) continue;
        expect(stateAt(calendar, time)).toMatchObject({ phase, tradingDay });
      }
      expect(stateAt(calendar, upTo)).toMatchObject({ phase, tradingDay });
      expect(stateAt(calendar, upTo).next.time).toBeGreaterThan(upTo);
    });
    fc.assert(property, RUNS);
  });

  test("those of a span are those of its parts", () => {
    const property = fc.property(calendars, spans, fc.nat(), (calendar, [from, upTo], part) => {
      const between = at(from + (part % (upTo - from + 1)));
      const parts = [...whole(calendar, from, between), ...whole(calendar, between, upTo)];
      expect(parts).toEqual(whole(calendar, from, upTo));
    });
    fc.assert(property, RUNS);
  });

  test("a call returns whole moments, and the next goes on from there", () => {
    const property = fc.property(calendars, moments, (calendar, from) => {
      const upTo = at(from + 3000 * DAY_MS);
      const paged: Transition[] = [];
      for (let through = from; through < upTo; ) {
        const page = transitionsBetween(calendar, through, upTo);
        expect(page.transitions.length).toBeLessThanOrEqual(TRANSITIONS_MAX);
        expect(page.through).toBeGreaterThan(through);
        expect(page.transitions.at(-1)?.time ?? through).toBeLessThanOrEqual(page.through);
        paged.push(...page.transitions);
        through = page.through;
      }
      const monthly: Transition[] = [];
      for (let month = 0; month < 100; month++) {
        const [after, until] = [from + month * 30 * DAY_MS, from + (month + 1) * 30 * DAY_MS];
        monthly.push(...whole(calendar, at(after), at(until)));
      }
      expect(paged).toEqual(monthly);
    });
    fc.assert(property, { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 20) });
  });
});

describe("a market that follows its calendar", { timeout: TIMEOUT_MS }, () => {
  test("does every transition once, however often it and its sender restart", () => {
    const steps = fc.array(
      fc.record({
        minutes: fc.constantFrom(0, 1, 5, 60, 600, 3000, 20_000),
        done: fc.nat(12),
        again: fc.boolean(),
      }),
      { minLength: 1, maxLength: 40 },
    );
    const property = fc.property(calendars, moments, steps, (calendar, from, ways) => {
      const [first] = dueCommands(calendar, undefined, from).commands;
      expect(first).toMatchObject({ kind: "phase", phase: stateAt(calendar, from).phase, time: from });
      if (first === undefined) return;
      let followed: Followed = follow(undefined, first);
      const done: Transition[] = [];
      const take = (command: Transition) => {
        if (!isNews(followed, command)) return;
        done.push(command);
        followed = follow(followed, command);
      };
      let now = from;
      for (const { minutes, done: most, again } of ways) {
        now = at(now + minutes * MINUTE_MS);
        const sent = dueCommands(calendar, followed, now).commands.slice(0, most);
        for (const command of sent) take(command);
        if (again) for (const command of sent) take(command);
      }
      for (const command of dueCommands(calendar, followed, now).commands) take(command);
      expect(done).toEqual(whole(calendar, from, now));
      expect(followed.phase).toBe(stateAt(calendar, now).phase);
      expect(dueCommands(calendar, followed, now)).toEqual({ commands: [], through: now });
    });
    fc.assert(property, RUNS);
  });

  test("one whose calendar was changed gets the present phase, once", () => {
    const property = fc.property(calendars, calendars, spans, (old, changed, [from, now]) => {
      let followed: Followed | undefined;
      for (const command of dueCommands(old, undefined, from).commands) followed = follow(followed, command);
      for (const command of dueCommands(old, followed, now).commands) followed = follow(followed, command);
      if (followed === undefined) return;
      const { commands } = dueCommands(changed, followed, now);
      expect(commands.every(command => isNews(followed, command))).toBe(true);
      for (const command of commands) followed = follow(followed, command);
      expect(followed?.phase).toBe(stateAt(changed, now).phase);
      expect(dueCommands(changed, followed, now).commands).toEqual([]);
    });
    fc.assert(property, RUNS);
  });
});
