/** Decimal strings: exact both ways, and the short way equal to the long one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  DECIMAL_CHARACTERS_MAX,
  decimalPlaces,
  formatDecimal,
  formatShortDecimal,
  parseDecimal,
  parseShortDecimal,
} from "../../engine/decimal.ts";

test.each([
  ["1.10500", 5, 110_500n],
  ["1.105", 5, 110_500n],
  ["1.1050000000", 5, 110_500n],
  ["-0.5", 1, -5n],
  ["-0", 2, 0n],
  ["007", 0, 7n],
  ["0", 18, 0n],
  ["9007199254740993", 0, 9_007_199_254_740_993n],
  ["123456789012345678901234567890.5", 1, 1_234_567_890_123_456_789_012_345_678_905n],
])("%s with %i digits is %s", (text, digits, value) => {
  expect(parseDecimal(text, digits)).toBe(value);
});

test.each(["", ".", "1.", ".5", "+1", "1e5", " 1", "1 ", "1,5", "0x1", "--1", "-", "1.2.3", "١", "1\n"])(
  "%j is no decimal",
  text => {
    expect(parseDecimal(text, 5)).toBeUndefined();
    expect(parseShortDecimal(text, 5)).toBe(-1);
  },
);

test("what is finer than the digits is refused, never rounded", () => {
  expect(parseDecimal("1.105001", 5)).toBeUndefined();
  expect(parseDecimal("0.1", 0)).toBeUndefined();
  expect(parseDecimal("1.0", 0)).toBe(1n);
});

test("a string longer than the limit is refused", () => {
  expect(parseDecimal("1".repeat(DECIMAL_CHARACTERS_MAX), 0)).toBeDefined();
  expect(parseDecimal("1".repeat(DECIMAL_CHARACTERS_MAX + 1), 0)).toBeUndefined();
});

test.each([
  [110_500n, 5, "1.10500"],
  [5n, 5, "0.00005"],
  [-5n, 2, "-0.05"],
  [0n, 3, "0.000"],
  [7n, 0, "7"],
])("%s with %i digits is written %s", (value, digits, text) => {
  expect(formatDecimal(value, digits)).toBe(text);
});

test("places after the point", () => {
  expect(["1", "0.00001", "1.0"].map(decimalPlaces)).toEqual([0, 5, 1]);
});

test("what is written reads back", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(18), (value, digits) => {
      expect(parseDecimal(formatDecimal(value, digits), digits)).toBe(value);
    }),
  );
});

test("the short way is the long way, where it goes", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat(10), fc.nat(10), (value, written, read) => {
      const text = formatShortDecimal(value, written);
      expect(text).toBe(formatDecimal(BigInt(value), written));
      const short = parseShortDecimal(text, read);
      if (short >= 0) expect(BigInt(short)).toBe(parseDecimal(text, read));
    }),
  );
  expect(parseShortDecimal("1.10500", 5)).toBe(110_500);
  expect(parseShortDecimal("100000", 0)).toBe(100_000);
});
