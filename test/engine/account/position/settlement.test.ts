/** What fills do to positions and balances, in numbers that can be checked by hand. */
import { beforeEach, describe, expect, test } from "vitest";
import { type AccountId, money } from "../../../../engine/units.ts";
import { cutLog } from "../random-money.ts";
import { accountsOf, EURUSD, SHARE, USD_1, USDJPY, Venue } from "../venue.ts";

const [maker = 1 as AccountId] = accountsOf(0, 2, 1);
const [trader = 2 as AccountId] = accountsOf(1, 2, 1);
let venue: Venue;

beforeEach(() => {
  venue = new Venue([EURUSD, USDJPY, SHARE], 2);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: 100_000n * USD_1 });
});

/** Quotes 1,000 lots either side and lets the trader take `lots` (negative: sell) at that price. */
function trade(lots: number, ticks: number) {
  const side = lots > 0 ? "buy" : "sell";
  const quote = venue.place(maker, EURUSD, { side: lots > 0 ? "sell" : "buy", lots: Math.abs(lots), ticks });
  const order = venue.place(trader, EURUSD, { side, lots: Math.abs(lots) });
  expect(quote.status).toBe("filled");
  expect(order.status).toBe("filled");
  venue.check();
  return order;
}

const position = () => venue.machineOf(trader).positions(trader)[0];
const balance = (currency = "USD") =>
  venue
    .machineOf(trader)
    .money.balances(trader)
    .find(item => item.currency === currency)?.total ?? 0n;

// Each row: fills [lots, ticks]; then lots, cost and realised profit. A lot is EUR 1,000, a tick of it USD
// 0.01.
const NETTED = [
  ["opens long", [[10, 110_000]], 10, 11_000n * USD_1, 0n],
  ["opens short", [[-10, 110_000]], -10, -11_000n * USD_1, 0n],
  [
    "adds",
    [
      [10, 110_000],
      [10, 110_100],
    ],
    20,
    22_010n * USD_1,
    0n,
  ],
  [
    "closes in part at a profit",
    [
      [10, 110_000],
      [-4, 110_500],
    ],
    6,
    6_600n * USD_1,
    20n * USD_1,
  ],
  [
    "closes in part at a loss",
    [
      [-10, 110_000],
      [4, 110_500],
    ],
    -6,
    -6_600n * USD_1,
    -20n * USD_1,
  ],
  [
    "closes all",
    [
      [10, 110_000],
      [-10, 110_500],
    ],
    0,
    0n,
    50n * USD_1,
  ],
  [
    "turns over",
    [
      [10, 110_000],
      [-15, 110_500],
    ],
    -5,
    -552_500_000_000n,
    50n * USD_1,
  ],
  [
    "turns back",
    [
      [-10, 110_000],
      [15, 109_500],
    ],
    5,
    547_500_000_000n,
    50n * USD_1,
  ],
  // 3 lots at 1.10000 and 4 at 1.10001 cost 7,700.04; 3⁄7 of that, truncated, is 3,300.01714285 (7142…).
  [
    "truncates",
    [
      [3, 110_000],
      [4, 110_001],
      [-3, 110_000],
    ],
    4,
    440_002_285_715n,
    -1_714_285n,
  ],
  [
    "leaves nothing",
    [
      [3, 110_000],
      [4, 110_001],
      [-3, 110_000],
      [-4, 110_000],
    ],
    0,
    0n,
    -4_000_000n,
  ],
] as const;

describe("positions are netted", () => {
  test.each(NETTED)("%s", (_name, fills, lots, cost, realised) => {
    for (const [size, ticks] of fills) trade(size, ticks);
    expect(position()?.lots ?? 0).toBe(lots);
    expect(position()?.cost ?? 0n).toBe(cost);
    expect(balance() - 100_000n * USD_1).toBe(realised);
  });

  test("an average price has one place more than the price", () => {
    trade(1, 110_000);
    trade(2, 110_001);
    expect(position()?.averagePrice).toBe("1.100007");
  });

  test("profit in yen stays in yen and is converted at the mark, against the account", () => {
    const quote = (bid: number, ask: number) => [
      venue.place(maker, USDJPY, { side: "buy", lots: 100, ticks: bid }),
      venue.place(maker, USDJPY, { side: "sell", lots: 100, ticks: ask }),
    ];
    const first = quote(110_000, 110_010);
    venue.place(trader, USDJPY, { side: "buy", lots: 10 });
    for (const order of first) venue.cancel(order);
    quote(110_990, 111_010);
    const [open] = venue.machineOf(trader).positions(trader);
    // Marked by the bid: 10,000 × (110.990 − 110.010) = JPY 9,800; at 111.000 that is USD 88.28828828….
    expect(open?.unrealisedProfit).toBe(9_800n * USD_1);
    expect(open?.unrealisedProfitHome).toBe(8_828_828_828n);
    venue.place(trader, USDJPY, { side: "sell", lots: 10 });
    expect(balance("JPY")).toBe(9_800n * USD_1);
    expect(balance("USD")).toBe(100_000n * USD_1);
    expect(venue.machineOf(trader).summary(trader).balance).toBe(100_000n * USD_1 + 8_828_828_828n);
    venue.check();
  });
});

describe("spot assets change hands", () => {
  beforeEach(() => {
    venue.record(venue.machineOf(maker).shard, {
      kind: "deposit",
      time: venue.now(),
      account: maker,
      currency: "ACME",
      amount: money(1_000n * USD_1),
      reference: "shares",
    });
    venue.place(maker, SHARE, { side: "sell", lots: 100, ticks: 5_000 });
  });

  test("a buy pays the quote and receives the base, in two transactions", () => {
    const order = venue.place(trader, SHARE, { lots: 10, ticks: 5_100 });
    expect(order.status).toBe("filled");
    expect(balance("USD")).toBe(99_500n * USD_1);
    expect(balance("ACME")).toBe(10n * USD_1);
    cutLog(venue, venue.machineOf(trader));
    const { transactions } = venue.machineOf(trader).takeChanges();
    expect(transactions.map(({ id, amount, balanceAfter }) => [id, amount, balanceAfter])).toEqual([
      [1, 100_000n * USD_1, 100_000n * USD_1],
      [2, -500n * USD_1, 99_500n * USD_1],
      [3, 10n * USD_1, 10n * USD_1],
    ]);
    venue.check();
  });

  test("resting orders reserve what they need and give it back", () => {
    const order = venue.place(trader, SHARE, { lots: 10, ticks: 4_000 });
    const usd = () => venue.machineOf(trader).money.balances(trader)[0];
    expect(usd()).toMatchObject({ currency: "USD", locked: 400n * USD_1, available: 99_600n * USD_1 });
    venue.cancel(order);
    expect(usd()).toMatchObject({ locked: 0n, available: 100_000n * USD_1 });
  });

  test.each([
    ["a buy beyond the cash", { side: "buy", lots: 2_001, ticks: 5_000 }, "balanceInsufficient"],
    ["a sale of what isn't there", { side: "sell", lots: 1, ticks: 5_000 }, "balanceInsufficient"],
    ["a market buy beyond the cash at the ask + 5 %", { side: "buy", lots: 1_905 }, "balanceInsufficient"],
  ] as const)("refuses %s", (_name, asking, rejection) => {
    expect(venue.place(trader, SHARE, asking)).toMatchObject({ status: "rejected", rejection });
    venue.check();
  });
});
