/** Orders that depend on each other, by table: what is open of a list after what has happened. */
import { describe, expect, test } from "vitest";
import { countOf } from "../../../engine/ids.ts";
import type { MarketMachine } from "../../../engine/market/market-machine.ts";
import type { Lots, OrderId, Ticks } from "../../../engine/units.ts";
import { type CommandForm, type LegForm, type ListForm, PLAIN } from "../../reference/commands.ts";
import { type Forms, leg, list, playOn } from "../../reference/playing.ts";

const LISTER = 1;

/** A list whose exits stand so many ticks from the average price of the entry. */
function distant(entry: string, exits: readonly (readonly [line: string, ticks: number])[]): ListForm {
  const legs = exits.map(([line, ticks]): LegForm => {
    const { terms, ...body } = leg(line);
    const distance = { by: "ticks", ticks: ticks as Ticks } as const;
    if (terms?.trigger === undefined) return { ...body, ticks: 0, distance };
    return { ...body, distance, terms: { ...terms, trigger: { ...terms.trigger, stopTicks: 0 as Ticks } } };
  });
  return { kind: "list", account: LISTER, contingency: "bracket", legs: [leg(entry), ...legs] };
}

/** The lister's open orders by their count: `2: 5 @ 110`, `3: 5 stop 95`, `3: 5 parked`. */
function open(machine: MarketMachine): string {
  const line = (id: OrderId, text: string) => [countOf(id), `${countOf(id)}: ${text}`] as const;
  const own = ({ account }: { readonly account: number }) => account === LISTER;
  const lines = [
    ...[...machine.orders()]
      .filter(own)
      .map(({ orderId, lots, ticks }) => line(orderId, `${lots} @ ${ticks}`)),
    ...[...machine.armed()]
      .filter(own)
      .map(({ orderId, lots, trigger }) => line(orderId, `${lots} stop ${trigger.stopTicks}`)),
    ...[...machine.pending()].map(({ orderId, lots }) => line(orderId, `${lots} parked`)),
  ];
  return lines
    .sort(([one], [other]) => one - other)
    .map(([, text]) => text)
    .join(", ");
}

type Row = [what: string, then: Forms, open: string];
const END_OF_DAY: CommandForm = { kind: "endOfDay" };

function table(first: CommandForm, rows: Row[]): void {
  test.each(rows)("%s", (_, then, expected) => {
    expect(open(playOn([first, ...then], PLAIN).machine)).toBe(expected);
  });
}

describe("one cancels the other", () => {
  table(list("OCO", "sell 10 @ 110", "sell 10 market stop 95"), [
    ["both wait", [], "1: 10 @ 110, 2: 10 stop 95"],
    ["a part of one removes the other", ["buy 3 @ 110 by 2"], "1: 7 @ 110"],
    ["so does its cancel", ["cancel 1"], ""],
    ["a stop that is released", ["buy 4 @ 95 by 2", "sell 1 @ 95 by 3"], ""],
    ["not a smaller size", ["amend 1 to 6"], "1: 6 @ 110, 2: 10 stop 95"],
    ["in a call neither trades", ["phase opening-auction", "buy 3 @ 110 by 2"], "1: 10 @ 110, 2: 10 stop 95"],
    [
      "its end trades with one",
      ["phase opening-auction", "buy 3 @ 110 by 2", "phase continuous"],
      "1: 7 @ 110",
    ],
  ]);
});

describe("one updates the other", () => {
  table(list("OUO", "sell 10 @ 110", "sell 8 market stop 95"), [
    ["by what has traded: 10 − 3, 8 − 3", ["buy 3 @ 110 by 2"], "1: 7 @ 110, 2: 5 stop 95"],
    ["until nothing is left: 10 − 8, 8 − 8", ["buy 8 @ 110 by 2"], "1: 2 @ 110"],
    ["a cancel leaves the other as it is", ["cancel 1"], "2: 8 stop 95"],
  ]);
});

describe("one triggers the other", () => {
  const followers = ["sell 5 @ 110", "sell 3 market stop 95"];
  table(list("OTO", "buy 10 @ 100", ...followers), [
    ["nothing has traded", [], "1: 10 @ 100, 2: 5 parked, 3: 3 parked"],
    ["⌊3 × 5 ∕ 10⌋ and ⌊3 × 3 ∕ 10⌋", ["sell 3 @ 100 by 2"], "1: 7 @ 100, 2: 1 @ 110, 3: 3 parked"],
    ["⌊7 × 5 ∕ 10⌋ and ⌊7 × 3 ∕ 10⌋", ["sell 7 @ 100 by 2"], "1: 3 @ 100, 2: 3 @ 110, 3: 2 stop 95"],
    ["all", ["sell 3 @ 100 by 2", "sell 7 @ 100 by 2"], "2: 5 @ 110, 3: 3 stop 95"],
    [
      "a follower that has traded gets what comes",
      ["sell 5 @ 100 by 2", "buy 2 @ 110 by 2", "sell 5 @ 100 by 2"],
      "2: 3 @ 110, 3: 3 stop 95",
    ],
    [
      "an entry that is cancelled takes with it what has got nothing",
      ["sell 3 @ 100 by 2", "cancel 1"],
      "2: 1 @ 110",
    ],
    ["and all, where it has not traded", ["cancel 1"], ""],
    [
      "a size of its own is refused",
      ["sell 7 @ 100 by 2", "amend 2 to 5"],
      "1: 3 @ 100, 2: 3 @ 110, 3: 2 stop 95",
    ],
  ]);
});

