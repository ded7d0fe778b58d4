/** The makers of units refuse what is no such unit. */
import { expect, test } from "vitest";
import * as units from "../../engine/units.ts";

test.each([
  ["ticks", units.ticks, [0, 1, 2 ** 31 - 1], [-1, 0.5, 2 ** 31, Number.NaN, Infinity]],
  ["lots", units.lots, [0, 1, -1, Number.MAX_SAFE_INTEGER], [0.5, 2 ** 53, Number.NaN]],
  ["sequence", units.sequence, [0, 2 ** 52], [-1, 0.1, 2 ** 53]],
  ["milliseconds", units.milliseconds, [-1, 0, 1_398_988_800_000], [0.5, Infinity]],
  ["accountId", units.accountId, [0, 7], [-1, 0.5]],
  ["orderId", units.orderId, [0, 2 ** 52], [-1, 2 ** 53]],
] as const)("%s", (_, make, good, bad) => {
  for (const value of good) expect(make(value)).toBe(value);
  for (const value of bad) expect(() => make(value)).toThrow("Invariant");
});

test("an invariant that is broken says its rule", () => {
  expect(() => units.assert(false, "the sun rises")).toThrow("Invariant: the sun rises");
  expect(() => units.unreachable("x" as never)).toThrow("Invariant: this value cannot be: x");
});
