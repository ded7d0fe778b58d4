/**
 * A share of the fuzzing in every run of the tests: for each target the same inputs each time, and others
 * that a seed of now makes. `npm run fuzz` plays millions. FUZZ_SEED and FUZZ_INPUTS ask for others.
 */
import { describe, expect, test } from "vitest";
import { fuzz, TARGETS } from "./fuzzing.ts";
import { Finding, TARGET_NAMES, type TargetName } from "./target.ts";

const INPUTS = Number(process.env.FUZZ_INPUTS ?? 10_000);
const FIXED_SEED = 20140502;
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

async function play(target: TargetName, seed: number): Promise<void> {
  try {
    const { inputs, taken } = await fuzz(target, INPUTS, seed);
    expect(inputs).toBeGreaterThanOrEqual(INPUTS);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(inputs);
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    const bytes = Buffer.from(error.bytes).toString("base64");
    throw new Error(`Finding in ${target}.${error.part}, seed ${seed}, bytes ${bytes}`, {
      cause: error.cause,
    });
  }
}

describe.each(TARGET_NAMES)("%s", target => {
  test("the same inputs as ever", () => play(target, FIXED_SEED), 300_000);

  test("inputs of now", () => {
    console.info(`fuzz ${target}: seed ${SEED}`);
    return play(target, SEED);
  }, 300_000);
});

test("a finding can be played again without its seed", async () => {
  const records = TARGETS.records();
  const unknownLayout = Uint8Array.of(6, 0, 0, 0, 99, 1, 0, 0, 0, 0);
  expect(() => records.replay("market", unknownLayout)).not.toThrow();
  expect(() => records.replay("nothing", unknownLayout)).toThrow("A reader is one of");
  const lines = Buffer.from(
    '{"command":"place","orderId":"1","side":"buy","type":"limit","quantity":"1"}\n\xff\n',
  );
  expect(() => TARGETS.match().replay("FINE", lines)).not.toThrow();
  await expect(TARGETS.journal().replay("newest", Buffer.alloc(200))).resolves.toBeUndefined();
});
