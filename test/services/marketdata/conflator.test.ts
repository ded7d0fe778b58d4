/** What a burst of changes becomes: the first at once, then one an interval, the last always. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Conflator } from "../../../services/marketdata/conflator.ts";

let told: number[];
let conflator: Conflator;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  conflator = new Conflator(100, () => told.push(performance.now()));
});

afterEach(() => {
  vi.useRealTimers();
});

it("tells the first at once, then one an interval, and the last", () => {
  const start = performance.now();
  for (let time = 0; time <= 350; time += 10) {
    conflator.touch(performance.now());
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(1_000);
  expect(told.map(time => time - start)).toEqual([0, 100, 200, 300, 400]);
  conflator.touch(performance.now());
  expect(told).toHaveLength(6);
});

it("forgets what waits when cancelled", () => {
  conflator.touch(performance.now());
  conflator.touch(performance.now());
  conflator.cancel();
  vi.advanceTimersByTime(1_000);
  expect(told).toHaveLength(1);
});
