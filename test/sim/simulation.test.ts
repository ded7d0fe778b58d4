/** The simulation: a seed is a run, to the last byte, and in some of them the venue keeps its promises. */
import { expect, test } from "vitest";
import { run } from "../../sim/world.ts";

const TICKS = 40_000;

test("the same seed makes the same run, another seed another", async () => {
  const [first, again, other] = [
    await run({ seed: 7, ticks: 10_000 }),
    await run({ seed: 7, ticks: 10_000 }),
    await run({ seed: 8, ticks: 10_000 }),
  ];
  expect(again).toEqual(first);
  expect(other.hash).not.toBe(first.hash);
});

/** 117: a shard opened before its node had heard its epoch. 129: a reader missed how its owner ended. */
test.each([1, 2, 117, 129])("seed %i breaks no promise", async seed => {
  const result = await run({ seed, ticks: TICKS });
  expect(result.violation?.message).toBeUndefined();
  expect(result.records).toBeGreaterThan(0);
});
