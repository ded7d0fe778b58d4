/** The order ticket's logic: which fields a type shows, what is checked, what is sent, and in which words. */
import { describe, expect, test } from "vitest";
import { REJECTIONS } from "../../engine/rejection.ts";
import { decodeListing } from "../../public/src/client/decoding.ts";
import { decodeOrder } from "../../public/src/client/order-decoding.ts";
import { fieldOfRejection, rejectionWordsOf } from "../../public/src/client/rejection-words.ts";
import { ordersIn } from "../../public/src/market/cancel-scope.ts";
import { instrumentOf, likelyPart } from "../../public/src/market/instrument.ts";
import { changeableFields, changeOf, editedFrom, problemsOf } from "../../public/src/market/order-change.ts";
import { type Draft, newDraft, shownFields, withType } from "../../public/src/market/order-draft.ts";
import { ORDER_TYPES, timesInForceOf } from "../../public/src/market/order-kinds.ts";
import { ownSizes } from "../../public/src/market/own-sizes.ts";
import { checkDraft } from "../../public/src/market/ticket-checks.ts";
import { termsOf } from "../../public/src/market/ticket-request.ts";
import { awaitsInWords, pegInWords, showingInWords, termsInWords } from "../../public/src/order-terms.ts";
import { outcomeOf } from "../../public/src/order-words.ts";
import { ORDER_FIELDS } from "../../services/orders/order-schema.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");
const eurusd = instrumentOf(
  decodeListing({
    symbol: "EURUSD",
    tickSize: "0.00001",
    pipSize: "0.0001",
    lotStep: "1000",
    minimumQuantity: "1000",
    maximumQuantity: "50000000",
  }),
);

function draftOf(change: Partial<Draft>): Draft {
  const draft = { ...newDraft(), price: "1.10500", stopPrice: "1.10000" };
  if (change.type !== undefined) withType(draft, change.type);
  return Object.assign(draft, change);
}

const complaints = (change: Partial<Draft>) =>
  checkDraft(eurusd, draftOf(change), NOW).map(({ code }) => code);

const wire = {
  id: "9",
  clientOrderId: "c",
  accountId: "7",
  symbol: "EURUSD",
  side: "sell",
  type: "stop",
  timeInForce: "GTC",
  quantity: "10000",
  filledQuantity: "0",
  status: "open",
  createdAt: "2026-01-05T10:00:00.000Z",
};
const orderOf = (change: object) => decodeOrder({ ...wire, ...change });

describe("fields", () => {
  test.each<[Partial<Draft>, string[]]>([
    [{ type: "market" }, []],
    [{ type: "stop" }, ["stopPrice", "trigger"]],
    [{ type: "trailing-stop" }, ["trail", "trigger"]],
    [{ type: "trailing-stop-limit" }, ["limitOffset", "postOnly", "trail", "trigger"]],
    [{ type: "trailing-stop-limit", limitBy: "price" }, ["postOnly", "price", "trail", "trigger"]],
    [{ type: "limit" }, ["postOnly", "price"]],
    [{ type: "limit", showing: "part" }, ["displayQuantity", "postOnly", "price"]],
    [{ type: "limit", showing: "part", timeInForce: "IOC" }, ["price"]],
    [{ type: "limit", showing: "part", timeInForce: "ATO" }, ["price"]],
    [{ type: "limit", timeInForce: "GTD" }, ["expireTime", "postOnly", "price"]],
  ])("of %o", (change, names) => {
    const known = [
      "price",
      "stopPrice",
      "trigger",
      "trail",
      "limitOffset",
      "postOnly",
      "displayQuantity",
      "expireTime",
    ];
    const shown = shownFields(draftOf(change));
    expect(known.filter(name => shown.has(name as keyof Draft)).sort()).toEqual(names);
  });

  test("another type keeps a time in force that it can have", () => {
    const draft = draftOf({ type: "limit" });
    expect(draft.timeInForce).toBe("GTC");
    withType(draft, "stop");
    expect(draft.timeInForce).toBe("GTC");
    draft.timeInForce = "DAY";
    withType(draft, "limit");
    expect(draft.timeInForce).toBe("DAY");
    draft.timeInForce = "ATC";
    withType(draft, "market");
    expect(draft.timeInForce).toBe("ATC");
    withType(draft, "stop");
    expect(draft.timeInForce).toBe("GTC");
    withType(draft, "market");
    expect(draft.timeInForce).toBe("IOC");
  });

  test("an iceberg is first offered a fifth, in lots, at least the minimum", () => {
    expect(likelyPart(eurusd, "52000")).toBe("10000");
    expect(likelyPart(eurusd, "2000")).toBe("1000");
  });
});

