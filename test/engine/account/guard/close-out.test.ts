/**
 * Close-outs, with the arithmetic written out. A lot is 1,000 units of base; the spread is one tick, so that
 * a position is marked at the bid (long) or the ask (short), and margin is counted at the middle.
 */
import { beforeEach, describe, expect, test } from "vitest";
import type { AccountMachine } from "../../../../engine/account/account-machine.ts";
import { DEFAULT_KIND } from "../../../../engine/account/profile.ts";
import type { AccountId, Milliseconds } from "../../../../engine/units.ts";
import { closeOut, replayed, told, watch } from "../closing.ts";
import { accountsOf, EURUSD, USD_1, USDJPY, Venue } from "../venue.ts";

const [maker = 1 as AccountId, trader = 2 as AccountId] = accountsOf(0, 1, 2);
let venue: Venue;
let machine: AccountMachine;

function quote(middle: number, instrument = EURUSD, lots = 1_000) {
  venue.sendPlain(maker, instrument, { kind: "massCancel" });
  venue.deliverAll();
  if (lots === 0) return;
  venue.place(maker, instrument, { side: "buy", lots, ticks: middle });
  venue.place(maker, instrument, { side: "sell", lots, ticks: middle + 1 });
}

function open(deposit: bigint, leverage: number, currency = "USD") {
  venue = new Venue([EURUSD, USDJPY], 1);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: deposit * USD_1, leverage, currency });
  machine = venue.machineOf(trader);
  quote(110_000);
  quote(150_000, USDJPY);
}

const kinds = (found: ReturnType<typeof watch>) => found.map(({ kind }) => kind);
const lotsIn = (market: { readonly number: number }) =>
  machine.positions(trader).find(position => position.market === market.number)?.lots ?? 0;

describe("only as much as is needed", () => {
  beforeEach(() => open(12_000n, 10));

  test("brings the level back to 50 %, and not a lot more is closed", () => {
    venue.place(trader, EURUSD, { side: "buy", lots: 100 });
    quote(102_900);
    // Bought at 1.10001. Equity 12,000 − 100,000 × (1.10001 − 1.02900) = 4,899; margin of 100 lots
    // 100,000 × 1.029005 ÷ 10 = 10,290.05: 47.6 %. At 50 % an equity of 4,899 carries a margin of 9,798, that
    // is 9,798 ÷ 102.9005 = 95.2 lots: 5 have to go.
    expect(kinds(watch(venue))).toEqual(["call", "closeOut"]);
    const orders = closeOut(venue, trader);
    expect(orders.map(({ side, filledLots }) => [side, filledLots])).toEqual([["sell", 5]]);
    expect(lotsIn(EURUSD)).toBe(95);
    const steps = told(venue, 0).filter(({ kind }) => kind === "closeOut");
    expect(steps.map(step => step.kind === "closeOut" && step.event)).toEqual(["begin", "reduce", "end"]);
    expect(steps[1]).toMatchObject({
      reduction: { market: EURUSD.number, side: "sell", lots: 5 },
      explanation: {
        formula: "closeOut",
        limit: { value: 500n },
        inputs: [
          { name: "equity", value: 4_899n * USD_1 },
          { name: "marginUsed", value: 1_029_005_000_000n },
          { name: "position", value: 100n },
          { name: "profit", value: -7_101n * USD_1 },
        ],
        marks: [{ market: EURUSD.number, bid: 102_900, ask: 102_901 }],
      },
    });
    expect(watch(venue)).toEqual([]);
    expect(replayed(venue).hash()).toBe(machine.hash());
    venue.check();
  });

  test("cancels the account's own orders first, which may be enough", () => {
    venue.place(trader, EURUSD, { side: "buy", lots: 60 });
    venue.place(trader, EURUSD, { side: "buy", lots: 48, ticks: 90_000 });
    quote(101_000);
    // Equity 12,000 − 60,000 × 0.09001 = 6,599.40; margin of 108 lots 108,000 × 1.010005 ÷ 10 = 10,908.05,
    // 60.4 %; of 60 alone 6,060.03, 108.8 %. At 0.97000 it is 4,199.40 ÷ 10,476.05 = 40.0 %, and of 60 alone
    // 5,820.03: 72.1 %.
    expect(kinds(watch(venue))).toEqual(["call"]);
    quote(97_000);
    machine.guardian.monitor.release(trader);
    expect(kinds(watch(venue))).toContain("closeOut");
    expect(closeOut(venue, trader)).toEqual([]);
    expect([machine.openOrders(trader), lotsIn(EURUSD)]).toEqual([[], 60]);
  });

  test("while it lasts its owner may close, and nothing else", () => {
    venue.place(trader, EURUSD, { side: "buy", lots: 100 });
    const explanation = { formula: "closeOut", inputs: [], marks: [] } as const;
    venue.record(0, { kind: "closeOut", time: venue.now(), account: trader, event: "begin", explanation });
    const decide = (side: "buy" | "sell", lots: number) =>
      machine.decide(venue.request(trader, EURUSD.number, { side, lots, ticks: 100_000 }));
    expect(decide("buy", 1)).toBe("positionWouldIncrease");
    expect(decide("sell", 100)).toEqual({ reserved: 0n });
    expect(decide("sell", 101)).toBe("positionWouldIncrease");
  });
});

