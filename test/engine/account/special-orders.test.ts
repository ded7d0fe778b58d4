/** Orders that wait, that a call collects, that may only close: as their shard sees and counts them. */
import { beforeEach, describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import { asksTheSame } from "../../../engine/account/order/repeat.ts";
import type { OrderTerms } from "../../../engine/market/terms.ts";
import { type AccountId, type Lots, money, type Ticks } from "../../../engine/units.ts";
import { type Asking, accountsOf, EURUSD, SHARE, USD_1, Venue } from "./venue.ts";

const [maker = 1 as AccountId] = accountsOf(0, 2, 1);
const [trader = 2 as AccountId] = accountsOf(1, 2, 1);
let venue: Venue;
let machine: AccountMachine;

beforeEach(() => {
  venue = new Venue([EURUSD, SHARE], 2);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: 10_000n * USD_1 });
  const shares = { account: maker, currency: "ACME", amount: money(1_000n * USD_1), reference: "" };
  venue.record(venue.machineOf(maker).shard, { kind: "deposit", time: venue.now(), ...shares });
  machine = venue.machineOf(trader);
  for (const [instrument, middle] of [
    [SHARE, 5_000],
    [EURUSD, 110_000],
  ] as const) {
    venue.place(maker, instrument, { side: "buy", lots: 20, ticks: middle - 10 });
    venue.place(maker, instrument, { side: "sell", lots: 20, ticks: middle + 10 });
  }
});

function stopOf(stopTicks: number, kind: "stop" | "takeProfit" = "stop"): { terms: OrderTerms } {
  return { terms: { trigger: { kind, source: "last", stopTicks: stopTicks as Ticks } } };
}

const market = { type: "market", timeInForce: "GTC", ticks: 0 } as const;
const state = (id: { readonly id: number }) => machine.order(id.id as never);
const reserved = (currency: string) =>
  machine.money.balances(trader).find(balance => balance.currency === currency)?.locked ?? 0n;
const decide = (side: "buy" | "sell", lots: number, asking: Partial<Asking> = {}, instrument = EURUSD) =>
  machine.decide(
    venue.request(trader, instrument.number, { side, lots, ticks: 110_000, ...asking } as Asking),
  );

describe("an order that waits", () => {
  test("is open, awaits its trigger, and is counted as any other", () => {
    const order = venue.place(trader, EURUSD, { ...market, lots: 5, ...stopOf(110_100) });
    expect(order).toMatchObject({ status: "open", awaits: "trigger", ...stopOf(110_100) });
    expect(machine.summary(trader).marginUsed).toBe(18_333_333_334n);
    venue.checkMarkets();
  });

  test("is released by somebody else's trade, and fills in that record", () => {
    const order = venue.place(trader, EURUSD, { ...market, lots: 5, ...stopOf(110_010) });
    venue.place(maker, EURUSD, { side: "buy", lots: 1, ticks: 110_010 });
    expect(state(order)).toMatchObject({ status: "filled", filledLots: 5 });
    expect(state(order)?.awaits).toBeUndefined();
    expect(machine.positions(trader)).toMatchObject([{ lots: 5 }]);
    venue.check();
    venue.checkMarkets();
  });

  test("does not answer for the order that released it", () => {
    venue.place(trader, EURUSD, { ...market, side: "sell", lots: 5, ...stopOf(110_010) });
    const releasing = venue.place(trader, EURUSD, { lots: 2, ticks: 110_010 });
    expect(releasing).toMatchObject({ side: "buy", lots: 2, status: "filled" });
  });

  test("keeps its stop price as amended and as first asked", () => {
    const request = venue.request(trader, EURUSD.number, { ...market, lots: 5, ...stopOf(110_100) });
    venue.send(request);
    const order = venue.deliverAll()?.order;
    expect(order && venue.amend(order, 4, 0, { stopTicks: 110_200 as Ticks })).toMatchObject({
      order: { lots: 4, awaits: "trigger", ...stopOf(110_200) },
    });
    expect(order && asksTheSame(request, order)).toBe(true);
    expect(order && asksTheSame({ ...request, ...stopOf(110_200) }, order)).toBe(false);
    const { terms: _left, ...plain } = request;
    expect(order && asksTheSame(plain, order)).toBe(false);
    const restored = AccountMachine.restore(machine.shard, 2, venue.instruments, machine.snapshot());
    expect(order && restored.order(order.id)).toEqual(order);
    expect(restored.hash()).toBe(machine.hash());
    venue.checkMarkets();
  });
});

describe("a spot buy without a limit is counted", () => {
  test.each([
    ["at a stop above the ask plus 5 %", 6_000, 6_300n],
    ["at the ask plus 5 % where its stop is below", 100, 5_261n],
  ])("%s", (_name, stopTicks, counted) => {
    // 5,010 × 1.05 = 5,260.5, up to the next cent.
    expect(decide("buy", 1, { ...market, ...stopOf(stopTicks) }, SHARE)).toEqual({
      reserved: (counted * USD_1) / 100n,
    });
  });

  test("until it fills or is cancelled, and never lower after an amend", () => {
    const order = venue.place(trader, SHARE, { ...market, lots: 10, ...stopOf(6_000) });
    expect(reserved("USD")).toBe(630n * USD_1);
    venue.amend(order, 0, 0, { stopTicks: 7_000 as Ticks });
    expect(reserved("USD")).toBe(735n * USD_1);
    venue.amend(order, 5, 0, { stopTicks: 5_500 as Ticks });
    expect(reserved("USD")).toBe((735n * USD_1) / 2n);
    const restored = AccountMachine.restore(machine.shard, 2, venue.instruments, machine.snapshot());
    expect(restored.money.balances(trader)).toEqual(machine.money.balances(trader));
    restored.check();
    venue.cancel(order);
    expect(reserved("USD")).toBe(0n);
    venue.check();
  });

  test("while a call has collected it", () => {
    venue.phase(SHARE, "opening-auction");
    const order = venue.place(trader, SHARE, { lots: 10 });
    expect(order).toMatchObject({ status: "open", ticks: 0, countedTicks: 5_261 });
    expect(reserved("USD")).toBe((52_610n * USD_1) / 100n);
    venue.phase(SHARE, "continuous");
    expect(state(order)).toMatchObject({ status: "filled" });
    expect(reserved("USD")).toBe(0n);
    venue.check();
  });
});

