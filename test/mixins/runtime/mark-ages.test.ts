/** How old marks may be, as the environment says it. */
import { expect, test } from "vitest";
import { readSettings } from "../../../mixins/runtime/settings.ts";

test.each([
  ["", {}],
  ["5000", { "*": 5_000 }],
  ["EURUSD=500,*=60000", { EURUSD: 500, "*": 60_000 }],
])("MARK_AGE_MS=%s", (text, ages) => {
  expect(readSettings({ MARK_AGE_MS: text }).markAges).toEqual(ages);
});

test.each(["soon", "EURUSD=", "=5", "-1", "99999999999999"])("MARK_AGE_MS=%s stops the start", text => {
  expect(() => readSettings({ MARK_AGE_MS: text })).toThrow("Cannot start as 'MARK_AGE_MS' must be");
});
