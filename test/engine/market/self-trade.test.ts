/** Self-trade prevention: each mode with each kind of order, on the fast and the naive machine. */
import { expect, test } from "vitest";
import { decodeEvents, type MarketEvent } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import type { OrderTerms, SelfTradeMode } from "../../../engine/market/terms.ts";
import type { Lots, Ticks } from "../../../engine/units.ts";
import { LevelBook } from "../../../services/marketdata/level-book.ts";
import { commandOf, PLAIN } from "../../reference/commands.ts";
import { readCommand } from "../../reference/drawing.ts";
import { NaiveMarket } from "../../reference/naive-book.ts";

type Line = string | readonly [string, OrderTerms];

function tell(event: MarketEvent): string {
  switch (event.event) {
    case "rejected":
      return event.rejection;
    case "traded":
      return `${event.lots} @ ${event.ticks}`;
    case "prevented":
      return `prevented ${event.lots} left ${event.remaining}`;
    case "amended":
      return `amended ${event.oldLots} to ${event.lots} of ${event.totalLots}`;
    default:
      return "lots" in event ? `${event.event} ${event.lots}` : event.event;
  }
}

/** Plays on both machines; what the last line did. */
function play(...lines: Line[]): string {
  const machine = new MarketMachine(PLAIN);
  const naive = new NaiveMarket(PLAIN);
  const depth = new LevelBook();
  let last = "";
  for (const line of lines) {
    const [text, terms] = typeof line === "string" ? [line, undefined] : line;
    const form = readCommand(text);
    const special = form.kind === "place" && terms !== undefined ? { ...form, terms } : form;
    const command = commandOf(special, machine.lastNumber(0) + 1);
    const events = decodeEvents(machine.apply(command));
    expect(events).toEqual(naive.apply(command));
    machine.check();
    for (const event of events) depth.fold(event);
    last = events.map(tell).join(", ");
  }
  const { bids, asks } = machine.depth(100);
  expect([depth.depth("buy"), depth.depth("sell")]).toEqual([bids, asks]);
  expect(machine.hash()).toBe(naive.hash());
  expect(MarketMachine.restore(PLAIN, machine.snapshot()).hash()).toBe(naive.hash());
  return last;
}

const by = (mode: SelfTradeMode, group?: number): OrderTerms => ({
  selfTrade: group === undefined ? { mode } : { mode, group },
});
const BOOK: Line[] = ["sell 4 @ 100 by 2", "sell 5 @ 101", "sell 6 @ 102 by 2"];

test.each<[SelfTradeMode, string]>([
  ["expireTaker", "accepted 12, 4 @ 100, prevented 5 left 8, expired 8"],
  ["expireMaker", "accepted 12, 4 @ 100, prevented 5 left 8, removed 5, 6 @ 102, rested 2"],
  ["expireBoth", "accepted 12, 4 @ 100, prevented 5 left 8, removed 5, expired 8"],
  ["decrement", "accepted 12, 4 @ 100, prevented 5 left 3, removed 5, amended 0 to 0 of 7, 3 @ 102"],
])("%s, as the taker's terms say", (mode, told) => {
  expect(play(...BOOK, ["buy 12 @ 102", by(mode)])).toBe(told);
});

test("without terms of the taker nothing is prevented, whatever the maker's say", () => {
  expect(play(["sell 5 @ 100", by("expireBoth")], "buy 5 @ 100")).toBe("accepted 5, 5 @ 100");
});

test("decrement makes the larger one smaller, where it stands", () => {
  expect(play("sell 9 @ 100", ["buy 4 @ 100", by("decrement")])).toBe(
    "accepted 4, prevented 4 left 0, amended 9 to 5 of 5, expired 4",
  );
  const queue: Line[] = ["sell 9 @ 100", "sell 3 @ 100 by 2", ["buy 4 @ 100", by("decrement")]];
  expect(play(...queue, "buy 6 @ 100 by 3")).toBe("accepted 6, 5 @ 100, 1 @ 100");
  expect(play(...BOOK, ["buy 7 @ 101", by("decrement")], "amend 4 to 9")).toBe("orderUnknown");
});

