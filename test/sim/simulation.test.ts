/** The simulation: a seed is a run, to the last byte, and in some of them the venue keeps its promises. */
import { expect, test } from "vitest";
import { run } from "../../sim/world.ts";

const TICKS = 20_000;

test("the same seed makes the same run, another seed another", async () => {
  const [first, again, other] = [
    await run({ seed: 7, ticks: 10_000 }),
    await run({ seed: 7, ticks: 10_000 }),
    await run({ seed: 8, ticks: 10_000 }),
  ];
  expect(again).toEqual(first);
  expect(other.hash).not.toBe(first.hash);
});

/** Seeds that have shown a fault once, beside some that have not. */
test.each([
  { seed: 1, ticks: TICKS, what: "nothing yet" },
  { seed: 10, ticks: 15_000, what: "a shard whose last snapshot failed was still offered by its old node" },
  { seed: 117, ticks: TICKS, what: "a shard opened before its node had heard its epoch" },
  { seed: 129, ticks: TICKS, what: "a reader missed what its node's owner did last" },
])("seed $seed breaks no promise: $what", async ({ seed, ticks }) => {
  const result = await run({ seed, ticks, pauseMs: 800 });
  expect(result.violation?.message).toBeUndefined();
  expect(result.records).toBeGreaterThan(0);
});
