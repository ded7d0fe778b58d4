/** A market and its calendar: what was done is passed over, what a person halts stays halted. */
import { expect, test } from "vitest";
import type { MarketCommand } from "../../../engine/market/command.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import type { Phase } from "../../../engine/market/phase.ts";
import type { Milliseconds } from "../../../engine/units.ts";
import { PLAIN } from "../../reference/commands.ts";

const at = (time: number, index = 0) => ({ time: time as Milliseconds, index });

function phase(name: Phase, scheduled?: { time: Milliseconds; index: number }): MarketCommand {
  const command = { kind: "phase", time: 1 as Milliseconds, phase: name, reason: "test" } as const;
  return scheduled === undefined ? command : { ...command, scheduled };
}

function play(...commands: MarketCommand[]): MarketMachine {
  const machine = new MarketMachine(PLAIN);
  for (const command of commands) machine.apply(command);
  const restored = MarketMachine.restore(PLAIN, machine.snapshot());
  expect(restored.hash()).toBe(machine.hash());
  expect(restored.followed).toEqual(machine.followed);
  return restored;
}

test("a command of the calendar is done once, in its order", () => {
  const machine = play(
    phase("pre-open", at(10)),
    phase("continuous", at(20)),
    phase("pre-open", at(10)),
    phase("halted", at(20)),
  );
  expect(machine.phase).toBe("continuous");
  expect(machine.followed).toEqual({ ...at(20), phase: "continuous" });
  expect(play(phase("pre-open", at(10)), phase("paused", at(10, 1))).phase).toBe("paused");
});

test("a person's halt outlasts the calendar's phases, and ends where a person says so", () => {
  const halted = [phase("continuous", at(10)), phase("halted"), phase("post-close", at(20))];
  expect(play(...halted).phase).toBe("halted");
  expect(play(...halted).followed?.phase).toBe("post-close");
  expect(play(...halted, phase("continuous")).phase).toBe("continuous");
  expect(play(...halted, phase("continuous"), phase("pre-open", at(30))).phase).toBe("pre-open");
});

test("what isn't done leaves no event", () => {
  const machine = play(phase("pre-open", at(10)));
  expect(machine.apply(phase("pre-open", at(10))).length).toBe(0);
  expect(machine.apply({ kind: "endOfDay", time: 1 as Milliseconds, scheduled: at(5) }).length).toBe(0);
});
