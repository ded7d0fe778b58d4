/**
 * Checks a calendar's specification and derives the calendar from it. What doesn't fit is a RangeError that
 * names the field, so a specification that was read from a file is checked value by value.
 */
import { CALENDAR_DATES_MAX, CLOSED_DAYS_MAX, PHASES_PER_SESSION_MAX } from "../limits.ts";
import { PHASES } from "../market/phase.ts";
import type { Days } from "../units.ts";
import type { SessionException, SessionPhase } from "./calendar.ts";
import { type Calendar, dayAfter, isTradingDay, type Session, yearlyKey } from "./calendar.ts";
import type {
  CalendarSpecification,
  ExceptionSpecification,
  HolidaySpecification,
  SessionSpecification,
} from "./calendar-specification.ts";
import { DAY_MS, dateOf, daysOf, MONTHS, type Month, parseDate, WEEKDAYS, weekdayOf } from "./civil-date.ts";
import { isZoneName } from "./time-zone.ts";
import { ZONES } from "./zone-rules.ts";

const FIRST_DATE = daysOf({ year: 1990, month: 1, day: 1 });
const LAST_YEAR = 2199;
const LAST_DATE = daysOf({ year: LAST_YEAR, month: 12, day: 31 });
/** What is put before a name in a reason leaves it below the 255 characters of one. */
const WORDS = /^[\x20-\x7e]{1,200}$/;

function refuse(field: string, rule: string, received: unknown): never {
  throw new RangeError(`Cannot define calendar as '${field}' must be ${rule}: received ${String(received)}`);
}

function words(field: string, text: string): string {
  return WORDS.test(text) ? text : refuse(field, "1 to 200 ASCII characters", text);
}

/** Milliseconds from midnight of the trading day's date. */
function timeOfDay(field: string, text: string, dayBefore = false): number {
  const parts = /^(\d\d):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  const seconds =
    parts === null ? Number.NaN : (Number(parts[1]) * 60 + Number(parts[2])) * 60 + Number(parts[3] ?? 0);
  if (!(seconds <= 86_400)) return refuse(field, "a time as 17:00 or 17:00:30, at most 24:00", text);
  return seconds * 1000 - (dayBefore ? DAY_MS : 0);
}

function dateIn(field: string, text: string): Days {
  const days = parseDate(text);
  if (days === undefined || days < FIRST_DATE || days > LAST_DATE) {
    return refuse(field, `a date as 2026-10-16, from 1990 to ${LAST_YEAR}`, text);
  }
  return days;
}

function defineSession(field: string, specification: SessionSpecification, dayEnds: number): Session {
  const { length } = specification.phases;
  if (length > PHASES_PER_SESSION_MAX) {
    refuse(`${field}.phases`, `at most ${PHASES_PER_SESSION_MAX} phases`, length);
  }
  const phases: SessionPhase[] = [];
  for (const [index, { time, dayBefore, phase, reason }] of specification.phases.entries()) {
    const name = `${field}.phases[${index}]`;
    const at = timeOfDay(`${name}.time`, time, dayBefore);
    if (!PHASES.includes(phase)) refuse(`${name}.phase`, `one of ${PHASES.join(", ")}`, phase);
    if (at <= (phases.at(-1)?.at ?? -DAY_MS - 1)) refuse(`${name}.time`, "later than the one before", time);
    if (at > dayEnds) refuse(`${name}.time`, "no later than the end of the day", time);
    phases.push({ at, phase, reason: words(`${name}.reason`, reason ?? "schedule") });
  }
  const opens = phases.findIndex(({ phase }) => phase === "continuous");
  const opening = phases[opens];
  if (opening === undefined) return refuse(`${field}.phases`, "a list with a continuous phase", "none");
  if (opening.at < dayEnds - DAY_MS) {
    refuse(`${field}.phases[${opens}].time`, "after the end of the day before", "an earlier one");
  }
  const closes = phases.findLastIndex(({ phase }) => phase === "continuous") + 1;
  const last = phases.at(-1)?.phase;
  if (closes === phases.length || last === "close-only") {
    refuse(`${field}.phases`, "a list whose last phase doesn't match orders", last);
  }
  return { phases, opens, closes };
}

function defineSessions(specification: CalendarSpecification, dayEnds: number): Map<number, Session> {
  const sessions = new Map<number, Session>();
  for (const [index, one] of specification.sessions.entries()) {
    const session = defineSession(`sessions[${index}]`, one, dayEnds);
    for (const day of one.days) {
      const weekday = WEEKDAYS.indexOf(day) + 1;
      const field = `sessions[${index}].days`;
      if (weekday === 0) refuse(field, `of ${WEEKDAYS.join(", ")}`, day);
      if (sessions.has(weekday)) refuse(field, "days without another session", day);
      sessions.set(weekday, session);
    }
  }
  if (sessions.size === 0) refuse("sessions", "a list with a session on some day", "none");
  return sessions;
}

