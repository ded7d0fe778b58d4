/** Margin by tiers and by mode, with the arithmetic written out: a lot is EUR 1,000 (USDJPY: USD 1,000). */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { type Exposure, newExposure } from "../../../../engine/account/account.ts";
import { countIntent } from "../../../../engine/account/position/intent.ts";
import { settleTickets, type Ticket } from "../../../../engine/account/position/position.ts";
import { worstOf } from "../../../../engine/account/position/worst.ts";
import { DEFAULT_KIND, DEFAULT_PROFILE, type MarginMode } from "../../../../engine/account/profile.ts";
import { defineInstrument } from "../../../../engine/instrument.ts";
import { ORDER_INTENTS, type OrderIntent } from "../../../../engine/market/terms.ts";
import type { AccountId, Milliseconds, OrderId } from "../../../../engine/units.ts";
import { accountsOf, EURJPY, EURUSD, USD_1, USDJPY, Venue } from "../venue.ts";

const TIERED = defineInstrument({
  symbol: "GBPUSD",
  tickSize: "0.00001",
  lotStep: "1000",
  minimumQuantity: "1000",
  number: 5,
  marginTiers: [{ upTo: "10000", leverage: 100 }, { upTo: "50000", leverage: 50 }, { leverage: 20 }],
});
const [maker = 1 as AccountId, trader = 2 as AccountId] = accountsOf(0, 1, 2);
let venue: Venue;

beforeEach(() => {
  venue = new Venue([EURUSD, USDJPY, EURJPY, TIERED], 1);
  venue.open(maker, { liquidity: true, leverage: 1_000, deposit: 1_000_000_000n * USD_1 });
});

/** The middle of EURUSD is 1.1, of USDJPY 150, of EURJPY 165, of GBPUSD 1.25: no rate rounds. */
const MIDDLES = new Map([
  [EURUSD, 110_000],
  [USDJPY, 150_000],
  [EURJPY, 165_000],
  [TIERED, 125_000],
]);

function open(leverage: number, positions: "netting" | "hedging", marginMode: MarginMode) {
  const profile = { ...DEFAULT_PROFILE, marginMode };
  venue.open(trader, { deposit: 1_000_000n * USD_1, leverage, as: { ...DEFAULT_KIND, positions }, profile });
  for (const [instrument, middle] of MIDDLES) {
    venue.place(maker, instrument, { side: "buy", lots: 500, ticks: middle - 10 });
    venue.place(maker, instrument, { side: "sell", lots: 500, ticks: middle + 10 });
  }
}

/** Buys, or sells where `lots` is negative. */
function take(instrument: typeof EURUSD, lots: number) {
  const order = venue.place(trader, instrument, { side: lots > 0 ? "buy" : "sell", lots: Math.abs(lots) });
  expect(order.status).toBe("filled");
}

const used = () => venue.machineOf(trader).summary(trader).marginUsed;

// A lot is worth GBP 1,000 = USD 1,250. Tiers: 10 lots at 100, 40 lots at 50, the rest at 20.
test.each([
  ["one tier", 500, 8, "8 × 1250 ÷ 100"],
  ["its end", 500, 10, "10 × 1250 ÷ 100"],
  ["two tiers", 500, 30, "10 × 1250 ÷ 100 + 20 × 1250 ÷ 50"],
  ["three tiers", 500, 60, "10 × 1250 ÷ 100 + 40 × 1250 ÷ 50 + 10 × 1250 ÷ 20"],
  ["the account's leverage where it is lower", 30, 60, "50 × 1250 ÷ 30 + 10 × 1250 ÷ 20"],
])("tiers: %s", (_name, leverage, size, formula) => {
  open(leverage, "netting", { basis: "symbol", combination: "max" });
  take(TIERED, size);
  const terms = formula.split(" + ").map(term => {
    const [lots = "", each = "", divisor = ""] = term.split(/ × | ÷ /);
    return { paid: BigInt(lots) * BigInt(each) * USD_1, divisor: BigInt(divisor) };
  });
  // On one denominator, rounded up once.
  const common = terms.reduce((product, { divisor }) => product * divisor, 1n);
  const total = terms.reduce((parts, { paid, divisor }) => parts + (paid * common) / divisor, 0n);
  expect(used()).toBe((total + common - 1n) / common);
});

// EUR 1,000 = USD 1,100; at a leverage of 100 a lot of EURUSD takes USD 11, of USDJPY USD 10.
const MODES: readonly [
  string,
  "netting" | "hedging",
  MarginMode,
  readonly (readonly [typeof EURUSD, number])[],
  bigint,
][] = [
  [
    "netting: any mode",
    "netting",
    { basis: "symbol", combination: "sum" },
    [
      [EURUSD, 10],
      [EURUSD, -4],
    ],
    66n,
  ],
  [
    "sum of both sides",
    "hedging",
    { basis: "symbol", combination: "sum" },
    [
      [EURUSD, 10],
      [EURUSD, -4],
    ],
    154n,
  ],
  [
    "the larger side",
    "hedging",
    { basis: "symbol", combination: "max" },
    [
      [EURUSD, 10],
      [EURUSD, -4],
    ],
    110n,
  ],
  [
    "the net of both",
    "hedging",
    { basis: "symbol", combination: "net" },
    [
      [EURUSD, 10],
      [EURUSD, -4],
    ],
    66n,
  ],
  ["one position alone", "netting", { basis: "currency", combination: "net" }, [[EURUSD, 10]], 110n],
  // EUR +110, USD −110 + 100, JPY −100: (110 + 10 + 100) ÷ 2.
  [
    "a dollar bought and sold",
    "netting",
    { basis: "currency", combination: "net" },
    [
      [EURUSD, 10],
      [USDJPY, 10],
    ],
    110n,
  ],
  // EUR 110, USD the larger of 110 short and 100 long, JPY 100: 310 ÷ 2.
  [
    "the larger side of each currency",
    "netting",
    { basis: "currency", combination: "max" },
    [
      [EURUSD, 10],
      [USDJPY, 10],
    ],
    160n,
  ],
  [
    "by currency, all",
    "netting",
    { basis: "currency", combination: "sum" },
    [
      [EURUSD, 10],
      [USDJPY, 10],
    ],
    210n,
  ],
  // EUR 110 − 110; USD −110 + 100; JPY −100 + 110: (0 + 10 + 10) ÷ 2.
  [
    "three pairs in a ring",
    "netting",
    { basis: "currency", combination: "net" },
    [
      [EURUSD, 10],
      [USDJPY, 10],
      [EURJPY, -10],
    ],
    10n,
  ],
];

