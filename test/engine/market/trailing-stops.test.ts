/** Trailing stops, double ticks and the mark: the stop price after each price, and what it releases. */
import { expect, test } from "vitest";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import type { Trail } from "../../../engine/market/terms.ts";
import type { Ticks } from "../../../engine/units.ts";
import { type CommandForm, commandOf, idOf, PLAIN } from "../../reference/commands.ts";
import { scenario } from "../../reference/drawing.ts";

const EMPTY = "bid | price | ask";

test("a trailing stop follows the best price, and never goes back", () => {
  scenario(
    `
    mark 100
    sell 1 market trail 5 of mark
    → accepted 1, armed 1
    stops 1 at 95
    mark 103
    stops 1 at 98
    mark 99
    stops 1 at 98
    mark 110
    stops 1 at 105
    mark 105
    → triggered 1, expired 1
    `,
    EMPTY,
  );
});

test("one of a buyer follows the lowest price, upwards by its distance", () => {
  scenario(
    `
    mark 100
    buy 1 market trail 5 of mark
    mark 90
    mark 94
    stops 1 at 95
    mark 95
    → triggered 1, expired 1
    `,
    EMPTY,
  );
});

test.each<[string, Trail, number, number, number]>([
  ["ticks", { by: "ticks", distance: 7 }, 100, 93, 107],
  ["thousandths that are whole ticks", { by: "perMille", distance: 20 }, 100, 98, 102],
  ["thousandths, away from the price", { by: "perMille", distance: 25 }, 101, 98, 104],
  ["the least of them", { by: "perMille", distance: 1 }, 100, 99, 101],
  ["as much as the price is", { by: "ticks", distance: 100 }, 100, 0, 200],
  ["nearly as much", { by: "ticks", distance: 99 }, 100, 1, 199],
  ["prices at the market's end", { by: "ticks", distance: 1 }, 2 ** 31 - 1, 2 ** 31 - 2, 0],
])("where it begins, by %s", (_, trail, mark, ofSell, ofBuy) => {
  const machine = new MarketMachine(PLAIN);
  const orders = (["sell", "buy"] as const).map((side): CommandForm => {
    const trigger = { kind: "stop", source: "mark", stopTicks: 0 as Ticks, trail } as const;
    const plain = { account: 1, side, postOnly: false, lots: 1, ticks: 0, terms: { trigger } };
    return { kind: "place", type: "market", timeInForce: "IOC", ...plain };
  });
  for (const form of [{ kind: "price", which: "mark", ticks: mark } as const, ...orders]) {
    machine.apply(commandOf(form, machine.lastNumber(0) + 1));
  }
  machine.check();
  expect([...machine.armed()].map(order => order.trigger.stopTicks)).toEqual([ofSell, ofBuy]);
});

test("without a price there is no stop price, until the first that comes", () => {
  scenario(
    `
    sell 1 market trail 5
    stops 1 at 0
    sell 2 @ 100
    buy 1 @ 100
    stops 1 at 95
    `,
    `${EMPTY}
       | 100 | 1`,
  );
});

test("a first stop price stays until the price gets better and the trail is better than it", () => {
  scenario(
    `
    mark 100
    sell 1 market trail 5 from 90 of mark
    sell 2 market trail 5 from 98 of mark
    stops 1 at 90, 2 at 98
    mark 99
    mark 100
    stops 1 at 90, 2 at 98
    mark 101
    stops 1 at 96, 2 at 98
    mark 104
    stops 1 at 99, 2 at 99
    `,
    EMPTY,
  );
});

test("of the midpoint half ticks count, and the stop price is rounded away from it", () => {
  scenario(
    `
    buy 1 @ 100
    sell 1 @ 103
    sell 1 market trail 2 of mid
    buy 1 market trail 2 of mid
    stops 3 at 99, 4 at 104
    cancel 2
    sell 1 @ 104
    stops 3 at 100, 4 at 104
    cancel 1
    buy 1 @ 96
    → accepted 1, rested 1, triggered 1, traded 1 @ 96 with 6
    sell 1 @ 102
    stops 4 at 102
    `,
    `${EMPTY}
       | 104 | 1
       | 102 | 1`,
  );
});

test("every trade counts, those of one command in their order", () => {
  scenario(
    `
    sell 1 @ 100
    buy 1 @ 100
    sell 1 @ 110
    sell 1 @ 101
    sell 9 @ 140 trail 5
    buy 9 @ 50 trail 12
    buy 2 @ 110
    → accepted 2, traded 1 @ 101 with 4, traded 1 @ 110 with 3
    stops 5 at 105, 6 at 112
    sell 1 @ 105 by 2
    buy 1 @ 105
    → accepted 1, traded 1 @ 105 with 8, triggered 9, rested 9
    `,
    `${EMPTY}
       | 140 | 9`,
  );
});

test("a trailing stop-limit enters at its stop price less an offset, or at its own limit", () => {
  scenario(
    `
    mark 100
    sell 1 limit trail 5 of mark offset 2
    → accepted 1, armed 1
    buy 2 limit trail 5 of mark offset 2
    sell 3 @ 97 trail 5 of mark
    sell 4 limit trail 99 of mark offset 3
    mark 95
    → triggered 1, rested 1, triggered 3, rested 3
    amend 2 @ 90
    → rejected priceUnexpected
    mark 100
    → triggered 2, traded 1 @ 93 with 1, traded 1 @ 97 with 3
    mark 1
    → triggered 4, rested 4
    `,
    `${EMPTY}
       | 97 | 2
       | 1 | 4`,
  );
});

