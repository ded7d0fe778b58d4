/** How lists of orders are read: distances, and what refuses a list. */
import { expect, test } from "vitest";
import { isRefused, type LegForm, readListForm } from "../../../engine/form/list-form.ts";
import { defineInstrument } from "../../../engine/instrument.ts";

const EURUSD = defineInstrument({
  ...{ symbol: "EUR/USD", tickSize: "0.00001", pipSize: "0.0001", lotStep: "1000", minimumQuantity: "1000" },
});
const entry: LegForm = { side: "buy", type: "limit", quantity: "5000", price: "1.10000" };

function read(leg: Partial<LegForm>) {
  const list = readListForm(EURUSD, {
    contingency: "bracket",
    legs: [entry, { side: "sell", type: "limit", quantity: "5000", ...leg }],
  });
  return isRefused(list) ? list : list.legs[1];
}

test.each([
  [{ distance: "0.00200" }, { by: "ticks", ticks: 200 }],
  [{ distancePips: "20" }, { by: "ticks", ticks: 200 }],
  [{ distancePips: "0.1" }, { by: "ticks", ticks: 1 }],
  [{ distanceMoney: "12.5" }, { by: "money", money: 1_250_000_000n }],
] as const)("%j", (form, distance) => {
  expect(read(form)).toMatchObject({ side: "sell", ticks: 0, lots: 5, distance });
});

test("an exit that waits has neither stop price nor limit; its limit may follow", () => {
  const trigger = { kind: "stop", source: "bid", stopTicks: 0 };
  expect(read({ type: "stop", trigger: "bid", distancePips: "5" })).toMatchObject({
    ...{ type: "market", ticks: 0, terms: { trigger } },
  });
  expect(
    read({ type: "stop-limit", trigger: "bid", distancePips: "5", limitOffset: "0.0001" }),
  ).toMatchObject({ type: "limit", ticks: 0, terms: { trigger: { ...trigger, limitOffset: 10 } } });
});

test.each([
  [{ distance: "0" }, "listInvalid"],
  [{ distance: "-0.1" }, "listInvalid"],
  [{ distance: "0.000001" }, "listInvalid"],
  [{ distancePips: "0.01" }, "listInvalid"],
  [{ distanceMoney: "0" }, "listInvalid"],
  [{ distanceMoney: "0.000000001" }, "listInvalid"],
  [{ distanceMoney: "9".repeat(40) }, "listInvalid"],
  [{ distance: "0.1", distancePips: "1" }, "listInvalid"],
  [{ type: "trailing-stop", distance: "0.1" }, "listInvalid"],
  [{ type: "pegged", distance: "0.1" }, "listInvalid"],
  [{ distance: "0.1", price: "1" }, "priceUnexpected"],
  [{ type: "stop", distance: "0.1", stopPrice: "1" }, "stopPriceUnexpected"],
  [{ type: "stop", distance: "0.1", limitOffset: "0.1" }, "limitOffsetInvalid"],
  [{ type: "stop-limit", distance: "0.1" }, "limitOffsetInvalid"],
  [{ type: "limit", distance: "0.1", limitOffset: "0.1" }, "limitOffsetInvalid"],
  [{ distance: "0.1", quantity: "1" }, "quantityNotMultiple"],
  [{}, "priceMissing"],
] as const)("%j: %s", (form, why) => {
  expect(read(form)).toEqual(["listInvalid", why]);
});
