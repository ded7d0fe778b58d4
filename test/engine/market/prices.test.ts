/** Orders whose price or size follows the book: slippage, sliding, budgets, limits of worth, by table. */
import { describe, expect, test } from "vitest";
import { defineInstrument, type InstrumentSpecification } from "../../../engine/instrument.ts";
import type { OrderTerms } from "../../../engine/market/terms.ts";
import type { PriceBandsSpecification } from "../../../engine/price-limits.ts";
import type { Lots, Money, Ticks } from "../../../engine/units.ts";
import { type CommandForm, LIMITED, type PlaceForm } from "../../reference/commands.ts";
import { readCommand } from "../../reference/drawing.ts";
import { list, play, withTerms } from "../../reference/playing.ts";

function forMoney(side: "buy" | "sell", money: string, terms: OrderTerms = {}): CommandForm {
  const whole = BigInt(Math.round(Number(money) * 100)) * 1_000_000n;
  const form = { ...(readCommand(`${side} 1 market by 9`) as PlaceForm), lots: 0 };
  return { ...form, terms: { budget: whole as Money, ...terms } };
}

const BOOK = [
  "sell 5 @ 101 by 2",
  "sell 5 @ 103 by 2",
  "sell 5 @ 106 by 2",
  "buy 4 @ 99 by 2",
  "buy 9 @ 96 by 2",
];

describe("a slippage cap counts from the best shown price", () => {
  const slip = (ticks: number) => ({ slippageTicks: ticks as Ticks });
  const hidden = withTerms("sell 3 @ 100 by 2", { hidden: true });
  test.each<[string, readonly (string | CommandForm)[], string]>([
    [
      "up to the cap",
      [...BOOK, withTerms("buy 20 market", slip(2))],
      "accepted 20@103 traded 5@101 traded 5@103 expired 10@103",
    ],
    [
      "only the best price",
      [...BOOK, withTerms("sell 20 market", slip(0))],
      "accepted 20@99 traded 4@99 expired 16@99",
    ],
    [
      "FOK that finds enough",
      [...BOOK, withTerms("sell 13 market FOK", slip(3))],
      "accepted 13@96 traded 4@99 traded 9@96",
    ],
    ["FOK that doesn't", [...BOOK, withTerms("sell 14 market FOK", slip(3))], "accepted 14@96 expired 14@96"],
    [
      "hidden orders move no cap",
      [hidden, ...BOOK, withTerms("buy 20 market", slip(1))],
      "accepted 20@102 traded 3@100 traded 5@101 expired 12@102",
    ],
    [
      "nothing shown, nothing traded",
      [hidden, withTerms("buy 20 market", slip(9))],
      "accepted 20@0 expired 20@0",
    ],
    [
      "no price below one tick",
      [...BOOK, withTerms("sell 5 market", slip(500))],
      "accepted 5@1 traded 4@99 traded 1@96",
    ],
    [
      "when a stop is released",
      [...BOOK, withTerms("buy 20 market stop 103 by 3", slip(0)), "buy 7 @ 103"],
      "accepted 7@103 traded 5@101 traded 2@103 triggered 20@103 traded 3@103 expired 17@103",
    ],
    ["not of a limit order", [withTerms("buy 5 @ 100", slip(1))], "slippageNotAllowed"],
    ["not below zero", [withTerms("buy 5 market", slip(-1))], "slippageOutOfRange"],
    ["not in a call", ["phase opening-auction", withTerms("buy 5 market", slip(1))], "phaseForbids"],
  ])("%s", (_, forms, expected) => expect(play(forms)).toBe(expected));
});

describe("a post-only order slides to the best price that doesn't trade", () => {
  const slide = (text: string, terms: OrderTerms = {}) =>
    withTerms(`${text} postOnly by 3`, { slide: true, ...terms });
  const hidden = withTerms("sell 3 @ 100 by 2", { hidden: true });
  const minimum = withTerms("sell 8 @ 100 by 2", { minimumLots: 8 as Lots });
  test.each<[string, readonly (string | CommandForm)[], string]>([
    ["a buyer below the best ask", [...BOOK, slide("buy 5 @ 105")], "accepted 5@100 rested 5@100"],
    ["a seller above the best bid", [...BOOK, slide("sell 5 @ 90")], "accepted 5@100 rested 5@100"],
    ["not where it wouldn't trade", [...BOOK, slide("buy 5 @ 98")], "accepted 5@98 rested 5@98"],
    ["below hidden orders", [hidden, ...BOOK, slide("buy 5 @ 105")], "accepted 5@99 rested 5@99"],
    ["past who passes it over", [minimum, slide("buy 5 @ 105")], "accepted 5@105 rested 5@105"],
    ["above who takes it", [minimum, slide("buy 8 @ 105")], "accepted 8@99 rested 8@99"],
    [
      "all-or-none, where it isn't had whole",
      [...BOOK, slide("buy 8 @ 110", { allOrNone: true })],
      "accepted 8@102 rested 8@102",
    ],
    [
      "past its own orders that it removes",
      ["sell 5 @ 100 by 3", ...BOOK, slide("buy 8 @ 110", { selfTrade: { mode: "expireMaker" } })],
      "accepted 8@100 prevented 5@100 removed 5@100 rested 8@100",
    ],
    ["nowhere below one tick", ["sell 5 @ 1 by 2", slide("buy 5 @ 3")], "postOnlyWouldTrade"],
    ["only if post-only", [withTerms("buy 5 @ 3", { slide: true })], "postOnlyNotAllowed"],
  ])("%s", (_, forms, expected) => expect(play(forms)).toBe(expected));
});