describe("the largest loser first", () => {
  beforeEach(() => open(12_000n, 10));

  test("and the next one only where that was not enough", () => {
    venue.place(trader, EURUSD, { side: "buy", lots: 50 });
    venue.place(trader, USDJPY, { side: "buy", lots: 50 });
    quote(103_000);
    quote(142_000, USDJPY);
    // EURUSD: 50,000 × (1.03000 − 1.10001) = −3,500.50. USDJPY: 50,000 × (142.000 − 150.001) JPY = −400,050
    // JPY, at 142.0005 −2,817.25. Equity 5,682.25; margin 5,150.03 + 5,000 = 10,150.03: 55.9 %.
    expect(kinds(watch(venue))).toEqual(["call"]);
    machine.guardian.monitor.release(trader);
    quote(101_000);
    // EURUSD −4,500.50: equity 4,682.25, margin 5,050.03 + 5,000 = 10,050.03, 46.6 %. 50 % carries 9,364.50:
    // 685.53 too much, that is 685.53 ÷ 101.0005 = 6.8 lots of EURUSD: 7.
    expect(kinds(watch(venue))).toEqual(["closeOut"]);
    const orders = closeOut(venue, trader);
    expect(orders.map(({ market, filledLots }) => [market, filledLots])).toEqual([[EURUSD.number, 7]]);
    expect([lotsIn(EURUSD), lotsIn(USDJPY)]).toEqual([43, 50]);
  });

  test("all of it where the rest still is not carried; then the other", () => {
    venue.place(trader, EURUSD, { side: "buy", lots: 50 });
    venue.place(trader, USDJPY, { side: "buy", lots: 50 });
    quote(92_000);
    quote(147_000, USDJPY);
    // EURUSD −9,000.50. USDJPY −150,050 JPY at 147.0005: −1,020.75. Equity 1,978.75 carries 3,957.50: all 50
    // lots of EURUSD leave 5,000 for USDJPY, of which 100 a lot 11 have to go.
    expect(kinds(watch(venue))).toEqual(["call", "closeOut"]);
    const orders = closeOut(venue, trader);
    expect(orders.map(({ market, filledLots }) => [market, filledLots])).toEqual([
      [EURUSD.number, 50],
      [USDJPY.number, 11],
    ]);
    expect([lotsIn(EURUSD), lotsIn(USDJPY)]).toEqual([0, 39]);
    expect(machine.guardian.closingSince(trader)).toBeUndefined();
  });
});

test("several currencies: an account in EUR that is short of dollars", () => {
  open(10_000n, 10, "EUR");
  venue.place(trader, USDJPY, { side: "sell", lots: 100 });
  quote(158_400, USDJPY);
  // Sold at 150.000, marked at 158.401: −840,100 JPY = 100,000 × 8.401. By way of USD: ÷ 158.4005 ÷ 1.100005
  // = −4,821.47 EUR. Equity 5,178.5 EUR; margin 100,000 USD ÷ 1.100005 ÷ 10 = 9,090.87 EUR: 56.9 %.
  expect(kinds(watch(venue))).toEqual(["call"]);
  machine.guardian.monitor.release(trader);
  quote(162_000, USDJPY);
  // −1,200,100 JPY = −6,734.5 EUR. Equity 3,265.5 EUR: 35.9 %. It carries 6,531 EUR of margin, 71.8 lots: 29
  // have to go.
  expect(kinds(watch(venue))).toEqual(["call", "closeOut"]);
  const [order] = closeOut(venue, trader);
  expect([order?.side, order?.filledLots, lotsIn(USDJPY)]).toEqual(["buy", 29, -71]);
  venue.check();
});