describe("phases", () => {
  test("an uncrossing settles both sides, and what is left of a market order expires", () => {
    venue.phase(EURUSD, "opening-auction");
    expect(machine.phase(EURUSD.number)).toBe("opening-auction");
    const selling = venue.place(trader, EURUSD, { side: "sell", lots: 30 });
    const buying = venue.place(maker, EURUSD, { lots: 5, ticks: 110_005 });
    expect(selling.status).toBe("open");
    venue.phase(EURUSD, "continuous");
    expect(state(selling)).toMatchObject({ status: "expired", filledLots: 25 });
    expect(venue.machineOf(maker).order(buying.id)).toBeUndefined();
    expect(machine.positions(trader)).toMatchObject([{ lots: -25 }]);
    expect(venue.machineOf(maker).positions(maker)).toMatchObject([{ lots: 25 }]);
    venue.check();
    venue.checkMarkets();
  });

  test("what self-trade prevention took off one order is not taken off the next", () => {
    const selfTrade = { mode: "decrement", group: 1 } as const;
    venue.place(maker, EURUSD, { lots: 1, ticks: 110_010, terms: { displayLots: 1 as Lots, selfTrade } });
    venue.phase(EURUSD, "closing-price-cross");
    venue.place(maker, EURUSD, { lots: 1, ticks: 110_000 });
    venue.checkMarkets();
  });

  test("marks stand still while nothing matches", () => {
    const mark = machine.mark(EURUSD.number);
    venue.phase(EURUSD, "opening-auction");
    venue.place(maker, EURUSD, { side: "sell", lots: 1, ticks: 50_000 });
    expect(machine.mark(EURUSD.number)).toEqual(mark);
    venue.phase(EURUSD, "continuous");
    expect(machine.mark(EURUSD.number)).toEqual(mark);
    venue.place(maker, EURUSD, { side: "buy", lots: 1, ticks: 110_000 });
    expect(machine.mark(EURUSD.number)).toMatchObject({ bid: 110_000 });
  });

  test("an order that rests beside others shows its terms", () => {
    const terms = { displayLots: 2 as Lots };
    const order = venue.place(trader, EURUSD, { lots: 10, ticks: 110_000, terms });
    venue.place(maker, EURUSD, { side: "sell", lots: 5, ticks: 110_000 });
    expect(state(order)).toMatchObject({ status: "partiallyFilled", filledLots: 5, terms });
    venue.check();
    venue.checkMarkets();
  });
});

describe("while a market may only be closed", () => {
  beforeEach(() => {
    venue.place(trader, EURUSD, { lots: 10, ticks: 110_010 });
    venue.phase(EURUSD, "close-only");
  });

  test("nothing may add to a position, or turn it over", () => {
    expect(decide("buy", 1)).toBe("positionWouldIncrease");
    expect(decide("sell", 11)).toBe("positionWouldIncrease");
    expect(decide("sell", 10)).toEqual({ reserved: 0n });
  });

  test("all open orders of the closing side together close at most the position", () => {
    const order = venue.place(trader, EURUSD, { side: "sell", lots: 6, ticks: 120_000 });
    expect(decide("sell", 4)).toEqual({ reserved: 0n });
    expect(decide("sell", 5)).toBe("positionWouldIncrease");
    expect(machine.decideAmend(order, 11 as Lots, 0 as Ticks)).toBe("positionWouldIncrease");
    expect(machine.decideAmend(order, 10 as Lots, 115_000 as Ticks)).toEqual({ reserved: 0n });
    venue.send(venue.request(trader, EURUSD.number, { side: "sell", lots: 4, ticks: 120_000 }));
    expect(decide("sell", 1)).toBe("positionWouldIncrease");
  });

  test("an order that would open may still get smaller", () => {
    venue.phase(EURUSD, "continuous");
    const order = venue.place(trader, EURUSD, { lots: 10, ticks: 100_000 });
    venue.phase(EURUSD, "close-only");
    expect(machine.decideAmend(order, 5 as Lots, 0 as Ticks)).toEqual({ reserved: 0n });
    expect(machine.decideAmend(order, 5 as Lots, 101_000 as Ticks)).toBe("positionWouldIncrease");
  });

  test("assets may be sold and not bought", () => {
    venue.place(trader, SHARE, { lots: 5, ticks: 5_010 });
    venue.phase(SHARE, "close-only");
    expect(decide("buy", 1, { ticks: 5_000 }, SHARE)).toBe("positionWouldIncrease");
    expect(decide("sell", 5, { ticks: 5_000 }, SHARE)).toEqual({ reserved: 5n * USD_1 });
    expect(decide("sell", 6, { ticks: 5_000 }, SHARE)).toBe("balanceInsufficient");
  });
});
