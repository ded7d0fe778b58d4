/**
 * The six checks of a decision, in their order: each with the numbers just inside and just outside, the
 * arithmetic beside them, and what its explanation says. Prices are of EURUSD at 1.10000, a lot is EUR 1,000,
 * so a lot is worth USD 1,100.
 */
import { beforeEach, describe, expect, test } from "vitest";
import type { AccountMachine } from "../../../engine/account/account-machine.ts";
import { type Explanation, formulaText } from "../../../engine/account/guard/explanation.ts";
import { type Guard, NO_GUARD } from "../../../engine/account/guard/guard.ts";
import { tradingDayBegins } from "../../../engine/account/trading-day.ts";
import { type AccountId, lots, type Milliseconds, money, type Side } from "../../../engine/units.ts";
import { accountsOf, EURUSD, SHARE, USD_1, USDJPY, Venue } from "./venue.ts";

const [maker = 1 as AccountId, trader = 2 as AccountId] = accountsOf(0, 1, 2);
const HOUR = 3_600_000;
let venue: Venue;
let machine: AccountMachine;

beforeEach(() => {
  venue = new Venue([EURUSD, USDJPY, SHARE], 1);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: 10_000n * USD_1, leverage: 30 });
  machine = venue.machineOf(trader);
  quote(110_000);
});

function quote(middle: number, instrument = EURUSD) {
  venue.place(maker, instrument, { side: "buy", lots: 500, ticks: middle - 10 });
  venue.place(maker, instrument, { side: "sell", lots: 500, ticks: middle + 10 });
}

function guard(change: Partial<Guard>, scope: "account" | "venue" = "account") {
  const account = scope === "account" ? trader : (0 as AccountId);
  const signed = { by: "ops", reason: "test", time: venue.now() };
  venue.record(0, { kind: "guard", scope, account, group: "", guard: { ...NO_GUARD, ...change }, ...signed });
}

function decide(side: Side, size: number, ticks = 110_000, market = EURUSD.number) {
  const request = venue.request(trader, market, { side, lots: size, ticks });
  const at = venue.now();
  const decision = machine.decide(request, at);
  if (typeof decision !== "string") return { decision };
  return { decision, why: machine.explainer.order(request, at) };
}

function figures({ inputs }: Explanation) {
  return Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
}

const LET = { reserved: expect.any(BigInt) };

describe("1. valid", () => {
  test("as many orders may be open as the least of the limits says", () => {
    guard({ openOrdersMaximum: 1 });
    guard({ openOrdersMaximum: 3 }, "venue");
    expect(decide("buy", 1).decision).toEqual(LET);
    venue.place(trader, EURUSD, { lots: 1, ticks: 100_000 });
    const { decision, why } = decide("buy", 1);
    expect(decision).toBe("openOrdersLimit");
    // 1 open + 1 asked > 1
    expect(why).toMatchObject({ formula: "openOrders", limit: { value: 1n }, acceptable: 0 });
    expect(why && figures(why)).toEqual({ openOrders: 1n, orders: 1n });
  });

  test("new orders of a day are counted from 17:00 in New York", () => {
    guard({ dailyOrdersMaximum: 2 });
    for (let count = 0; count < 2; count++) venue.place(trader, EURUSD, { lots: 1, ticks: 100_000 });
    expect(decide("buy", 1).decision).toBe("dailyOrdersLimit");
    expect(decide("sell", 1).decision).toBe("dailyOrdersLimit");
    // The test's clock begins at 19:00 of a day in New York, 5 h behind UTC: 22 h are left of it.
    venue.wait(22 * HOUR);
    expect(decide("buy", 1).decision).toEqual(LET);
  });
});

