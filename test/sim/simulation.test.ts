/** The simulation: a seed is a run, to the last byte, and in some of them the venue keeps its promises. */
import { expect, test } from "vitest";
import { run } from "../../sim/world.ts";

const TICKS = 15_000;

test("the same seed makes the same run, another seed another", async () => {
  const [first, again, other] = [
    await run({ seed: 7, ticks: TICKS }),
    await run({ seed: 7, ticks: TICKS }),
    await run({ seed: 8, ticks: TICKS }),
  ];
  expect(again).toEqual(first);
  expect(other.hash).not.toBe(first.hash);
});

test.each([1, 2, 4, 11, 18])("seed %i breaks no promise", async seed => {
  const result = await run({ seed, ticks: TICKS });
  expect(result.violation?.message).toBeUndefined();
  expect(result.records).toBeGreaterThan(0);
});
