/**
 * What is fuzzed, and how it is told. A target makes inputs from a seed and checks each against its oracle;
 * an input that breaks one is a `Finding`, whose bytes can be played again without the seed.
 */
import type { SeededRandom } from "../../mixins/seeded-random.ts";

export const TARGET_NAMES = ["match", "records", "journal"] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

/** An input that crashed what read it, or that was taken though it is nonsense. */
export class Finding extends Error {
  /** Which part of its target: the name of a reader, or of an instrument. */
  readonly part: string;
  readonly bytes: Uint8Array;

  constructor(part: string, bytes: Uint8Array, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.part = part;
    this.bytes = bytes.slice();
  }
}

export interface Target {
  /** Makes and checks one input, or a session of them, and ticks `pace` for each. Throws Finding. */
  play(random: SeededRandom, pace: Pace): void | Promise<void>;
  /** Checks the bytes of a finding again. Throws as it did. */
  replay(part: string, bytes: Uint8Array): void | Promise<void>;
}

/** Counts inputs and keeps the slowest, so that what hangs or nearly does is seen. */
export class Pace {
  /** Inputs that were done. */
  inputs = 0;
  /** Of these, what was taken and not refused. */
  taken = 0;
  slowestMs = 0;
  slowest = "";
  #started = 0;

  begin(): void {
    this.#started = performance.now();
  }

  /** Ends an input; `describe` is asked only where it was the slowest. */
  end(taken: boolean, describe: () => string): void {
    const tookMs = performance.now() - this.#started;
    this.inputs++;
    if (taken) this.taken++;
    if (tookMs <= this.slowestMs) return;
    this.slowestMs = tookMs;
    this.slowest = describe();
  }
}

export function expectThat(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(`Oracle: ${rule}`);
}

export function pick<Value>(random: SeededRandom, values: readonly Value[]): Value {
  const value = values[random.integer() % values.length];
  expectThat(values.length > 0, "something is picked from something");
  return value as Value;
}

/** True once in `count` times. */
export function onceIn(random: SeededRandom, count: number): boolean {
  return random.integer() % count === 0;
}
