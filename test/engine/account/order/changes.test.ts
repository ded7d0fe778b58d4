/** Amends and replaces on their way: what they hold by themselves, together, and until they are heard of. */
import { beforeEach, describe, expect, test } from "vitest";
import type { MarketEvent } from "../../../../engine/market/market-event.ts";
import type { Rejection } from "../../../../engine/rejection.ts";
import type { Lots, Money, Ticks } from "../../../../engine/units.ts";
import { bodyOf, type Leg, ScriptedMarket } from "../scripted-market.ts";
import { EURUSD, SHARE, USD_1 } from "../venue.ts";

let market: ScriptedMarket;

beforeEach(() => {
  market = new ScriptedMarket(SHARE, { USD: 1_000n * USD_1, ACME: 10n * USD_1 });
  market.quote(4_990, 5_010);
});

const buy = (lots: number, ticks: number): Leg => ({ side: "buy", lots, ticks });
const sell = (lots: number, ticks: number): Leg => ({ side: "sell", lots, ticks });

const place = (...asked: Parameters<ScriptedMarket["place"]>) => market.place(...asked);
const tick = (...events: readonly MarketEvent[]) => market.hear({ kind: "clock", time: 9 as never }, events);

describe("a replace", () => {
  const replace = (leg: Leg, onFailure: "stop" | "allow" = "stop") => {
    const order = market.order(1);
    if (order === undefined) throw new Error("the first order is open");
    return { order, onFailure, request: market.request(leg) };
  };
  const decide = (...asked: Parameters<typeof replace>) =>
    market.machine.desk.decideReplace(replace(...asked));

  beforeEach(() => {
    place(buy(20, 4_000));
  });

  test.each([
    [buy(25, 4_000), "stop", undefined],
    [buy(26, 4_000), "stop", "balanceInsufficient"],
    [buy(20, 5_001), "stop", "balanceInsufficient"],
    [buy(5, 4_000), "allow", undefined],
    [buy(6, 4_000), "allow", "balanceInsufficient"],
    [sell(10, 6_000), "stop", undefined],
    [sell(11, 6_000), "stop", "balanceInsufficient"],
  ] as const)(
    "by %j (%s) holds the larger of both orders, or both where both may be: %s",
    (leg, onFailure, rejection) => {
      const decision = decide(leg, onFailure);
      expect(typeof decision === "string" ? decision : undefined).toBe(rejection);
    },
  );

  test("holds until its record, which names both orders", () => {
    const asked = replace(buy(5, 4_000));
    const decision = market.machine.desk.decideReplace(asked);
    expect(decision).toEqual({ reserved: 200n * USD_1 });
    expect(market.machine.desk.decideReplace(replace(buy(25, 4_000)))).toEqual({ reserved: 1_000n * USD_1 });
    const from = market.from();
    market.machine.desk.holdReplace(from.number, asked);
    expect(market.reserved("USD")).toBe(800n * USD_1);
    const order = bodyOf(asked.request, (200n * USD_1) as Money);
    const command = { kind: "replace", ...from, orderId: market.id(1), onFailure: "stop", order } as const;
    const answer = market.hear(command, [
      { event: "removed", ...market.of(1, "buy", 20, 4_000), cause: "replaced" },
      { event: "accepted", ...market.of(2, "buy", 5, 4_000) },
    ]);
    expect(answer?.order?.id).toBe(market.id(2));
    expect(answer?.orders.map(({ status, removal }) => [status, removal])).toEqual([
      ["cancelled", "replaced"],
      ["open", undefined],
    ]);
    expect(market.reserved("USD")).toBe(200n * USD_1);
  });

  test.each<[string, number, Rejection, string | undefined]>([
    ["the old order cannot be cancelled", 1, "orderUnknown", undefined],
    ["the new one is refused", 2, "phaseForbids", "rejected"],
  ])("where %s leaves the old one as it is", (_why, refused, rejection, status) => {
    const asked = replace(buy(25, 4_000));
    const from = market.from();
    market.machine.desk.holdReplace(from.number, asked);
    const order = bodyOf(asked.request, 0n as Money);
    const answer = market.hear(
      { kind: "replace", ...from, orderId: market.id(1), onFailure: "stop", order },
      [{ event: "rejected", ...market.of(refused, "buy", 25, 4_000), rejection }],
    );
    expect(answer?.rejection).toBe(rejection);
    expect(market.order(1)?.status).toBe("open");
    expect(market.order(2)?.status).toBe(status);
    expect(market.reserved("USD")).toBe(800n * USD_1);
  });
});

