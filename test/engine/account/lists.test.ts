/** Lists of orders: what they are counted at, and how a shard follows them through a market's events. */
import { beforeEach, describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import { asksTheSame, asksTheSameLeg } from "../../../engine/account/order/repeat.ts";
import type { ListRequest } from "../../../engine/account/order/request.ts";
import type { RemovalCause } from "../../../engine/market/event.ts";
import type { MarketEvent } from "../../../engine/market/market-event.ts";
import type { Lots, Side, Ticks } from "../../../engine/units.ts";
import { type Leg, ScriptedMarket, TRADER } from "./scripted-market.ts";
import { EURUSD, SHARE, USD_1 } from "./venue.ts";

let market: ScriptedMarket;

const buy = (lots: number, ticks: number) => ({ side: "buy" as const, lots, ticks });
const sell = (lots: number, ticks: number) => ({ side: "sell" as const, lots, ticks });
const open = (currency: string) => market.reserved(currency);
const stop = (leg: Leg): Leg => ({
  ...leg,
  terms: { trigger: { kind: "stop", source: "last", stopTicks: 4_000 as Ticks } },
});
const cents = (amount: number) => (BigInt(amount) * USD_1) / 100n;

/** Decides, holds and hears of a list; each leg is accepted as asked. */
function place(request: ListRequest, further: readonly MarketEvent[] = []) {
  const { desk } = market.machine;
  const decision = desk.decideList(request);
  if (typeof decision === "string") return decision;
  const from = market.from();
  desk.holdList(from.number, request);
  market.machine.check();
  const accepted: MarketEvent[] = request.legs.map(({ side, lots, ticks }, index) => ({
    event: "accepted",
    ...market.of(index + 1, side, lots, ticks),
  }));
  const legs = request.legs.map((leg, index) => ({
    ...leg,
    reserved: decision.reserved[index] ?? (0n as never),
  }));
  const { contingency } = request;
  return market.hear({ kind: "list", ...from, contingency, legs }, [...accepted, ...further]);
}

function parked(count: number, side: Side, lots: number, ticks: number): MarketEvent {
  return { event: "parked", ...market.of(count, side, lots, ticks), reason: "entry" };
}

function removed(count: number, side: Side, lots: number, cause: RemovalCause): MarketEvent {
  return { event: "removed", ...market.of(count, side, lots, 0), cause };
}

function tick(...events: readonly MarketEvent[]) {
  return market.hear({ kind: "clock", time: 9 as never }, events);
}

function amended(count: number, side: Side, left: number, total: number, ticks: number): MarketEvent {
  const old = { oldTicks: ticks as Ticks, oldLots: 0 as Lots, totalLots: total as Lots };
  return { event: "amended", ...market.of(count, side, left, ticks), ...old };
}

describe("spot lists", () => {
  beforeEach(() => {
    market = new ScriptedMarket(SHARE, { USD: 1_000n * USD_1, ACME: 10n * USD_1 });
    market.quote(4_990, 5_010);
  });

  test("one-cancels-other counts the largest of its legs of each side", () => {
    place(market.list("OCO", sell(8, 6_000), stop(sell(10, 3_000)), buy(5, 4_000), stop(buy(2, 9_000))), [
      { event: "armed", ...market.of(2, "sell", 10, 4_000) },
      { event: "armed", ...market.of(4, "buy", 2, 9_000) },
    ]);
    expect(open("ACME")).toBe(10n * USD_1);
    expect(open("USD")).toBe(cents(20_000));
    tick(market.filled(1, "sell", 8, 6_000, 0), removed(2, "sell", 10, "contingency"));
    expect(market.order(2)).toMatchObject({ status: "cancelled", removal: "contingency" });
    expect(open("ACME")).toBe(0n);
    tick(removed(4, "buy", 2, "contingency"));
    expect(open("USD")).toBe(cents(20_000));
  });

  test("one-updates-other costs the dearest lots of as many as its largest leg has", () => {
    const decide = (request: ListRequest) => market.machine.desk.decideList(request);
    place(market.list("OUO", buy(10, 5_000), buy(4, 9_000)));
    // 4 at 90.00 and 6 at 50.00.
    expect(open("USD")).toBe(660n * USD_1);
    expect(decide(market.list("OUO", buy(4, 5_000), buy(2, 12_000)))).toMatchObject({
      reserved: [200n * USD_1, 240n * USD_1],
    });
    expect(decide(market.list("OUO", buy(4, 5_000), buy(2, 12_001)))).toBe("balanceInsufficient");
  });

  test("more than there is of either side is refused", () => {
    const decide = (request: ListRequest) => market.machine.desk.decideList(request);
    expect(decide(market.list("OCO", sell(11, 6_000), stop(sell(1, 4_000))))).toBe("balanceInsufficient");
    expect(decide(market.list("OCO", sell(10, 6_000), buy(21, 5_000)))).toBe("balanceInsufficient");
    expect(decide(market.list("OCO", sell(10, 6_000), buy(20, 5_000)))).toMatchObject({
      reserved: [10n * USD_1, 1_000n * USD_1],
    });
  });

  test("exits of a bracket count nothing until they are in the market, then once", () => {
    const request = market.list("bracket", buy(20, 4_000), sell(20, 5_000), stop(sell(20, 3_000)));
    place(request, [parked(2, "sell", 20, 5_000), parked(3, "sell", 20, 3_000)]);
    expect(market.order(2)).toMatchObject({ awaits: "entry", list: { leg: 1, covered: true } });
    expect([open("USD"), open("ACME")]).toEqual([800n * USD_1, 0n]);
    // The entry fills in part: each exit comes alive at that size.
    tick(
      market.filled(1, "buy", 5, 4_000, 15),
      ...[amended(2, "sell", 5, 5, 5_000), { event: "rested", ...market.of(2, "sell", 5, 5_000) } as const],
      ...[amended(3, "sell", 5, 5, 3_000), { event: "armed", ...market.of(3, "sell", 5, 4_000) } as const],
    );
    expect([market.order(2)?.awaits, market.order(3)?.awaits]).toEqual([undefined, "trigger"]);
    expect([open("USD"), open("ACME")]).toEqual([600n * USD_1, 5n * USD_1]);
    // One exit trades, the other becomes as much smaller.
    tick(market.filled(2, "sell", 2, 5_000, 3), amended(3, "sell", 3, 3, 3_000));
    expect(open("ACME")).toBe(3n * USD_1);
    // It trades all that it was given, and waits for what the entry may still trade; so does the other.
    tick(
      ...[market.filled(2, "sell", 3, 5_000, 0), parked(2, "sell", 0, 5_000)],
      ...[amended(3, "sell", 0, 0, 3_000), parked(3, "sell", 0, 3_000)],
    );
    expect(market.order(2)).toMatchObject({ status: "partiallyFilled", filledLots: 5, awaits: "entry" });
    expect(open("ACME")).toBe(0n);
    tick(
      removed(1, "buy", 15, "expiry"),
      removed(2, "sell", 0, "contingency"),
      removed(3, "sell", 0, "contingency"),
    );
    expect([market.order(2)?.status, market.order(3)?.status]).toEqual(["filled", "cancelled"]);
  });

  test("a pending order that could do more than undo its entry counts from the start", () => {
    const decide = (...legs: Parameters<ScriptedMarket["leg"]>[0][]) =>
      market.machine.desk.decideList(market.list("OTO", ...legs));
    expect(decide(buy(20, 4_000), sell(15, 5_000), sell(5, 5_500))).toMatchObject({
      reserved: [800n * USD_1, 15n * USD_1, 5n * USD_1],
    });
    expect(decide(buy(20, 4_000), sell(15, 5_000), sell(6, 5_500))).toBe("balanceInsufficient");
    expect(decide(buy(20, 4_000), buy(5, 4_000))).toMatchObject({ reserved: [800n * USD_1, 200n * USD_1] });
    expect(decide(buy(20, 4_000), buy(6, 4_000))).toBe("balanceInsufficient");
  });

  test("a snapshot in the middle counts and links as before", () => {
    place(market.list("OCO", sell(5, 6_000), sell(4, 7_000)));
    const { machine } = market;
    const restored = AccountMachine.restore(0, 2, [SHARE], machine.snapshot());
    expect(restored.hash()).toBe(machine.hash());
    expect(restored.order(market.id(1))).toEqual(machine.order(market.id(1)));
    expect(restored.money.balances(TRADER)).toEqual(machine.money.balances(TRADER));
  });
});

describe("lists on margin", () => {
  beforeEach(() => {
    market = new ScriptedMarket(EURUSD, { USD: 1_000n * USD_1 });
    market.quote(109_990, 110_010);
  });

  // 1,000 × 30 ÷ 1,100 = 27.27… lots.
  test.each([
    ["OCO", [buy(27, 100_000), stop(buy(27, 99_000))], true],
    ["OCO", [buy(27, 100_000), buy(27, 99_000)], true],
    ["OCO", [buy(28, 100_000), stop(buy(1, 99_000))], false],
    ["OCO", [buy(27, 100_000), sell(27, 120_000)], true],
    ["OCO", [buy(28, 100_000), buy(1, 99_000)], false],
    ["OUO", [buy(20, 100_000), stop(buy(27, 99_000))], true],
    ["bracket", [buy(27, 100_000), sell(27, 120_000), stop(sell(27, 90_000))], true],
    ["OTO", [buy(14, 100_000), buy(14, 99_000)], false],
    ["OTO", [buy(13, 100_000), sell(40, 120_000)], false],
    ["OTOCO", [buy(27, 100_000), sell(28, 120_000), sell(1, 90_000)], false],
  ] as const)("%s of %j: %s", (contingency, legs, taken) => {
    const decision = market.machine.desk.decideList(market.list(contingency, ...legs));
    expect(typeof decision === "string" ? decision : "taken").toBe(taken ? "taken" : "marginInsufficient");
  });

  test("an answer names each leg, and a repeat of the list is known by each", () => {
    const request = market.list("OCO", buy(5, 100_000), sell(5, 120_000));
    const answer = place(request);
    expect(answer).toMatchObject({ kind: "list", order: { side: "buy" }, rejection: undefined });
    const orders = typeof answer === "object" ? answer.orders : [];
    expect(orders.map(({ clientOrderId }) => clientOrderId)).toEqual(["c1", "c2"]);
    const [first, second] = orders;
    expect(first && asksTheSameLeg(request, 0, first)).toBe(true);
    expect(second && asksTheSameLeg(request, 0, second)).toBe(false);
    expect(second && asksTheSameLeg({ ...request, contingency: "OUO" }, 1, second)).toBe(false);
    const [leg] = request.legs;
    expect(first && leg && asksTheSame({ ...request, ...leg }, first)).toBe(false);
  });

  test("a refused list leaves a refused order for each leg, also for those that no event names", () => {
    const request = market.list("OCO", buy(5, 100_000), sell(5, 120_000), buy(5, 99_000));
    const legs = request.legs.map(leg => ({ ...leg, reserved: 0n as never }));
    const from = market.from();
    market.machine.desk.holdList(from.number, request);
    const refusal = {
      event: "rejected",
      ...market.of(1, "buy", 5, 100_000),
      rejection: "phaseForbids",
    } as const;
    const answer = market.hear({ kind: "list", ...from, contingency: "OCO", legs }, [refusal]);
    expect(answer).toMatchObject({ rejection: "phaseForbids", order: { status: "rejected" } });
    expect(answer?.orders.map(order => [order.id, order.status, order.rejection])).toEqual(
      [1, 2, 3].map(count => [market.id(count), "rejected", "phaseForbids"]),
    );
    expect(market.machine.summary(TRADER).marginUsed).toBe(0n);
  });

  test("only closing lets a list close, and none that has an entry", () => {
    market.hear({ kind: "phase", time: 3 as never, phase: "close-only", reason: "" }, []);
    const decide = (request: ListRequest) => market.machine.desk.decideList(request);
    expect(decide(market.list("OCO", sell(5, 120_000), sell(5, 90_000)))).toBe("positionWouldIncrease");
    expect(decide(market.list("OTO", sell(5, 120_000), buy(5, 90_000)))).toBe("positionWouldIncrease");
  });
});
