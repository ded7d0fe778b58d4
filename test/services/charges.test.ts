/** Fees and swaps of a running venue: what is read, and what operators set, in every shard the same. */
import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OrderPreviewView } from "../../models/account.model.ts";
import type { AccountFeesView, FeeScheduleView, FeeTierView, SwapView } from "../../models/charge.model.ts";
import type { OrderView } from "../../models/order.model.ts";
import charges from "../../services/charges.service.ts";
import type { ListPage } from "../../services/list-page.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

const trader = principal(1_001);
let folder: string;
let venue: Venue;

async function start(mode: "none" | "demo"): Promise<void> {
  venue = await startVenue(folder, {
    services: [...TRADING, charges],
    settings: { charges: mode, shards: 2 },
  });
}

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await venue.stop();
  await rm(folder, { recursive: true, force: true });
});

const RATE = { basis: "perMillion", amount: "30", minimum: "1.50" } as const;
const TIER = {
  ...{ number: "100", name: "desk" },
  groups: [
    { symbols: ["GBPUSD", "EURUSD"], maker: { ...RATE, amount: "-2", minimum: "0" }, taker: RATE },
    { symbols: [], maker: RATE, taker: RATE },
  ],
};

const fees = (account: number) =>
  venue.call<AccountFeesView>("charges.account", { id: String(account) }, principal(account));
const schedules = () => Promise.all([0, 1].map(shard => venue.call<FeeScheduleView>(`risk.${shard}.fees`)));
const swapOf = (symbol: string) => venue.call<SwapView>("charges.swap", { symbol });

describe("a venue with the demo's charges", () => {
  beforeEach(() => start("demo"));

  it("shows its schedule, and each account its tier and what the next one takes", async () => {
    await venue.openAccounts(1_001);
    const schedule = await venue.call<FeeScheduleView>("charges.schedule");
    expect(schedule).toMatchObject({ volumeCurrency: "USD", volumeDays: 30 });
    expect(schedule.items.map(({ number, fromVolume }) => [number, fromVolume])).toEqual([
      [1, "0.00"],
      [2, "50000000.00"],
      [3, "250000000.00"],
      [4, "1000000000.00"],
    ]);
    expect(schedule.items[3]?.groups).toEqual([
      {
        symbols: [],
        maker: { basis: "perMillion", amount: "-1.00", minimum: "0.00" },
        taker: { basis: "perMillion", amount: "10.00", minimum: "0.00" },
      },
    ]);
    expect(await fees(1_001)).toMatchObject({
      ...{ accountId: "1001", byVolume: true, volumeCurrency: "USD", volume: "0.00" },
      tier: { number: 1, name: "standard" },
      next: { number: 2, fromVolume: "50000000.00", missingVolume: "50000000.00" },
    });
    await expect(venue.call("charges.account", { id: "1002" }, trader)).rejects.toMatchObject({
      type: "FORBIDDEN",
    });
  });

  it("shows the next five rollovers, with what 100,000 units get by them", async () => {
    const swap = await swapOf("EURUSD");
    expect(swap).toMatchObject({
      ...{ symbol: "EURUSD", currency: "USD", points: { long: "-0.65", short: "0.20" } },
      swapFree: { freeDays: 5, amount: "3.00" },
    });
    expect(swap.rollovers).toHaveLength(5);
    // A pip of 100,000 units is USD 10.
    for (const { nights, triple, money, time } of swap.rollovers) {
      expect(Number(money?.long)).toBeCloseTo(-6.5 * nights, 8);
      expect(Number(money?.short)).toBeCloseTo(2 * nights, 8);
      expect(triple).toBe(nights >= 3);
      expect(time).toMatch(/T2[12]:00:00\.000Z$/);
    }
    const days = swap.rollovers.map(({ tradeDate }) => tradeDate);
    expect(days[0]).toBe(swap.tradeDate);
    expect(new Set(days).size).toBe(5);
    expect(swap.valueDate > swap.tradeDate).toBe(true);
    await expect(swapOf("NOPE")).rejects.toMatchObject({ type: "SYMBOL_UNKNOWN" });
  });

  it("tells what an order would be charged, and a night of it", async () => {
    await venue.openAccounts(1_001, 1_002);
    await venue.quote("EURUSD", "1.09990", "1.10000");
    const asked = { id: "1001", symbol: "EURUSD", side: "buy", type: "limit", quantity: "100000" };
    const preview = (price: string) =>
      venue.call<OrderPreviewView>("accounts.preview", { ...asked, price }, trader);
    // At 25 and 15 dollars a million; a pip is 10 dollars.
    const night = { swapLong: "-6.50", swapShort: "2.00" };
    expect(await preview("1.10000")).toMatchObject({ commission: "2.75", ...night });
    expect(await preview("1.00000")).toMatchObject({ commission: "1.50", ...night });
  });

  it("has tiers that operators define once, in every shard", async () => {
    const defined = await venue.call<FeeTierView>("charges.defineTier", TIER);
    expect(defined).toMatchObject({
      number: 100,
      groups: [{ symbols: ["EURUSD", "GBPUSD"] }, { symbols: [] }],
    });
    expect(await venue.call("charges.defineTier", TIER)).toEqual(defined);
    await expect(venue.call("charges.defineTier", { ...TIER, name: "other" })).rejects.toMatchObject({
      ...{ code: 409, type: "FEE_TIER_REUSED", data: { number: 100 } },
    });
    const [first, second] = await schedules();
    expect(first?.items).toHaveLength(5);
    expect(second).toEqual(first);
    expect(await venue.call("charges.schedule")).toEqual(first);
  });

  it.each([
    ["an unknown market", [{ symbols: ["NOPE"], maker: RATE, taker: RATE }], "SYMBOL_UNKNOWN"],
    ["a market in two groups", [TIER.groups[0], TIER.groups[0]], "VALIDATION_FAILED"],
    ["two groups for all others", [TIER.groups[1], TIER.groups[1]], "VALIDATION_FAILED"],
    [
      "a rebate with a minimum",
      [{ symbols: [], maker: { ...RATE, amount: "-1" }, taker: RATE }],
      "VALIDATION_FAILED",
    ],
  ])("refuses a tier with %s", async (_what, groups, type) => {
    await expect(venue.call("charges.defineTier", { ...TIER, groups })).rejects.toMatchObject({ type });
    const [first, second] = await schedules();
    expect(first?.items).toHaveLength(4);
    expect(second?.items).toHaveLength(4);
  });

  it("gives an account the tier that an operator says, until it goes by volume again", async () => {
    await venue.openAccounts(1_001, 1_002);
    await venue.call("charges.defineTier", TIER);
    const given = await venue.call<AccountFeesView>("charges.assignTier", { id: "1001", tier: 100 });
    expect(given).toMatchObject({ byVolume: false, tier: { number: 100, name: "desk" } });
    expect(given.next).toBeUndefined();
    expect(await fees(1_001)).toEqual(given);
    expect(await fees(1_002)).toMatchObject({ tier: { number: 1 } });
    await venue.quote("EURUSD", "1.09990", "1.10000");
    const order = { clientOrderId: "a", symbol: "EURUSD", side: "buy", type: "market", quantity: "100000" };
    const placed = await venue.call<OrderView>("orders.place", order, trader);
    expect(placed).toMatchObject({
      ...{ fee: "3.30", feeCurrency: "USD" },
      fills: [{ fee: "3.30", feeCurrency: "USD" }],
    });
    const listed = await venue.call<ListPage<OrderView>>("orders.list", { status: "closed" }, trader);
    expect(listed.items).toEqual([placed]);
    const { items } = await venue.call<{ items: object[] }>("accounts.balances", { id: "1001" }, trader);
    // 110,000 USD at 30 a million.
    expect(items).toMatchObject([{ currency: "USD", total: "99996.70" }]);
    await expect(venue.call("charges.assignTier", { id: "1001", tier: 9 })).rejects.toMatchObject({
      ...{ code: 404, type: "FEE_TIER_UNKNOWN" },
    });
    expect(await venue.call("charges.assignTier", { id: "1001" })).toMatchObject({
      ...{ byVolume: true, tier: { number: 1 } },
    });
  });
});

