/** The dashboard's arithmetic: exact, never rounding what it reads, and the same there and back. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  divideRounded,
  formatDecimal,
  groupDigits,
  parseDecimal,
  readDecimal,
  rescale,
  roundDecimal,
  signOf,
} from "../../public/src/decimal.ts";

describe("decimal strings", () => {
  test("any whole number of any digits comes back", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n - 10n ** 24n, max: 10n ** 24n - 1n }), fc.nat(8), (value, digits) => {
        expect(parseDecimal(formatDecimal(value, digits), digits)).toBe(value);
      }),
    );
  });

  test.each([
    ["1.10500", 5, 110500n],
    ["1.105", 5, 110500n],
    ["1.1050000", 5, 110500n],
    ["-0.5", 1, -5n],
    ["0", 0, 0n],
  ])("%s with %i digits is %s", (text, digits, value) => {
    expect(parseDecimal(text, digits)).toBe(value);
  });

  test.each(["", ".", "1.", "1e5", "+1", " 1", "1,000", "0x10", "NaN", "1.000001"])("%j is refused", text => {
    expect(parseDecimal(text, 5)).toBeUndefined();
  });

  test("0.1 + 0.2 is 0.3", () => {
    expect(formatDecimal((parseDecimal("0.1", 8) ?? 0n) + (parseDecimal("0.2", 8) ?? 0n), 1 + 7)).toBe(
      "0.30000000",
    );
  });

  test("division rounds half away from zero, on both sides", () => {
    expect([5n, -5n, 4n, -4n].map(value => divideRounded(value, 10n))).toEqual([1n, -1n, 0n, 0n]);
    expect(divideRounded(5n, -10n)).toBe(-1n);
    expect(rescale(125n, 2, 1)).toBe(13n);
    expect(rescale(-125n, 2, 1)).toBe(-13n);
    expect(rescale(1n, 0, 8)).toBe(100_000_000n);
  });

  test("money is shown with two places", () => {
    expect(roundDecimal("100000.00000000", 2)).toBe("100000.00");
    expect(roundDecimal("-0.005", 2)).toBe("-0.01");
    expect(roundDecimal("7", 2)).toBe("7.00");
    expect(roundDecimal("x", 2)).toBeUndefined();
  });

  test("digits are grouped, a minus is a minus", () => {
    expect(groupDigits("1234567.8901")).toBe("1,234,567.8901");
    expect(groupDigits("-999")).toBe("\u2212999");
    expect(groupDigits("-1000")).toBe("\u22121,000");
  });

  test("what people type is read, what is no number is not", () => {
    expect(readDecimal("10 000")).toBe("10000");
    expect(readDecimal("1,000.50")).toBe("1000.50");
    expect(readDecimal(".5")).toBe("0.5");
    expect(readDecimal("ten")).toBeUndefined();
    expect(readDecimal("")).toBeUndefined();
  });

  test("the sign of a string", () => {
    expect(["-0.00", "0.01", "-3"].map(signOf)).toEqual([0, 1, -1]);
  });
});
