/** How long an order lasts, as the doors are told it: what it means, what is refused, how it reads. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type OrderForm, readAmendForm, readOrderForm } from "../../../engine/form/order-form.ts";
import { textsOfTerms } from "../../../engine/form/order-text.ts";
import { defineInstrument } from "../../../engine/instrument.ts";

const EURUSD = defineInstrument({
  symbol: "EURUSD",
  tickSize: "0.00001",
  lotStep: "1",
  minimumQuantity: "1",
});

function read(fields: Partial<OrderForm>) {
  return readOrderForm(EURUSD, { side: "sell", type: "limit", price: "1", quantity: "1", ...fields });
}

const until = (expireTime: number | string) => read({ timeInForce: "GTD", expireTime });

test.each([
  ["at-the-open", "ATO"],
  ["at-the-close", "ATC"],
  ["good-for-auction", "GFA"],
  ["DAY", "DAY"],
  [undefined, "GTC"],
] as const)("%s is %s", (timeInForce, word) => {
  expect(read({ timeInForce })).toMatchObject({ timeInForce: word });
});

test("a market order is IOC, one that waits GTC", () => {
  expect(read({ type: "market", price: undefined })).toMatchObject({ timeInForce: "IOC" });
  expect(read({ type: "stop", price: undefined, stopPrice: "1" })).toMatchObject({ timeInForce: "GTC" });
});

test.each([
  ["2026-10-16T20:59:59Z", Date.UTC(2026, 9, 16, 20, 59, 59)],
  ["2026-10-16t20:59:59.000z", Date.UTC(2026, 9, 16, 20, 59, 59)],
  ["2024-02-29T23:30:00-01:30", Date.UTC(2024, 2, 1, 1)],
  ["2026-01-01T00:00:00+09:00", Date.UTC(2025, 11, 31, 15)],
  ["9999-12-31T23:59:59Z", 253_402_300_799_000],
  [5_000, 5_000],
  [0, 0],
])("%s is a moment", (text, expireAt) => {
  expect(until(text)).toMatchObject({ timeInForce: "GTD", terms: { expireAt } });
});

test.each([
  ...["2026-10-16T20:59:59", "2026-10-16 20:59:59Z", "2026-10-16T20:59:59.5Z", "2026-10-16", "", "soon"],
  ...["2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-10-16T24:00:00Z", "2026-10-16T23:60:00Z"],
  ...[
    "2026-12-31T23:59:60Z",
    "2026-10-16T00:00:00+24:00",
    "2026-10-16T00:00:00+0100",
    "0000-01-01T00:00:00Z",
  ],
  ...["1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"],
  ...[1_500, 253_402_300_800_000, Number.MAX_SAFE_INTEGER],
])("%s is none", expireTime => {
  expect(until(expireTime)).toBe("expireTimeOutOfRange");
  expect(readAmendForm(EURUSD, { expireTime })).toBe("expireTimeOutOfRange");
});

test("any second reads as RFC 3339 says it, and is read again", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), seconds => {
      const expireAt = seconds * 1_000;
      const order = until(expireAt);
      const { expireTime = "" } = textsOfTerms(EURUSD, typeof order === "string" ? undefined : order.terms);
      expect(expireTime).toBe(new Date(expireAt).toISOString().replace(".000Z", "Z"));
      expect(until(expireTime)).toEqual(order);
    }),
  );
});

test("an amend changes the time", () => {
  expect(readAmendForm(EURUSD, { expireTime: 7_000 })).toEqual({
    ...{ lots: 0, ticks: 0 },
    terms: { expireAt: 7_000 },
  });
});