describe("access", () => {
  test.each([
    ["full", LET, LET],
    ["closeOnly", "positionWouldIncrease", LET],
    ["noTrading", "accessForbidden", "accessForbidden"],
    ["noLogin", "accessForbidden", "accessForbidden"],
  ] as const)("%s", (access, opening, closing) => {
    venue.place(trader, EURUSD, { side: "buy", lots: 5 });
    guard({ access });
    expect(decide("buy", 1).decision).toEqual(opening);
    expect(decide("sell", 5).decision).toEqual(closing);
  });

  test("the strictest of account, group and venue holds, and a provider is bound by its own alone", () => {
    guard({ access: "closeOnly" });
    guard({ access: "noTrading" }, "venue");
    expect(decide("buy", 1).decision).toBe("accessForbidden");
    expect(machine.decide(venue.request(maker, EURUSD.number, { lots: 1, ticks: 100 }))).toEqual(LET);
  });

  test("a loss is followed by a pause in which positions may only be closed", () => {
    guard({ coolDownMs: 60_000 });
    venue.place(trader, EURUSD, { side: "buy", lots: 5 });
    // Bought at 1.10010, sold at 1.09990: a loss.
    venue.place(trader, EURUSD, { side: "sell", lots: 2 });
    const { decision, why } = decide("buy", 1);
    expect([decision, why?.formula, why?.acceptable]).toEqual(["coolingDown", "coolDown", 0]);
    expect(decide("sell", 3).decision).toEqual(LET);
    expect(decide("sell", 4).decision).toBe("coolingDown");
    venue.wait(60_000);
    expect(decide("buy", 1).decision).toEqual(LET);
  });

  test("stops that are hit in a row within the window are followed by a pause", () => {
    guard({ stopOutsMaximum: 2, stopWindowMs: 10_000, stopPauseMs: 60_000 });
    const stopOut = () => {
      venue.place(trader, EURUSD, { side: "buy", lots: 1 });
      const stop = { trigger: { kind: "stop", source: "mark", stopTicks: 109_999 } } as const;
      const terms = { trigger: { ...stop.trigger, stopTicks: 109_999 as never } };
      venue.place(trader, EURUSD, { side: "sell", lots: 1, timeInForce: "GTC", type: "market", terms });
      const told = { kind: "price", time: venue.now(), which: "mark", ticks: 109_000 as never } as const;
      venue.submit(EURUSD.number, told);
      venue.submit(EURUSD.number, { ...told, time: venue.now(), ticks: 110_000 as never });
      venue.deliverAll();
      expect(machine.positions(trader)).toEqual([]);
    };
    stopOut();
    expect(decide("buy", 1).decision).toEqual(LET);
    stopOut();
    expect(decide("buy", 1)).toMatchObject({ decision: "stopGuardTripped", why: { formula: "stopGuard" } });
    venue.wait(60_000);
    expect(decide("buy", 1).decision).toEqual(LET);
  });
});

describe("2. balance", () => {
  test("on margin it must be above nothing", () => {
    venue.place(trader, EURUSD, { side: "buy", lots: 200 });
    venue.place(maker, EURUSD, { side: "sell", lots: 1_000, ticks: 109_990 });
    quote(104_000);
    // 200 lots × (1.10010 − 1.03990) × 1,000 = 12,040 lost of 10,000
    venue.place(trader, EURUSD, { side: "sell", lots: 200 });
    const { decision, why } = decide("buy", 1, 104_000);
    expect(decision).toBe("balanceInsufficient");
    expect(why && figures(why)).toEqual({ balance: -2_040n * USD_1 });
  });

  test("a spot buy needs price × size", () => {
    const shares = { account: maker, currency: "ACME", amount: money(1_000n * USD_1), reference: "" };
    venue.record(0, { kind: "deposit", time: venue.now(), ...shares });
    quote(1_000, SHARE);
    // 10,000 ÷ 10.00 = 1,000 shares
    expect(decide("buy", 1_000, 1_000, SHARE.number).decision).toEqual({ reserved: 10_000n * USD_1 });
    const { decision, why } = decide("buy", 1_001, 1_000, SHARE.number);
    expect([decision, why?.acceptable]).toEqual(["balanceInsufficient", 1_000]);
    expect(why && figures(why)).toMatchObject({ balance: 10_000n * USD_1, needed: 10_010n * USD_1 });
  });
});

