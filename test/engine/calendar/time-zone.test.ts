/**
 * Local time ↔ UTC against Node's own Intl (the tz database in ICU): every hour around every change from 1990
 * to 2040, and seeded random moments.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../../engine/calendar/civil-date.ts";
import { HOUR_MS, isZoneName, offsetAt, toLocal, toUtc } from "../../../engine/calendar/time-zone.ts";
import { ZONES, type ZoneName } from "../../../engine/calendar/zone-rules.ts";
import type { LocalMilliseconds, Milliseconds } from "../../../engine/units.ts";
import { intlClock } from "./intl-clock.ts";

const START = Date.UTC(1990, 0, 1);
const END = Date.UTC(2041, 0, 1);
const SEED = Number(process.env.SEED ?? 20_261_120);
const COMMANDS = Number(process.env.COMMANDS ?? 20_000);
const NAMES = Object.keys(ZONES).filter(isZoneName);
const QUARTER_MS = HOUR_MS / 4;

const at = (time: number) => time as Milliseconds;
const wall = (...parts: Parameters<typeof Date.UTC>) => Date.UTC(...parts) as LocalMilliseconds;

/** Every moment from 1990 to 2040 at which Intl's offset changes; none of them lasts less than a week. */
function intlChanges(clock: (time: number) => number): number[] {
  const offset = (time: number) => clock(time) - time;
  const changes: number[] = [];
  for (let time = START; time < END; time += 7 * DAY_MS) {
    let [low, high] = [time, Math.min(time + 7 * DAY_MS, END)];
    if (offset(low) === offset(high)) continue;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offset(middle) === offset(low)) low = middle;
      else high = middle;
    }
    changes.push(high);
  }
  return changes;
}

describe.each(NAMES)("%s", zone => {
  const clock = intlClock(zone);
  const changes = intlChanges(clock);

  test("has the changes that it should have", () => {
    expect(changes.length).toBe("summer" in ZONES[zone] ? 102 : 0);
  });

  test("agrees with Intl in every hour around every change, and back", () => {
    for (const change of changes) {
      for (let hours = -49; hours <= 49; hours++) {
        for (const time of [change + hours * HOUR_MS - 1, change + hours * HOUR_MS]) {
          const local = toLocal(zone, at(time));
          if (local !== clock(time)) expect(new Date(time).toISOString()).toBe("as in Intl");
          const back = toUtc(zone, local);
          // The second time round of an ambiguous hour comes back as the first.
          const repeated = clock(time - HOUR_MS) === local;
          if (back !== (repeated ? time - HOUR_MS : time)) expect(new Date(time).toISOString()).toBe("back");
        }
      }
    }
  });

  test("the missing hour is the moment of the change, the ambiguous one its first", () => {
    for (const change of changes) {
      const [before, after] = [clock(change - 1) + 1, clock(change)];
      for (let quarter = 0; quarter < 4; quarter++) {
        const local = Math.min(before, after) + quarter * QUARTER_MS;
        const utc = toUtc(zone, local as LocalMilliseconds);
        expect(utc).toBe(after > before ? change : change - HOUR_MS + quarter * QUARTER_MS);
      }
    }
  });

  test("agrees with Intl at random moments, and back", () => {
    const moment = fc.integer({ min: START, max: END - 1 });
    const property = fc.property(moment, time => {
      const local = toLocal(zone, at(time));
      expect(local).toBe(clock(time));
      const back = toUtc(zone, local);
      expect(clock(back)).toBe(local);
      expect(back === time || back === time - HOUR_MS).toBe(true);
    });
    fc.assert(property, { seed: SEED, numRuns: Math.min(Math.ceil(COMMANDS / 10), 50_000) });
  });

  test("what is later on the wall is not earlier in UTC", () => {
    for (const change of changes) {
      const local = clock(change);
      let last = Number.NEGATIVE_INFINITY;
      for (let quarter = -16; quarter <= 16; quarter++) {
        const utc = toUtc(zone, (local + quarter * QUARTER_MS) as LocalMilliseconds);
        expect(utc).toBeGreaterThanOrEqual(last);
        last = utc;
      }
    }
  });
});

describe("the range of years", () => {
  test("after 2040 the last rule goes on", () => {
    expect(toUtc("America/New_York", wall(2099, 6, 1, 17))).toBe(Date.UTC(2099, 6, 1, 21));
    expect(toUtc("Australia/Sydney", wall(2150, 0, 1, 9))).toBe(Date.UTC(2149, 11, 31, 22));
  });

  test("the first moments of 1990 have local times", () => {
    const first = (zone: ZoneName) => toUtc(zone, toLocal(zone, at(START)));
    expect(NAMES.map(first)).toEqual(NAMES.map(() => START));
    expect(toLocal("America/New_York", at(START))).toBe(Date.UTC(1989, 11, 31, 19));
    expect(offsetAt("Pacific/Auckland", at(START))).toBe(13 * HOUR_MS);
  });

  test.each([Date.UTC(1989, 10, 30), 0, -1, Date.UTC(2201, 0, 1), 1.5, Number.NaN])("refuses %d", time => {
    expect(() => toLocal("UTC", at(time))).toThrow("Invariant: a time is in 1990 … 2200");
    expect(() => toUtc("UTC", time as LocalMilliseconds)).toThrow("Invariant: a time is in 1990 … 2200");
  });
});