function yearly(field: string, month: Month, day: number): number {
  const number = MONTHS.indexOf(month) + 1;
  if (number === 0) refuse(`${field}.month`, `one of ${MONTHS.join(", ")}`, month);
  const daysMost = number === 2 ? 29 : [4, 6, 9, 11].includes(number) ? 30 : 31;
  const exists = Number.isInteger(day) && day >= 1 && day <= daysMost;
  return exists ? yearlyKey(number, day) : refuse(`${field}.day`, `a day of ${month}`, day);
}

function limited<Item>(field: string, items: readonly Item[] | undefined): readonly Item[] {
  const count = items?.length ?? 0;
  if (count > CALENDAR_DATES_MAX) refuse(field, `at most ${CALENDAR_DATES_MAX} dates`, count);
  return items ?? [];
}

function defineHolidays(items: readonly HolidaySpecification[]) {
  const holidays = new Map<Days, string>();
  const yearlyHolidays = new Map<number, string>();
  for (const [index, holiday] of items.entries()) {
    const field = `holidays[${index}]`;
    const name = words(`${field}.name`, holiday.name);
    if ("date" in holiday) holidays.set(dateIn(`${field}.date`, holiday.date), name);
    else yearlyHolidays.set(yearly(field, holiday.month, holiday.day), name);
  }
  if (holidays.size + yearlyHolidays.size !== items.length) {
    refuse("holidays", "a list without a date twice", items.length - holidays.size - yearlyHolidays.size);
  }
  return { holidays, yearlyHolidays };
}

/** Early closes or late opens; `calendar` has all but those that are yet to come. */
function defineExceptions(
  calendar: Calendar,
  kind: "earlyCloses" | "lateOpens",
  items: readonly ExceptionSpecification[] | undefined,
): Map<Days, SessionException> {
  const exceptions = new Map<Days, SessionException>();
  for (const [index, { date, time, dayBefore, name }] of limited(kind, items).entries()) {
    const field = `${kind}[${index}]`;
    const day = dateIn(`${field}.date`, date);
    const session = calendar.sessions.get(weekdayOf(day));
    if (session === undefined || !isTradingDay(calendar, day)) {
      return refuse(`${field}.date`, "a trading day", date);
    }
    if (exceptions.has(day)) refuse(`${field}.date`, "there once", date);
    const at = timeOfDay(`${field}.time`, time, dayBefore);
    const opens = calendar.lateOpens.get(day)?.at ?? session.phases[session.opens]?.at ?? 0;
    const closes = session.phases[session.closes]?.at ?? 0;
    if (at <= opens || at >= closes) refuse(`${field}.time`, "between opening and close of its day", time);
    exceptions.set(day, { at, name: words(`${field}.name`, name) });
  }
  return exceptions;
}

/** Every run of closed days that is too long for a search has a holiday in it: looks around each. */
function checkClosedDays(calendar: Calendar): void {
  const dates = [...calendar.holidays.keys()];
  for (let year = 1989; year <= LAST_YEAR + 1; year++) {
    for (const key of calendar.yearlyHolidays.keys()) {
      const [month, day] = [Math.floor(key / 32), key % 32];
      const date = daysOf({ year, month, day });
      if (dateOf(date).month === month) dates.push(date);
    }
  }
  for (const date of dates) {
    let first = date;
    let count = 0;
    while (!isTradingDay(calendar, first) && date - first <= CLOSED_DAYS_MAX) first = dayAfter(first, -1);
    while (!isTradingDay(calendar, dayAfter(first, count + 1)) && count <= CLOSED_DAYS_MAX) count += 1;
    const rule = `a list that closes at most ${CLOSED_DAYS_MAX} days in a row`;
    if (count > CLOSED_DAYS_MAX) refuse("holidays", rule, "more");
  }
}

/** Throws RangeError where a value doesn't fit. */
export function defineCalendar(specification: CalendarSpecification): Calendar {
  const { timeZone } = specification;
  if (!isZoneName(timeZone)) refuse("timeZone", `one of ${Object.keys(ZONES).join(", ")}`, timeZone);
  const dayEnds = timeOfDay("dayEnds", specification.dayEnds);
  if (dayEnds === 0) refuse("dayEnds", "after 00:00, as the end of a date is 24:00", specification.dayEnds);
  const closed: Calendar = {
    name: words("name", specification.name),
    zone: timeZone,
    dayEnds,
    sessions: defineSessions(specification, dayEnds),
    ...defineHolidays(limited("holidays", specification.holidays)),
    earlyCloses: new Map(),
    lateOpens: new Map(),
  };
  checkClosedDays(closed);
  const late = { ...closed, lateOpens: defineExceptions(closed, "lateOpens", specification.lateOpens) };
  return { ...late, earlyCloses: defineExceptions(late, "earlyCloses", specification.earlyCloses) };
}
