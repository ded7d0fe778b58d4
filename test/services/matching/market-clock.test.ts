/** What a market is told and when: its calendar, what is due, its indicative price in a call. */
import { expect, test } from "vitest";
import { defineCalendar } from "../../../engine/calendar/define-calendar.ts";
import { ALWAYS_OPEN, FOREX_WEEK } from "../../../engine/calendar/ready-calendars.ts";
import type { HostCommand } from "../../../engine/market/command.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import type { Lots, Milliseconds, Ticks } from "../../../engine/units.ts";
import { systemTimers } from "../../../mixins/clock.ts";
import { Fault } from "../../../mixins/fault.ts";
import { MarketClock } from "../../../services/matching/market-clock.ts";
import { commandOf, PLAIN } from "../../reference/commands.ts";

const MINUTE = 60_000;
const WEDNESDAY = Date.parse("2026-11-18T12:00:00Z");
/** 17:00 in New York on the Friday after. */
const FRIDAY_CLOSE = Date.parse("2026-11-20T22:00:00Z");
const SUNDAY_OPEN = Date.parse("2026-11-22T22:00:00Z");

function clockOf(specification = FOREX_WEEK, machine = new MarketMachine(PLAIN)) {
  const told: string[] = [];
  const world = { now: WEDNESDAY, full: false };
  const clock = new MarketClock({
    machine,
    calendar: defineCalendar(specification),
    timers: systemTimers,
    now: () => world.now,
    tell: async (commands: readonly HostCommand[]) => {
      if (world.full) throw new Fault("MAILBOX_FULL", "Cannot take command as there must be room");
      for (const command of commands) {
        machine.apply(command);
        told.push(command.kind === "phase" ? command.phase : command.kind);
      }
    },
    onFailed: error => {
      throw error;
    },
  });
  const at = async (time: number) => {
    world.now = time;
    told.length = 0;
    await clock.tick();
    return [...told];
  };
  return { machine, at, world };
}

test("a new market gets the present phase, then each transition as it is due, once", async () => {
  const { at } = clockOf();
  expect(await at(WEDNESDAY)).toEqual(["continuous"]);
  expect(await at(WEDNESDAY + 1_000)).toEqual([]);
  expect(await at(WEDNESDAY + 10 * 60 * MINUTE)).toEqual(["endOfDay"]);
  expect(await at(FRIDAY_CLOSE - 1)).toEqual(["endOfDay"]);
  expect(await at(FRIDAY_CLOSE)).toEqual(["post-close", "endOfDay"]);
  expect(await at(SUNDAY_OPEN - 15 * MINUTE)).toEqual(["pre-open"]);
  expect(await at(SUNDAY_OPEN)).toEqual(["continuous"]);
});

test("one that was away is told all that it missed, in order", async () => {
  const { at, machine } = clockOf();
  await at(WEDNESDAY);
  const again = clockOf(FOREX_WEEK, MarketMachine.restore(PLAIN, machine.snapshot()));
  expect(await again.at(SUNDAY_OPEN)).toEqual([
    "endOfDay",
    "endOfDay",
    "post-close",
    "endOfDay",
    "pre-open",
    "continuous",
  ]);
});

test("a market that is full is told again", async () => {
  const { at, world } = clockOf();
  world.full = true;
  expect(await at(WEDNESDAY)).toEqual([]);
  world.full = false;
  expect(await at(WEDNESDAY + 100)).toEqual(["continuous"]);
});

test("what ends at a time ends then, without any other command", async () => {
  const { at, machine } = clockOf(ALWAYS_OPEN);
  await at(WEDNESDAY);
  const place = commandOf(
    {
      ...({
        kind: "place",
        account: 1,
        side: "buy",
        type: "limit",
        timeInForce: "GTD",
        postOnly: false,
      } as const),
      ...{ lots: 5 as Lots, ticks: 10 as Ticks },
      terms: { expireAt: (WEDNESDAY + MINUTE) as Milliseconds },
    },
    1,
  );
  machine.apply({ ...place, time: WEDNESDAY as Milliseconds });
  expect(machine.bestBid).toBe(10);
  expect(await at(WEDNESDAY + MINUTE - 1)).toEqual([]);
  expect(await at(WEDNESDAY + MINUTE)).toEqual(["clock"]);
  expect(machine.bestBid).toBe(0);
});

test("in a call the time is told once a second", async () => {
  const { at } = clockOf();
  await at(SUNDAY_OPEN - 15 * MINUTE);
  const start = SUNDAY_OPEN - 10 * MINUTE;
  expect(await at(start)).toEqual(["clock"]);
  expect(await at(start + 999)).toEqual([]);
  expect(await at(start + 1_000)).toEqual(["clock"]);
});
