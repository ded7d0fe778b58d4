/** Fees at each fill, swaps at each rollover, and what an account's volume does to its tier. */
import { describe, expect, test } from "vitest";
import type { ChargeSettings } from "../../../engine/account/charge/charge-desk.ts";
import type { FeeRate } from "../../../engine/account/charge/fee-tier.ts";
import { parseDate } from "../../../engine/calendar/civil-date.ts";
import { nextTradeDate } from "../../../engine/calendar/value-date.ts";
import { parseDecimal } from "../../../engine/decimal.ts";
import type { AccountId, Days, Money } from "../../../engine/units.ts";
import { cutLog } from "./random-money.ts";
import { accountsOf, EURUSD, SHARE, USD_1, Venue } from "./venue.ts";

const units = (text: string) => (parseDecimal(text, 8) ?? 0n) as Money;
const perMillion = (amount: string, minimum = "0"): FeeRate => ({
  basis: "perMillion",
  amount: units(amount),
  minimum: units(minimum),
});
const WEDNESDAY = parseDate("2026-06-03") ?? (0 as Days);
const SETTINGS: ChargeSettings = {
  points: new Map([[EURUSD.number, { long: units("-6.5"), short: units("2") }]]),
  swapFree: new Map([[EURUSD.number, { freeDays: 2, perLot: units("3") }]]),
  volumeCurrency: "USD",
  tierFor: volume => (volume >= 200_000n * USD_1 ? 2 : 1),
};

function open(taker: FeeRate, maker = perMillion("-5")): { venue: Venue; client: AccountId; lp: AccountId } {
  const venue = new Venue([EURUSD, SHARE], 1);
  venue.wait(Date.UTC(2026, 5, 1));
  const [client = 1, lp = 2] = accountsOf(0, 1, 2) as [AccountId, AccountId];
  venue.open(client as AccountId, { deposit: 100_000n * USD_1 });
  venue.open(lp as AccountId, { deposit: 10_000_000n * USD_1, liquidity: true, leverage: 500 });
  for (const number of [1, 2]) {
    const groups = [{ markets: [], maker, taker }];
    venue.record(0, { kind: "feeTier", time: venue.now(), number, name: `tier ${number}`, groups });
  }
  const account = client as AccountId;
  venue.record(0, { kind: "accountTier", time: venue.now(), account, tier: 1, pinned: false });
  return { venue, client: account, lp: lp as AccountId };
}

function cash(venue: Venue, account: AccountId, currency = "USD"): bigint {
  const balances = venue.machineOf(account).money.balances(account);
  return balances.find(balance => balance.currency === currency)?.total ?? 0n;
}

function roll(venue: Venue, day: Days): void {
  const { charges } = venue.machines[0] ?? {};
  for (const record of charges?.planRollover(day, venue.now(), SETTINGS) ?? []) venue.record(0, record);
}

describe("fees", () => {
  test("an order pays its minimum once, then what its value comes to, and earns as maker", () => {
    const { venue, client, lp } = open(perMillion("20", "2"));
    for (const lots of [10, 90, 900]) venue.place(lp, EURUSD, { side: "sell", lots, ticks: 110_000 });
    const order = venue.place(client, EURUSD, { side: "buy", lots: 1_000, ticks: 110_000 });
    // 11,000 USD and 110,000 USD come to less than 2.00; 1,100,000 USD at 20 a million are 22.00.
    expect(order.fills.map(({ fee }) => fee)).toEqual([units("2"), units("0.2"), units("19.8")]);
    expect(order.fees?.paid).toBe(units("22"));
    expect(cash(venue, client)).toBe(100_000n * USD_1 - units("22"));
    const rests = venue.place(client, EURUSD, { side: "sell", lots: 100, ticks: 110_010 });
    venue.place(lp, EURUSD, { side: "buy", lots: 100, ticks: 110_010 });
    // 110,010 USD at a rebate of 5 a million.
    expect(venue.order(client, rests.id)?.fees?.paid).toBe(units("-0.55005"));
    expect(cash(venue, lp)).toBe(10_000_000n * USD_1 - units("10"));
    cutLog(venue, venue.machineOf(client));
    const { transactions } = venue.machineOf(client).takeChanges();
    expect(transactions.filter(({ kind }) => kind === "fee")).toHaveLength(3);
    expect(transactions.filter(({ kind }) => kind === "rebate")).toHaveLength(1);
    expect(new Set(transactions.map(({ id }) => id)).size).toBe(transactions.length);
    venue.check();
  });

  test("an order keeps the tier that it entered with", () => {
    const { venue, client, lp } = open(perMillion("20"));
    venue.place(lp, EURUSD, { side: "sell", lots: 10, ticks: 110_050 });
    const order = venue.place(client, EURUSD, { side: "buy", lots: 10, ticks: 110_000 });
    const time = venue.now();
    venue.record(0, { kind: "accountTier", time, account: client, tier: 0, pinned: true });
    venue.place(lp, EURUSD, { side: "sell", lots: 10, ticks: 110_000 });
    expect(venue.order(client, order.id)?.fees).toMatchObject({ tier: 1, paid: units("-0.055") });
    const free = venue.place(client, EURUSD, { side: "buy", lots: 10, ticks: 110_000 });
    expect(free.fees).toBeUndefined();
  });

  test("a spot fill pays from what it brings, so a balance that was spent whole stays whole", () => {
    const { venue, client, lp } = open({ basis: "perCent", amount: units("0.1"), minimum: units("0") });
    for (const [currency, account] of [["ACME", lp]] as const) {
      const paid = { currency, amount: units("5000"), reference: "shares" };
      venue.record(0, { kind: "deposit", time: venue.now(), account, ...paid });
    }
    venue.place(lp, SHARE, { side: "sell", lots: 1_000, ticks: 10_000 });
    venue.place(client, SHARE, { side: "buy", lots: 1_000, ticks: 10_000 });
    expect(cash(venue, client)).toBe(0n);
    expect(cash(venue, client, "ACME")).toBe(units("999"));
    venue.place(lp, SHARE, { side: "buy", lots: 999, ticks: 10_000 });
    venue.place(client, SHARE, { side: "sell", lots: 999, ticks: 10_000 });
    expect(cash(venue, client)).toBe(units("99900") - units("99.9"));
    venue.check();
  });

  test("a fixed fee never takes more than the fill brings", () => {
    const { venue, client, lp } = open({ basis: "fixed", amount: units("500"), minimum: units("0") });
    venue.record(0, {
      ...{ kind: "deposit", time: venue.now(), account: lp, currency: "ACME", amount: units("5") },
      reference: "shares",
    });
    venue.place(lp, SHARE, { side: "sell", lots: 1, ticks: 10_000 });
    venue.place(client, SHARE, { side: "buy", lots: 1, ticks: 10_000 });
    expect(cash(venue, client, "ACME")).toBe(0n);
  });
});