test("an order's rest is its total less its trades, and an amend goes on from there", () => {
  const lines: Line[] = ["sell 4 @ 100 by 2", "sell 5 @ 101", ["buy 12 @ 101", by("decrement")]];
  expect(play(...lines)).toBe(
    "accepted 12, 4 @ 100, prevented 5 left 3, removed 5, amended 0 to 0 of 7, rested 3",
  );
  expect(play(...lines, "amend 3 to 6")).toBe("amended 3 to 2 of 6");
  expect(play(...lines, "amend 3 to 4")).toBe("cancelled 3");
});

test("a group is one trader, whatever the accounts", () => {
  const maker: Line = ["sell 5 @ 100 by 2", by("expireTaker", 7)];
  expect(play(maker, ["buy 5 @ 100", by("expireMaker", 7)])).toBe(
    "accepted 5, prevented 5 left 5, removed 5, rested 5",
  );
  expect(play(maker, ["buy 5 @ 100", by("expireMaker", 8)])).toBe("accepted 5, 5 @ 100");
  expect(play(maker, ["buy 5 @ 100", by("expireMaker")])).toBe("accepted 5, 5 @ 100");
});

test("FOK, all-or-none and post-only look at what would really trade", () => {
  expect(play(...BOOK, ["buy 10 @ 102 FOK", by("expireMaker")])).toBe(
    "accepted 10, 4 @ 100, prevented 5 left 6, removed 5, 6 @ 102",
  );
  expect(play(...BOOK, ["buy 11 @ 102 FOK", by("expireMaker")])).toBe("accepted 11, expired 11");
  expect(play(...BOOK, ["buy 9 @ 102 FOK", by("decrement")])).toBe("accepted 9, expired 9");
  const whole = { allOrNone: true } as const;
  expect(play(...BOOK, ["buy 5 @ 101", { ...by("expireBoth"), ...whole }])).toBe("accepted 5, rested 5");
  expect(play("sell 5 @ 100", ["buy 5 @ 100 postOnly", by("expireMaker")])).toBe(
    "accepted 5, prevented 5 left 5, removed 5, rested 5",
  );
  expect(play("sell 5 @ 100", "sell 5 @ 100 by 2", ["buy 9 @ 100 postOnly", by("expireMaker")])).toBe(
    "postOnlyWouldTrade",
  );
});

test("icebergs meet part by part, hidden and minimum orders as they would trade", () => {
  const iceberg: Line = ["sell 25 @ 100", { displayLots: 10 as Lots }];
  expect(play(iceberg, ["buy 12 @ 100", by("decrement")])).toBe(
    "accepted 12, prevented 10 left 2, amended 25 to 15 of 15, displayed 10, amended 0 to 0 of 2, " +
      "prevented 2 left 0, amended 15 to 13 of 13, displayed 8, expired 2",
  );
  expect(play(iceberg, ["buy 12 @ 100", by("expireMaker")])).toBe(
    "accepted 12, prevented 10 left 12, removed 25, displayed 0, rested 12",
  );
  const minimum: Line = ["sell 10 @ 100", { hidden: true, minimumLots: 8 as Lots }];
  expect(play(minimum, ["buy 7 @ 100", by("expireBoth")])).toBe("accepted 7, rested 7");
  expect(play(minimum, ["buy 8 @ 100", by("decrement")])).toBe(
    "accepted 8, prevented 8 left 0, amended 10 to 2 of 2, expired 2, expired 8",
  );
});

test("an order keeps its terms while it waits and while it rests", () => {
  const stop = { trigger: { kind: "stop", source: "last", stopTicks: 100 as Ticks } } as const;
  const waits: Line[] = ["sell 9 @ 101", ["buy 5 @ 101 stop 100", { ...by("expireTaker"), ...stop }]];
  expect(play(...waits, "sell 1 @ 100 by 2", "buy 1 @ 100 by 3")).toBe(
    "accepted 1, 1 @ 100, triggered 5, prevented 5 left 5, expired 5",
  );
  expect(play("sell 9 @ 101", ["buy 5 @ 99", by("expireBoth")], "amend 2 @ 101")).toBe(
    "amended 5 to 0 of 5, prevented 5 left 5, removed 9, expired 5",
  );
});

test("an uncrossing prevents nothing", () => {
  expect(
    play("phase opening-auction", "sell 5 @ 100", ["buy 5 @ 100", by("expireBoth")], "phase continuous"),
  ).toContain("5 @ 100");
});
