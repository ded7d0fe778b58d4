/** Mass quotes, orders of every term: what each is counted at, and what its record changes. */
import { beforeEach, describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import type { QuotesRequest } from "../../../engine/account/order/request.ts";
import type { Quote } from "../../../engine/market/command.ts";
import type { RemovalCause } from "../../../engine/market/event.ts";
import type { MarketEvent } from "../../../engine/market/market-event.ts";
import type { Lots, Money, Ticks } from "../../../engine/units.ts";
import { type Leg, ScriptedMarket, TRADER } from "./scripted-market.ts";
import { EURUSD, SHARE, USD_1 } from "./venue.ts";

let market: ScriptedMarket;

beforeEach(() => {
  market = new ScriptedMarket(SHARE, { USD: 1_000n * USD_1, ACME: 10n * USD_1 });
  market.quote(4_990, 5_010);
});

const cents = (amount: number) => (BigInt(amount) * USD_1) / 100n;
const buy = (lots: number, ticks: number, terms?: Leg["terms"]): Leg =>
  terms === undefined ? { side: "buy", lots, ticks } : { side: "buy", lots, ticks, terms };
const sell = (lots: number, ticks: number): Leg => ({ side: "sell", lots, ticks });

const place = (...asked: Parameters<ScriptedMarket["place"]>) => market.place(...asked);
const tick = (...events: readonly MarketEvent[]) => market.hear({ kind: "clock", time: 9 as never }, events);

describe("a mass quote", () => {
  const quote = (side: Quote["side"], lots: number, ticks: number): Quote => ({
    ...{ side, lots: lots as Lots, ticks: ticks as Ticks },
  });
  const request = (name: string, ...quotes: Quote[]): QuotesRequest => ({
    ...{ account: TRADER, market: SHARE.number, liquidity: false, reference: 0 },
    ...{ clientOrderId: name, postOnly: false, quotes },
  });

  function send(asked: QuotesRequest, events: readonly MarketEvent[]) {
    const decision = market.machine.desk.decideQuotes(asked);
    if (typeof decision === "string") return decision;
    const from = market.from();
    market.machine.desk.holdQuotes(from.number, asked);
    market.machine.check();
    const { quotes, clientOrderId, postOnly } = asked;
    const { reserved } = decision;
    return market.hear({ kind: "massQuote", ...from, quotes, clientOrderId, postOnly, reserved }, events);
  }

  beforeEach(() => {
    const first = request("q", quote("buy", 10, 4_000), quote("sell", 5, 6_000), quote("buy", 10, 4_000));
    send(first, [
      { event: "accepted", ...market.of(1, "buy", 10, 4_000) },
      { event: "accepted", ...market.of(2, "sell", 5, 6_000) },
      { event: "rejected", ...market.of(3, "buy", 10, 4_000), rejection: "bookFull" },
    ]);
  });

  test("makes an order of each level, named by its place", () => {
    expect([1, 2, 3].map(count => market.order(count)?.clientOrderId)).toEqual(["q-1", "q-2", "q-3"]);
    expect([1, 2, 3].map(count => market.order(count)?.status)).toEqual(["open", "open", "rejected"]);
    expect(market.order(1)?.quoted).toBe(true);
    expect([market.reserved("USD"), market.reserved("ACME")]).toEqual([400n * USD_1, 5n * USD_1]);
  });

  test("is decided as if the one before stood on, and answers with all that it changed", () => {
    const decide = (...quotes: Quote[]) => market.machine.desk.decideQuotes(request("r", ...quotes));
    expect(decide(quote("buy", 12, 5_000), quote("sell", 5, 6_000))).toEqual({
      reserved: 600n * USD_1 + 5n * USD_1,
    });
    expect(decide(quote("buy", 13, 5_000))).toBe("balanceInsufficient");
    expect(decide(quote("sell", 6, 6_000))).toBe("balanceInsufficient");
    const answer = send(request("r", quote("buy", 8, 4_000), quote("sell", 5, 6_100)), [
      { event: "removed", ...market.of(2, "sell", 5, 6_000), cause: "replaced" },
      {
        ...{ event: "amended", ...market.of(1, "buy", 8, 4_000), totalLots: 8 as Lots },
        ...{ oldTicks: 4_000 as Ticks, oldLots: 10 as Lots },
      },
      { event: "accepted", ...market.of(4, "sell", 5, 6_100) },
    ]);
    const orders = typeof answer === "object" ? answer.orders : [];
    expect(orders.map(({ id, status }) => [id, status])).toEqual([
      [market.id(2), "cancelled"],
      [market.id(1), "open"],
      [market.id(4), "open"],
    ]);
    expect(market.order(4)?.clientOrderId).toBe("r-2");
    expect(market.reserved("USD")).toBe(320n * USD_1);
  });
});

describe("terms", () => {
  test("a budget is counted as what it may spend, and comes to a size when accepted", () => {
    expect(place(buy(0, 0, { budget: (1_001n * USD_1) as Money }))).toBe("balanceInsufficient");
    const budget = (500n * USD_1) as Money;
    place(buy(0, 0, { budget }), { lots: 9 }, [{ event: "expired", ...market.of(1, "buy", 9, 0) }]);
    expect(market.order(1)).toMatchObject({
      lots: 9,
      requestedLots: 0,
      status: "expired",
      terms: { budget },
    });
    expect(market.reserved("USD")).toBe(0n);
  });

  test("a pegged buy is counted at its cap, wherever it stands", () => {
    const peg = { to: "own", offset: 0 } as const;
    place(buy(10, 5_500, { peg }), { ticks: 4_990 });
    expect(market.order(1)).toMatchObject({ ticks: 4_990, countedTicks: 5_500 });
    expect(market.reserved("USD")).toBe(550n * USD_1);
    // The market moves it, and it waits while there is nothing to follow.
    const moved = { oldTicks: 4_990 as Ticks, oldLots: 10 as Lots, totalLots: 10 as Lots };
    tick({ event: "amended", ...market.of(1, "buy", 10, 5_000), ...moved });
    tick({ event: "parked", ...market.of(1, "buy", 10, 5_500), reason: "reference" });
    expect(market.order(1)).toMatchObject({ ticks: 5_500, countedTicks: 5_500, awaits: "reference" });
    tick({ event: "triggered", ...market.of(1, "buy", 10, 5_001) });
    expect(market.order(1)).toMatchObject({ ticks: 5_001, countedTicks: 5_500 });
    expect(market.reserved("USD")).toBe(550n * USD_1);
    place(buy(1, 0, { peg }), { ticks: 4_990 });
    expect(market.order(2)?.countedTicks).toBe(5_261);
    expect(market.reserved("USD")).toBe(550n * USD_1 + cents(5_261));
    // Without a cap it is counted where it has come to, if that is higher.
    const followed = { oldTicks: 4_990 as Ticks, oldLots: 1 as Lots, totalLots: 1 as Lots };
    tick({ event: "amended", ...market.of(2, "buy", 1, 5_400), ...followed });
    expect(market.reserved("USD")).toBe(550n * USD_1 + cents(5_400));
  });

  test("a trailing stop is counted where it first stops, its limit's offset on top", () => {
    const trail = { by: "perMille", distance: 100 } as const;
    const trigger = { kind: "stop", source: "last", stopTicks: 0 as Ticks } as const;
    // 5,010 + 501 = 5,511, plus 5 %: 5,786.55.
    expect(place(buy(1, 0, { trigger: { ...trigger, trail } }))).toEqual({ reserved: cents(5_787) });
    const limitOffset = 13 as Ticks;
    expect(place(buy(1, 0, { trigger: { ...trigger, trail, limitOffset } }))).toEqual({
      reserved: cents(5_800),
    });
    tick({ event: "armed", ...market.of(2, "buy", 1, 5_400) });
    expect(market.order(2)).toMatchObject({ awaits: "trigger", terms: { trigger: { stopTicks: 5_400 } } });
    tick({ event: "triggered", ...market.of(2, "buy", 1, 5_900) });
    expect(market.order(2)).toMatchObject({ ticks: 5_900, countedTicks: 5_900 });
    expect(market.order(2)?.awaits).toBeUndefined();
  });

  test("an amend to a longer trail is counted where that may first stop", () => {
    const trail = { by: "perMille", distance: 5 } as const;
    const wide = { by: "perMille", distance: 100 } as const;
    const limitOffset = 13 as Ticks;
    place(
      buy(1, 0, { trigger: { kind: "stop", source: "last", stopTicks: 0 as Ticks, trail, limitOffset } }),
    );
    // 5,010 + 26 = 5,036, plus 5 %: 5,287.8.
    expect(market.reserved("USD")).toBe(cents(5_301));
    const order = market.order(1);
    const terms = { trail: wide };
    const change = { orderId: market.id(1), lots: 0 as Lots, ticks: 0 as Ticks, terms };
    const decision = order && market.machine.desk.decideAmend({ ...change, order });
    expect(decision).toEqual({ reserved: cents(499) });
    const from = market.from();
    if (order !== undefined) market.machine.desk.holdAmend(from.number, { ...change, order });
    expect(market.reserved("USD")).toBe(cents(5_800));
    const same = { oldTicks: 0 as Ticks, oldLots: 1 as Lots, totalLots: 1 as Lots };
    market.hear({ kind: "amend", ...from, ...change, reserved: cents(499) as Money }, [
      { event: "amended", ...market.of(1, "buy", 1, 0), ...same },
      { event: "armed", ...market.of(1, "buy", 1, 0) },
    ]);
    expect(market.order(1)).toMatchObject({ countedTicks: 5_800, terms: { trigger: { trail: wide } } });
    expect(market.reserved("USD")).toBe(cents(5_800));
  });

  test("a slid order has the price that it was given", () => {
    place(buy(10, 5_100, { slide: true }), { ticks: 5_009 });
    expect(market.order(1)).toMatchObject({ ticks: 5_009, requestedTicks: 5_100 });
    expect(market.reserved("USD")).toBe(cents(50_090));
  });

  test("an account of a group carries it, and a repeat without it is still the same", () => {
    const ledger = market.machine.ledgerSequence + 1;
    const limits = { openOrdersMaximum: 0, notionalMaximum: 0n as Money, selfTradeGroup: 7 };
    market.machine.applyLedger(ledger, { kind: "limit", time: 0 as never, account: TRADER, ...limits });
    const { desk } = market.machine;
    expect(desk.termsFor(TRADER, undefined)).toEqual({ selfTrade: { mode: "expireTaker", group: 7 } });
    expect(desk.termsFor(TRADER, { hidden: true, selfTrade: { mode: "decrement" } })).toEqual({
      ...{ hidden: true, selfTrade: { mode: "decrement", group: 7 } },
    });
  });
});

describe("what a market does by itself", () => {
  test.each<[RemovalCause, string]>([
    ["expiry", "expired"],
    ["endOfDay", "expired"],
    ["auctionEnd", "expired"],
    ["selfTrade", "cancelled"],
    ["protection", "cancelled"],
    ["massCancel", "cancelled"],
    ["cancelAllAfter", "cancelled"],
    ["noReference", "cancelled"],
  ])("a removal for %s leaves an order %s", (cause, status) => {
    place(buy(10, 4_000));
    tick({ event: "removed", ...market.of(1, "buy", 10, 4_000), cause });
    expect(market.order(1)).toMatchObject({ status, removal: cause });
    expect(market.reserved("USD")).toBe(0n);
    const restored = AccountMachine.restore(0, 2, [SHARE], market.machine.snapshot());
    expect(restored.order(market.id(1))).toEqual(market.order(1));
  });

  test("a mass cancel answers with all that it took out, and not with what was due before it", () => {
    place(buy(1, 4_000));
    place(buy(2, 4_000));
    place(sell(3, 6_000));
    const answer = market.hear({ kind: "massCancel", ...market.from(), side: "buy" }, [
      { event: "removed", ...market.of(3, "sell", 3, 6_000), cause: "expiry" },
      { event: "removed", ...market.of(1, "buy", 1, 4_000), cause: "massCancel" },
      { event: "removed", ...market.of(2, "buy", 2, 4_000), cause: "massCancel" },
    ]);
    expect(answer?.orders.map(({ id }) => id)).toEqual([market.id(1), market.id(2)]);
    expect(answer?.order).toBeUndefined();
  });

  test("a phase that it goes to is a fact, as is a protection that sets in", () => {
    tick({ event: "phased", phase: "volatility-auction", cause: "priceBand", ticks: 5_500 as Ticks });
    const before = market.machine.hash();
    tick({ event: "restricted", account: TRADER, frozen: true });
    const frozen = market.machine.hash();
    const restored = AccountMachine.restore(0, 2, [SHARE], market.machine.snapshot());
    expect([restored.phase(SHARE.number), restored.hash()]).toEqual(["volatility-auction", frozen]);
    expect(frozen).not.toBe(before);
    const mark = market.machine.mark(SHARE.number);
    market.quote(1, 9_999);
    expect(market.machine.mark(SHARE.number)).toEqual(mark);
  });

  test("an order of an auction waits, and enters it", () => {
    place(sell(5, 6_000), {}, [{ event: "parked", ...market.of(1, "sell", 5, 6_000), reason: "close" }]);
    expect(market.order(1)?.awaits).toBe("close");
    expect(market.reserved("ACME")).toBe(5n * USD_1);
    tick({ event: "triggered", ...market.of(1, "sell", 5, 6_000) }, market.filled(1, "sell", 2, 6_000, 3));
    expect(market.order(1)).toMatchObject({ status: "partiallyFilled", filledLots: 2 });
    expect(market.order(1)?.awaits).toBeUndefined();
  });
});

test("budgets on margin are counted in lots, and need a mark", () => {
  market = new ScriptedMarket(EURUSD, { USD: 1_000n * USD_1 });
  const decide = (side: "buy" | "sell", amount: bigint) =>
    market.machine.decide(market.request({ side, lots: 0, terms: { budget: (amount * USD_1) as Money } }));
  expect(decide("buy", 1n)).toBe("markMissing");
  market.quote(110_000, 110_000);
  // 5 % below the mark a lot of EUR 1,000 is USD 1,045: 27 of them are USD 28,215.
  expect(decide("buy", 28_000n)).toMatchObject({ reserved: 99_000_000_000n });
  expect(decide("sell", 28_216n)).toBe("marginInsufficient");
});
