/** What `cambist match` takes about an account's orders together: lines in, lines out. */
import { expect, test } from "vitest";
import { MatchSession } from "../../cli/match-session.ts";
import { defineInstrument } from "../../engine/instrument.ts";

const INSTRUMENT = { symbol: "TEST", tickSize: "1", lotStep: "1", minimumQuantity: "1" } as const;

/** What the last of the lines made, without the fields that no test here is about. */
function last(...lines: object[]): object[] {
  const session = new MatchSession(defineInstrument(INSTRUMENT));
  let text = "";
  for (const line of lines) text = session.apply(JSON.stringify(line));
  session.check();
  return text
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line));
}

function place(orderId: string, side: string, quantity: string, price: string, more: object = {}): object {
  return { command: "place", accountId: "a", orderId, side, type: "limit", quantity, price, ...more };
}

const sell = place("1", "sell", "5", "100");

test("self-trade prevention, told", () => {
  const buy = place("2", "buy", "7", "100", { selfTradePrevention: "decrement" });
  expect(last(sell, buy)).toMatchObject([
    { event: "accepted", orderId: "2" },
    {
      ...{ event: "prevented", price: "100", quantity: "5", makerOrderId: "1", takerOrderId: "2" },
      ...{ aggressor: "buy", remaining: "2", mode: "decrement" },
    },
    { event: "removed", orderId: "1", cause: "selfTrade" },
    { event: "amended", orderId: "2", quantity: "2" },
    { event: "rested", orderId: "2", quantity: "2" },
  ]);
  const group = { selfTradeGroup: 3 };
  const other = place("2", "buy", "5", "100", { accountId: "b", ...group });
  const prevented = [
    { event: "accepted" },
    { event: "prevented", mode: "expireTaker" },
    { event: "expired" },
  ];
  expect(last(place("1", "sell", "5", "100", group), other)).toMatchObject(prevented);
});

test("replace and conditional cancels", () => {
  const replace = { command: "replace", orderId: "1", newOrderId: "2", side: "sell", type: "limit" };
  expect(last(sell, { ...replace, quantity: "4", price: "101" })).toMatchObject([
    { event: "removed", orderId: "1", cause: "replaced" },
    { event: "accepted", orderId: "2" },
    { event: "rested", orderId: "2", quantity: "4" },
  ]);
  expect(last(sell, { ...replace, orderId: "9", quantity: "4", price: "101" })).toEqual([
    { event: "rejected", orderId: "2", command: "replace", reason: "orderUnknown" },
  ]);
  expect(last(sell, { ...replace, newOrderId: "1", quantity: "4", price: "101" })).toMatchObject([
    { reason: "orderIdDuplicate" },
  ]);
  expect(last(sell, { command: "cancel", orderId: "1", onlyIf: "partlyFilled" })).toMatchObject([
    { event: "rejected", orderId: "1", reason: "orderNotPartlyFilled" },
  ]);
});

test("mass cancels and mass quotes", () => {
  expect(last(sell, { command: "massCancel", accountId: "a" })).toMatchObject([
    { event: "removed", orderId: "1", cause: "massCancel" },
  ]);
  expect(last(sell, { command: "massCancel", accountId: "b" })).toEqual([]);
  const quotes = [
    { side: "buy", quantity: "5", price: "99" },
    { side: "sell", quantity: "5", price: "101" },
  ];
  const quote = { command: "massQuote", orderId: "q", accountId: "a", quotes };
  expect(last(quote)).toMatchObject([
    { event: "accepted", orderId: "q-1" },
    { event: "rested", orderId: "q-1" },
    { event: "accepted", orderId: "q-2" },
    { event: "rested", orderId: "q-2" },
  ]);
  const again = { ...quote, orderId: "r", quotes: quotes.slice(0, 1) };
  expect(last(quote, again)).toMatchObject([{ event: "removed", orderId: "q-2", cause: "replaced" }]);
  expect(last(quote, again, { command: "cancel", orderId: "q-1" })).toMatchObject([{ event: "cancelled" }]);
  expect(last(quote, { ...quote, orderId: "r", quotes: [] })).toEqual([
    { event: "rejected", command: "massQuote", reason: "quotesInvalid" },
  ]);
  expect(() => last({ ...quote, quotes: [{ side: "buy", quantity: "1" }] })).toThrow("'price' must be");
});

test("dead-man timers and protection", () => {
  const timer = { command: "cancelAllAfter", accountId: "a", timeoutMs: 100, time: 50 };
  expect(last(sell, timer, place("2", "buy", "1", "9", { time: 150 }))).toMatchObject([
    { event: "removed", orderId: "1", cause: "cancelAllAfter" },
    { event: "accepted", orderId: "2" },
    { event: "rested", orderId: "2" },
  ]);
  const protect = { command: "protect", accountId: "a", windowMs: 1_000, quantityMax: "2" };
  const lines = [protect, sell, place("2", "buy", "3", "100", { accountId: "b" })];
  expect(last(...lines)).toMatchObject([
    { event: "accepted" },
    { event: "traded" },
    { event: "restricted", accountId: "a", frozen: true },
    { event: "removed", orderId: "1", cause: "protection" },
  ]);
  expect(last(...lines, place("3", "buy", "1", "9"))).toMatchObject([{ reason: "protectionTripped" }]);
  expect(last(...lines, { command: "resetProtection", accountId: "a" })).toEqual([
    { event: "restricted", accountId: "a", frozen: false },
  ]);
  expect(last({ ...protect, windowMs: 60_001 })).toMatchObject([{ reason: "protectionOutOfRange" }]);
});
