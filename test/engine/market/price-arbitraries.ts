/** Terms that give orders their price or their size, for the property tests of markets. */
import fc from "fast-check";
import { type OrderTerms, PEG_REFERENCES, type Peg } from "../../../engine/market/terms.ts";
import type { Money, Ticks } from "../../../engine/units.ts";
import type { PlaceForm } from "../../reference/commands.ts";

const MONEY = 100_000_000n;

const slippage: fc.Arbitrary<OrderTerms> = fc
  .oneof(
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 5 }) },
    { weight: 1, arbitrary: fc.constantFrom(-1, 2 ** 31 - 1, 2 ** 31) },
  )
  .map(slippageTicks => ({ slippageTicks: slippageTicks as Ticks }));
const budget: fc.Arbitrary<OrderTerms> = fc
  .oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 12_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(-1, 0, 1_000_000_000) },
  )
  .map(money => ({ budget: (BigInt(money) * MONEY) as Money }));
const slide: fc.Arbitrary<OrderTerms> = fc.constant({ slide: true as const });

/** Terms of prices, and what of the order goes with them. */
export interface PriceTerms {
  readonly terms: OrderTerms;
  readonly form: Partial<PlaceForm>;
}

export const peg: fc.Arbitrary<Peg> = fc.record({
  to: fc.constantFrom(...PEG_REFERENCES),
  offset: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 6, arbitrary: fc.integer({ min: -4, max: 4 }) },
    { weight: 1, arbitrary: fc.constantFrom(-100, 2 ** 31 - 100, 2 ** 31) },
  ),
});
const pegged = { type: "limit", postOnly: false, timeInForce: "GTC" } as const;

const market = { type: "market", postOnly: false, ticks: 0 } as const;

/** Mostly on orders that may have them. */
export const priceTerms: fc.Arbitrary<PriceTerms> = fc.oneof(
  { weight: 20, arbitrary: fc.constant({ terms: {}, form: {} }) },
  { weight: 1, arbitrary: slippage.map(terms => ({ terms, form: { ...market, timeInForce: "IOC" } })) },
  {
    weight: 1,
    arbitrary: budget.map(terms => ({ terms, form: { ...market, timeInForce: "IOC", lots: 0 } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(budget, slippage)
      .map(([one, other]) => ({ terms: { ...one, ...other }, form: { ...market, lots: 0 } })),
  },
  { weight: 3, arbitrary: peg.map(to => ({ terms: { peg: to }, form: pegged })) },
  { weight: 2, arbitrary: peg.map(to => ({ terms: { peg: to }, form: { ...pegged, ticks: 0 } })) },
  {
    weight: 2,
    arbitrary: slide.map(terms => ({ terms, form: { type: "limit", postOnly: true, timeInForce: "GTC" } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .oneof(
        slippage,
        budget,
        slide,
        peg.map(to => ({ peg: to })),
      )
      .map(terms => ({ terms, form: {} })),
  },
) as fc.Arbitrary<PriceTerms>;
