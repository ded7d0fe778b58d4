/** The fence: each number of a shard's epoch once, in order; epochs never go down. */
import { expect, test } from "vitest";
import { Fence } from "../../../engine/market/fence.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import type { Milliseconds } from "../../../engine/units.ts";
import { commandOf, PLAIN } from "../../reference/commands.ts";
import { readCommand } from "../../reference/drawing.ts";

const TIME = 1 as Milliseconds;

function market(): MarketMachine {
  const machine = new MarketMachine(PLAIN);
  machine.apply({ kind: "owner", time: TIME, epoch: 3 });
  machine.apply({ kind: "shardEpoch", time: TIME, shard: 1, epoch: 7 });
  return machine;
}

function placeAs(machine: MarketMachine, shard: number, number: number): void {
  const command = commandOf(readCommand("buy 1 @ 5"), number);
  if (command.kind === "place") machine.apply({ ...command, shard });
}

test("only the recorded epoch, only the next number", () => {
  const machine = market();
  expect(machine.admits(1, 6, 1)).toBe("staleEpoch");
  expect(machine.admits(1, 8, 1)).toBe("staleEpoch");
  expect(machine.admits(1, 7, 1)).toBe("next");
  expect(machine.admits(1, 7, 2)).toBe("gap");
  placeAs(machine, 1, 1);
  expect(machine.admits(1, 7, 1)).toBe("duplicate");
  expect(machine.admits(1, 7, 2)).toBe("next");
  expect(machine.lastNumber(1)).toBe(1);
  expect(machine.epochOf(1)).toBe(7);
});

test("shards are counted apart", () => {
  const machine = market();
  placeAs(machine, 1, 1);
  placeAs(machine, 1, 2);
  expect(machine.admits(0, 0, 1)).toBe("next");
  placeAs(machine, 0, 1);
  expect([machine.lastNumber(0), machine.lastNumber(1), machine.lastNumber(2)]).toEqual([1, 2, 0]);
});

test("a new epoch numbers from 1, an old or equal one changes nothing", () => {
  const machine = market();
  placeAs(machine, 1, 1);
  machine.apply({ kind: "shardEpoch", time: TIME, shard: 1, epoch: 7 });
  expect(machine.admits(1, 7, 1)).toBe("duplicate");
  machine.apply({ kind: "shardEpoch", time: TIME, shard: 1, epoch: 5 });
  expect(machine.epochOf(1)).toBe(7);
  machine.apply({ kind: "shardEpoch", time: TIME, shard: 1, epoch: 9 });
  expect(machine.admits(1, 7, 2)).toBe("staleEpoch");
  expect(machine.admits(1, 9, 1)).toBe("next");
});

test("an owner's epoch never goes down", () => {
  const machine = market();
  machine.apply({ kind: "owner", time: TIME, epoch: 2 });
  expect(machine.ownerEpoch).toBe(3);
});

test("records of epochs count in the sequence and change the hash, and make no events", () => {
  const machine = market();
  const before = machine.hash();
  expect(machine.apply({ kind: "shardEpoch", time: TIME, shard: 2, epoch: 1 }).length).toBe(0);
  expect(machine.sequence).toBe(3);
  expect(machine.hash()).not.toBe(before);
});

test("a command out of its order breaks an invariant", () => {
  const machine = market();
  expect(() => placeAs(machine, 1, 2)).toThrow("Invariant: a shard's commands are applied in the order");
  expect(() => new Fence().recordShard(1_024, 1)).toThrow("Invariant: a shard's number");
});

test("outlives a snapshot", () => {
  const machine = market();
  placeAs(machine, 1, 1);
  const restored = MarketMachine.restore(PLAIN, machine.snapshot());
  expect(restored.hash()).toBe(machine.hash());
  expect(restored.admits(1, 7, 1)).toBe("duplicate");
  expect(restored.ownerEpoch).toBe(3);
  expect(restored.sequence).toBe(machine.sequence);
});