test.each(MODES)("modes: %s", (_name, positions, mode, trades, expected) => {
  open(100, positions, mode);
  for (const [instrument, size] of trades) take(instrument, size);
  expect(used()).toBe(expected * USD_1);
  venue.check();
});

describe("what opens beside a hedge", () => {
  test("takes margin by the mode, as it is decided", () => {
    open(100, "hedging", { basis: "symbol", combination: "max" });
    take(EURUSD, 10);
    const decide = (lots: number, intent?: OrderIntent) => {
      const terms = intent === undefined ? {} : { terms: { intent } };
      const asked = { side: "sell" as const, lots, ticks: 120_000, ...terms };
      return venue.machineOf(trader).decide(venue.request(trader, EURUSD.number, asked));
    };
    expect(decide(10)).toEqual({ reserved: 0n });
    expect(decide(14)).toEqual({ reserved: 44n * USD_1 });
    expect(decide(14, "reduceFirst")).toEqual({ reserved: 0n });
    expect(decide(10, "reduceOnly")).toEqual({ reserved: 0n });
    expect(decide(11, "reduceOnly")).toBe("positionWouldIncrease");
  });
});

interface Waiting {
  readonly side: "buy" | "sell";
  readonly lots: number;
  readonly intent: OrderIntent;
}

const waiting = fc.record({
  side: fc.constantFrom("buy" as const, "sell" as const),
  lots: fc.integer({ min: 1, max: 6 }),
  intent: fc.constantFrom(...ORDER_INTENTS),
});

/** A position of these tickets, with these orders open; reduce-only ones no larger than they may be. */
function exposureWith(sizes: readonly number[], orders: readonly Waiting[]) {
  const tickets = new Map<OrderId, Ticket>();
  for (const [index, lots] of sizes.entries()) {
    const id = (100 + index) as OrderId;
    if (lots !== 0)
      tickets.set(id, { id, lots, cost: BigInt(lots), openedAt: 0 as Milliseconds, realised: 0n });
  }
  const exposure = newExposure(EURUSD, tickets);
  for (const { lots } of tickets.values()) exposure.lots += lots;
  const left = { buy: -sum(exposure, -1), sell: sum(exposure, 1) };
  const open: Waiting[] = [];
  for (const order of orders) {
    if (order.intent === "reduceOnly" && order.lots > left[order.side]) continue;
    if (order.intent === "reduceOnly") left[order.side] -= order.lots;
    if (order.side === "buy") exposure.openBuys += order.lots;
    else exposure.openSells += order.lots;
    countIntent(exposure, { side: order.side, terms: { intent: order.intent } }, order.lots);
    open.push(order);
  }
  return { exposure, tickets, open };
}

/** Of the long (1) or short (−1) tickets, of that sign. */
function sum({ tickets }: Exposure, sign: 1 | -1): number {
  let lots = 0;
  for (const ticket of tickets?.values() ?? []) if (ticket.lots * sign > 0) lots += ticket.lots;
  return lots;
}

test("no order of fills makes a hedging position worse than what is counted", () => {
  const sizes = fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 4 });
  const fills = fc.array(fc.tuple(fc.nat({ max: 7 }), fc.integer({ min: 1, max: 6 })), { maxLength: 24 });
  fc.assert(
    fc.property(sizes, fc.array(waiting, { maxLength: 8 }), fills, (held, orders, turns) => {
      const { exposure, tickets, open } = exposureWith(held, orders);
      const worst = worstOf(exposure, []);
      const left = open.map(({ lots }) => lots);
      for (const [turn, most] of turns) {
        const order = open[turn];
        const size = Math.min(most, left[turn] ?? 0);
        if (order === undefined || size === 0) continue;
        left[turn] = (left[turn] ?? 0) - size;
        const lots = order.side === "buy" ? size : -size;
        const fill = { orderId: (turn + 1) as OrderId, intent: order.intent, ticket: undefined };
        settleTickets(exposure, tickets, { ...fill, lots, ticks: 1, time: 0 as Milliseconds });
        const [long, short] = [sum(exposure, 1), -sum(exposure, -1)];
        expect(long).toBeLessThanOrEqual(worst.long);
        expect(short).toBeLessThanOrEqual(worst.short);
        expect(long + short).toBeLessThanOrEqual(worst.gross);
        expect(exposure.lots).toBeLessThanOrEqual(worst.high);
        expect(exposure.lots).toBeGreaterThanOrEqual(worst.low);
      }
    }),
    { numRuns: 5_000, endOnFailure: true },
  );
});
