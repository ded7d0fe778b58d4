/** How far prices may go, by table: the range of one order's executions, and price bands that refuse. */
import { describe, expect, test } from "vitest";
import { defineInstrument, type Instrument } from "../../../engine/instrument.ts";
import type { PriceBandsSpecification, PriceLimitsSpecification } from "../../../engine/price-limits.ts";
import type { Lots, Money, Ticks } from "../../../engine/units.ts";
import type { PlaceForm } from "../../reference/commands.ts";
import { type Forms, play, withTerms } from "../../reference/playing.ts";

function listed(limits: PriceLimitsSpecification): Instrument {
  const steps = { tickSize: "1", lotStep: "1", minimumQuantity: "1" };
  return defineInstrument({ symbol: "TEST", ...steps, ...limits });
}

function banded(bands: Pick<PriceBandsSpecification, "static" | "dynamic">): Instrument {
  return listed({ priceBands: { ...bands, onBreach: "reject" } });
}

const BOOK = ["sell 5 @ 101 by 2", "sell 5 @ 103 by 2", "sell 5 @ 104 by 2", "sell 5 @ 106 by 2"];

describe("an order trades at most 3 from the first price that it trades at", () => {
  const range = listed({ executionRange: "3" });
  const to104 = "traded 5@101 traded 5@103 traded 5@104";
  const iceberg = withTerms("sell 20 @ 103 by 2", { displayLots: 5 as Lots });
  const peg = { to: "other", offset: 9 } as const;
  test.each<[string, Forms, string]>([
    ["the edge belongs to it", ["buy 15 @ 110"], `accepted 15@110 ${to104}`],
    ["the rest of a limit order rests there", ["buy 18 @ 110"], `accepted 18@104 ${to104} rested 3@104`],
    [
      "where the book ends before, at its own limit",
      ["cancel 4 by 2", "buy 18 @ 110"],
      `accepted 18@110 ${to104} rested 3@110`,
    ],
    ["what is left of a market order expires", ["buy 18 market"], `accepted 18@104 ${to104} expired 3@104`],
    ["FOK", ["buy 18 @ 110 FOK"], "accepted 18@104 expired 18@104"],
    ["all or none", [withTerms("buy 18 @ 110", { allOrNone: true })], "accepted 18@104 rested 18@104"],
    [
      "which wouldn't get all anyway",
      [withTerms("buy 21 @ 110", { allOrNone: true })],
      "accepted 21@110 rested 21@110",
    ],
    [
      "a slippage cap",
      [withTerms("buy 18 market", { slippageTicks: 9 as Ticks })],
      `accepted 18@104 ${to104} expired 3@104`,
    ],
    [
      "a budget, whose size is known before",
      [{ ...(withTerms("buy 1 market", { budget: 185_800_000_000n as Money }) as PlaceForm), lots: 0 }],
      `accepted 18@104 ${to104} expired 3@104`,
    ],
    ["an amend", ["buy 18 @ 90", "amend 5 @ 110"], `amended 0@104 ${to104} rested 3@104`],
    [
      "an iceberg is met whole",
      [iceberg, "buy 36 @ 110"],
      "accepted 36@104 traded 5@101 traded 5@103 traded 5@103 displayed 5@103 traded 5@103 displayed 5@103 " +
        "traded 5@103 displayed 5@103 traded 5@103 displayed 0@103 traded 5@104 rested 1@104",
    ],
    [
      "a hidden order is the first price",
      [withTerms("sell 1 @ 99 by 2", { hidden: true }), "buy 9 @ 110"],
      "accepted 9@102 traded 1@99 traded 5@101 rested 3@102",
    ],
    [
      "a pegged order rests at its peg or not at all",
      [withTerms("sell 1 @ 99 by 2", { hidden: true }), withTerms("buy 9 @ 105", { peg })],
      "accepted 9@102 traded 1@99 traded 5@101 expired 3@102",
    ],
    [
      "and the other way round",
      ["buy 2 @ 99 by 2", "buy 2 @ 95 by 2", "sell 3 @ 90"],
      "accepted 3@96 traded 2@99 rested 1@96",
    ],
  ])("%s", (_, forms, expected) => expect(play([...BOOK, ...forms], range)).toBe(expected));
});

