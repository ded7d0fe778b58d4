/** The rollover at 17:00 in New York on each day of 51 years, against the platform's own clock. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { endedSince, rolloverOf, tradeDateAt } from "../../../engine/calendar/rollover.ts";
import { nextTradeDate, tradeDate } from "../../../engine/calendar/value-date.ts";
import type { Days, Milliseconds } from "../../../engine/units.ts";
import { intlClock } from "./intl-clock.ts";

const DAY = 86_400_000;
const FIRST = Date.UTC(1990, 0, 1) / DAY;
const LAST = Date.UTC(2040, 11, 31) / DAY;
const clock = intlClock("America/New_York");

test("each trade date ends when a clock in New York shows 17:00", () => {
  const wrong: number[] = [];
  for (let day = FIRST as Days; day <= LAST; day = nextTradeDate(day)) {
    const time = rolloverOf(day);
    const shown = clock(time) - day * DAY;
    const moved = tradeDateAt((time - 1) as Milliseconds) !== day || tradeDateAt(time) !== nextTradeDate(day);
    if (shown !== 17 * 3_600_000 || moved) wrong.push(day);
  }
  expect(wrong).toEqual([]);
});

test("what has ended since is told once, in order, however often is asked", () => {
  const start = tradeDate(Math.floor(Date.UTC(2026, 0, 1) / DAY) as Days);
  fc.assert(
    fc.property(
      fc.array(fc.nat(40 * 24), { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      (hours, most) => {
        let done = start;
        const told: Days[] = [];
        let now = rolloverOf(start);
        for (const step of hours) {
          now = (now + step * 3_600_000) as Milliseconds;
          let ended = endedSince(done, now, most);
          while (ended.length > 0) {
            expect(ended.length).toBeLessThanOrEqual(most);
            told.push(...ended);
            done = ended.at(-1) ?? done;
            ended = endedSince(done, now, most);
          }
        }
        const all = endedSince(start, now, 1_000);
        expect(told).toEqual(all);
      },
    ),
  );
});