test("3. position limit: the guard's where it is below the instrument's", () => {
  guard({ positionMaximums: [{ market: EURUSD.number, lots: lots(50) }] });
  venue.place(trader, EURUSD, { side: "buy", lots: 20 });
  venue.place(trader, EURUSD, { side: "buy", lots: 10, ticks: 100_000 });
  // 20 + 10 + 20 = 50
  expect(decide("buy", 20).decision).toEqual(LET);
  const { decision, why } = decide("buy", 25);
  expect([decision, why?.limit?.value, why?.acceptable]).toEqual(["positionLimit", 50n, 20]);
  expect(why && figures(why)).toEqual({ position: 20n, worstLots: 55n });
});

describe("4. leverage limit", () => {
  test("Σ worst exposures over equity", () => {
    guard({ leverageMaximum: 11 });
    // 11 × 10,000 = 110,000 = 100 lots × 1,100
    expect(decide("buy", 100).decision).toEqual(LET);
    const { decision, why } = decide("buy", 150);
    expect([decision, why?.formula, why?.acceptable]).toEqual(["leverageLimit", "leverage", 100]);
    expect(why && figures(why)).toEqual({ notional: 165_000n * USD_1, equity: 10_000n * USD_1 });
    expect(why?.marks).toEqual([{ market: 1, bid: 109_990, ask: 110_010, sequence: expect.any(Number) }]);
  });

  test("Σ worst exposures in money", () => {
    guard({ notionalMaximum: money(55_000n * USD_1) });
    expect(decide("buy", 50).decision).toEqual(LET);
    expect(decide("buy", 51)).toMatchObject({ decision: "notionalLimit", why: { acceptable: 50 } });
  });
});

describe("5. daily loss", () => {
  function begin(equity: bigint, day: number) {
    const paid = [["USD", money(10_000n * USD_1)]] as const;
    const baselines = [{ account: trader, equity: money(equity), paid }];
    venue.record(0, { kind: "baselines", time: venue.now(), day, last: true, baselines });
  }

  test("is what the day began with and what was paid in since, less the equity", () => {
    guard({ dailyLossMaximum: money(500n * USD_1) });
    begin(10_000n * USD_1, 20_000);
    // 9,500 left would be 500 lost. 20 lots × 0.0002 = 4 lost at once; 25 pips more are another 500.
    venue.place(trader, EURUSD, { side: "buy", lots: 20 });
    expect(decide("buy", 1).decision).toEqual(LET);
    venue.place(maker, EURUSD, { side: "sell", lots: 1_000, ticks: 107_510 });
    quote(107_500);
    // 20 × 1,000 × (1.10010 − 1.07490) = 504
    const { decision, why } = decide("buy", 1, 107_500);
    expect([decision, why?.formula, why?.acceptable]).toEqual(["dailyLossLimit", "dailyLoss", 0]);
    const equity = 9_496n * USD_1;
    expect(why && figures(why)).toEqual({ baseline: 10_000n * USD_1, paid: 0n, equity });
    expect(decide("sell", 20).decision).toEqual(LET);
    begin(9_496n * USD_1, 20_001);
    expect(decide("buy", 1, 107_500).decision).toEqual(LET);
  });

  test("in per mille of the same; what is paid in is no profit", () => {
    guard({ dailyLossPerMille: 50 });
    begin(9_000n * USD_1, 20_000);
    const deposit = { account: trader, currency: "USD", amount: money(1_000n * USD_1), reference: "" };
    venue.record(0, { kind: "deposit", time: venue.now(), ...deposit });
    // (9,000 + 1,000) × 50 ‰ = 500; the equity is 11,000
    expect(decide("buy", 1).decision).toEqual(LET);
    venue.place(trader, EURUSD, { side: "buy", lots: 20 });
    venue.place(maker, EURUSD, { side: "sell", lots: 1_000, ticks: 100_020 });
    quote(100_010);
    // 20 × 1,000 × (1.10010 − 1.00000) = 2,002: the equity is 8,998, the loss 1,002.
    const { why } = decide("buy", 1, 100_010);
    expect(why?.limit?.value).toBe(500n * USD_1);
    expect(why && figures(why).equity).toBe(8_998n * USD_1);
    const profitOf = (day: number) => machine.guardian.dayProfit(trader, tradingDayBegins(day));
    expect(profitOf(20_000)).toBe(-1_002n * USD_1);
    expect(profitOf(20_001)).toBeUndefined();
  });
});

