/** What an order costs, asked before it is sent: worked examples, and what it is charged then. */
import { describe, expect, test } from "vitest";
import type { ChargeSettings } from "../../../../engine/account/charge/charge-desk.ts";
import type { FeeRate } from "../../../../engine/account/charge/fee-tier.ts";
import { parseDecimal } from "../../../../engine/decimal.ts";
import type { OrderTerms, Trigger } from "../../../../engine/market/terms.ts";
import { type AccountId, type Money, type Ticks, ticks } from "../../../../engine/units.ts";
import { type Asking, accountsOf, EURUSD, SHARE, USD_1, USDJPY, Venue } from "../venue.ts";

const units = (text: string) => (parseDecimal(text, 8) ?? 0n) as Money;
const rate = (basis: FeeRate["basis"], amount: string, minimum = "0"): FeeRate => ({
  ...{ basis, amount: units(amount), minimum: units(minimum) },
});
const million = (amount: string, minimum?: string) => rate("perMillion", amount, minimum);
const [CLIENT, FREE, LP] = accountsOf(0, 1, 3) as [AccountId, AccountId, AccountId];
const BID = 109_990;
const ASK = 110_000;

/** Quoted 1.09990 to 1.10000 for a million a side. */
function open(taker: FeeRate, maker: FeeRate, currency = "USD"): Venue {
  const venue = new Venue([EURUSD, USDJPY, SHARE], 1);
  for (const account of [CLIENT, FREE]) venue.open(account, { deposit: 1_000_000n * USD_1, currency });
  venue.open(LP, { deposit: 10_000_000n * USD_1, liquidity: true, leverage: 500 });
  const time = venue.now();
  const groups = [{ markets: [], maker, taker }];
  venue.record(0, { kind: "feeTier", time, number: 1, name: "one", groups });
  venue.record(0, { kind: "accountTier", time, account: CLIENT, tier: 1, pinned: false });
  venue.place(LP, EURUSD, { side: "buy", lots: 1_000, ticks: BID });
  venue.place(LP, EURUSD, { side: "sell", lots: 1_000, ticks: ASK });
  return venue;
}

function commission(venue: Venue, account: AccountId, asking: Asking): bigint | undefined {
  const request = venue.request(account, EURUSD.number, asking);
  return venue.machineOf(account).holdings.preview(request).commission;
}

const stop = (at: number): OrderTerms => {
  const trigger: Trigger = { kind: "stop", source: "last", stopTicks: ticks(at) as Ticks };
  return { trigger };
};

describe("a million EUR at 25 dollars a million for takers, 15 for makers", () => {
  test.each<[string, Partial<Asking>, string]>([
    // 1,100,000 USD.
    ["bought at the market takes at the ask", {}, "27.5"],
    ["sold at the market takes at the bid", { side: "sell" }, "27.4975"],
    ["at once or never takes at its limit", { ticks: 110_010, timeInForce: "IOC" }, "27.5025"],
    ["below the ask rests", { ticks: 109_980 }, "16.497"],
    ["above the bid rests", { side: "sell", ticks: 110_020 }, "16.503"],
    ["at the ask may take and rest: the dearer", { ticks: 110_000 }, "27.5"],
    ["far below the bid sells at the bid", { side: "sell", ticks: 109_000 }, "27.4975"],
    ["post-only at the ask rests or does nothing", { ticks: 110_000, postOnly: true }, "16.5"],
    ["at a stop is counted there", { terms: stop(110_500), type: "market" }, "27.625"],
    ["at a stop-limit may do both", { terms: stop(110_500), ticks: 110_600 }, "27.65"],
    // 11,000 USD of it.
    ["for a sum of money pays for the sum", { lots: 0, terms: { budget: units("11000") } }, "0.275"],
  ])("%s", (_name, asking, expected) => {
    const venue = open(million("25"), million("15"));
    expect(commission(venue, CLIENT, { lots: 1_000, ...asking })).toBe(units(expected));
  });
});