describe("several commands on their way to one order", () => {
  const change = (lots: number, ticks: number) => ({ lots: lots as Lots, ticks: ticks as Ticks });
  const desk = () => market.machine.desk;

  function first() {
    const order = market.order(1);
    if (order === undefined) throw new Error("the first order is open");
    return order;
  }

  /** Decides and holds; what the market is told. */
  function amend(lots: number, ticks: number) {
    const asked = { order: first(), ...change(lots, ticks) };
    expect(desk().decideAmend(asked)).toMatchObject({ reserved: expect.any(BigInt) });
    const from = market.from();
    desk().holdAmend(from.number, asked);
    market.machine.check();
    const reserved = 0n as Money;
    return { kind: "amend", ...from, orderId: market.id(1), ...change(lots, ticks), reserved } as const;
  }

  const amended = (lots: number, ticks: number, before: { lots: number; ticks: number }): MarketEvent => ({
    ...{ event: "amended", ...market.of(1, "buy", lots, ticks), totalLots: lots as Lots },
    ...{ oldTicks: before.ticks as Ticks, oldLots: before.lots as Lots },
  });
  const refused = (lots: number, ticks: number): MarketEvent => ({
    ...{ event: "rejected", ...market.of(1, "buy", lots, ticks), rejection: "phaseForbids" },
  });

  beforeEach(() => {
    place(buy(10, 5_000));
  });

  test("hold the largest size at the dearest price, until each is heard of", () => {
    const larger = amend(15, 0);
    expect(market.reserved("USD")).toBe(750n * USD_1);
    const dearer = amend(0, 6_000);
    expect(market.reserved("USD")).toBe(900n * USD_1);
    expect(desk().decideAmend({ order: first(), ...change(17, 0) })).toBe("balanceInsufficient");
    market.hear(larger, [amended(15, 5_000, { lots: 10, ticks: 5_000 })]);
    expect(market.reserved("USD")).toBe(900n * USD_1);
    market.hear(dearer, [refused(0, 6_000)]);
    expect(market.reserved("USD")).toBe(750n * USD_1);
  });

  test("hold what one adds to the size that others have brought it to", () => {
    const larger = amend(12, 0);
    const dearer = amend(0, 6_000);
    market.hear(larger, [refused(12, 0)]);
    expect(market.reserved("USD")).toBe(600n * USD_1);
    tick(amended(4, 5_000, { lots: 10, ticks: 5_000 }));
    expect(market.reserved("USD")).toBe(240n * USD_1);
    market.hear(dearer, [amended(4, 6_000, { lots: 4, ticks: 5_000 })]);
    expect(market.reserved("USD")).toBe(240n * USD_1);
  });

  test("hold nothing once the order has closed", () => {
    amend(15, 6_000);
    expect(market.reserved("USD")).toBe(900n * USD_1);
    tick({ event: "removed", ...market.of(1, "buy", 10, 5_000), cause: "endOfDay" });
    expect(market.reserved("USD")).toBe(0n);
    market.machine.dropHolds();
    market.machine.check();
  });

  test("a replace holds what it needs beyond a smaller old order, and nothing once that has traded", () => {
    const smaller = amend(5, 0);
    const asked = { order: first(), onFailure: "stop", request: market.request(buy(20, 5_000)) } as const;
    expect(desk().decideReplace(asked)).toMatchObject({ reserved: 1_000n * USD_1 });
    desk().holdReplace(market.from().number, asked);
    market.hear(smaller, [amended(5, 5_000, { lots: 10, ticks: 5_000 })]);
    expect(market.reserved("USD")).toBe(1_000n * USD_1);
    tick(market.filled(1, "buy", 1, 5_000, 4));
    expect(market.reserved("USD")).toBe(200n * USD_1);
  });
});

test("on margin a replace holds the larger of both orders", () => {
  market = new ScriptedMarket(EURUSD, { USD: 1_000n * USD_1 });
  market.quote(109_990, 110_010);
  place(buy(20, 100_000));
  const order = market.order(1);
  const decide = (leg: Leg) =>
    order && market.machine.desk.decideReplace({ order, onFailure: "stop", request: market.request(leg) });
  // 1,000 × 30 ÷ 1,100 = 27.27… lots.
  expect(decide(buy(27, 100_000))).toMatchObject({ reserved: expect.any(BigInt) });
  expect(decide(buy(28, 100_000))).toBe("marginInsufficient");
});
