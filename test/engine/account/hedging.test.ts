/** Tickets of a hedging account, in numbers to check by hand: a lot is EUR 1,000, a tick of it USD 0.01. */
import { beforeEach, describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import { DEFAULT_KIND } from "../../../engine/account/profile.ts";
import type { OrderIntent } from "../../../engine/market/terms.ts";
import type { AccountId, OrderId } from "../../../engine/units.ts";
import { accountsOf, EURUSD, USD_1, Venue } from "./venue.ts";

const [maker = 1 as AccountId, trader = 2 as AccountId] = accountsOf(0, 1, 2);
let venue: Venue;

beforeEach(() => {
  venue = new Venue([EURUSD], 1);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: 100_000n * USD_1, as: { ...DEFAULT_KIND, positions: "hedging" } });
});

/** `lots`: negative sells. `ticket`: place of the ticket that it closes, among those that are open. */
interface Fill {
  readonly lots: number;
  readonly ticks: number;
  readonly intent?: OrderIntent;
  readonly ticket?: number;
}

const tickets = () => venue.machineOf(trader).positions(trader);
const cash = () => venue.machineOf(trader).money.balances(trader)[0]?.total ?? 0n;

function fill({ lots, ticks, intent, ticket }: Fill) {
  const size = Math.abs(lots);
  const [side, other] = lots > 0 ? (["buy", "sell"] as const) : (["sell", "buy"] as const);
  venue.place(maker, EURUSD, { side: other, lots: size, ticks });
  const position = ticket === undefined ? undefined : (tickets()[ticket]?.ticket ?? (0 as OrderId));
  const terms = {
    ...(intent === undefined ? {} : { intent }),
    ...(position === undefined ? {} : { position }),
  };
  const order = venue.place(trader, EURUSD, { side, lots: size, ...(intent === undefined ? {} : { terms }) });
  expect(order.status).toBe("filled");
  venue.check();
}

const long10: Fill = { lots: 10, ticks: 110_000 };
const long20: Fill = { lots: 20, ticks: 110_100 };
const short5: Fill = { lots: -5, ticks: 110_200 };

// Each row: fills; then the tickets as [lots, cost in USD, realised in USD], and what was realised in all.
const TICKETS: readonly [string, readonly Fill[], readonly [number, bigint, bigint][], bigint][] = [
  [
    "each order opens its own",
    [long10, long20],
    [
      [10, 11_000n, 0n],
      [20, 22_020n, 0n],
    ],
    0n,
  ],
  [
    "long and short stand beside each other",
    [long10, short5],
    [
      [10, 11_000n, 0n],
      [-5, -5_510n, 0n],
    ],
    0n,
  ],
  // 10 lots bought at 1.10000 and sold at 1.10200: 200 ticks × 10 × 0.01 = 20.
  [
    "the oldest is closed first",
    [long10, long20, { lots: -10, ticks: 110_200, intent: "reduceOnly" }],
    [[20, 22_020n, 0n]],
    20n,
  ],
  // The first 10 win 20; 5 of the next, bought at 1.10100, win 100 × 5 × 0.01 = 5.
  [
    "what is left goes to the next",
    [long10, long20, { lots: -15, ticks: 110_200, intent: "reduceOnly" }],
    [[15, 16_515n, 5n]],
    25n,
  ],
  [
    "a ticket is closed by its name, in part",
    [long10, long20, { lots: -15, ticks: 110_200, intent: "reduceOnly", ticket: 1 }],
    [
      [10, 11_000n, 0n],
      [5, 5_505n, 15n],
    ],
    15n,
  ],
  [
    "a short ticket is closed by buying",
    [short5, { lots: 2, ticks: 110_000, intent: "reduceOnly" }],
    [[-3, -3_306n, 4n]],
    4n,
  ],
  [
    "reduce-first closes what there is and opens with the rest",
    [long10, { lots: -15, ticks: 110_200, intent: "reduceFirst" }],
    [[-5, -5_510n, 0n]],
    20n,
  ],
  [
    "open-only says what is the rule",
    [long10, { ...short5, intent: "openOnly" }],
    [
      [10, 11_000n, 0n],
      [-5, -5_510n, 0n],
    ],
    0n,
  ],
];

describe("a hedging account", () => {
  test.each(TICKETS)("%s", (_name, fills, expected, realised) => {
    for (const each of fills) fill(each);
    expect(tickets().map(({ lots, cost, realisedProfit }) => [lots, cost, realisedProfit])).toEqual(
      expected.map(([lots, cost, won]) => [lots, cost * USD_1, won * USD_1]),
    );
    expect(cash()).toBe((100_000n + realised) * USD_1);
    const machine = venue.machineOf(trader);
    const restored = AccountMachine.restore(0, 1, [EURUSD], machine.snapshot());
    restored.check();
    expect(restored.hash()).toBe(machine.hash());
    expect(restored.positions(trader)).toEqual(tickets());
  });

  test("marks long tickets by the bid, short ones by the ask", () => {
    fill(long10);
    fill(short5);
    venue.place(maker, EURUSD, { side: "buy", lots: 1, ticks: 110_150 });
    venue.place(maker, EURUSD, { side: "sell", lots: 1, ticks: 110_170 });
    // A pip is a tick here: +150 × 10 lots × 0.01 = 15; −5 lots sold at 1.10200 win 30 × 5 × 0.01 = 1.5.
    expect(tickets().map(({ unrealisedProfit, pips }) => [unrealisedProfit, pips])).toEqual([
      [15n * USD_1, "150.0"],
      [(3n * USD_1) / 2n, "30.0"],
    ]);
    expect(venue.machineOf(trader).summary(trader).equity).toBe(100_016n * USD_1 + USD_1 / 2n);
  });

  test("an order that opened a ticket adds to it with each fill", () => {
    venue.place(maker, EURUSD, { side: "sell", lots: 10, ticks: 110_010 });
    const order = venue.place(trader, EURUSD, { side: "buy", lots: 10, ticks: 110_000 });
    venue.place(maker, EURUSD, { side: "sell", lots: 4, ticks: 110_000 });
    venue.place(maker, EURUSD, { side: "sell", lots: 6, ticks: 110_000 });
    expect(tickets()).toMatchObject([{ ticket: order.id, lots: 10, cost: 11_000n * USD_1 }]);
  });
});
