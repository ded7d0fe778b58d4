/**
 * What an account has traded as maker within a window of time that slides with its fills, and whether that is
 * more than it wants. Fills of one millisecond leave the window together, so they are one entry, and there
 * are never more entries than milliseconds in a window: the sums are exact in bounded memory. A fill is in
 * the window for `windowMs` from its time; one that comes with an earlier time than the last counts at the
 * time of the last.
 */
import { assert } from "../units.ts";
import type { SetProtection } from "./command.ts";

export type ProtectionLimits = Pick<SetProtection, "windowMs" | "quantityMax" | "countMax" | "deltaMax">;

/** The fills of one millisecond; what has no limit is not counted. `delta`: lots bought less lots sold. */
export interface FillEntry {
  readonly time: number;
  lots: number;
  count: number;
  delta: number;
}

export class FillWindow {
  readonly limits: ProtectionLimits;
  #entries: FillEntry[] = [];
  /** Entries before this one have left the window. */
  #first = 0;
  #lots = 0;
  #count = 0;
  #delta = 0;

  constructor(limits: ProtectionLimits) {
    this.limits = limits;
  }

  /** Counts a fill of `lots`; true where the window now holds more than a limit. */
  add(time: number, lots: number, isBuy: boolean): boolean {
    const { windowMs, quantityMax, countMax, deltaMax } = this.limits;
    const now = Math.max(time, this.#entries.at(-1)?.time ?? time);
    this.#leave(now - windowMs);
    const delta = isBuy ? lots : -lots;
    this.restore({
      time: now,
      lots: quantityMax === 0 ? 0 : lots,
      count: countMax === 0 ? 0 : 1,
      delta: deltaMax === 0 ? 0 : delta,
    });
    return this.#isExceeded();
  }

  /** Adds an entry whose time is not before the last one's. */
  restore({ time, lots, count, delta }: FillEntry): void {
    this.#lots += lots;
    this.#count += count;
    this.#delta += delta;
    const last = this.#entries.at(-1);
    if (last?.time !== time) {
      this.#entries.push({ time, lots, count, delta });
      return;
    }
    last.lots += lots;
    last.count += count;
    last.delta += delta;
  }

  clear(): void {
    this.#entries = [];
    this.#first = 0;
    [this.#lots, this.#count, this.#delta] = [0, 0, 0];
  }

  /** As of the last fill. */
  entries(): readonly FillEntry[] {
    return this.#entries.slice(this.#first);
  }

  check(): void {
    const { windowMs } = this.limits;
    const entries = this.entries();
    const [first, last] = [entries[0], entries.at(-1)];
    if (first !== undefined && last !== undefined) {
      assert(last.time - first.time < windowMs, "a window holds what is no older than it is long");
    }
    assert(!this.#isExceeded(), "who has traded more than a limit is frozen");
    const sum = entries.reduce((total, entry) => total + entry.count, 0);
    assert(sum === this.#count, "a window counts its fills");
  }

  #isExceeded(): boolean {
    const { quantityMax, countMax, deltaMax } = this.limits;
    if (quantityMax !== 0 && this.#lots > quantityMax) return true;
    if (countMax !== 0 && this.#count > countMax) return true;
    return deltaMax !== 0 && Math.abs(this.#delta) > deltaMax;
  }

  /** Forgets entries of `time` or before. */
  #leave(time: number): void {
    for (let entry = this.#entries[this.#first]; entry !== undefined && entry.time <= time; ) {
      this.#lots -= entry.lots;
      this.#count -= entry.count;
      this.#delta -= entry.delta;
      entry = this.#entries[++this.#first];
    }
    if (this.#first * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
