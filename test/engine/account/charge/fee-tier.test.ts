/** Fees: worked examples, and what holds of any fills. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type FeeBasis,
  type FeeGroup,
  feeOf,
  groupOf,
  worstFee,
} from "../../../../engine/account/charge/fee-tier.ts";
import { parseDecimal } from "../../../../engine/decimal.ts";
import { defineInstrument } from "../../../../engine/instrument.ts";
import type { Money } from "../../../../engine/units.ts";
import { EURUSD, SHARE, USDJPY } from "../venue.ts";

const money = (text: string) => (parseDecimal(text, 8) ?? 0n) as Money;
const rate = (basis: FeeBasis, amount: string, minimum = "0") => ({
  basis,
  amount: money(amount),
  minimum: money(minimum),
});

const FINE = defineInstrument({
  symbol: "TINY",
  base: "TIN",
  quote: "USD",
  tickSize: "0.0001",
  lotStep: "0.001",
  minimumQuantity: "0.001",
});

test.each([
  // Dollars per million: 25 on 1,000,000 EUR at 1.10000, which are worth 1,100,000 USD.
  ["25 a million", EURUSD, rate("perMillion", "25"), 1_000, 110_000, "27.50000000"],
  // Interactive Brokers, spot currencies, first tier: 0.20 basis points, at least USD 2.00 an order.
  ["0.2 basis points of 2,000,000", EURUSD, rate("perMillion", "20", "2"), 2_000, 110_000, "44.00000000"],
  ["at least 2.00", EURUSD, rate("perMillion", "20", "2"), 10, 110_000, "2.00000000"],
  // A raw-spread account: 3.50 a standard lot and side; 0.3 of a lot.
  ["3.50 a lot", EURUSD, rate("perLot", "3.5"), 30, 110_000, "1.05000000"],
  // The same in the money of the quote: 350 yen a lot of 100,000 dollars.
  ["350 yen a lot", USDJPY, rate("perLot", "350"), 250, 150_000, "875.00000000"],
  // A spot venue: 0.1 per cent of 30 shares at 125.50.
  ["0.1 per cent", SHARE, rate("perCent", "0.1"), 30, 12_550, "3.76500000"],
  ["a fixed fee", SHARE, rate("fixed", "4.95"), 30, 12_550, "4.95000000"],
  ["a fixed fee below its minimum", SHARE, rate("fixed", "4.95", "5"), 30, 12_550, "5.00000000"],
  // A maker's rebate of 5 a million.
  ["a rebate", EURUSD, rate("perMillion", "-5"), 1_000, 110_000, "-5.50000000"],
  // 0.0001 × 0.001 × 7 = 0.0000007 of value: 1.75e-11 rounds up to one unit, its rebate to none.
  ["the next unit up", FINE, rate("perMillion", "25"), 7, 1, "0.00000001"],
  ["a rebate towards none", FINE, rate("perMillion", "-25"), 7, 1, "0.00000000"],
])("%s", (_name, instrument, charged, lots, ticks, expected) => {
  const value = BigInt(lots) * BigInt(ticks);
  expect(feeOf(charged, instrument, { lots, value })).toBe(money(expected));
  expect(feeOf(charged, instrument, { lots: 0, value: 0n })).toBe(0n);
});

test("a market has the group that names it, else the one for all others, else none", () => {
  const one = rate("fixed", "1");
  const own: FeeGroup = { markets: [4, 7], maker: one, taker: one };
  const others: FeeGroup = { markets: [], maker: one, taker: one };
  const tier = { number: 1, name: "one", groups: [others, own] };
  expect(groupOf(tier, 7)).toBe(own);
  expect(groupOf(tier, 1)).toBe(others);
  expect(groupOf({ ...tier, groups: [own] }, 1)).toBeUndefined();
});

const anyRate = fc.record({
  basis: fc.constantFrom<FeeBasis>("perMillion", "perCent", "perLot", "fixed"),
  amount: fc.bigInt(-(10n ** 10n), 10n ** 11n).map(amount => amount as Money),
  minimum: fc.constantFrom(0n, 1n, 200_000_000n).map(minimum => minimum as Money),
});

const anyFill = fc.record({
  lots: fc.integer({ min: 1, max: 5_000 }),
  ticks: fc.integer({ min: 1, max: 200_000 }),
  maker: fc.boolean(),
});

test("no order is charged more than the worst, however it is filled; nor is what is left of it", () => {
  fc.assert(
    fc.property(
      anyRate,
      anyRate,
      fc.array(anyFill, { minLength: 1, maxLength: 12 }),
      (maker, taker, fills) => {
        const group = { markets: [], maker, taker };
        const rateOf = { maker, taker };
        const sums = { maker: { lots: 0, value: 0n }, taker: { lots: 0, value: 0n } };
        let charged = 0n;
        let dearest = 0n;
        for (const { lots, ticks, maker: rests } of fills) {
          const role = rests ? "maker" : "taker";
          const before = sums[role];
          const after = { lots: before.lots + lots, value: before.value + BigInt(lots) * BigInt(ticks) };
          charged += feeOf(rateOf[role], EURUSD, after) - feeOf(rateOf[role], EURUSD, before);
          sums[role] = after;
          if (charged > dearest) dearest = charged;
        }
        const all = {
          lots: sums.maker.lots + sums.taker.lots,
          value: sums.maker.value + sums.taker.value,
        };
        expect(charged).toBe(feeOf(maker, EURUSD, sums.maker) + feeOf(taker, EURUSD, sums.taker));
        expect(dearest).toBeLessThanOrEqual(worstFee(group, EURUSD, all));
      },
    ),
  );
});
