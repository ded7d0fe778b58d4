/** Market-maker protection, mass quotes and dead-man timers, as drawn scenarios. */

import { expect, test } from "vitest";
import { ByteReader, ByteWriter } from "../../../engine/bytes.ts";
import { EventLog } from "../../../engine/market/event.ts";
import { decodeEvents } from "../../../engine/market/market-event.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { Protection } from "../../../engine/market/protection.ts";
import type { Milliseconds } from "../../../engine/units.ts";
import { commandOf, PLAIN } from "../../reference/commands.ts";
import { readCommand, scenario } from "../../reference/drawing.ts";
import { NaiveMarket } from "../../reference/naive-book.ts";

const EMPTY = "bid | price | ask";

test("who trades more than a limit as maker is frozen, and loses its open orders", () => {
  const quotes = `
    protect 1000 quantity 10
    sell 6 @ 100
    sell 6 @ 101
    buy 6 @ 90
    sell 5 @ 99 stop 80
    buy 6 @ 100 by 2`;
  const rest = "→ accepted 6, traded 6 @ 100 with 1";
  scenario(`${quotes}\n ${rest}`, "bid | price | ask\n | 101 | 6\n 6 | 90 |");
  scenario(
    `${quotes}
    buy 5 @ 101 by 2
    → accepted 5, traded 5 @ 101 with 2, restricted true, removed 1, removed 6, removed 5
    buy 1 @ 90
    → rejected protectionTripped
    quote 1 @ 90 /
    → rejected protectionTripped
    protect 0
    buy 1 @ 90
    → rejected protectionTripped
    resetProtection
    → restricted false
    resetProtection
    →
    buy 1 @ 90
    → accepted 1, rested 1`,
    "bid | price | ask\n 1 | 90 |",
  );
});

test("a limit of trades, and one of what is bought less what is sold", () => {
  scenario(
    `
    protect 1000 count 2
    sell 9 @ 100
    buy 1 @ 100 by 2
    buy 1 @ 100 by 2
    → accepted 1, traded 1 @ 100 with 1
    buy 1 @ 100 by 2
    → accepted 1, traded 1 @ 100 with 1, restricted true, removed 6`,
    EMPTY,
  );
  scenario(
    `
    protect 1000 delta 3
    sell 9 @ 101
    buy 9 @ 99
    buy 3 @ 101 by 2
    sell 6 @ 99 by 2
    → accepted 6, traded 6 @ 99 with 2
    sell 1 @ 99 by 2
    → accepted 1, traded 1 @ 99 with 2, restricted true, removed 6, removed 2`,
    EMPTY,
  );
});

test("what is frozen by a trade doesn't trigger in the same command", () => {
  scenario(
    `
    protect 1000 quantity 1
    sell 2 @ 100
    buy 4 market stop 100
    buy 2 @ 100 by 2
    → accepted 2, traded 2 @ 100 with 1, restricted true, removed 4`,
    EMPTY,
  );
});

test("as taker, and in an uncrossing, nothing counts", () => {
  scenario(
    `
    protect 1000 quantity 1
    buy 5 @ 100 by 2
    sell 5 @ 100
    → accepted 5, traded 5 @ 100 with 1
    phase opening-auction
    sell 5 @ 100
    buy 5 @ 100 by 2
    phase continuous
    → phased continuous, traded 5 @ 100 with 3, displayed 0, displayed 0`,
    EMPTY,
  );
});

/** Plays lines at times; what each made. */
function timed(...lines: [number, string][]): string[] {
  let machine = new MarketMachine(PLAIN);
  const naive = new NaiveMarket(PLAIN);
  return lines.map(([time, line]) => {
    const command = commandOf(readCommand(line), machine.lastNumber(0) + 1, PLAIN, time as Milliseconds);
    const events = decodeEvents(machine.apply(command));
    expect(events).toEqual(naive.apply(command));
    expect(machine.hash()).toBe(naive.hash());
    machine = MarketMachine.restore(PLAIN, machine.snapshot());
    return events.map(event => event.event).join(" ");
  });
}