test("a double tick wants two trades in a row, at one price or two", () => {
  scenario(
    `
    sell 9 @ 100
    sell 1 @ 105
    buy 1 @ 100
    buy 1 @ 50 stop 101 twice
    buy 1 @ 51 stop 100 twice
    → accepted 1, armed 1
    buy 1 @ 100
    → accepted 1, traded 1 @ 100 with 1, triggered 1, rested 1
    cancel 1
    buy 1 @ 105
    → accepted 1, traded 1 @ 105 with 2
    sell 1 @ 99
    buy 1 @ 99
    → accepted 1, traded 1 @ 99 with 8
    sell 2 @ 101
    buy 1 @ 101
    buy 1 @ 101
    → accepted 1, traded 1 @ 101 with 10, triggered 1, rested 1
    `,
    `${EMPTY}
     1 | 51 |
     1 | 50 |`,
  );
});

test("of other prices a double tick wants two different ones; none between is nothing", () => {
  scenario(
    `
    mark 100
    sell 1 @ 150 stop 100 of mark twice
    → accepted 1, armed 1
    mark 100
    → 
    mark 0
    mark 100
    mark 101
    mark 99
    mark 98
    → triggered 1, rested 1
    sell 2 @ 150 trail 3 of mark twice
    mark 100
    mark 97
    mark 98
    stops 2 at 97
    mark 96
    mark 97
    → triggered 2, rested 2
    `,
    `${EMPTY}
       | 150 | 1 + 2`,
  );
});

test("what one event releases enters by the stop price of now, whatever it watched", () => {
  scenario(
    `
    sell 1 @ 100
    buy 1 @ 100
    mark 100
    sell 1 @ 150 stop 96
    sell 2 @ 150 trail 3
    sell 3 @ 150 trail 20 permille
    sell 4 @ 150 stop 99 of bid
    buy 1 @ 95
    sell 1 @ 95
    → accepted 1, traded 1 @ 95 with 7, triggered 3, rested 3, triggered 2, rested 2, triggered 1, rested 1
    stops 
    `,
    `${EMPTY}
     | 150 | 4 + 3 + 2 + 1`,
  );
});

test("amends: size and limit leave the trail, another stop price or distance begins anew", () => {
  scenario(
    `
    mark 100
    sell 5 @ 90 trail 5 of mark
    sell 5 @ 91 trail 5 of mark
    mark 110
    mark 107
    amend 1 to 3 @ 92
    → amended 1 from 5 @ 90 to 3 @ 92, armed 3
    stops 1 at 105, 2 at 105
    amend 1 to 4
    stops 2 at 105, 1 at 105
    amend 2 trail 4
    stops 1 at 105, 2 at 103
    amend 2 stop 99
    stops 1 at 105, 2 at 99
    amend 1 stop 106 trail 10 permille
    stops 2 at 99, 1 at 106
    mark 108
    stops 2 at 104, 1 at 106
    amend 1 trail 1000 permille
    → rejected trailOutOfRange
    sell 1 @ 50 stop 3
    amend 3 trail 1
    → rejected trailNotAllowed
    `,
    EMPTY,
  );
});

test("while nothing matches no price is seen; then the price of now is, an uncrossing's as one", () => {
  scenario(
    `
    mark 100
    sell 1 @ 150 trail 5 of mark
    phase halted
    mark 200
    mark 90
    mark 97
    stops 1 at 95
    phase opening-auction
    sell 2 @ 150 trail 5 of mark
    sell 3 @ 150 stop 98 of mark
    sell 4 @ 150 stop 100 twice
    stops 1 at 95, 2 at 0, 3 at 98, 4 at 100
    buy 1 @ 100
    buy 1 @ 100
    sell 1 @ 100
    sell 1 @ 100
    phase continuous
    → phased continuous, traded 1 @ 100 with 7, displayed 0, displayed 0, traded 1 @ 100 with 8, displayed 0,
      displayed 0, triggered 3, rested 3
    stops 1 at 95, 2 at 92, 4 at 100
    buy 1 @ 100
    sell 1 @ 100
    → accepted 1, traded 1 @ 100 with 9, triggered 4, rested 4
    `,
    `${EMPTY}
     | 150 | 3 + 4`,
  );
});

test("what makes no sense is refused", () => {
  scenario(
    `
    sell 1 market trail 0
    → rejected trailOutOfRange
    sell 1 market trail 1000 permille
    → rejected trailOutOfRange
    sell 1 market trail 3000000000
    → rejected trailOutOfRange
    sell 1 market trail 5 offset 2
    → rejected limitOffsetInvalid
    sell 1 @ 99 trail 5 offset 2
    → rejected priceUnexpected
    sell 1 limit trail 5
    → rejected priceMissing
    sell 1 market trail 5 from 3000000000
    → rejected stopPriceOutOfRange
    `,
    EMPTY,
  );
});

test("a takeProfit doesn't trail", () => {
  const machine = new MarketMachine(PLAIN);
  const trail = { by: "ticks", distance: 5 } as const;
  const trigger = { kind: "takeProfit", source: "last", stopTicks: 90 as Ticks, trail } as const;
  const plain = { account: 1, side: "sell", postOnly: false, lots: 1, ticks: 9, terms: { trigger } } as const;
  machine.apply(commandOf({ kind: "place", type: "limit", timeInForce: "GTC", ...plain }, 1));
  expect(machine.order(idOf(1))).toBeUndefined();
});