describe("checks", () => {
  test.each<[Partial<Draft>, string[]]>([
    [{ type: "stop" }, []],
    [{ type: "stop", stopPrice: "" }, ["stopPriceMissing"]],
    [{ type: "stop-limit", stopPrice: "1.1000001", price: "" }, ["priceMissing", "stopPriceNotMultiple"]],
    [{ type: "take-profit", stopPrice: "0" }, ["stopPriceOutOfRange"]],
    [{ type: "trailing-stop", trail: "" }, ["trailMissing"]],
    [{ type: "trailing-stop", trail: "0.05" }, ["trailOutOfRange"]],
    [{ type: "trailing-stop", trail: "20.5" }, []],
    [{ type: "trailing-stop", trail: "1000", trailBy: "perMille" }, ["trailOutOfRange"]],
    [{ type: "trailing-stop", trail: "0.002", trailBy: "price" }, []],
    [{ type: "trailing-stop-limit", limitOffset: "0.000001" }, ["limitOffsetInvalid"]],
    [{ type: "limit", showing: "part", displayQuantity: "2000" }, []],
    [{ type: "limit", showing: "part", displayQuantity: "11000" }, ["displayQuantityOutOfRange"]],
    [
      { type: "limit", showing: "part", displayQuantity: "2000", allOrNone: true },
      ["displayQuantityNotAllowed"],
    ],
    [{ type: "limit", minimumQuantity: "11000" }, ["minimumQuantityOutOfRange"]],
    [{ type: "limit", timeInForce: "GTD", expireTime: "" }, ["expireTimeMissing"]],
    [{ type: "limit", timeInForce: "GTD", expireTime: "2026-01-05T10:00:00Z" }, ["expireTimeOutOfRange"]],
    [{ type: "limit", timeInForce: "GTD", expireTime: "2026-01-05T10:00:01Z" }, []],
    [{ type: "market", sizeBy: "budget", quantity: "", budget: "0" }, ["budgetTooSmall"]],
    [{ type: "market", sizeBy: "budget", timeInForce: "FOK", quantity: "" }, ["quantityNotMultiple"]],
    [{ type: "stop", slippage: "0.05" }, ["slippageOutOfRange"]],
    [{ type: "pegged", pegOffset: "-0.0001", cap: "" }, []],
    [{ type: "pegged", pegOffset: "a bit", cap: "x" }, ["priceNotMultiple", "pegOutOfRange"]],
    [{ type: "market", minimumQuantity: "what was typed for another type" }, []],
  ])("%o", (change, codes) => {
    expect(complaints(change)).toEqual(codes);
  });
});

describe("what is sent", () => {
  test.each<[Partial<Draft>, object]>([
    [{ type: "market" }, { timeInForce: "IOC" }],
    [{ type: "stop" }, { timeInForce: "GTC", stopPrice: "1.10000", trigger: "last" }],
    [
      { type: "trailing-stop-limit", trail: "20", limitOffset: "0.0001", trigger: "bid", doubleTick: true },
      { timeInForce: "GTC", trailPips: "20", trigger: "bid", doubleTick: true, limitOffset: "0.0001" },
    ],
    [
      { type: "limit", showing: "part", displayQuantity: "2,000", postOnly: "reject" },
      { timeInForce: "GTC", price: "1.10500", displayQuantity: "2000", postOnly: true },
    ],
    [
      { type: "limit", showing: "none", minimumQuantity: "1000" },
      { timeInForce: "GTC", price: "1.10500", hidden: true, minimumQuantity: "1000" },
    ],
    [
      { type: "limit", postOnly: "slide" },
      { timeInForce: "GTC", price: "1.10500", postOnly: "slide" },
    ],
    [
      { type: "limit", timeInForce: "GTD", expireTime: "2026-01-05T12:30:00Z" },
      { timeInForce: "GTD", price: "1.10500", expireTime: "2026-01-05T12:30:00Z" },
    ],
    [{ type: "market", timeInForce: "GFA", slippage: "3" }, { timeInForce: "GFA" }],
    [
      { type: "market", sizeBy: "budget", budget: "25,000", slippage: "2.5" },
      { timeInForce: "IOC", budget: "25000", slippagePips: "2.5" },
    ],
    [
      { type: "pegged", peg: "mid", pegOffset: "-0.0001", cap: "1.2", postOnly: "reject" },
      { timeInForce: "GTC", peg: "mid", pegOffset: "-0.0001", price: "1.2" },
    ],
    [
      { type: "limit", timeInForce: "FOK", allOrNone: true, postOnly: "reject" },
      { timeInForce: "FOK", price: "1.10500", allOrNone: true },
    ],
  ])("%o", (change, terms) => {
    expect(termsOf(draftOf(change))).toEqual(terms);
  });

  test("is what the venue's door knows", () => {
    const values = (field: { readonly values: readonly string[] }) => field.values;
    for (const type of ORDER_TYPES) {
      expect(values(ORDER_FIELDS.type)).toContain(type);
      const draft = draftOf({ type, showing: "part", displayQuantity: "1000", allOrNone: true });
      for (const field of Object.keys(termsOf(draft))) expect(Object.keys(ORDER_FIELDS)).toContain(field);
      expect(values(ORDER_FIELDS.timeInForce)).toEqual(expect.arrayContaining([...timesInForceOf(type)]));
    }
  });
});