describe("a venue without charges", () => {
  beforeEach(() => start("none"));

  it("charges what operators set, over a restart too", async () => {
    await venue.openAccounts(1_001);
    expect(await fees(1_001)).toEqual({
      ...{ accountId: "1001", byVolume: true, volumeCurrency: "USD", volume: "0.00" },
    });
    const before = await swapOf("GBPUSD");
    expect(before.points).toBeUndefined();
    expect(before.rollovers[0]?.money).toBeUndefined();
    const set = { symbol: "GBPUSD", long: "-0.35", short: "-0.150001" };
    const after = await venue.call<SwapView>("charges.setSwap", set);
    expect(after.points).toEqual({ long: "-0.35", short: "-0.150001" });
    await venue.call("charges.defineTier", TIER);
    await venue.call("charges.assignTier", { id: "1001", tier: 100 });
    await venue.stop();
    await start("none");
    for (const shard of [0, 1]) {
      expect(await venue.call(`risk.${shard}.swap`, { symbol: "GBPUSD" })).toMatchObject({
        points: after.points,
      });
    }
    expect(await fees(1_001)).toMatchObject({ byVolume: false, tier: { number: 100 } });
  });

  it("won't start with a schedule that gives a number of its journals another content", async () => {
    await venue.call("charges.defineTier", { ...TIER, number: "1" });
    await venue.stop();
    await expect(start("demo")).rejects.toMatchObject({
      type: "FEE_TIER_REUSED",
      message: expect.stringContaining("received 1"),
    });
    await start("none");
    expect((await schedules())[0]?.items).toMatchObject([{ number: 1, name: "desk" }]);
  });
});
