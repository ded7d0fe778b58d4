/** An entry with exits: what is checked and sent, how its orders stand together, and in which words. */
import { describe, expect, test } from "vitest";
import { REMOVAL_CAUSES } from "../../engine/market/event.ts";
import { decodeListing } from "../../public/src/client/decoding.ts";
import { decodeOrder } from "../../public/src/client/order-decoding.ts";
import type { OrderRequest } from "../../public/src/client/wire.ts";
import { bracketOf } from "../../public/src/market/bracket.ts";
import { instrumentOf } from "../../public/src/market/instrument.ts";
import { changeableFields } from "../../public/src/market/order-change.ts";
import { type Draft, newDraft, shownFields, withType } from "../../public/src/market/order-draft.ts";
import { checkDraft } from "../../public/src/market/ticket-checks.ts";
import {
  bracketOutcomeOf,
  culpritOf,
  groupsOf,
  linkInWords,
  roleInWords,
} from "../../public/src/order-lists.ts";
import { awaitsInWords } from "../../public/src/order-terms.ts";
import { endInWords } from "../../public/src/order-words.ts";
import { LIST_FIELDS } from "../../services/orders/order-schema.ts";

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

const order: OrderRequest = {
  clientOrderId: "c-1",
  accountId: "7",
  symbol: "EURUSD",
  side: "buy",
  type: "limit",
  quantity: "10000",
  price: "1.10500",
};

function bracket(change: Partial<Draft>) {
  let count = 1;
  return bracketOf(draftOf({ type: "limit", ...change }), order, () => `c-${++count}`);
}

const wire = {
  accountId: "7",
  symbol: "EURUSD",
  side: "sell",
  timeInForce: "GTC",
  quantity: "10000",
  filledQuantity: "0",
  status: "open",
  createdAt: "2026-01-05T10:00:00.000Z",
};
const TYPES = ["limit", "limit", "stop"];

function legOf(leg: number, change: object = {}, contingency = "bracket") {
  const id = String(20 + leg);
  const list = { id: "20", contingency, leg };
  const awaits = leg === 0 ? {} : { awaits: "entry" };
  const side = leg === 0 ? "buy" : "sell";
  return decodeOrder({ ...wire, id, clientOrderId: id, side, type: TYPES[leg], list, ...awaits, ...change });
}
const entry = legOf(0, { price: "1.10500" });
const takeProfit = legOf(1);
const stopLoss = legOf(2);

describe("a draft with exits", () => {
  test.each<[Partial<Draft>, boolean]>([
    [{ type: "market" }, true],
    [{ type: "limit" }, true],
    [{ type: "stop" }, true],
    [{ type: "market", sizeBy: "budget" }, false],
    [{ type: "market", timeInForce: "ATO" }, false],
    [{ type: "pegged" }, false],
  ])("may be %o: %s", (change, may) => {
    expect(shownFields(draftOf(change)).has("takeProfit")).toBe(may);
    expect(bracket({ ...change, takeProfit: "20" }) !== undefined).toBe(may);
  });

  test.each<[Partial<Draft>, string[]]>([
    [{}, []],
    [{ takeProfit: "20", stopLoss: "10.5" }, []],
    [{ takeProfit: "0" }, ["takeProfit"]],
    [{ takeProfit: "20", stopLoss: "0.05" }, ["stopLoss"]],
    [{ takeProfit: "0.05", stopLoss: "much", exitBy: "money" }, ["stopLoss"]],
    [{ takeProfit: "much", stopLoss: "-1" }, ["takeProfit", "stopLoss"]],
  ])("%o is complained of: %j", (change, fields) => {
    const found = checkDraft(eurusd, draftOf(change), 0);
    expect(found.map(({ field }) => field)).toEqual(fields);
    expect(new Set(found.map(({ code }) => code)).size).toBeLessThanOrEqual(1);
  });

  test("is sent as a bracket, the entry first, exits of the other side and the same size", () => {
    const { accountId, symbol, ...leg } = order;
    const exit = { side: "sell", quantity: "10000", timeInForce: "GTC" };
    const sent = bracket({ takeProfit: "1,000", stopLoss: "10" });
    expect(sent).toEqual({
      accountId,
      symbol,
      contingency: "bracket",
      legs: [
        leg,
        { ...exit, clientOrderId: "c-2", type: "limit", distancePips: "1000" },
        { ...exit, clientOrderId: "c-3", type: "stop", distancePips: "10" },
      ],
    });
    const known = Object.keys(LIST_FIELDS.legs.items.props);
    for (const field of sent?.legs.flatMap(Object.keys) ?? []) expect(known).toContain(field);
  });

  test("has only those that are given, by money if wanted; without any it is a plain order", () => {
    const sent = bracket({ stopLoss: "25.50", exitBy: "money" });
    expect(sent?.legs.slice(1)).toMatchObject([{ type: "stop", distanceMoney: "25.50" }]);
    expect(bracket({})).toBeUndefined();
  });
});