describe("in words", () => {
  test("every rejection has its own, and none is asked of an object's own names", () => {
    expect(REJECTIONS.map(([name]) => name).filter(name => rejectionWordsOf(name) === undefined)).toEqual([]);
    expect(rejectionWordsOf("toString")).toBeUndefined();
    expect(fieldOfRejection("stopPriceOutOfRange")).toBe("stopPrice");
  });

  test.each([
    [{ awaits: "trigger", stopPrice: "1.10000", trigger: "last" }, "Waits for last trade ≤ 1.10000"],
    [
      { type: "take-profit", awaits: "trigger", stopPrice: "1.2", trigger: "bid", doubleTick: true },
      "Waits for bid ≥ 1.2, twice in a row",
    ],
    [
      { type: "trailing-stop", awaits: "trigger", trailDistance: "0.00200", trigger: "mid" },
      "Stop trails by 0.00200 behind mid",
    ],
    [{ awaits: "close" }, "Waits for the closing auction"],
    [{ awaits: "somethingNew" }, "Waits: somethingNew"],
    [{}, undefined],
  ])("what waits: %o", (change, words) => {
    expect(awaitsInWords(orderOf(change))).toBe(words);
  });

  test("what a pegged order follows", () => {
    const pegged = orderOf({ type: "pegged", peg: "mid", pegOffset: "-0.00010" });
    expect(pegInWords(pegged)).toBe("Follows middle \u22120.00010");
    expect(pegInWords(orderOf({ type: "pegged", peg: "own", pegOffset: "0.00000" }))).toBe(
      "Follows own side's best",
    );
  });

  test("conditions, what others see, and a placed stop", () => {
    const iceberg = orderOf({ type: "limit", price: "1.1", postOnly: true, displayQuantity: "2000" });
    expect(termsInWords(iceberg)).toBe("GTC, post-only");
    expect(showingInWords(iceberg, eurusd)).toBe("shows 2,000");
    const stop = orderOf({ awaits: "trigger", stopPrice: "1.10000", trigger: "last" });
    expect(outcomeOf(stop, eurusd).text).toBe(
      "Sell 10,000 EURUSD is placed. Waits for last trade ≤ 1.10000.",
    );
  });
});

describe("open orders", () => {
  const stop = orderOf({ type: "stop-limit", price: "1.1", stopPrice: "1.10100", awaits: "trigger" });
  const released = orderOf({ id: "10", type: "stop-limit", price: "1.1", stopPrice: "1.10100" });
  const trailing = orderOf({
    type: "trailing-stop",
    stopPrice: "1.1",
    trailPerMille: "5",
    awaits: "trigger",
  });

  test("only what still counts can be changed, and only what differs is sent", () => {
    expect(changeableFields(stop)).toEqual(["quantity", "stopPrice", "price"]);
    expect(changeableFields(released)).toEqual(["quantity", "price"]);
    expect(changeableFields(trailing)).toEqual(["quantity"]);
    expect(changeableFields(orderOf({ type: "pegged", peg: "own", price: "1.1" }))).toEqual(["quantity"]);
    const edited = { ...editedFrom(stop), stopPrice: "1.10200", quantity: "10,000" };
    expect(changeOf(stop, edited)).toEqual({ stopPrice: "1.10200" });
    expect(changeOf(stop, editedFrom(stop))).toBeUndefined();
    expect([...problemsOf(eurusd, { quantity: "1", stopPrice: "" })]).toEqual([
      ["quantity", "quantityNotMultiple"],
      ["stopPrice", "stopPriceMissing"],
    ]);
  });

  test("what waits is not in the book", () => {
    expect([...ownSizes(eurusd, [stop, released])]).toEqual([["1.10000", { side: "sell", left: "10000" }]]);
  });

  test("many at once: of a market, of a side, or all", () => {
    const orders = [stop, orderOf({ id: "11", symbol: "USDJPY", side: "buy" })];
    expect(ordersIn(orders, {})).toHaveLength(2);
    expect(ordersIn(orders, { symbol: "EURUSD" })).toEqual([stop]);
    expect(ordersIn(orders, { symbol: "EURUSD", side: "buy" })).toEqual([]);
  });
});