test("6. margin: equity less margin used less margin needed", () => {
  // 10,000 × 30 ÷ 1,100 = 272.7… lots
  expect(decide("buy", 272).decision).toEqual({ reserved: 997_333_333_334n });
  const { decision, why } = decide("buy", 300);
  expect([decision, why?.formula, why?.acceptable]).toEqual(["marginInsufficient", "margin", 272]);
  expect(why && figures(why)).toEqual({
    equity: 10_000n * USD_1,
    marginUsed: 0n,
    needed: 11_000n * USD_1,
  });
  expect(formulaText("margin")).toBe("equity − marginUsed − needed − fee ≥ 0");
});

describe("a mark", () => {
  const age = 1_000 as Milliseconds;

  test("that is older than its market lets it be is replaced by the other side", () => {
    machine.guardian.limitMarkAge(EURUSD.number, age);
    venue.wait(1_000);
    venue.place(maker, EURUSD, { side: "sell", lots: 1, ticks: 120_000 });
    expect(decide("buy", 1).decision).toEqual(LET);
    venue.wait(1_000);
    const { decision, why } = decide("buy", 1);
    expect([decision, why?.formula, why?.limit?.value]).toEqual(["markStale", "markAge", 1_000n]);
    expect(decide("buy", 1, 110_000, USDJPY.number).decision).toBe("markMissing");
  });

  test("counts at any age where somebody closes, or where no limit is set", () => {
    venue.place(trader, EURUSD, { side: "buy", lots: 5 });
    machine.guardian.limitMarkAge(EURUSD.number, age);
    venue.wait(2_000);
    expect(decide("sell", 5).decision).toEqual(LET);
    expect(decide("buy", 1).decision).toBe("markStale");
    machine.guardian.limitMarkAge(EURUSD.number, 0 as Milliseconds);
    expect(decide("buy", 1).decision).toEqual(LET);
  });
});

test("the first check that fails names the refusal, whatever fails after it", () => {
  venue.place(trader, EURUSD, { side: "buy", lots: 200 });
  venue.place(maker, EURUSD, { side: "sell", lots: 1_000, ticks: 105_010 });
  quote(105_000);
  // 200 lots at 1.10010 and 1.04990: 10,040 lost of 10,000, so that margin fails from here on.
  const failing: readonly [Partial<Guard>, string][] = [
    [{}, "marginInsufficient"],
    [{ dailyLossMaximum: money(1n) }, "dailyLossLimit"],
    [{ leverageMaximum: 1 }, "leverageLimit"],
    [{ notionalMaximum: money(1n) }, "notionalLimit"],
    [{ positionMaximums: [{ market: EURUSD.number, lots: lots(1) }] }, "positionLimit"],
    [{ dailyOrdersMaximum: 1 }, "dailyOrdersLimit"],
    [{ access: "closeOnly" }, "positionWouldIncrease"],
    [{ access: "noTrading" }, "accessForbidden"],
  ];
  let all: Partial<Guard> = {};
  for (const [more, rejection] of failing) {
    all = { ...all, ...more };
    guard(all);
    expect(decide("buy", 1, 105_000).decision).toBe(rejection);
  }
});
