/**
 * Margin calls with hysteresis, by table. The account has USD 10,000 and 100 lots of EURUSD bought at 1.10000
 * (the spread is none): at a price of p its equity is 10,000 + 100,000 × (p − 1.1) and its margin
 * 100,000 × p ÷ 10.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import { type Guard, NO_GUARD } from "../../../engine/account/guard/guard.ts";
import type { AccountId, Milliseconds, Ticks } from "../../../engine/units.ts";
import { replayed, told, watch } from "./closing.ts";
import { accountsOf, EURUSD, USD_1, USDJPY, Venue } from "./venue.ts";

const [maker = 1 as AccountId, trader = 2 as AccountId] = accountsOf(0, 1, 2);
let venue: Venue;

function quote(middle: number, instrument = EURUSD) {
  venue.sendPlain(maker, instrument, { kind: "massCancel" });
  venue.deliverAll();
  venue.place(maker, instrument, { side: "buy", lots: 1_000, ticks: middle });
  venue.place(maker, instrument, { side: "sell", lots: 1_000, ticks: middle + 1 });
}

function guard(change: Partial<Guard>) {
  const signed = { by: "ops", reason: "test", time: venue.now() };
  const whom = { scope: "venue", account: 0 as AccountId, group: "" } as const;
  venue.record(0, { kind: "guard", ...whom, guard: { ...NO_GUARD, ...change }, ...signed });
}

beforeEach(() => {
  venue = new Venue([EURUSD, USDJPY], 1);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: 12_000n * USD_1, leverage: 10 });
  quote(109_999);
  venue.place(trader, EURUSD, { side: "buy", lots: 100, ticks: 110_000 });
  // What is paid in is paid out again, so that the arithmetic above holds.
  watch(venue);
});

/** The events that a walk of the price makes; a price is what selling gets. */
function walk(prices: readonly number[]) {
  return prices.map(price => {
    quote(price);
    const found = watch(venue);
    for (const { account } of found) venue.machineOf(account).guardian.monitor.release(account);
    return found.map(finding => (finding.kind === "call" ? finding.event : finding.kind)).join("+") || "-";
  });
}

describe("with 12,000 and a call at 100 %", () => {
  // Level at p: (12,000 + 100,000 × (p − 1.1)) ÷ (100,000 × (p + 0.000005) ÷ 10); at p = 1.1: 109.09 %.
  test.each<[string, readonly number[], readonly string[]]>([
    ["falls a little", [110_000, 109_500], ["-", "-"]],
    // p = 1.08888: 10,888 ÷ 10,888.85 = 99.99 %; p = 1.0889: 10,890 ÷ 10,889.05 = 100.00 %
    ["falls below the level", [108_890, 108_888], ["-", "enter"]],
    ["goes to and fro around it", [108_888, 108_890, 108_888, 108_889], ["enter", "-", "-", "-"]],
    // 90.0 % of margin: 12,000 + 100,000 × (p − 1.1) = 9,000 × p: p = 1.07692
    ["falls by a tenth, and by another", [108_888, 107_700, 107_680, 107_000], ["enter", "-", "extend", "-"]],
    // 105 %: 12,000 + 100,000 × (p − 1.1) = 10,500 × p: p = 1.09498
    ["recovers", [108_888, 109_490, 109_500, 108_888], ["enter", "-", "leave", "enter"]],
    // 50 %: p = 1.03158
    ["falls at once", [103_160, 103_150], ["enter", "closeOut"]],
    ["falls at once, and far", [102_000], ["enter+closeOut"]],
  ])("%s", (_what, prices, events) => {
    expect(walk(prices)).toEqual(events);
  });
});

test("levels of a guard hold, the highest of several", () => {
  const standing = () => venue.machineOf(trader).guardian.standingOf(trader);
  expect(standing()).toEqual({ levels: { call: 1_000, closeOut: 500 }, state: "normal" });
  guard({ marginCallPerMille: 1_095, closeOutPerMille: 1_090 });
  expect(walk([110_000, 109_999])).toEqual(["enter", "-"]);
  expect(standing()).toEqual({ levels: { call: 1_095, closeOut: 1_090 }, state: "marginCall" });
  guard({ marginCallPerMille: 1_200, closeOutPerMille: 1_100 });
  expect(walk([109_998])).toEqual(["closeOut"]);
});

test("a call is a fact: in the ledger, in the snapshot, and the same after a replay", () => {
  const from = told(venue, 0).length;
  walk([108_888, 107_680]);
  const [enter, extend] = told(venue, from);
  // 12,000 − 100,000 × 0.01112 = 10,888 over ⌈100,000 × 1.088885 ÷ 10⌉
  expect(enter).toMatchObject({ event: "enter", perMille: 999, equity: 10_888n * USD_1 });
  expect(enter).toMatchObject({ marginUsed: 1_088_885_000_000n });
  expect(extend).toMatchObject({ event: "extend", perMille: 898 });
  const machine = venue.machineOf(trader);
  const restored = AccountMachine.restore(0, 1, venue.instruments, machine.snapshot());
  expect(restored.hash()).toBe(machine.hash());
  expect(restored.guardian.look(venue.now())).toEqual([]);
  expect(replayed(venue).hash()).toBe(machine.hash());
});

test("a mark move concerns accounts with something at stake there, and nobody else", () => {
  const { monitor } = venue.machineOf(trader).guardian;
  expect([monitor.concerned(EURUSD.number), monitor.concerned(USDJPY.number)]).toEqual([1, 0]);
  venue.place(trader, EURUSD, { side: "sell", lots: 100, ticks: 109_000 });
  watch(venue);
  expect(monitor.concerned(EURUSD.number)).toBe(0);
});

test("nothing is judged by marks that are too old", () => {
  venue.machineOf(trader).guardian.limitMarkAge(EURUSD.number, 1_000 as Milliseconds);
  quote(100_000);
  venue.wait(2_000);
  expect(watch(venue)).toEqual([]);
  const told = { kind: "clock", time: venue.now() } as const;
  venue.submit(EURUSD.number, told);
  venue.deliverAll();
  quote(99_999);
  expect(watch(venue).map(({ kind }) => kind)).toEqual(["call", "closeOut"]);
});

test("a position above a limit that was lowered is told once", () => {
  const positionMaximums = [{ market: EURUSD.number, lots: 50 as never }];
  guard({ positionMaximums });
  const told = { kind: "position", account: trader, market: EURUSD.number, lots: 100, maximum: 50 };
  expect(watch(venue)).toEqual([told]);
  venue.place(trader, EURUSD, { side: "buy", lots: 1, ticks: 100 as Ticks });
  expect(watch(venue)).toEqual([]);
});
