/** Percentiles within a bucket's width of the exact ones. */
import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../mixins/seeded-random.ts";
import { LagHistogram } from "../../../services/liquidity/lag-histogram.ts";

describe("a lag histogram", () => {
  it("is within five per cent of the exact percentile", () => {
    const random = new SeededRandom(5);
    const histogram = new LagHistogram();
    const times = Array.from({ length: 10_000 }, () => 0.2 + 300 * random.uniform() ** 6);
    for (const time of times) histogram.record(time);
    const sorted = times.toSorted((one, other) => one - other);
    for (const part of [0.01, 0.5, 0.9, 0.99, 1]) {
      const exact = sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
      expect(histogram.percentile(part) / exact).toBeGreaterThan(0.95);
      expect(histogram.percentile(part) / exact).toBeLessThan(1.05);
    }
    expect(histogram.max).toBe(sorted.at(-1));
  });

  it("adds up", () => {
    const [one, other] = [new LagHistogram(), new LagHistogram()];
    one.record(1);
    other.record(100);
    one.merge(other);
    expect(one.view()).toMatchObject({ count: 2, max: 100 });
    expect(new LagHistogram().view()).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
  });
});