test("a fee that equity couldn't bear with the margin is counted before an order goes", () => {
  const { venue, client, lp } = open(perMillion("25"));
  venue.place(lp, EURUSD, { side: "sell", lots: 5_000, ticks: 100_000 });
  // 100,000 USD at a leverage of 30 carry 3,000,000 USD, but not their fee of 75 USD.
  const most = venue.place(client, EURUSD, { side: "buy", lots: 3_000, ticks: 100_000 });
  expect(most.rejection).toBe("marginInsufficient");
  expect(most.explanation?.inputs).toContainEqual({ name: "fee", value: units("75") + 1n, currency: "USD" });
  const less = venue.place(client, EURUSD, { side: "buy", lots: 2_997, ticks: 100_000 });
  expect(less.status).toBe("filled");
});

describe("a rollover", () => {
  test("charges what the nights come to, once, and replays to the same state", () => {
    const { venue, client, lp } = open(perMillion("0"));
    venue.place(lp, EURUSD, { side: "sell", lots: 100, ticks: 110_000 });
    venue.place(client, EURUSD, { side: "buy", lots: 100, ticks: 110_000 });
    const before = cash(venue, client);
    roll(venue, WEDNESDAY);
    // A lot of 100,000 at 0.1 a pip of this instrument, whose pip is its tick: 1 USD × 6.5 points × 3 nights.
    expect(cash(venue, client) - before).toBe(units("-19.5"));
    expect(cash(venue, lp)).toBe(10_000_000n * USD_1);
    expect(() => roll(venue, WEDNESDAY)).toThrow("once, in order");
    roll(venue, nextTradeDate(WEDNESDAY));
    expect(cash(venue, client) - before).toBe(units("-26"));
    venue.check();
  });

  test("of a swap-free account charges a fee after its free days", () => {
    const { venue, client, lp } = open(perMillion("0"));
    venue.record(0, {
      ...{ kind: "profile", time: venue.now(), account: client, leverage: 30, swapFree: true },
      ...{ marginMode: { basis: "symbol", combination: "max" }, group: "", kycLevel: 0 },
      ...{ by: "ops", reason: "test" },
    });
    venue.place(lp, EURUSD, { side: "sell", lots: 100, ticks: 110_000 });
    venue.place(client, EURUSD, { side: "buy", lots: 100, ticks: 110_000 });
    const before = cash(venue, client);
    // Opened on Monday 1 June: two days are free, Thursday is the first that is charged.
    for (const [day, charged] of [
      ["2026-06-02", "0"],
      ["2026-06-03", "0"],
      ["2026-06-04", "-3"],
      ["2026-06-05", "-6"],
    ] as const) {
      roll(venue, parseDate(day) ?? (0 as Days));
      expect(cash(venue, client) - before).toBe(units(charged));
    }
  });

  test("counts each lot once, and moves an account to the tier of its volume unless it is pinned", () => {
    const { venue, client, lp } = open(perMillion("0"));
    venue.place(lp, EURUSD, { side: "sell", lots: 200, ticks: 110_000 });
    venue.place(client, EURUSD, { side: "buy", lots: 100, ticks: 110_000 });
    const charges = venue.machineOf(client).charges;
    roll(venue, WEDNESDAY);
    expect(charges.volume(client)).toBe(110_000n * USD_1);
    expect(charges.tierOf(client)).toBe(1);
    venue.place(client, EURUSD, { side: "buy", lots: 100, ticks: 110_000 });
    roll(venue, nextTradeDate(WEDNESDAY));
    expect(charges.volume(client)).toBe(220_000n * USD_1);
    expect(charges.tierOf(client)).toBe(2);
    // Thirty days later the first day has dropped out.
    roll(venue, (WEDNESDAY + 30) as Days);
    expect(charges.tierOf(client)).toBe(1);
    const time = venue.now();
    venue.record(0, { kind: "accountTier", time, account: client, tier: 2, pinned: true });
    roll(venue, (WEDNESDAY + 60) as Days);
    expect(charges.tierOf(client)).toBe(2);
  });
});
