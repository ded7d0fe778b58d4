/** Pegged orders, by table: which price each has, when it moves, when it waits outside the book. */
import { expect, test } from "vitest";
import type { Peg } from "../../../engine/market/terms.ts";
import type { CommandForm, PlaceForm } from "../../reference/commands.ts";
import { readCommand } from "../../reference/drawing.ts";
import { type Forms, play } from "../../reference/playing.ts";

/** `cap`: 0 for none. */
function pegged(side: "buy" | "sell", to: Peg["to"], offset: number, cap = 0): CommandForm {
  const form = readCommand(`${side} 5 @ 100 by 3`) as PlaceForm;
  return { ...form, ticks: cap, terms: { peg: { to, offset } } };
}

const BOOK = ["buy 10 @ 95 by 2", "sell 10 @ 104 by 2"];

test.each<[string, Forms, string]>([
  ["its own side", [...BOOK, pegged("buy", "own", 0)], "accepted 5@95 rested 5@95"],
  ["with an offset", [...BOOK, pegged("sell", "own", -2)], "accepted 5@102 rested 5@102"],
  ["the other side", [...BOOK, pegged("buy", "other", -3)], "accepted 5@101 rested 5@101"],
  ["and trades at once where it may", [...BOOK, pegged("buy", "other", 0)], "accepted 5@104 traded 5@104"],
  ["the middle, down for a buyer", [...BOOK, pegged("buy", "mid", 0)], "accepted 5@99 rested 5@99"],
  ["and up for a seller", [...BOOK, pegged("sell", "mid", 0)], "accepted 5@100 rested 5@100"],
  ["no higher than its cap", [...BOOK, pegged("buy", "mid", 0, 97)], "accepted 5@97 rested 5@97"],
  ["no lower as a seller", [...BOOK, pegged("sell", "mid", 0, 102)], "accepted 5@102 rested 5@102"],
  [
    "a better price",
    [...BOOK, pegged("buy", "own", 0), "buy 1 @ 97"],
    "accepted 1@97 rested 1@97 amended 5@97",
  ],
  ["not itself", [...BOOK, pegged("buy", "own", 3), "buy 1 @ 94"], "accepted 1@94 rested 1@94"],
  [
    "into a trade",
    [...BOOK, "sell 2 @ 98 stop 1 by 4", pegged("buy", "own", 8), "buy 1 @ 96"],
    "accepted 1@96 rested 1@96 amended 0@104 traded 5@104",
  ],
  [
    "one after the other, as they came",
    [...BOOK, pegged("buy", "own", 1), pegged("buy", "own", 2), "buy 1 @ 96"],
    "accepted 1@96 rested 1@96 amended 5@97 amended 5@98",
  ],
  [
    "until nothing is shown",
    ["buy 1 @ 95", pegged("buy", "own", 0), "cancel 1"],
    "cancelled 1@95 parked 5@0",
  ],
  [
    "from when something is",
    [pegged("buy", "own", 0), "buy 1 @ 95"],
    "accepted 1@95 rested 1@95 triggered 5@95 rested 5@95",
  ],
  ["never below one tick", [...BOOK, pegged("buy", "own", -95)], "accepted 5@0 parked 5@0"],
  [
    "not in a call",
    [...BOOK, pegged("buy", "own", 0), "phase opening-auction"],
    "opening-auction parked 5@0",
  ],
  [
    "again after it",
    [...BOOK, pegged("buy", "own", 0), "phase opening-auction", "phase continuous"],
    "continuous triggered 5@95 rested 5@95",
  ],
  ["and is cancelled while it waits", [pegged("buy", "own", 0), "cancel 1 by 3"], "cancelled 5@0"],
  ["or with all others", [...BOOK, pegged("buy", "own", 0), "massCancel by 3"], "removed 5@95"],
  ["no stop price, parked or not", [pegged("buy", "own", 0), "amend 1 stop 9 by 3"], "stopPriceUnexpected"],
  ["smaller in its place", [...BOOK, pegged("buy", "own", 0), "amend 3 to 2 by 3"], "amended 2@95"],
  ["to another cap", [...BOOK, pegged("buy", "own", 0), "amend 3 @ 93 by 3"], "amended 5@93"],
])("a pegged order follows %s", (_, forms, expected) => expect(play(forms)).toBe(expected));
