/** What may be listed, and how prices and sizes turn into ticks and lots. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  defineInstrument,
  formatPrice,
  formatQuantity,
  type InstrumentSpecification,
  parsePrice,
  parseQuantity,
  tradeValue,
} from "../../engine/instrument.ts";
import { lots, TICKS_MAX, ticks } from "../../engine/units.ts";

const EURUSD: InstrumentSpecification = {
  symbol: "EURUSD",
  tickSize: "0.00001",
  lotStep: "1000",
  minimumQuantity: "1000",
  maximumQuantity: "10000000",
  pipSize: "0.0001",
};

describe("listing", () => {
  test("derives the integers", () => {
    const instrument = defineInstrument(EURUSD);
    expect(instrument).toMatchObject({
      base: "EUR",
      quote: "USD",
      settlement: "margin",
      priceDigits: 5,
      quantityDigits: 0,
      ticksPerPip: 10,
      minimumLots: 1,
      maximumLots: 10_000,
      positionLimitLots: Number.MAX_SAFE_INTEGER,
      valuePerTickLot: 1_000_000n,
      baseMoneyPerLot: 100_000_000_000n,
    });
  });

  test("the finest step that settles exactly is 0.00000001", () => {
    const fine = { symbol: "BTCUSD", tickSize: "0.01", lotStep: "0.000001", minimumQuantity: "0.000001" };
    expect(defineInstrument(fine).valuePerTickLot).toBe(1n);
    const finer = { ...fine, lotStep: "0.0000001" };
    expect(() => defineInstrument(finer)).toThrow("tickSize × lotStep must be a multiple of 0.00000001");
  });

  test.each([
    [{ tickSize: "0" }, "'tickSize' must be a positive decimal: received 0"],
    [{ tickSize: "-1" }, "'tickSize' must be a positive decimal"],
    [{ tickSize: "1e-5" }, "'tickSize' must be a positive decimal"],
    [{ lotStep: "" }, "'lotStep' must be a positive decimal"],
    [{ minimumQuantity: "1500" }, "'minimumQuantity' must be a multiple of the lot step: received 1500"],
    [{ maximumQuantity: "99999999999999999999" }, "'maximumQuantity' must be a multiple of the lot step"],
    [{ maximumQuantity: "0" }, "'maximumQuantity' must be a positive decimal"],
    [{ tickSize: "0.00003", pipSize: "0.0001" }, "'pipSize' must be a multiple of the tick"],
    [{ minimumQuantity: "2000", maximumQuantity: "1000" }, "'maximumQuantity' must be at least the minimum"],
  ])("refuses %j", (change, message) => {
    expect(() => defineInstrument({ ...EURUSD, ...change })).toThrow(message);
  });
});

describe("prices and sizes", () => {
  const instrument = defineInstrument(EURUSD);

  test.each([
    ["1.10500", 110_500],
    ["0.00001", 1],
    ["21474.83647", TICKS_MAX],
    ["21474.83648", "priceOutOfRange"],
    ["0", "priceOutOfRange"],
    ["-1", "priceOutOfRange"],
    ["99999999999999999999999", "priceOutOfRange"],
    ["1.105001", "priceNotMultiple"],
    ["abc", "priceNotMultiple"],
  ])("price %s is %s", (text, value) => {
    expect(parsePrice(instrument, text)).toBe(value);
  });

  test.each([
    ["1000", 1],
    ["10000000", 10_000],
    ["10001000", "quantityAboveMaximum"],
    ["1500", "quantityNotMultiple"],
    ["0", "quantityBelowMinimum"],
    ["-1000", "quantityBelowMinimum"],
    ["99999999999999999999999000", "quantityAboveMaximum"],
  ])("size %s is %s", (text, value) => {
    expect(parseQuantity(instrument, text)).toBe(value);
  });

  test("are written with all their digits", () => {
    expect(formatPrice(instrument, ticks(110_500))).toBe("1.10500");
    expect(formatQuantity(instrument, lots(12))).toBe("12000");
    expect(formatQuantity(instrument, lots(Number.MAX_SAFE_INTEGER))).toBe("9007199254740991000");
  });

  test("read back what is written, for any step", () => {
    const steps = fc.constantFrom("1", "5", "0.1", "0.25", "0.00001", "0.00005", "1000", "2500");
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: TICKS_MAX }), (tickSize, count) => {
        const listed = defineInstrument({ symbol: "TEST", tickSize, lotStep: "1", minimumQuantity: "1" });
        expect(parsePrice(listed, formatPrice(listed, ticks(count)))).toBe(count);
      }),
    );
  });

  test("a fill is worth ticks × lots, exactly", () => {
    expect(tradeValue(instrument, ticks(110_500), lots(100))).toBe(11_050_000_000_000n);
    const largest = tradeValue(instrument, ticks(TICKS_MAX), lots(Number.MAX_SAFE_INTEGER));
    expect(largest).toBe(BigInt(TICKS_MAX) * BigInt(Number.MAX_SAFE_INTEGER) * 1_000_000n);
  });
});