describe("a budget comes to the size that would really trade", () => {
  const own = "sell 5 @ 100 by 9";
  const allOrNone = withTerms("sell 10 @ 100 by 2", { allOrNone: true });
  const minimum = withTerms("sell 10 @ 100 by 2", { minimumLots: 8 as Lots });
  const iceberg = withTerms("sell 20 @ 100 by 2", { displayLots: 3 as Lots });
  test.each<[string, readonly (string | CommandForm)[], string]>([
    [
      "a buyer as much as it pays for",
      [...BOOK, forMoney("buy", "813.99")],
      "accepted 7@0 traded 5@101 traded 2@103",
    ],
    [
      "the whole book",
      [...BOOK, forMoney("buy", "99999")],
      "accepted 15@0 traded 5@101 traded 5@103 traded 5@106",
    ],
    [
      "a seller until it has enough",
      [...BOOK, forMoney("sell", "397")],
      "accepted 5@0 traded 4@99 traded 1@96",
    ],
    ["a seller to the cent", [...BOOK, forMoney("sell", "396")], "accepted 4@0 traded 4@99"],
    [
      "within a slippage cap",
      [...BOOK, forMoney("buy", "99999", { slippageTicks: 2 as Ticks })],
      "accepted 10@103 traded 5@101 traded 5@103",
    ],
    [
      "past an all-or-none it can't pay",
      [allOrNone, ...BOOK, forMoney("buy", "999")],
      "accepted 9@0 traded 5@101 traded 4@103",
    ],
    [
      "all of one that it can",
      [allOrNone, ...BOOK, forMoney("buy", "1101")],
      "accepted 11@0 traded 10@100 traded 1@101",
    ],
    ["past a minimum", [minimum, ...BOOK, forMoney("buy", "799")], "accepted 7@0 traded 5@101 traded 2@103"],
    [
      "parts of an iceberg",
      [iceberg, forMoney("buy", "780")],
      "accepted 7@0 traded 3@100 displayed 3@100 traded 3@100 displayed 3@100 traded 1@100 displayed 2@100",
    ],
    [
      "up to its own order, which ends it",
      [...BOOK, own, forMoney("buy", "999", { selfTrade: { mode: "expireTaker" } })],
      "budgetTooSmall",
    ],
    [
      "past its own orders, which it removes",
      [...BOOK, own, forMoney("buy", "210", { selfTrade: { mode: "expireMaker" } })],
      "accepted 2@0 prevented 2@100 removed 5@100 traded 2@101",
    ],
    [
      "what decrement takes off is used up",
      [...BOOK, own, forMoney("buy", "601", { selfTrade: { mode: "decrement" } })],
      "accepted 6@0 prevented 5@100 removed 5@100 amended 0@0 traded 1@101",
    ],
    ["not one lot", [...BOOK, forMoney("buy", "100.99")], "budgetTooSmall"],
    ["nobody there", [forMoney("sell", "500")], "budgetTooSmall"],
    ["nothing", [...BOOK, forMoney("buy", "0")], "budgetTooSmall"],
    ["not beside a quantity", [withTerms("buy 5 market", { budget: 5n as Money })], "budgetNotAllowed"],
    ["not in a call", ["phase opening-auction", forMoney("buy", "500")], "phaseForbids"],
  ])("%s", (_, forms, expected) => expect(play(forms)).toBe(expected));

  test("and is refused below the instrument's minimum", () => {
    expect(play(["sell 9 @ 200 by 2", forMoney("buy", "399")], LIMITED)).toBe("budgetTooSmall");
    expect(play(["sell 9 @ 200 by 2", forMoney("buy", "400")], LIMITED)).toBe("accepted 2@0 traded 2@200");
  });
});

