/**
 * Local time of a zone and UTC, both ways, from 1990 on.
 *
 * A local time that a change leaves out is moved on to the moment of the change, one that comes twice is its
 * first. So the way to UTC never goes back: what is later on the wall's clock is not earlier in UTC.
 * Worst case: a call works out the two changes of one year.
 */
import { assert, type Days, type LocalMilliseconds, type Milliseconds } from "../units.ts";
import { DAY_MS, dateOf, daysOf, weekdayOf } from "./civil-date.ts";
import { type ChangeRule, ZONES, type ZoneName, type ZoneRules } from "./zone-rules.ts";

export const HOUR_MS = 3_600_000;

/**
 * A month before the first moment that is answered for, as the day before 1990's first is asked for too. No
 * zone changed its clocks in it.
 */
const EARLIEST = daysOf({ year: 1989, month: 12, day: 1 }) * DAY_MS;
const LATEST = daysOf({ year: 2201, month: 1, day: 1 }) * DAY_MS;

interface Change {
  readonly time: number;
  /** Milliseconds that local time is ahead of UTC, before it and from it on. */
  readonly before: number;
  readonly after: number;
}

export function isZoneName(name: string): name is ZoneName {
  return Object.hasOwn(ZONES, name);
}

/** The Sunday of a year that the rules name, as its midnight in UTC. */
function sundayOf(rules: readonly ChangeRule[], year: number): number {
  const rule = rules.find(({ until }) => year <= until);
  assert(rule !== undefined, "the last rule of a zone has no end");
  const { month, from } = rule;
  if (from !== undefined) {
    const first = daysOf({ year, month, day: from });
    return (first + 7 - weekdayOf(first)) * DAY_MS;
  }
  const next = month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 };
  const first = daysOf(next);
  return (first - weekdayOf(first)) * DAY_MS;
}

/** The changes of a year in their order: in the south summer ends before it begins. */
function changesOf(zone: ZoneRules, year: number): Change[] {
  const { summer } = zone;
  if (summer === undefined) return [];
  const winter = zone.standard * HOUR_MS;
  const saved = winter + HOUR_MS;
  const clock = { UTC: [0, 0], standard: [winter, winter], wall: [winter, saved] }[summer.clock];
  const moment = (rules: readonly ChangeRule[], ahead = 0) =>
    sundayOf(rules, year) + summer.hour * HOUR_MS - ahead;
  const begin = { time: moment(summer.begins, clock[0]), before: winter, after: saved };
  const end = { time: moment(summer.ends, clock[1]), before: saved, after: winter };
  return begin.time < end.time ? [begin, end] : [end, begin];
}

function yearOf(time: number): number {
  assert(Number.isSafeInteger(time) && time >= EARLIEST && time < LATEST, "a time is in 1990 … 2200");
  return dateOf(Math.floor(time / DAY_MS) as Days).year;
}

/** Milliseconds that a zone's clocks are ahead of UTC. No change is near enough to New Year to matter. */
export function offsetAt(name: ZoneName, time: Milliseconds): number {
  const zone: ZoneRules = ZONES[name];
  const changes = changesOf(zone, yearOf(time));
  let offset = changes[0]?.before ?? zone.standard * HOUR_MS;
  for (const change of changes) if (time >= change.time) offset = change.after;
  return offset;
}

export function toLocal(name: ZoneName, time: Milliseconds): LocalMilliseconds {
  return (time + offsetAt(name, time)) as LocalMilliseconds;
}

export function toUtc(name: ZoneName, local: LocalMilliseconds): Milliseconds {
  const zone: ZoneRules = ZONES[name];
  const changes = changesOf(zone, yearOf(local));
  let offset = changes[0]?.before ?? zone.standard * HOUR_MS;
  for (const { time, before, after } of changes) {
    if (local - before < time) break;
    if (local - after < time) return time as Milliseconds;
    offset = after;
  }
  return (local - offset) as Milliseconds;
}
