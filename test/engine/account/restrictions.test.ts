/** The kill switch and an account's own limits: what is let through under each, and that they are facts. */
import { beforeEach, describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import type { TradingState } from "../../../engine/account/command.ts";
import { type AccountId, type Lots, money, type OrderId, type Ticks } from "../../../engine/units.ts";
import { accountsOf, EURUSD, SHARE, USD_1, USDJPY, Venue } from "./venue.ts";

const [maker = 1 as AccountId, trader = 2 as AccountId] = accountsOf(0, 1, 2);
const ALL = 0 as AccountId;
let venue: Venue;
let machine: AccountMachine;

beforeEach(() => {
  venue = new Venue([EURUSD, USDJPY, SHARE], 1);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: 10_000n * USD_1, leverage: 30 });
  machine = venue.machineOf(trader);
  for (const [instrument, middle] of [
    [EURUSD, 110_000],
    [USDJPY, 110_000],
  ] as const) {
    venue.place(maker, instrument, { side: "buy", lots: 100, ticks: middle - 10 });
    venue.place(maker, instrument, { side: "sell", lots: 100, ticks: middle + 10 });
  }
});

function restrict(account: AccountId, state: TradingState) {
  venue.record(0, { kind: "restrict", time: venue.now(), account, state, reason: "test" });
}

function limit(limits: { openOrdersMaximum?: number; notionalMaximum?: bigint }) {
  venue.record(0, {
    ...{ kind: "limit", time: venue.now(), account: trader, selfTradeGroup: 0 },
    openOrdersMaximum: limits.openOrdersMaximum ?? 0,
    notionalMaximum: money(limits.notionalMaximum ?? 0n),
  });
}

const decide = (side: "buy" | "sell", lots: number, ticks = 110_000, market = EURUSD.number) =>
  machine.decide(venue.request(trader, market, { side, lots, ticks }));
const let_ = { reserved: expect.any(BigInt) };

describe("a restricted account", () => {
  let resting: OrderId;

  beforeEach(() => {
    venue.place(trader, EURUSD, { lots: 10, ticks: 110_010 });
    resting = venue.place(trader, EURUSD, { lots: 5, ticks: 100_000 }).id;
  });

  function amended(lots: number, ticks: number) {
    const order = machine.order(resting);
    return order && machine.decideAmend(order, lots as Lots, ticks as Ticks);
  }

  test("that is reducing may only close, cancel and make orders smaller", () => {
    restrict(trader, "reducing");
    expect(machine.account(trader)?.restriction).toBe("reducing");
    expect(decide("buy", 1)).toBe("positionWouldIncrease");
    expect(decide("sell", 11)).toBe("positionWouldIncrease");
    expect(decide("sell", 10)).toEqual({ reserved: 0n });
    expect(amended(4, 0)).toEqual({ reserved: 0n });
    expect(amended(6, 0)).toBe("positionWouldIncrease");
    expect(amended(0, 101_000)).toBe("positionWouldIncrease");
  });

  test("that is halted may nothing", () => {
    restrict(trader, "halted");
    expect([decide("buy", 1), decide("sell", 1), amended(4, 0)]).toEqual(Array(3).fill("tradingHalted"));
    restrict(trader, "active");
    expect(decide("buy", 1)).toEqual(let_);
  });

  test.each([
    ["reducing", "active", "reducing"],
    ["halted", "reducing", "halted"],
    ["active", "halted", "halted"],
    ["reducing", "halted", "halted"],
    ["active", "active", "active"],
  ] as const)("is bound by the stricter of its own and its shard's: %s, %s", (own, all, effective) => {
    restrict(trader, own);
    restrict(ALL, all);
    expect(machine.account(trader)?.restriction).toBe(effective);
    const restored = AccountMachine.restore(0, 1, venue.instruments, machine.snapshot());
    expect(restored.account(trader)?.restriction).toBe(effective);
    expect(restored.hash()).toBe(machine.hash());
  });
});

describe("an account's own limits", () => {
  test("of open orders count those on their way", () => {
    limit({ openOrdersMaximum: 2 });
    venue.place(trader, EURUSD, { lots: 1, ticks: 100_000 });
    expect(decide("buy", 1)).toEqual(let_);
    venue.send(venue.request(trader, EURUSD.number, { lots: 1, ticks: 100_000 }));
    expect(decide("buy", 1)).toBe("openOrdersLimit");
    limit({});
    expect(decide("buy", 1)).toEqual(let_);
  });

  test("of notional count the worst exposures of all markets, and never keep anybody from closing", () => {
    // 10 lots are EUR 10,000 at 1.10000: USD 11,000.
    limit({ notionalMaximum: 22_000n * USD_1 });
    expect(decide("buy", 20)).toEqual(let_);
    expect(decide("buy", 21)).toBe("notionalLimit");
    venue.place(trader, EURUSD, { lots: 10, ticks: 110_010 });
    expect(decide("buy", 11, 110_000, USDJPY.number)).toEqual(let_);
    expect(decide("buy", 12, 110_000, USDJPY.number)).toBe("notionalLimit");
    expect(decide("sell", 20)).toEqual(let_);
    limit({ notionalMaximum: 1n });
    expect(decide("sell", 10)).toEqual({ reserved: 0n });
    expect(decide("sell", 21)).toBe("notionalLimit");
  });

  test("are facts: in the snapshot, and in the hash while there are any", () => {
    const before = machine.hash();
    limit({ openOrdersMaximum: 7, notionalMaximum: 5n });
    expect(machine.account(trader)?.limits).toEqual({
      openOrdersMaximum: 7,
      notionalMaximum: 5n,
      selfTradeGroup: 0,
    });
    const restored = AccountMachine.restore(0, 1, venue.instruments, machine.snapshot());
    expect(restored.account(trader)).toEqual(machine.account(trader));
    expect(restored.hash()).toBe(machine.hash());
    expect(machine.hash()).not.toBe(before);
  });
});