test("a hedging account's tickets are closed by name, the one that loses most first", () => {
  venue = new Venue([EURUSD, USDJPY], 1);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
  const as = { ...DEFAULT_KIND, positions: "hedging" } as const;
  venue.open(trader, { deposit: 12_000n * USD_1, leverage: 10, as });
  machine = venue.machineOf(trader);
  quote(110_000);
  const first = venue.place(trader, EURUSD, { side: "buy", lots: 40 });
  quote(111_000);
  const second = venue.place(trader, EURUSD, { side: "buy", lots: 60 });
  quote(103_200);
  // 40,000 × (1.03200 − 1.10001) = −2,720.40 and 60,000 × (1.03200 − 1.11001) = −4,680.60: equity 4,599 of a
  // margin of 10,320.05, 44.6 %. It carries 9,198, that is 89.1 lots: 11 of the second ticket have to go.
  expect(kinds(watch(venue))).toEqual(["call", "closeOut"]);
  expect(closeOut(venue, trader).map(({ filledLots }) => filledLots)).toEqual([11]);
  const tickets = machine.positions(trader).map(({ ticket, lots }) => [ticket, lots]);
  expect(tickets).toEqual([
    [first.id, 40],
    [second.id, 49],
  ]);
});

describe("a gap through nothing", () => {
  beforeEach(() => open(12_000n, 10));

  test("closes all and leaves a debt, which the house pays", () => {
    venue.place(trader, EURUSD, { side: "buy", lots: 100 });
    quote(95_000);
    // 12,000 − 100,000 × (1.10001 − 0.95000) = −3,001
    expect(kinds(watch(venue))).toEqual(["call", "closeOut"]);
    closeOut(venue, trader);
    expect(machine.summary(trader)).toMatchObject({ equity: -3_001n * USD_1, marginUsed: 0n });
    const [found] = watch(venue).filter(({ kind }) => kind === "deficit");
    expect(found).toEqual({ kind: "deficit", account: trader, amount: 3_001n * USD_1 });
    machine.guardian.monitor.release(trader);
    expect(machine.summary(trader)).toMatchObject({ balance: 0n, equity: 0n });
    expect(watch(venue)).toEqual([]);
    venue.check();
    expect(replayed(venue).hash()).toBe(machine.hash());
  });

  test("an open order keeps the house from paying before it is gone", () => {
    venue.place(trader, EURUSD, { side: "buy", lots: 100 });
    venue.place(trader, EURUSD, { side: "sell", lots: 100, ticks: 120_000 });
    quote(95_000);
    watch(venue);
    machine.guardian.monitor.release(trader);
    expect(kinds(watch(venue))).not.toContain("deficit");
  });
});

describe("a market that gives nothing", () => {
  beforeEach(() => {
    open(12_000n, 10);
    venue.place(trader, EURUSD, { side: "buy", lots: 100 });
  });

  test("that is thin: what trades is closed, and the rest remains until it trades", () => {
    quote(102_000, EURUSD, 3);
    // Equity 3,999, margin 10,200.05: 39.2 %; 7,998 ÷ 102.0005 = 78.4 lots, 22 have to go; 3 can.
    expect(kinds(watch(venue))).toEqual(["call", "closeOut"]);
    expect(closeOut(venue, trader).map(({ filledLots }) => filledLots)).toEqual([3, 0]);
    expect(lotsIn(EURUSD)).toBe(97);
    expect(machine.guardian.closingSince(trader)).toBeDefined();
    quote(102_000);
    // A long sold at its mark loses nothing more: still 3,999, and 19 are left to go.
    expect(kinds(watch(venue))).toEqual(["closeOut"]);
    expect(closeOut(venue, trader).map(({ filledLots }) => filledLots)).toEqual([19]);
    expect(machine.guardian.closingSince(trader)).toBeUndefined();
  });

  test("that is halted: nothing is closed, and after a restart it goes on", () => {
    quote(102_000);
    expect(kinds(watch(venue))).toContain("closeOut");
    venue.sendPhase(EURUSD, "halted");
    venue.deliverAll();
    const [order] = closeOut(venue, trader);
    expect([order?.status, order?.rejection]).toEqual(["rejected", "phaseForbids"]);
    const again = replayed(venue);
    expect(again.guardian.closingSince(trader)).toBeDefined();
    expect(again.guardian.look(venue.now())).toEqual([{ kind: "closeOut", account: trader }]);
    venue.sendPhase(EURUSD, "continuous");
    venue.deliverAll();
    machine.guardian.monitor.release(trader);
    expect(kinds(watch(venue))).toEqual(["closeOut"]);
    expect(closeOut(venue, trader).map(({ filledLots }) => filledLots)).toEqual([22]);
  });

  test("whose mark is too old: nothing is closed by it", () => {
    machine.guardian.limitMarkAge(EURUSD.number, 1_000 as Milliseconds);
    quote(102_000);
    venue.wait(2_000);
    expect(machine.guardian.nextStep(trader, venue.now())).toBeUndefined();
  });
});