describe("an iceberg that waits for a price, and shows 3 at a time", () => {
  const waiting = leg("sell 10 @ 94 stop 95 of mark");
  const iceberg = { ...waiting, terms: { ...waiting.terms, displayLots: 3 as Lots } };
  const shrunk = ["buy 8 @ 110 by 2"];
  table({ ...list("OUO"), legs: [leg("sell 10 @ 110"), iceberg] }, [
    ["is made smaller than that", shrunk, "1: 2 @ 110, 2: 2 stop 95"],
    ["and may have another stop price then", [...shrunk, "amend 2 stop 93"], "1: 2 @ 110, 2: 2 stop 93"],
    ["but no such size", [...shrunk, "amend 2 to 2 stop 93"], "1: 2 @ 110, 2: 2 stop 95"],
  ]);
  const again = [
    "sell 4 @ 100 by 2",
    "mark 95",
    "buy 4 @ 105 by 3",
    "mark 97",
    "sell 4 @ 100 by 2",
    "cancel 1",
  ];
  table({ ...list("OTO"), legs: [leg("buy 10 @ 100"), { ...iceberg, ticks: 105 }] }, [
    ["has traded 4, and waits for its entry's next trade", again.slice(0, 3), "1: 6 @ 100, 2: 0 parked"],
    ["waits again with what that brings", again, "2: 4 stop 95"],
    ["and its size is the total, as of any order", [...again, "amend 2 to 5"], "2: 1 stop 95"],
  ]);
});

describe("an entry and two exits", () => {
  const exits = ["sell 10 @ 110", "sell 10 market stop 95"];
  table(list("OTOCO", "buy 10 @ 100 DAY", ...exits), [
    ["exits are open for what has traded", ["sell 4 @ 100 by 2"], "1: 6 @ 100, 2: 4 @ 110, 3: 4 stop 95"],
    [
      "less what exits have traded: 4 − 1",
      ["sell 4 @ 100 by 2", "buy 1 @ 110 by 2"],
      "1: 6 @ 100, 2: 3 @ 110, 3: 3 stop 95",
    ],
    ["4 − 1 + 6", ["sell 4 @ 100 by 2", "buy 1 @ 110 by 2", "sell 6 @ 100 by 2"], "2: 9 @ 110, 3: 9 stop 95"],
    [
      "4 − 4, and more may come",
      ["sell 4 @ 100 by 2", "buy 4 @ 110 by 2"],
      "1: 6 @ 100, 2: 0 parked, 3: 0 parked",
    ],
    [
      "0 + 2",
      ["sell 4 @ 100 by 2", "buy 4 @ 110 by 2", "sell 2 @ 100 by 2"],
      "1: 4 @ 100, 2: 2 @ 110, 3: 2 stop 95",
    ],
    [
      "an exit that is cancelled leaves the other to grow",
      ["sell 4 @ 100 by 2", "cancel 2", "sell 6 @ 100 by 2"],
      "3: 10 stop 95",
    ],
    [
      "the entry ends with the day: what it has traded stays guarded",
      ["sell 4 @ 100 by 2", END_OF_DAY],
      "2: 4 @ 110, 3: 4 stop 95",
    ],
    ["and nothing stays where it has not traded", [END_OF_DAY], ""],
    [
      "a call lets nothing in",
      ["phase opening-auction", "sell 4 @ 100 by 2"],
      "1: 10 @ 100, 2: 10 parked, 3: 10 parked",
    ],
    [
      "its uncrossing does",
      ["phase opening-auction", "sell 4 @ 100 by 2", "phase continuous"],
      "1: 6 @ 100, 2: 4 @ 110, 3: 4 stop 95",
    ],
    [
      "a halt holds it as it is",
      ["sell 4 @ 100 by 2", "phase halted", "buy 1 @ 110 by 2", "phase continuous"],
      "1: 6 @ 100, 2: 4 @ 110, 3: 4 stop 95",
    ],
  ]);
});

describe("a bracket whose exits are 5 from the entry's average price", () => {
  const bracket = distant("buy 10 @ 102", [
    ["sell 10 @ 1", 5],
    ["sell 10 market stop 1", 5],
  ]);
  table(bracket, [
    ["nothing has traded", [], "1: 10 @ 102, 2: 10 parked, 3: 10 parked"],
    ["102 ± 5", ["sell 4 @ 100 by 2"], "1: 6 @ 102, 2: 4 @ 107, 3: 4 stop 97"],
    [
      "(4 × 102 + 4 × 98) ∕ 8 = 100: an amended entry",
      ["sell 4 @ 100 by 2", "amend 1 @ 98", "sell 4 @ 98 by 2"],
      "1: 2 @ 98, 2: 8 @ 105, 3: 8 stop 95",
    ],
    [
      "(4 × 102 + 3 × 98) ∕ 7 = 100.29: 105.29 up, 95.29 up",
      ["sell 4 @ 100 by 2", "amend 1 @ 98", "sell 3 @ 98 by 2"],
      "1: 3 @ 98, 2: 7 @ 106, 3: 7 stop 96",
    ],
    [
      "a limit of its own ends the distance",
      ["sell 4 @ 100 by 2", "amend 2 @ 120", "amend 1 @ 98", "sell 4 @ 98 by 2"],
      "1: 2 @ 98, 2: 8 @ 120, 3: 8 stop 95",
    ],
  ]);
});