describe("a static band of 40 per mille around the reference refuses", () => {
  const instrument = banded({ static: { perMille: 40 } });
  const before = ["reference 100", ...BOOK.slice(0, 3)];
  test.each<[string, Forms, string]>([
    ["an order priced outside", ["buy 1 @ 105"], "priceOutsideBand"],
    ["on the other side too", ["buy 1 @ 95"], "priceOutsideBand"],
    ["not at its edge", ["buy 1 @ 96"], "accepted 1@96 rested 1@96"],
    ["in a call", ["phase opening-auction", "buy 1 @ 105"], "priceOutsideBand"],
    ["an amend", ["buy 1 @ 96", "amend 4 @ 95"], "priceOutsideBand"],
    ["the limit of an order that waits", ["buy 1 @ 105 stop 110"], "priceOutsideBand"],
    [
      "not a cap",
      [withTerms("buy 1 @ 105", { peg: { to: "own", offset: 0 } })],
      "accepted 1@105 parked 1@105",
    ],
    ["a trade beyond it", ["reference 99", "buy 11 market"], "priceBandBreached"],
    ["not one at its edge", ["buy 15 market"], "accepted 15@0 traded 5@101 traded 5@103 traded 5@104"],
    ["nobody where there is none", ["reference 0", "buy 1 @ 900"], "accepted 1@900 traded 1@101"],
    [
      "around its first trade else",
      ["reference 0", "buy 1 @ 101", "buy 5 @ 103", "buy 1 @ 96"],
      "priceOutsideBand",
    ],
    [
      "around its last uncrossing then",
      [
        "reference 0",
        "buy 1 @ 101",
        "phase opening-auction",
        "buy 6 @ 103",
        "phase continuous",
        "buy 1 @ 98",
      ],
      "priceOutsideBand",
    ],
  ])("%s", (_, forms, expected) => expect(play([...before, ...forms], instrument)).toBe(expected));
});

describe("a dynamic band of 2 around the last trade refuses what would trade beyond it", () => {
  const instrument = banded({ dynamic: "2" });
  const before = [...BOOK, "buy 1 @ 101"];
  test.each<[string, Forms, string]>([
    ["the whole order", ["buy 10 @ 110"], "priceBandBreached"],
    ["a market order", ["buy 10 market"], "priceBandBreached"],
    ["post-only or not", ["buy 10 @ 110 postOnly"], "priceBandBreached"],
    ["not at its edge", ["buy 9 @ 110"], "accepted 9@110 traded 4@101 traded 5@103"],
    ["not FOK that doesn't trade", ["buy 30 @ 110 FOK"], "accepted 30@110 expired 30@110"],
    ["an amend", ["buy 10 @ 90", "amend 6 @ 110"], "priceBandBreached"],
    ["after a trade around that", ["buy 9 @ 110", "buy 5 @ 110"], "accepted 5@110 traded 5@104"],
    ["a limit order that only rests doesn't", ["buy 1 @ 50"], "accepted 1@50 rested 1@50"],
    [
      "a stop, and it ends unfilled",
      ["buy 9 market stop 103", "buy 9 market stop 102 by 3", "buy 9 @ 103"],
      "accepted 9@103 traded 4@101 traded 5@103 expired 9@0 expired 9@0",
    ],
    [
      "a stop after another, each around the trade before it",
      ["buy 5 market stop 102", "buy 5 market stop 104 by 3", "buy 9 @ 103"],
      "accepted 9@103 traded 4@101 traded 5@103 triggered 5@0 traded 5@104 triggered 5@0 traded 5@106",
    ],
  ])("%s", (_, forms, expected) => expect(play([...before, ...forms], instrument)).toBe(expected));
});