test("the window slides with the fills: one leaves it when it is as old as the window is long", () => {
  const before: [number, string][] = [
    [0, "protect 100 quantity 9"],
    [0, "sell 90 @ 100"],
    [10, "buy 5 @ 100 by 2"],
  ];
  const trip = "accepted traded restricted removed";
  expect(timed(...before, [109, "buy 5 @ 100 by 2"]).at(-1)).toBe(trip);
  expect(timed(...before, [110, "buy 5 @ 100 by 2"]).at(-1)).toBe("accepted traded");
  expect(timed(...before, [110, "buy 5 @ 100 by 2"], [120, "buy 5 @ 100 by 2"]).at(-1)).toBe(trip);
  expect(timed(...before, [5, "buy 5 @ 100 by 2"]).at(-1)).toBe(trip);
});

test("a mass quote keeps what stands, removes, amends and enters", () => {
  scenario(
    `
    quote 5 @ 99, 5 @ 98 / 5 @ 101, 5 @ 102
    → accepted 5, rested 5, accepted 5, rested 5, accepted 5, rested 5, accepted 5, rested 5
    buy 7 @ 99 by 2
    quote 4 @ 99, 6 @ 98, 3 @ 97 / 5 @ 102
    → removed 5, amended 1 from 5 @ 99 to 4 @ 99, amended 2 from 5 @ 98 to 6 @ 98, accepted 3, rested 3
    cancel 8
    → cancelled 3
    amend 4 @ 103
    quote 4 @ 99, 0 @ 98 / 5 @ 103
    → removed 6, rejected quantityBelowMinimum
    quote /
    → rejected quotesInvalid
    quote 1 @ 103 / postOnly
    → removed 4, removed 5, accepted 1, rested 1`,
    "bid | price | ask\n 1 | 103 |\n 7 | 99 |",
  );
});

test("a mass quote's levels are orders, of their own ids, in the phases of orders", () => {
  scenario(
    `
    quote 5 @ 99 / 5 @ 101
    quote 5 @ 99 / 5 @ 101
    →
    buy 3 @ 101 by 2
    → accepted 3, traded 3 @ 101 with 2
    quote 5 @ 99 / 5 @ 101
    → amended 2 from 2 @ 101 to 5 @ 101
    phase paused
    quote 5 @ 99 / 5 @ 101
    → rejected phaseForbids
    phase continuous
    sell 1 @ 102 by 3
    cancel 10 by 3
    → cancelled 1`,
    "bid | price | ask\n | 101 | 5\n 5 | 99 |",
  );
});

test("a dead-man timer takes out all orders, unless it is set anew or called off", () => {
  const before: [number, string][] = [
    [0, "buy 5 @ 99"],
    [0, "sell 5 @ 101"],
    [0, "buy 5 @ 98 by 2"],
    [10, "cancelAllAfter 100"],
  ];
  expect(timed(...before, [109, "clock"], [110, "clock"], [999, "clock"]).slice(-3)).toEqual([
    "",
    "removed removed",
    "",
  ]);
  expect(timed(...before, [500, "buy 1 @ 90"]).at(-1)).toBe("removed removed accepted rested");
  expect(timed(...before, [109, "cancelAllAfter 100"], [208, "clock"], [209, "clock"]).slice(-2)).toEqual([
    "",
    "removed removed",
  ]);
  expect(timed(...before, [109, "cancelAllAfter 0"], [999, "clock"]).at(-1)).toBe("");
  expect(timed(...before, [20, "phase halted"], [110, "clock"]).at(-1)).toBe("removed removed");
  expect(timed([0, "cancelAllAfter 86400001"]).at(-1)).toBe("rejected");
});

test("a machine says when a timer is due", () => {
  const machine = new MarketMachine(PLAIN);
  machine.apply(commandOf(readCommand("cancelAllAfter 100"), 1, PLAIN, 10 as Milliseconds));
  expect(machine.nextDue).toBe(110);
});

test.each<[string, number, number, number]>([
  ["limits", 0, 11, 0],
  ["fills", 0, 0, 1],
])("a snapshot of who is frozen and not protected holds no %s", (_, windowMs, deltaMax, fills) => {
  const writer = new ByteWriter();
  writer.u32(1);
  for (const number of [2, windowMs, 0, 0, deltaMax]) writer.f64(number);
  writer.u8(1);
  writer.u32(fills);
  for (const number of fills === 0 ? [] : [5, 0, 0, 0]) writer.f64(number);
  const protection = new Protection(new EventLog(), new Set(), () => undefined);
  expect(() => protection.read(new ByteReader(writer.copy()))).toThrow(/no limits and no fills/);
});