describe("a hundred thousand EUR", () => {
  test.each<[string, FeeRate, FeeRate, Partial<Asking>, string]>([
    ["by a lot", rate("perLot", "3.5"), rate("perLot", "3"), {}, "3.5"],
    ["by a minimum", million("25", "4"), million("15"), {}, "4"],
    ["by a fixed fee", rate("fixed", "2"), million("15"), {}, "2"],
    ["by per cent", rate("perCent", "0.01"), million("15"), {}, "11"],
    ["where makers pay more", million("10"), million("40"), { ticks: ASK }, "4.4"],
    ["with a rebate for makers", million("25"), million("-5"), { ticks: BID }, "-0.54995"],
    ["with a rebate for takers, and makers pay", million("-5"), million("1"), { ticks: ASK }, "0.11"],
  ])("%s", (_name, taker, maker, asking, expected) => {
    const venue = open(taker, maker);
    expect(commission(venue, CLIENT, { lots: 100, ...asking })).toBe(units(expected));
    expect(commission(venue, FREE, { lots: 100, ...asking })).toBe(0n);
  });

  test("is charged as it was told, to whom it takes from and to whom it gives", () => {
    const venue = open(million("25"), million("-5"));
    const taken = commission(venue, CLIENT, { lots: 100 });
    expect(venue.place(CLIENT, EURUSD, { lots: 100 }).fees?.paid).toBe(taken);
    const resting: Asking = { lots: 100, ticks: 109_995 };
    const given = commission(venue, CLIENT, resting);
    const order = venue.place(CLIENT, EURUSD, resting);
    venue.place(FREE, EURUSD, { side: "sell", lots: 100 });
    expect(venue.order(CLIENT, order.id)?.fees?.paid).toBe(given);
    expect(given).toBe(units("-0.549975"));
  });

  test("is told in the account's own currency, rounded up, and not at all without a way to it", () => {
    // 110,000 USD at 25 a million are 2.75 USD; a euro is 1.09995 USD at the middle.
    expect(commission(open(million("25"), million("15"), "EUR"), CLIENT, { lots: 100 })).toBe(
      units("2.50011365"),
    );
    expect(commission(open(million("25"), million("15"), "JPY"), CLIENT, { lots: 100 })).toBeUndefined();
  });
});

describe("a night", () => {
  const points = new Map([[EURUSD.number, { long: units("-6.5"), short: units("2") }]]);
  const swapFree = new Map([[EURUSD.number, { freeDays: 2, perLot: units("3") }]]);
  const settings: ChargeSettings = { points, swapFree, volumeCurrency: "USD", tierFor: () => 1 };
  const night = (venue: Venue, market = EURUSD.number, lots = 100) =>
    venue.machineOf(CLIENT).charges.perNight(CLIENT, market, lots, settings);
  const free = million("0");

  // A pip is a tick here, a dollar for 100,000 EUR.
  test("of 100,000 EUR costs its points, long and short", () => {
    const venue = open(free, free);
    expect(night(venue)).toEqual({ long: units("-6.5"), short: units("2") });
    expect(night(venue, USDJPY.number)).toBeUndefined();
    expect(night(venue, SHARE.number)).toBeUndefined();
  });

  test("is told in the account's own currency: what is paid rounded up, what is earned down", () => {
    const venue = open(free, free, "EUR");
    // 6.50 ÷ 1.09995 and 2.00 ÷ 1.09995.
    expect(night(venue)).toEqual({ long: units("-5.90935952"), short: units("1.81826446") });
  });

  test("of a swap-free account costs the fee that comes after its free days, on both sides", () => {
    const venue = open(free, free);
    venue.record(0, {
      ...{ kind: "profile", time: venue.now(), account: CLIENT, leverage: 30, swapFree: true },
      ...{ marginMode: { basis: "symbol", combination: "max" }, group: "", kycLevel: 0 },
      ...{ by: "ops", reason: "test" },
    });
    expect(night(venue)).toEqual({ long: units("-3"), short: units("-3") });
  });

  test("by points that a record has set costs those", () => {
    const venue = open(free, free);
    const time = venue.now();
    venue.record(0, { kind: "swapPoints", time, market: EURUSD.number, long: 0n, short: units("-10") });
    expect(night(venue)).toEqual({ long: 0n, short: units("-10") });
  });
});
