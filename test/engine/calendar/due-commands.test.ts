/** What a market that follows the forex week is told when it, or whoever tells it, starts again. */
import { describe, expect, test } from "vitest";
import { defineCalendar } from "../../../engine/calendar/define-calendar.ts";
import { dueCommands, type Followed, follow, isNews } from "../../../engine/calendar/due-commands.ts";
import { ALWAYS_OPEN, FOREX_WEEK } from "../../../engine/calendar/ready-calendars.ts";
import type { Transition } from "../../../engine/calendar/timetable.ts";
import type { Milliseconds } from "../../../engine/units.ts";

const forex = defineCalendar(FOREX_WEEK);
const moment = (text: string) => Date.parse(text) as Milliseconds;
const FRIDAY_NOON = moment("2026-10-16T16:00:00Z");
const FRIDAY_CLOSE = moment("2026-10-16T21:00:00Z");
const MONDAY = moment("2026-10-19T09:00:00Z");

const following = (time: Milliseconds): Followed => ({ time, index: 0, phase: "continuous" });
const told = (commands: readonly Transition[]) =>
  commands.map(one => `${new Date(one.time).toISOString().slice(5, 16)} ${one.index} ${nameOf(one)}`);
const nameOf = (one: Transition) => (one.kind === "phase" ? one.phase : one.kind);

describe("commands that are due", () => {
  test("a market that has never followed gets the present phase", () => {
    const { commands } = dueCommands(forex, undefined, FRIDAY_NOON);
    expect(told(commands)).toEqual(["10-16T16:00 0 continuous"]);
    expect(commands[0]?.reason).toBe("present phase of the calendar");
  });

  test("one that begins at a transition's own moment doesn't get that one again", () => {
    const { commands } = dueCommands(forex, undefined, FRIDAY_CLOSE);
    expect(told(commands)).toEqual(["10-16T21:00 2 post-close"]);
    const followed = commands.reduce<Followed | undefined>(follow, undefined);
    expect(dueCommands(forex, followed, FRIDAY_CLOSE).commands).toEqual([]);
  });

  test("one that was away over the weekend gets all of it, in order", () => {
    const { commands, through } = dueCommands(forex, following(FRIDAY_NOON), MONDAY);
    expect(through).toBe(MONDAY);
    expect(told(commands)).toEqual([
      "10-16T21:00 0 post-close",
      "10-16T21:00 1 endOfDay",
      "10-18T20:45 0 pre-open",
      "10-18T21:00 0 continuous",
    ]);
  });

  test("one that stopped between two of the same moment gets the second", () => {
    const [close] = dueCommands(forex, following(FRIDAY_NOON), FRIDAY_CLOSE).commands;
    const followed = close === undefined ? undefined : follow(undefined, close);
    expect(followed).toEqual({ time: FRIDAY_CLOSE, index: 0, phase: "post-close" });
    const { commands } = dueCommands(forex, followed, FRIDAY_CLOSE);
    expect(told(commands)).toEqual(["10-16T21:00 1 endOfDay"]);
    expect(commands.map(command => isNews(followed, command))).toEqual([true]);
    if (close !== undefined) expect(isNews(followed, close)).toBe(false);
  });

  test("nothing is due while the clock is behind what was followed", () => {
    const followed: Followed = { time: FRIDAY_CLOSE, index: 1, phase: "post-close" };
    expect(dueCommands(forex, followed, FRIDAY_NOON)).toEqual({ commands: [], through: FRIDAY_NOON });
  });

  test("another calendar takes over with its present phase", () => {
    const followed: Followed = { time: FRIDAY_CLOSE, index: 1, phase: "post-close" };
    const always = defineCalendar(ALWAYS_OPEN);
    const { commands } = dueCommands(always, followed, FRIDAY_CLOSE);
    expect(told(commands)).toEqual(["10-16T21:00 2 continuous"]);
    const changed = commands.reduce<Followed>(follow, followed);
    expect(dueCommands(always, changed, FRIDAY_CLOSE).commands).toEqual([]);
  });

  test("years are told in parts", () => {
    let followed = following(moment("2016-01-04T12:00:00Z"));
    let count = 0;
    for (let through = followed.time; through < MONDAY; ) {
      const page = dueCommands(forex, followed, MONDAY);
      expect(page.through).toBeGreaterThan(through);
      followed = page.commands.reduce<Followed>(follow, followed);
      count += page.commands.length;
      through = page.through;
    }
    expect(count).toBeGreaterThan(4_000);
    expect(dueCommands(forex, followed, MONDAY).commands).toEqual([]);
  });
});
