/** Price bands whose breach starts a volatility auction, by table: who starts one, what is in it, its end. */
import { describe, expect, test } from "vitest";
import { defineInstrument, type Instrument } from "../../../engine/instrument.ts";
import type { Lots, Money, Ticks } from "../../../engine/units.ts";
import type { CommandForm, PlaceForm } from "../../reference/commands.ts";
import { type Forms, play, playOn, withTerms } from "../../reference/playing.ts";

const STEPS = { symbol: "TEST", tickSize: "1", lotStep: "1", minimumQuantity: "1" };

function calling(bands: { static?: string; dynamic?: string }): Instrument {
  const priceBands = { ...bands, onBreach: "auction", auctionSeconds: 5 } as const;
  return defineInstrument({ ...STEPS, priceBands });
}

const DYNAMIC = calling({ dynamic: "2" });
const STATIC = calling({ static: "4" });
/** The last trade is at 101, so that the band ends at 103. */
const BOOK = ["sell 5 @ 101 by 2", "sell 5 @ 103 by 2", "sell 5 @ 104 by 2", "sell 5 @ 106 by 2"];
const BEFORE = [...BOOK, "buy 1 @ 101"];
const TO_103 = "traded 4@101 traded 5@103";
const TWICE_103 = { kind: "stop", source: "last", stopTicks: 103 as Ticks, doubleTick: true } as const;
const CALL = "volatility-auction @104";

describe("a dynamic band of 2 around the last trade starts an auction at its edge", () => {
  const peg = { to: "other", offset: 9 } as const;
  const budget = { ...withTerms("buy 1 market", { budget: 155_600_000_000n as Money }), lots: 0 };
  test.each<[string, Forms, string]>([
    ["a limit order rests in it at its own limit", ["buy 12 @ 105"], `12@105 ${TO_103} ${CALL} rested 3@105`],
    ["a market order takes part in it", ["buy 12 market"], `12@0 ${TO_103} ${CALL} rested 3@0`],
    ["what is left of IOC expires", ["buy 12 @ 105 IOC"], `12@105 ${TO_103} ${CALL} expired 3@105`],
    ["and of a budget", [budget as PlaceForm], `15@0 ${TO_103} ${CALL} expired 6@0`],
    [
      "and of a slippage cap",
      [withTerms("buy 12 market", { slippageTicks: 5 as Ticks })],
      `12@106 ${TO_103} ${CALL} expired 3@106`,
    ],
    ["FOK trades nothing and starts nothing", ["buy 12 @ 105 FOK"], "12@105 expired 12@105"],
    ["nor does all or none", [withTerms("buy 12 @ 105", { allOrNone: true })], "12@105 rested 12@105"],
    [
      "a rest below its minimum expires, and starts nothing",
      [withTerms("buy 12 @ 105", { minimumLots: 4 as Lots })],
      `12@105 ${TO_103} expired 3@105`,
    ],
    [
      "a rest with a minimum stays in the book",
      [withTerms("buy 12 @ 105", { minimumLots: 2 as Lots })],
      `12@105 ${TO_103} ${CALL} rested 3@105`,
    ],
    [
      "an order whose first trade would be outside trades nothing",
      ["cancel 1 by 2", "cancel 2 by 2", "buy 2 @ 105"],
      `2@105 ${CALL} rested 2@105`,
    ],
    ["the edge belongs to the band", ["buy 9 @ 110"], `9@110 ${TO_103}`],
    [
      "what is left of a pegged order expires",
      [withTerms("buy 12 @ 105", { peg })],
      `12@105 ${TO_103} ${CALL} expired 3@105`,
    ],
    [
      "an iceberg goes on showing its parts",
      [withTerms("buy 12 @ 105", { displayLots: 2 as Lots })],
      `12@105 ${TO_103} ${CALL} rested 3@105 displayed 2@105`,
    ],
  ])("%s", (_, forms, expected) => expect(play([...BEFORE, ...forms], DYNAMIC)).toBe(`accepted ${expected}`));
});

describe("what a command does beside it happens in the auction", () => {
  test.each<[string, Forms, string]>([
    ["post-only is refused as ever", ["buy 12 @ 105 postOnly"], "postOnlyWouldTrade"],
    ["an amend", ["buy 12 @ 90", "amend 6 @ 105"], `amended 0@105 ${TO_103} ${CALL} rested 3@105`],
    [
      "an amend that trades nothing within",
      ["buy 2 @ 90", "cancel 1 by 2", "cancel 2 by 2", "amend 6 @ 105"],
      `amended 0@105 ${CALL} rested 2@105`,
    ],
    [
      "a replace",
      ["buy 2 @ 90", "replace 6 by buy 12 @ 105"],
      `removed 2@90 accepted 12@105 ${TO_103} ${CALL} rested 3@105`,
    ],
    [
      "a replace of what would have entered it",
      ["buy 2 @ 90 GFA", "replace 6 by buy 12 @ 105"],
      `removed 2@90 accepted 12@105 ${TO_103} ${CALL} rested 3@105`,
    ],
    [
      "orders for an auction enter it first",
      ["buy 2 @ 105 GFA by 3", "buy 12 @ 105"],
      `accepted 12@105 ${TO_103} ${CALL} triggered 2@105 rested 2@105 rested 3@105`,
    ],
    [
      "the quotes after the one that starts it rest",
      [quotes(["buy", 12, 105], ["buy", 2, 104])],
      `accepted 12@105 ${TO_103} ${CALL} rested 3@105 accepted 2@104 rested 2@104`,
    ],
    [
      "a stop, and those behind it wait",
      ["buy 9 market stop 103", "buy 8 market stop 102 by 3", "buy 9 @ 103"],
      `accepted 9@103 ${TO_103} triggered 8@0 traded 5@104 volatility-auction @106 rested 3@0`,
    ],
    [
      "they wait for its end whatever its price, and start the next",
      [
        ...["buy 9 market stop 103", "buy 8 market stop 102 by 3", "sell 3 @ 102 GFA by 3", "buy 9 @ 103"],
        "at 5000 clock",
      ],
      "continuous traded 3@102 displayed 0@102 " +
        "triggered 9@0 volatility-auction @106 rested 9@0 indicative 5@106",
    ],
    [
      "one that waits for its end is its account's, and goes with its other orders",
      [
        ...["buy 9 market stop 103", "buy 8 market stop 102 by 3", "buy 9 @ 103"],
        { kind: "massCancel", account: 1 },
      ],
      "removed 9@0",
    ],
    [
      "a double tick counts all trades before it, however long the last command was",
      [
        withTerms("buy 2 market", { trigger: TWICE_103 }),
        ...["sell 1 @ 101 by 2", "sell 1 @ 101 by 2", "sell 1 @ 101 by 2", "sell 1 @ 103 by 2"],
        ...["buy 6 @ 101", "buy 8 @ 105 IOC", "at 5000 clock"],
      ],
      "continuous triggered 2@0 traded 2@104",
    ],
  ])("%s", (_, forms, expected) => expect(play([...BEFORE, ...forms], DYNAMIC)).toBe(expected));
});

