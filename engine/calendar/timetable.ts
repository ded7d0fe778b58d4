/**
 * What a calendar says about moments: the state at one, and the transitions between two. A transition is
 * named by its time and by its place among those of the same time, so that whoever follows a calendar can
 * tell what it has done already.
 *
 * At one moment the ending day's phases come first, then its end, then the phases of the day that begins.
 * Worst case: a state walks through the transitions of one trading day.
 */
import { TRANSITIONS_MAX } from "../limits.ts";
import type { Phase } from "../market/phase.ts";
import { assert, type Days, type Milliseconds } from "../units.ts";
import { type Calendar, dayAfter, localEnd, phasesOf, tradingDayFrom } from "./calendar.ts";
import { DAY_MS, daysOf, formatDate } from "./civil-date.ts";
import { toLocal, toUtc } from "./time-zone.ts";

/** The moments that a calendar answers for. */
export const CALENDAR_START = (daysOf({ year: 1990, month: 1, day: 1 }) * DAY_MS) as Milliseconds;
export const CALENDAR_END = (daysOf({ year: 2200, month: 1, day: 1 }) * DAY_MS) as Milliseconds;

interface Moment {
  readonly time: Milliseconds;
  /** Its place among the transitions of the same time: 0, 1, 2 … */
  readonly index: number;
  /** The trading day that the phase is one of, or that ends. */
  readonly tradingDay: Days;
  readonly reason: string;
}
export interface PhaseBegins extends Moment {
  readonly kind: "phase";
  readonly phase: Phase;
}
export interface DayEnds extends Moment {
  readonly kind: "endOfDay";
}
export type Transition = PhaseBegins | DayEnds;

export interface CalendarState {
  readonly phase: Phase;
  readonly tradingDay: Days;
  readonly next: Transition;
}

export interface Transitions {
  readonly transitions: readonly Transition[];
  /** All up to here, inclusive, are there; before `upTo` where there are more than one call returns. */
  readonly through: Milliseconds;
}

/** The trading day that a moment belongs to; the moment of its end belongs to the next one. */
export function tradingDayAt(calendar: Calendar, time: Milliseconds): Days {
  const date = Math.floor(toLocal(calendar.zone, time) / DAY_MS) as Days;
  let day = tradingDayFrom(calendar, date, 1);
  while (endOf(calendar, day) <= time) day = tradingDayFrom(calendar, dayAfter(day), 1);
  return day;
}

function endOf(calendar: Calendar, day: Days): Milliseconds {
  return toUtc(calendar.zone, localEnd(calendar, day));
}

/** The phase that a trading day begins in. */
function phaseBefore(calendar: Calendar, day: Days): Phase {
  const before = tradingDayFrom(calendar, dayAfter(day, -1), -1);
  const last = phasesOf(calendar, before).at(-1);
  assert(last !== undefined, "a trading day has phases");
  return last.phase;
}

/** All transitions from a trading day on, without end. */
function* walk(calendar: Calendar, first: Days): Generator<Transition> {
  let day = first;
  let phase = phaseBefore(calendar, first);
  let last = Number.NaN;
  let index = 0;
  const moment = (time: Milliseconds, reason: string) => {
    index = time === last ? index + 1 : 0;
    last = time;
    return { time, index, tradingDay: day, reason };
  };
  for (;;) {
    for (const next of phasesOf(calendar, day)) {
      if (next.phase === phase) continue;
      phase = next.phase;
      yield { kind: "phase", ...moment(toUtc(calendar.zone, next.local), next.reason), phase };
    }
    yield { kind: "endOfDay", ...moment(endOf(calendar, day), `end of ${formatDate(day)}`) };
    day = tradingDayFrom(calendar, dayAfter(day), 1);
  }
}

function assertAnswered(time: number): void {
  assert(time >= CALENDAR_START && time < CALENDAR_END, "a calendar is asked about 1990 … 2199");
}

/** Phase and trading day at a moment, the transitions of that moment done. */
export function stateAt(calendar: Calendar, time: Milliseconds): CalendarState {
  assertAnswered(time);
  const tradingDay = tradingDayAt(calendar, time);
  let phase = phaseBefore(calendar, tradingDay);
  for (const transition of walk(calendar, tradingDay)) {
    if (transition.time > time) return { phase, tradingDay, next: transition };
    if (transition.kind === "phase") phase = transition.phase;
  }
  assert(false, "transitions have no end");
  return stateAt(calendar, time);
}

/**
 * The transitions after one moment up to and including another, in their order. At most TRANSITIONS_MAX of
 * them, and never a part of those of one moment: ask again from `through` on.
 */
export function transitionsBetween(calendar: Calendar, after: Milliseconds, upTo: Milliseconds): Transitions {
  assertAnswered(after + 1);
  assertAnswered(upTo);
  const transitions: Transition[] = [];
  if (upTo <= after) return { transitions, through: upTo };
  for (const transition of walk(calendar, tradingDayAt(calendar, after))) {
    const { time } = transition;
    if (time > upTo) break;
    if (time <= after) continue;
    if (transitions.length === TRANSITIONS_MAX) {
      const whole = transitions.filter(earlier => earlier.time < time);
      return { transitions: whole, through: (time - 1) as Milliseconds };
    }
    transitions.push(transition);
  }
  return { transitions, through: upTo };
}
