/** Rates through the marks: which way is taken, and how it is rounded. */
import { describe, expect, test } from "vitest";
import { Conversion, convertDown, convertUp } from "../../../../engine/account/position/conversion.ts";
import { Marks } from "../../../../engine/account/position/marks.ts";
import { defineInstrument } from "../../../../engine/instrument.ts";
import { ticks } from "../../../../engine/units.ts";
import { EURJPY, EURUSD, USD_1, USDJPY } from "../venue.ts";

const EURGBP = defineInstrument({
  symbol: "EURGBP",
  tickSize: "0.00001",
  lotStep: "1000",
  minimumQuantity: "1000",
  number: 6,
});

function marked(quotes: readonly (readonly [{ readonly number: number }, number, number])[]): Conversion {
  const marks = new Marks();
  for (const [{ number }, bid, ask] of quotes) marks.update(number, ticks(bid), ticks(ask), 1, 0);
  return new Conversion([EURUSD, USDJPY, EURJPY, EURGBP], marks);
}

const eurusd = [EURUSD, 109_990, 110_010] as const;
const usdjpy = [USDJPY, 110_000, 110_000] as const;
const eurgbp = [EURGBP, 80_000, 80_000] as const;
const eurjpy = [EURJPY, 120_000, 120_000] as const;

describe("ways", () => {
  test.each([
    ["the same currency, without any mark", [], "JPY", "JPY", 100n * USD_1],
    ["direct, at the middle", [eurusd], "EUR", "USD", 110n * USD_1],
    ["inverse", [eurusd], "USD", "EUR", 9_090_909_090n],
    ["direct before any other", [eurusd, usdjpy, eurjpy], "EUR", "JPY", 12_000n * USD_1],
    ["by way of USD", [eurusd, usdjpy], "EUR", "JPY", 12_100n * USD_1],
    ["by way of EUR", [eurgbp, eurjpy], "GBP", "JPY", 15_000n * USD_1],
    ["by way of EUR, from USD", [eurusd, eurgbp], "USD", "GBP", 7_272_727_272n],
    ["no way without its marks", [eurgbp], "GBP", "JPY", undefined],
    ["no way at all", [eurusd], "USD", "XAU", undefined],
  ] as const)("%s", (_name, quotes, from, to, expected) => {
    const rate = marked(quotes).rate(from, to);
    expect(rate === undefined ? undefined : convertDown(100n * USD_1, rate)).toBe(expected);
  });

  test("a market with one side only is marked by that side", () => {
    const rate = marked([[EURUSD, 0, 110_000]]).rate("EUR", "USD");
    expect(rate && convertDown(USD_1, rate)).toBe(110_000_000n);
  });
});

describe("rounding is against the account", () => {
  const third = { numerator: 1n, denominator: 3n };

  test.each([
    [10n, 3n, 4n],
    [9n, 3n, 3n],
    [-10n, -4n, -3n],
    [-9n, -3n, -3n],
    [0n, 0n, 0n],
  ])("%s thirds: down %s, up %s", (amount, down, up) => {
    expect(convertDown(amount, third)).toBe(down);
    expect(convertUp(amount, third)).toBe(up);
  });
});

describe("marks", () => {
  test("an empty side keeps its last price, and only a change counts as news", () => {
    const marks = new Marks();
    marks.update(1, ticks(0), ticks(0), 1, 0);
    expect(marks.get(1)).toBeUndefined();
    marks.update(1, ticks(10), ticks(12), 2, 0);
    marks.update(1, ticks(0), ticks(12), 3, 0);
    expect(marks.get(1)).toMatchObject({ bid: 10, ask: 12, sequence: 2 });
    marks.update(1, ticks(11), ticks(0), 4, 0);
    expect(marks.get(1)).toMatchObject({ bid: 11, ask: 12, sequence: 4 });
  });

  test("a stand-in lasts until the first real price", () => {
    const marks = new Marks();
    marks.standIn(1, ticks(50));
    expect([marks.twiceMiddle(1), marks.closing(1, "buy"), marks.get(1)]).toEqual([100, 50, undefined]);
    marks.update(1, ticks(10), ticks(0), 2, 0);
    marks.standIn(1, ticks(50));
    expect([marks.twiceMiddle(1), marks.closing(1, "buy"), marks.closing(1, "sell")]).toEqual([20, 10, 10]);
  });
});
