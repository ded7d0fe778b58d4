/** Orders that wait for a price: when they are released, in which order, and what that releases. */
import { expect, test } from "vitest";
import { ByteWriter } from "../../../engine/bytes.ts";
import { decodeEvents } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { decodeMarketRecords, encodeMarketRecord } from "../../../engine/market/record.ts";
import { commandOf, PLAIN } from "../../reference/commands.ts";
import { readCommand, scenario } from "../../reference/drawing.ts";

const EMPTY = "bid | price | ask";

test("while there is no trade nothing triggers, whatever the book shows", () => {
  const machine = scenario(
    `
    sell 5 @ 101
    buy 5 market stop 90
    → accepted 5, armed 5
    `,
    `${EMPTY}
         | 101 | 5`,
  );
  expect([...machine.armed()]).toHaveLength(1);
});

test("a stop whose price has traded already enters at once", () => {
  scenario(
    `
    sell 5 @ 101
    buy 5 @ 101
    sell 4 @ 102
    buy 3 market stop 101
    → accepted 3, triggered 3, traded 3 @ 102 with 3
    buy 9 market stop 102
    → accepted 9, triggered 9, traded 1 @ 102 with 3, expired 8
    `,
    EMPTY,
  );
});

test("releases: sells from the highest stop price, then buys from the lowest, then by time", () => {
  scenario(
    `
    buy 1 @ 50
    sell 1 @ 150
    sell 1 @ 40 IOC stop 98
    sell 2 @ 150 stop 99
    sell 3 @ 150 stop 100
    sell 4 @ 150 stop 100
    buy 5 @ 50 takeProfit 103
    buy 6 @ 50 takeProfit 101
    sell 7 @ 100
    buy 7 market
    → accepted 7, traded 7 @ 100 with 9, triggered 3, rested 3, triggered 4, rested 4,
      triggered 6, rested 6, triggered 5, rested 5
    `,
    `${EMPTY}
                 | 150 | 1 + 3 + 4
    1 + 6 + 5 | 50 |`,
  );
});

test("what a release trades may release others, which queue up behind", () => {
  scenario(
    `
    sell 1 @ 100
    sell 2 @ 101
    sell 2 @ 105
    buy 2 market stop 100
    buy 1 @ 50 stop 100
    buy 1 @ 60 stop 101
    buy 1 @ 100
    → accepted 1, traded 1 @ 100 with 1, triggered 2, traded 2 @ 101 with 2,
      triggered 1, rested 1, triggered 1, rested 1
    `,
    `${EMPTY}
        | 105 | 2
      1 | 60 |
      1 | 50 |`,
  );
});

test("a price that was only touched within one command counts", () => {
  scenario(
    `
    sell 1 @ 100
    sell 1 @ 105
    sell 9 @ 140 stop 102
    buy 2 @ 105
    → accepted 2, traded 1 @ 100 with 1, traded 1 @ 105 with 2, triggered 9, rested 9
    `,
    `${EMPTY}
     | 140 | 9`,
  );
});

test("bid, ask and mid are the best prices that stand", () => {
  scenario(
    `
    buy 5 @ 90
    sell 5 @ 110
    sell 1 @ 120 stop 90 of bid
    → accepted 1, triggered 1, rested 1
    sell 1 @ 121 stop 89 of bid
    buy 1 @ 80 stop 111 of ask
    buy 1 @ 81 stop 102 of mid
    cancel 1
    → cancelled 5
    buy 5 @ 89
    → accepted 5, rested 5, triggered 1, rested 1
    buy 5 @ 94
    → accepted 5, rested 5, triggered 1, rested 1
    cancel 2
    → cancelled 5, triggered 1, rested 1
    `,
    `${EMPTY}
       | 121 | 1
       | 120 | 1
     5 | 94 |
     5 | 89 |
     1 | 81 |
     1 | 80 |`,
  );
});

test("an order that waits is amended and cancelled as others are", () => {
  scenario(
    `
    sell 1 @ 100
    buy 5 @ 105 stop 110
    amend 2 to 3
    → amended 2 from 5 @ 105 to 3 @ 105, armed 3
    amend 2 @ 104 stop 108
    → amended 2 from 3 @ 105 to 3 @ 104, armed 3
    amend 1 stop 5
    → rejected stopPriceUnexpected
    amend 2 stop 0
    → rejected stopPriceOutOfRange
    cancel 2 by 9
    → rejected orderUnknown
    cancel 2
    → cancelled 3
    buy 5 market stop 3000000000
    → rejected stopPriceOutOfRange
    buy 1 market stop 7
    amend 4 @ 5
    → rejected priceUnexpected
    buy 1 market
    → accepted 1, traded 1 @ 100 with 1, triggered 1, expired 1
    `,
    EMPTY,
  );
});

test("a post-only order that would trade when it is released expires", () => {
  scenario(
    `
    sell 1 @ 100
    sell 1 @ 101
    buy 4 @ 103 postOnly stop 100
    buy 1 @ 100
    → accepted 1, traded 1 @ 100 with 1, expired 4
    `,
    `${EMPTY}
     | 101 | 1`,
  );
});

test("snapshot and record hold triggers and the last price", () => {
  const machine = new MarketMachine(PLAIN);
  const lines = [
    "sell 5 @ 100",
    "buy 1 @ 100",
    "buy 2 @ 99 FOK stop 120 of ask",
    "sell 2 market takeProfit 130",
  ];
  const writer = new ByteWriter();
  for (const [index, line] of lines.entries()) {
    const command = commandOf(readCommand(line), index + 1);
    const log = machine.apply(command);
    encodeMarketRecord(writer, command, log, machine.bestBid, machine.bestAsk);
  }
  const records = decodeMarketRecords(PLAIN.number, 1, lines.length, writer.copy());
  const again = new MarketMachine(PLAIN);
  for (const record of records) expect(decodeEvents(again.apply(record.command))).toEqual(record.events);
  expect(records[2]?.command).toHaveProperty("terms.trigger", {
    kind: "stop",
    source: "ask",
    stopTicks: 120,
  });
  const restored = MarketMachine.restore(PLAIN, machine.snapshot());
  restored.check();
  expect(restored.hash()).toBe(machine.hash());
  expect(again.hash()).toBe(machine.hash());
  expect([...restored.armed()]).toEqual([...machine.armed()]);
});

test("a snapshot of layout 1 is a market without triggers", () => {
  const machine = new MarketMachine(PLAIN);
  machine.apply(commandOf(readCommand("sell 5 @ 100"), 1));
  const bytes = machine.snapshot();
  // Layout, market, sequence, orders named; a fence of one shard; the number of orders, and the one of them.
  const first = bytes.slice(0, 21 + 26 + 4 + 37);
  first[0] = 1;
  expect(MarketMachine.restore(PLAIN, first).hash()).toBe(machine.hash());
});
