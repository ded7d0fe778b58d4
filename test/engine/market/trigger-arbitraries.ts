/** Triggers of every kind, and prices from outside, for the property tests of markets. */
import fc from "fast-check";
import type { Trail, Trigger } from "../../../engine/market/terms.ts";
import type { Ticks } from "../../../engine/units.ts";

const ticks = fc.integer({ min: 92, max: 108 }) as fc.Arbitrary<Ticks>;
const odd = (values: readonly number[]) => fc.constantFrom(...values) as fc.Arbitrary<Ticks>;

export const trail: fc.Arbitrary<Trail> = fc.oneof(
  fc.record({ by: fc.constant("ticks" as const), distance: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ by: fc.constant("perMille" as const), distance: fc.integer({ min: 1, max: 60 }) }),
  {
    weight: 1,
    arbitrary: fc.record({
      by: fc.constantFrom("ticks" as const, "perMille" as const),
      distance: fc.constantFrom(0, 99, 100, 999, 1_000, 2 ** 31 - 1),
    }),
  },
);

const sources = ["last", "last", "bid", "ask", "mid", "mark"] as const;
const still = fc.record({
  kind: fc.constantFrom("stop" as const, "takeProfit" as const),
  source: fc.constantFrom(...sources),
  stopTicks: fc.oneof({ weight: 30, arbitrary: ticks }, { weight: 1, arbitrary: odd([0, 2 ** 31]) }),
});
const twice = still.map(trigger => ({ ...trigger, doubleTick: true as const }));
const trailing: fc.Arbitrary<Trigger> = fc
  .record({
    kind: fc.oneof(
      { weight: 30, arbitrary: fc.constant("stop" as const) },
      { weight: 1, arbitrary: fc.constant("takeProfit" as const) },
    ),
    source: fc.constantFrom(...sources),
    stopTicks: fc.oneof({ weight: 2, arbitrary: odd([0]) }, { weight: 1, arbitrary: ticks }),
    trail,
    twice: fc.boolean(),
    limitOffset: fc.option(fc.integer({ min: 0, max: 5 }) as fc.Arbitrary<Ticks>, { nil: undefined }),
  })
  .map(({ twice: isDouble, limitOffset, ...trigger }) => ({
    ...trigger,
    ...(isDouble ? { doubleTick: true as const } : undefined),
    ...(limitOffset === undefined ? undefined : { limitOffset }),
  }));

export const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  { weight: 3, arbitrary: still },
  { weight: 1, arbitrary: twice },
  { weight: 2, arbitrary: trailing },
);

export const price = fc.record({
  kind: fc.constant("price" as const),
  which: fc.constantFrom("mark" as const, "mark" as const, "reference" as const),
  ticks: fc.oneof({ weight: 9, arbitrary: ticks }, { weight: 1, arbitrary: odd([0]) }),
});