describe("open orders of one list", () => {
  test("stand together in its order, where the first of them stood", () => {
    const alone = decodeOrder({ ...wire, id: "9", clientOrderId: "9", type: "limit" });
    const groups = groupsOf([stopLoss, alone, entry, takeProfit]);
    expect(groups.map(({ orders }) => orders.map(({ id }) => id))).toEqual([["20", "21", "22"], ["9"]]);
    expect(roleInWords(alone)).toBeUndefined();
  });

  test("are called by what they are for", () => {
    expect([entry, takeProfit, stopLoss].map(roleInWords)).toEqual(["Entry", "Take profit", "Stop loss"]);
    expect(roleInWords(legOf(1, {}, "OTO"))).toBe("Follows the entry");
    expect(roleInWords(legOf(1, {}, "OCO"))).toBeUndefined();
    expect(awaitsInWords(takeProfit)).toBe("Waits for its entry to trade");
  });

  test("say what the end of one does to the other, while there is another", () => {
    const all = [entry, takeProfit, stopLoss];
    expect(all.map(each => linkInWords(each, all))).toEqual([
      undefined,
      "One cancels the other",
      "One cancels the other",
    ]);
    expect(linkInWords(stopLoss, [entry, stopLoss])).toBeUndefined();
    const equals = [legOf(0, {}, "OUO"), legOf(1, {}, "OUO")];
    expect(linkInWords(legOf(0, {}, "OUO"), equals)).toBe("One reduces the other");
  });

  test("one that waits for its entry has no size of its own to change", () => {
    expect(changeableFields(takeProfit)).toEqual([]);
    expect(changeableFields(entry)).toEqual(["quantity", "price"]);
  });
});

describe("what became of it", () => {
  test.each([
    [
      [entry, takeProfit, stopLoss],
      "Buy 10,000 EURUSD at 1.10500 is in the book. Take profit and stop loss wait for it to trade.",
    ],
    [[entry, stopLoss], "Buy 10,000 EURUSD at 1.10500 is in the book. Stop loss waits for it to trade."],
    [
      [
        legOf(0, { status: "filled", filledQuantity: "10000", averagePrice: "1.10500" }),
        legOf(1, { awaits: undefined, price: "1.10700" }),
        legOf(2, { awaits: "trigger", stopPrice: "1.10400" }),
      ],
      "Bought 10,000 EURUSD at 1.10500. Take profit at 1.10700 and stop loss at 1.10400 are placed.",
    ],
    [
      [legOf(0, { status: "expired" }), legOf(1, { status: "cancelled", removal: "contingency" })],
      "Buy 10,000 EURUSD found no counterparty at this price and expired.",
    ],
  ])("of orders %#", (orders, text) => {
    expect(bracketOutcomeOf(orders, eurusd).text).toBe(text);
  });

  test("a refusal names the order for whose sake all were refused", () => {
    const refused = [0, 1, 2].map(leg => {
      const rejection = leg === 2 ? "stopPriceOutOfRange" : "listInvalid";
      return legOf(leg, { status: "rejected", rejection });
    });
    expect(culpritOf(refused)).toEqual([refused[2], 2]);
    expect(bracketOutcomeOf(refused, eurusd)).toEqual({
      tone: "bad",
      text: "Refused: Stop loss: The trigger price is out of range.",
    });
    expect(culpritOf([entry])).toBeUndefined();
  });

  test("every cause of an end has its words", () => {
    for (const removal of REMOVAL_CAUSES) {
      expect(endInWords(legOf(1, { status: "cancelled", removal }))).not.toBe(`Cancelled: ${removal}`);
    }
    expect(endInWords(legOf(1, { status: "cancelled", removal: "contingency" }))).toBe(
      "Cancelled: a linked order traded or ended",
    );
    expect(endInWords(legOf(0, { status: "filled" }))).toBe("Filled");
  });
});
