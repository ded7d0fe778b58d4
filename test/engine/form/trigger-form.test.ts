/** What an order waits for, as the doors are told it: what it means, what is refused, how it reads. */
import { expect, test } from "vitest";
import { type OrderForm, readAmendForm, readOrderForm } from "../../../engine/form/order-form.ts";
import { orderTypeName, textsOfTerms } from "../../../engine/form/order-text.ts";
import { defineInstrument } from "../../../engine/instrument.ts";

const EURUSD = defineInstrument({
  symbol: "EURUSD",
  tickSize: "0.00001",
  pipSize: "0.0001",
  lotStep: "1",
  minimumQuantity: "1",
});

type Fields = Partial<OrderForm>;

function read(type: OrderForm["type"], fields: Fields) {
  return readOrderForm(EURUSD, { side: "sell", type, quantity: "1", ...fields });
}

test.each<[string, OrderForm["type"], Fields, object]>([
  ["a distance", "trailing-stop", { trailDistance: "0.00025" }, { trail: { by: "ticks", distance: 25 } }],
  ["pips", "trailing-stop", { trailPips: "2.5" }, { trail: { by: "ticks", distance: 25 } }],
  ["thousandths", "trailing-stop", { trailPerMille: "5" }, { trail: { by: "perMille", distance: 5 } }],
  ["a first stop price", "trailing-stop", { trailPips: "1", stopPrice: "1.1" }, { stopTicks: 110_000 }],
  ["none", "trailing-stop", { trailPips: "1" }, { stopTicks: 0, source: "last", kind: "stop" }],
  ["the mark", "trailing-stop", { trailPips: "1", trigger: "mark" }, { source: "mark" }],
  ["two prices", "take-profit", { stopPrice: "1", doubleTick: true }, { doubleTick: true }],
  ["an offset", "trailing-stop-limit", { trailPips: "1", limitOffset: "0.0001" }, { limitOffset: 10 }],
  ["no offset", "trailing-stop-limit", { trailPips: "1", limitOffset: "0" }, { limitOffset: 0 }],
])("%s", (_, type, fields, trigger) => {
  expect(read(type, fields)).toMatchObject({ terms: { trigger } });
});

test.each<[string, OrderForm["type"], Fields, string]>([
  ["no distance", "trailing-stop", {}, "trailMissing"],
  ["two distances", "trailing-stop", { trailPips: "1", trailPerMille: "1" }, "trailNotAllowed"],
  ["a distance of a stop", "stop", { stopPrice: "1", trailPips: "1" }, "trailNotAllowed"],
  ["a distance of a limit", "limit", { price: "1", trailDistance: "1" }, "trailNotAllowed"],
  ["parts of ticks", "trailing-stop", { trailPips: "2.55" }, "trailOutOfRange"],
  ["a distance of less", "trailing-stop", { trailDistance: "0.000001" }, "trailOutOfRange"],
  ["parts of thousandths", "trailing-stop", { trailPerMille: "2.5" }, "trailOutOfRange"],
  ["a distance that grows", "trailing-stop", { trailDistance: "-1" }, "trailOutOfRange"],
  ["no limit", "trailing-stop-limit", { trailPips: "1" }, "priceMissing"],
  ["two limits", "trailing-stop-limit", { trailPips: "1", price: "1", limitOffset: "1" }, "priceUnexpected"],
  ["an offset of a stop", "stop", { stopPrice: "1", limitOffset: "1" }, "limitOffsetInvalid"],
  ["an offset of a market", "trailing-stop", { trailPips: "1", limitOffset: "1" }, "limitOffsetInvalid"],
  ["an offset of less", "trailing-stop-limit", { trailPips: "1", limitOffset: "-1" }, "limitOffsetInvalid"],
  ["two prices of a limit", "limit", { price: "1", doubleTick: true }, "stopPriceUnexpected"],
])("%s is refused", (_, type, fields, rejection) => {
  expect(read(type, fields)).toBe(rejection);
});

test("an amend changes the distance", () => {
  expect(readAmendForm(EURUSD, { trailPips: "3" })).toEqual({
    ...{ lots: 0, ticks: 0 },
    terms: { trail: { by: "ticks", distance: 30 } },
  });
  expect(readAmendForm(EURUSD, { trailPips: "3", trailDistance: "1" })).toBe("trailNotAllowed");
});

test.each<[OrderForm["type"], Fields]>([
  ["trailing-stop", { trigger: "mark", trailPerMille: "7", doubleTick: true }],
  ["trailing-stop-limit", { trigger: "last", trailDistance: "0.00010", limitOffset: "0.00005" }],
  ["trailing-stop-limit", { trigger: "bid", trailDistance: "0.00010", price: "1.1", stopPrice: "1.20000" }],
])("what a %s was told by it reads as", (type, fields) => {
  const order = read(type, fields);
  if (typeof order === "string") throw new Error(order);
  const { price: _, ...texts } = fields;
  expect(orderTypeName(order.type, order.terms)).toBe(type);
  expect(textsOfTerms(EURUSD, order.terms)).toEqual(texts);
});
