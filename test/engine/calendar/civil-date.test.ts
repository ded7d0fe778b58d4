/** Dates and day numbers, against Node's Date. */
import { describe, expect, test } from "vitest";
import {
  DAY_MS,
  dateOf,
  daysOf,
  formatDate,
  parseDate,
  WEEKDAYS,
  weekdayOf,
} from "../../../engine/calendar/civil-date.ts";
import type { Days } from "../../../engine/units.ts";

describe("civil dates", () => {
  test("every day from 1600 to 2400 is Date's, there and back", () => {
    const [first, last] = [Date.UTC(1600, 0, 1) / DAY_MS, Date.UTC(2400, 11, 31) / DAY_MS];
    for (let number = first; number <= last; number++) {
      const days = number as Days;
      const { year, month, day } = dateOf(days);
      const date = new Date(number * DAY_MS);
      const same =
        year === date.getUTCFullYear() && month === date.getUTCMonth() + 1 && day === date.getUTCDate();
      const weekday = weekdayOf(days) % 7 === date.getUTCDay();
      if (!same || !weekday || daysOf({ year, month, day }) !== days) {
        expect(formatDate(days)).toBe(date.toISOString().slice(0, 10));
        expect(number).toBe("there and back");
      }
    }
    expect(last - first).toBe(292_559);
  });

  test("known days", () => {
    expect(daysOf({ year: 1970, month: 1, day: 1 })).toBe(0);
    expect(WEEKDAYS[weekdayOf(0 as Days) - 1]).toBe("Thursday");
    expect(formatDate(daysOf({ year: 2000, month: 2, day: 29 }))).toBe("2000-02-29");
    expect(formatDate(daysOf({ year: 1, month: 1, day: 1 }))).toBe("0001-01-01");
    expect(formatDate(daysOf({ year: 9999, month: 12, day: 31 }))).toBe("9999-12-31");
  });

  test.each(["2026-10-16", "1996-02-29", "0001-01-01"])("reads %s", text => {
    const days = parseDate(text);
    expect(days === undefined ? "" : formatDate(days)).toBe(text);
  });

  test.each([
    "2026-02-29",
    "2026-13-01",
    "2026-00-01",
    "2026-04-31",
    "0000-01-01",
    "26-1-1",
    "2026-10-16 ",
    "",
  ])("'%s' is no date", text => {
    expect(parseDate(text)).toBeUndefined();
  });
});