function quotes(...levels: ["buy" | "sell", number, number][]): CommandForm {
  const all = levels.map(([side, lots, ticks]) => ({ side, lots, ticks }));
  return { kind: "massQuote", account: 1, postOnly: false, quotes: all };
}

describe("the auction", () => {
  const start = [...BEFORE, "buy 12 @ 105"];
  test.each<[string, Forms, string]>([
    ["lasts as long as it says", ["at 4999 clock"], "indicative 3@104"],
    ["ends on the clock", ["at 5000 clock"], "continuous traded 3@104 displayed 0@105 displayed 2@104"],
    [
      "ends before a later command",
      ["at 6000 sell 1 @ 104 by 3"],
      "continuous traded 3@104 displayed 0@105 displayed 2@104 accepted 1@104 rested 1@104",
    ],
    ["takes any limit", ["sell 1 @ 50 by 3"], "accepted 1@50 rested 1@50"],
    [
      "ends with whoever changes the phase, and not again",
      ["phase volatility-auction", "at 9000 clock"],
      "indicative 3@104",
    ],
    [
      "is the middle of the next band",
      ["at 5000 clock", "buy 8 @ 110"],
      "accepted 8@110 traded 2@104 traded 5@106 rested 1@110",
    ],
    [
      "goes back to the phase that it has interrupted",
      ["at 5000 clock", "phase close-only", "sell 1 @ 110 by 2", "buy 8 market", "at 10000 clock"],
      "close-only traded 1@110 displayed 0@110",
    ],
  ])("%s", (_, forms, expected) => expect(play([...start, ...forms], DYNAMIC)).toBe(expected));

  test("what it interrupts, and when it ends, is in a snapshot and in the hash", () => {
    const { machine } = playOn(start, DYNAMIC);
    expect([machine.phase, machine.nextDue]).toEqual(["volatility-auction", 5_000]);
  });

  test("of linked orders it has no more than they may trade together", () => {
    const bids = ["buy 2 @ 99 by 2", "buy 1 @ 100 by 2", "sell 1 @ 100 by 3", "buy 9 @ 90 by 2"];
    const leg = { side: "sell", timeInForce: "GTC", postOnly: false, lots: 5 } as const;
    const trigger = { kind: "stop", source: "last", stopTicks: 99 as Ticks } as const;
    const list: CommandForm = {
      ...{ kind: "list", account: 1, contingency: "OCO" },
      legs: [
        { ...leg, type: "limit", ticks: 120 },
        { ...leg, type: "market", ticks: 0, terms: { trigger } },
      ],
    };
    const forms = [...bids, list, "sell 1 @ 99 by 3", "at 5000 clock"];
    expect(play(forms, DYNAMIC)).toBe("continuous traded 4@90 displayed 5@90");
  });
});

describe("a static band of 4 around the reference starts an auction", () => {
  const start = ["reference 100", ...BOOK];
  test.each<[string, Forms, string]>([
    ["no limit is refused", ["buy 1 @ 90"], "accepted 1@90 rested 1@90"],
    [
      "at its edge",
      ["buy 17 @ 110"],
      "accepted 17@110 traded 5@101 traded 5@103 traded 5@104 volatility-auction @106 rested 2@110",
    ],
    [
      "whose price is the reference from then on",
      ["buy 17 @ 110", "at 5000 clock", "sell 9 @ 110 by 2", "buy 5 @ 110"],
      "accepted 5@110 traded 3@106 traded 2@110",
    ],
    [
      "until another is told",
      ["buy 17 @ 110", "at 5000 clock", "reference 100", "buy 2 @ 110"],
      "accepted 2@110 volatility-auction @106 rested 2@110",
    ],
    [
      "again, where nothing has met in it",
      ["buy 17 @ 110 IOC", "at 5000 clock", "buy 1 @ 110 IOC"],
      "accepted 1@110 volatility-auction @106 expired 1@110",
    ],
  ])("%s", (_, forms, expected) => expect(play([...start, ...forms], STATIC)).toBe(expected));
});
