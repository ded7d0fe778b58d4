/** Swaps and the fee in place of them: worked examples. */
import { expect, test } from "vitest";
import { swapFreeFeeOf, swapOf, swapOfStandardLot } from "../../../../engine/account/charge/swap.ts";
import { formatDate, parseDate } from "../../../../engine/calendar/civil-date.ts";
import { nextTradeDate, nightsOf } from "../../../../engine/calendar/value-date.ts";
import { parseDecimal } from "../../../../engine/decimal.ts";
import { defineInstrument } from "../../../../engine/instrument.ts";
import type { Money } from "../../../../engine/units.ts";

const forex = { lotStep: "1000", minimumQuantity: "1000" };
const EURUSD = defineInstrument({ ...forex, symbol: "EURUSD", tickSize: "0.00001", pipSize: "0.0001" });
const USDJPY = defineInstrument({ ...forex, symbol: "USDJPY", tickSize: "0.001", pipSize: "0.01" });

const units = (text: string) => parseDecimal(text, 8) ?? 0n;

test.each([
  // One standard lot of EURUSD: a pip is 10 USD, so −0.65 pips a night are −6.50.
  ["a long lot", EURUSD, 100, "-0.65", "0.2", 1, "-6.50000000"],
  ["the triple day", EURUSD, 100, "-0.65", "0.2", 3, "-19.50000000"],
  ["a short lot earns", EURUSD, -100, "-0.65", "0.2", 1, "2.00000000"],
  // A micro lot of USDJPY: a pip is 10 yen.
  ["a micro lot in yen", USDJPY, 1, "1.2345", "-1.9", 1, "12.34500000"],
  ["a night that a holiday took away", EURUSD, 100, "-0.65", "0.2", 0, "0.00000000"],
  ["both sides may pay", EURUSD, -7, "-0.65", "-0.1", 2, "-0.14000000"],
])("%s", (_name, instrument, lots, long, short, nights, expected) => {
  const points = { long: units(long), short: units(short) };
  expect(swapOf(instrument, lots, points, nights)).toBe(units(expected));
  const side = lots > 0 ? points.long : points.short;
  const standardLots = Math.round(100_000 / Number(instrument.baseMoneyPerLot / 100_000_000n));
  expect(swapOfStandardLot(instrument, side, nights)).toBe(
    swapOf(instrument, Math.sign(lots) * standardLots, points, nights),
  );
});

test("what is paid is rounded up, what is earned down, to the next money unit", () => {
  const tiny = defineInstrument({
    symbol: "TINYUSD",
    base: "TINY",
    quote: "USD",
    tickSize: "0.0001",
    lotStep: "0.001",
    minimumQuantity: "0.001",
  });
  // A pip of one lot is 10 units of money: 0.05 and 0.15 of them.
  const points = { long: units("-0.005"), short: units("0.015") };
  expect(swapOf(tiny, 1, points, 1)).toBe(-1n);
  expect(swapOf(tiny, -1, points, 1)).toBe(0n);
});

test("a swap-free position pays nothing for the first days, then for each night and lot", () => {
  const fee = { freeDays: 5, perLot: units("3") as Money };
  expect(swapFreeFeeOf(EURUSD, 100, fee, { days: 5, nights: 1 })).toBe(0n);
  expect(swapFreeFeeOf(EURUSD, 100, fee, { days: 6, nights: 1 })).toBe(units("-3"));
  expect(swapFreeFeeOf(EURUSD, -50, fee, { days: 6, nights: 3 })).toBe(units("-4.5"));
});

test("a week of swaps, its triple day where the value dates put it", () => {
  const points = { long: units("-0.65"), short: units("0.2") };
  const paid: [string, bigint][] = [];
  let day = parseDate("2026-06-01");
  for (let index = 0; index < 5 && day !== undefined; index++) {
    paid.push([formatDate(day), swapOf(EURUSD, 10, points, nightsOf(EURUSD, day))]);
    day = nextTradeDate(day);
  }
  expect(paid).toEqual([
    ["2026-06-01", units("-0.65")],
    ["2026-06-02", units("-0.65")],
    ["2026-06-03", units("-1.95")],
    ["2026-06-04", units("-0.65")],
    ["2026-06-05", units("-0.65")],
  ]);
});
