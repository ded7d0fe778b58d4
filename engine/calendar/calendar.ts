/**
 * A calendar's trading days and the phases of each, in local time.
 *
 * A trading day is named by its date. It lasts from the end of the trading day before it to `dayEnds` on its
 * own date, so weekends and holidays belong to the day that comes after them, and every moment belongs to
 * one day. Phases of a day that would begin before it does are left out.
 *
 * Invariant: at most CLOSED_DAYS_MAX dates in a row are no trading days, so every search ends.
 */
import { CLOSED_DAYS_MAX } from "../limits.ts";
import type { Phase } from "../market/phase.ts";
import { assert, type Days, type LocalMilliseconds } from "../units.ts";
import { DAY_MS, dateOf, weekdayOf } from "./civil-date.ts";
import type { ZoneName } from "./zone-rules.ts";

/** A phase and when it begins, in milliseconds from midnight of the trading day's date; below 0 before it. */
export interface SessionPhase {
  readonly at: number;
  readonly phase: Phase;
  readonly reason: string;
}

export interface Session {
  readonly phases: readonly SessionPhase[];
  /** Places of the phase that opens, the first `continuous`, and of the one after the last `continuous`. */
  readonly opens: number;
  readonly closes: number;
}

export interface SessionException {
  readonly at: number;
  readonly name: string;
}

export interface Calendar {
  readonly name: string;
  readonly zone: ZoneName;
  /** Milliseconds from midnight of a trading day's date to its end. */
  readonly dayEnds: number;
  /** By ISO weekday, 1 … 7. */
  readonly sessions: ReadonlyMap<number, Session>;
  readonly holidays: ReadonlyMap<Days, string>;
  /** By `yearlyKey`. */
  readonly yearlyHolidays: ReadonlyMap<number, string>;
  readonly earlyCloses: ReadonlyMap<Days, SessionException>;
  readonly lateOpens: ReadonlyMap<Days, SessionException>;
}

export interface LocalPhase {
  readonly local: LocalMilliseconds;
  readonly phase: Phase;
  readonly reason: string;
}

export function yearlyKey(month: number, day: number): number {
  return month * 32 + day;
}

export function dayAfter(day: Days, count = 1): Days {
  return (day + count) as Days;
}

/** The holiday that a date is, if its weekday had a session. */
function holidayOn(calendar: Calendar, day: Days): string | undefined {
  if (!calendar.sessions.has(weekdayOf(day))) return undefined;
  const { month, day: dayOfMonth } = dateOf(day);
  return calendar.holidays.get(day) ?? calendar.yearlyHolidays.get(yearlyKey(month, dayOfMonth));
}

export function isTradingDay(calendar: Calendar, day: Days): boolean {
  return calendar.sessions.has(weekdayOf(day)) && holidayOn(calendar, day) === undefined;
}

/** The nearest trading day from `day` on, itself included, towards later (1) or earlier (-1) dates. */
export function tradingDayFrom(calendar: Calendar, day: Days, direction: 1 | -1): Days {
  for (let count = 0; count <= CLOSED_DAYS_MAX; count++) {
    const candidate = dayAfter(day, count * direction);
    if (isTradingDay(calendar, candidate)) return candidate;
  }
  assert(false, "a calendar is closed for a limited number of days in a row");
  return day;
}

export function localEnd(calendar: Calendar, day: Days): LocalMilliseconds {
  return (day * DAY_MS + calendar.dayEnds) as LocalMilliseconds;
}

/**
 * The phases of a trading day, by local time. A late open moves all that leads to the opening, an early close
 * all that follows the last `continuous`; what lies between and no longer fits is left out.
 */
function scheduled(calendar: Calendar, day: Days): LocalPhase[] {
  const session = calendar.sessions.get(weekdayOf(day));
  assert(session !== undefined, "a trading day has a session");
  const { phases, opens, closes } = session;
  const [late, early] = [calendar.lateOpens.get(day), calendar.earlyCloses.get(day)];
  const later = late === undefined ? 0 : late.at - (phases[opens]?.at ?? 0);
  const earlier = early === undefined ? 0 : early.at - (phases[closes]?.at ?? 0);
  const begins = localEnd(calendar, tradingDayFrom(calendar, dayAfter(day, -1), -1));
  const found: LocalPhase[] = [];
  for (const [index, { at, phase, reason }] of phases.entries()) {
    const [opening, closing] = [index <= opens, index >= closes];
    const passedOver = (late !== undefined && at <= late.at) || (early !== undefined && at >= early.at);
    if (!opening && !closing && passedOver) continue;
    const local = day * DAY_MS + at + (opening ? later : closing ? earlier : 0);
    if (local < begins) continue;
    let why = reason;
    if (opening && late !== undefined) why = `late open: ${late.name}`;
    if (closing && early !== undefined) why = `early close: ${early.name}`;
    found.push({ local: local as LocalMilliseconds, phase, reason: why });
  }
  return found;
}

/**
 * The phases of a trading day as they are entered. The last of a session is left out where the next day
 * would undo it at the same moment: a week that is open from Sunday to Friday has no closes between.
 */
export function phasesOf(calendar: Calendar, day: Days): LocalPhase[] {
  const phases = scheduled(calendar, day);
  const last = phases.at(-1);
  assert(last !== undefined, "a trading day has phases");
  const next = tradingDayFrom(calendar, dayAfter(day), 1);
  const resumed = scheduled(calendar, next).find(({ local }) => local === last.local);
  if (resumed !== undefined && resumed.phase === phases.at(-2)?.phase) return phases.slice(0, -1);
  const holiday = holidayOn(calendar, dayAfter(day));
  if (holiday === undefined || calendar.earlyCloses.has(day)) return phases;
  return [...phases.slice(0, -1), { ...last, reason: `holiday: ${holiday}` }];
}