test("a budget forgets what was looked at of a list before it and not traded", () => {
  const before = [list("OUO", "buy 5 @ 98", "buy 5 @ 97"), "sell 9 @ 97 postOnly by 2"];
  expect(play([...before, forMoney("sell", "490")])).toBe("accepted 5@0 traded 5@98 removed 5@97");
});

describe("what an order is worth has limits: at least 250, at most 4500", () => {
  test.each<[string, readonly (string | CommandForm)[], string]>([
    ["too little", ["buy 2 @ 124"], "notionalBelowMinimum"],
    ["the least", ["buy 2 @ 125"], "accepted 2@125 rested 2@125"],
    ["the most", ["sell 45 @ 100"], "accepted 45@100 rested 45@100"],
    ["too much", ["sell 46 @ 100"], "notionalAboveMaximum"],
    ["a market order at the best other price", ["sell 4 @ 100", "buy 2 market by 2"], "notionalBelowMinimum"],
    ["else at the last price", ["sell 4 @ 100", "buy 4 @ 100 by 2", "buy 2 market"], "notionalBelowMinimum"],
    ["else not at all", ["buy 2 market"], "accepted 2@0 expired 2@0"],
    ["an order that waits, at its limit", ["buy 2 @ 100 stop 105"], "notionalBelowMinimum"],
    ["an amend's whole size", ["buy 9 @ 100", "sell 5 @ 100 by 2", "amend 1 to 6"], "amended 1@100"],
    [
      "but not of one that leaves nothing",
      ["buy 9 @ 100", "sell 5 @ 100 by 2", "amend 1 to 2"],
      "cancelled 4@100",
    ],
    ["an amend to too little", ["buy 9 @ 100", "amend 1 to 2"], "notionalBelowMinimum"],
    ["an amend to too much", ["buy 9 @ 100", "amend 1 @ 501"], "notionalAboveMaximum"],
    ["an amend of one that waits", ["buy 9 @ 100 stop 105", "amend 1 @ 10"], "notionalBelowMinimum"],
  ])("%s", (_, forms, expected) => expect(play(forms, LIMITED)).toBe(expected));
});

test("an instrument with impossible limits is not listed", () => {
  const specification: InstrumentSpecification = {
    symbol: "TEST",
    tickSize: "1",
    lotStep: "1",
    minimumQuantity: "1",
  };
  const list = (more: Partial<InstrumentSpecification>) => () =>
    defineInstrument({ ...specification, ...more });
  expect(list({ minimumNotional: "5", maximumNotional: "4" })).toThrow("'maximumNotional' must be at least");
  expect(list({ minimumNotional: "-5" })).toThrow("'minimumNotional' must be a positive decimal");
  expect(list({ maximumNotional: "0.000000001" })).toThrow("'maximumNotional' must be a positive decimal");
  expect(list({ executionRange: "0" })).toThrow("'executionRange' must be a positive multiple of the tick");
  expect(list({ executionRange: "0.5" })).toThrow("'executionRange' must be a positive multiple");
  const bands = (priceBands: unknown) => list({ priceBands: priceBands as PriceBandsSpecification });
  expect(bands([])).toThrow("'priceBands.onBreach' must be reject or auction: received nothing");
  expect(bands({ static: "5" })).toThrow("'priceBands.onBreach' must be reject or auction");
  const auction = (auctionSeconds: unknown) => bands({ static: "5", onBreach: "auction", auctionSeconds });
  for (const seconds of [undefined, "5", 0, 1.5, 86_401]) {
    expect(auction(seconds)).toThrow("'priceBands.auctionSeconds' must be a whole number from 1 to 86400");
  }
  expect(auction(60)).not.toThrow();
  expect(bands({ static: "5", onBreach: "reject", auctionSeconds: 5 })).toThrow(
    "must be left out: received 5",
  );
  expect(bands({ onBreach: "reject" })).toThrow("'priceBands' must be static, dynamic or both");
  expect(bands({ static: "-5", onBreach: "reject" })).toThrow("'priceBands.static' must be a positive");
  expect(bands({ dynamic: 5, onBreach: "reject" })).toThrow("'priceBands.dynamic' must be a positive");
  expect(bands({ dynamic: { perMille: 1.5 }, onBreach: "reject" })).toThrow("a perMille from 1 to 999");
  expect(bands({ static: "5", width: "5", onBreach: "reject" })).toThrow("'priceBands' must be an object");
  expect(bands(null)).toThrow("'priceBands' must be an object");
  expect(list({})().priceLimits).toBeUndefined();
  expect(list({ executionRange: "4" })().priceLimits).toEqual({ rangeTicks: 4 });
  expect(list({ maximumNotional: "0.5" })().notional?.maximum).toBe(50_000_000n);
});
