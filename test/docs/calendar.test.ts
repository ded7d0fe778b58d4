/** docs/CALENDAR.md: its example is a calendar, and it names every zone and every calendar that is ready. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defineCalendar } from "../../engine/calendar/define-calendar.ts";
import { READY_CALENDARS } from "../../engine/calendar/ready-calendars.ts";
import { stateAt } from "../../engine/calendar/timetable.ts";
import { ZONES } from "../../engine/calendar/zone-rules.ts";
import type { Milliseconds } from "../../engine/units.ts";

const text = readFileSync(join(import.meta.dirname, "../../docs/CALENDAR.md"), "utf8");

describe("docs/CALENDAR.md", () => {
  test("its example is a calendar", () => {
    const example = /```json\n([^`]*)```/.exec(text)?.[1] ?? "";
    const calendar = defineCalendar(JSON.parse(example));
    const state = stateAt(calendar, Date.UTC(2026, 9, 16, 7) as Milliseconds);
    expect(state).toMatchObject({ phase: "continuous", next: { phase: "closing-auction" } });
  });

  test.each([...READY_CALENDARS.keys(), ...Object.keys(ZONES)])("names %s", name => {
    expect(text).toContain(name);
  });
});
