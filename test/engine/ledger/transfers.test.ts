/** Transfers in one step and in two, what they hold, and what is refused. */
import { beforeEach, describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import { PENDING_TRANSFERS_PER_ACCOUNT_MAX } from "../../../engine/limits.ts";
import { type AccountId, type Milliseconds, money } from "../../../engine/units.ts";
import { cutLog, leg, MoneyRoad, transferOf } from "../account/random-money.ts";
import { accountsOf, EURUSD, SHARE, USD_1, Venue } from "../account/venue.ts";

const [maker = 1 as AccountId] = accountsOf(0, 2, 1);
const [owner = 2 as AccountId, other = 3 as AccountId] = accountsOf(1, 2, 2);
const LATER = 1_000_000 as Milliseconds;
let venue: Venue;
let road: MoneyRoad;

beforeEach(() => {
  venue = new Venue([EURUSD, SHARE], 2);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000n * USD_1 });
  venue.open(owner, { deposit: 1_000n * USD_1 });
  venue.open(other, { deposit: 0n });
  venue.place(maker, EURUSD, { side: "buy", lots: 100, ticks: 99_999 });
  venue.place(maker, EURUSD, { side: "sell", lots: 100, ticks: 100_001 });
  road = new MoneyRoad(venue);
});

const machine = () => venue.machineOf(owner);
const balance = (account = owner, currency = "USD") => {
  const found = machine()
    .money.balances(account)
    .find(each => each.currency === currency);
  return [found?.total, found?.locked, found?.available].map(amount => (amount ?? 0n) / USD_1);
};
const withdrawal = (amount: bigint) => leg("withdrawal", owner, "external", "USD", amount * USD_1);

function pending(amount: bigint, id = "w1") {
  const rejection = road.send({ account: owner, id, timeoutAt: LATER, legs: [withdrawal(amount)] });
  road.record();
  return rejection;
}

describe("a transfer in two steps", () => {
  beforeEach(() => {
    expect(pending(300n)).toBeUndefined();
    expect(balance()).toEqual([1_000n, 300n, 700n]);
  });

  test.each([
    ["settled whole", "settle", 0n, [700n, 0n, 700n], 300n],
    ["settled in part", "settle", 100n, [900n, 0n, 900n], 100n],
    ["voided", "void", 0n, [1_000n, 0n, 1_000n], 0n],
    ["timed out", "timeOut", 0n, [1_000n, 0n, 1_000n], 0n],
  ] as const)("is %s once", (_name, how, amount, after, settled) => {
    expect(road.end(owner, "w1", how, amount * USD_1)).toBe(true);
    expect(road.end(owner, "w1", "void")).toBe(false);
    road.record();
    expect(road.end(owner, "w1", "void")).toBe(false);
    expect(balance()).toEqual(after);
    const [state] = machine().money.transfers(owner);
    expect(state).toMatchObject({ id: "w1", settledAmount: settled * USD_1 });
    cutLog(venue, machine());
    const { transactions } = machine().takeChanges();
    const moved = transactions.filter(({ kind }) => kind === "withdrawal");
    expect(moved.map(each => each.amount)).toEqual(settled === 0n ? [] : [-settled * USD_1]);
    venue.check();
  });

  test("survives a restart, and is still there to be ended", () => {
    const restored = AccountMachine.restore(1, 2, venue.instruments, machine().snapshot());
    expect(restored.hash()).toBe(machine().hash());
    expect(restored.money.balances(owner)).toEqual(machine().money.balances(owner));
    expect(restored.money.transfers(owner)).toEqual(machine().money.transfers(owner));
    expect(restored.money.due((LATER - 1) as Milliseconds)).toEqual([]);
    expect(restored.money.due(LATER).map(({ id }) => id)).toEqual(["w1"]);
  });

  test("stays in memory until its end is stored", () => {
    machine().documented(machine().takeChanges());
    expect(machine().money.transfer(owner, "w1")).toMatchObject({ status: "pending" });
    road.end(owner, "w1", "settle");
    road.record();
    expect(machine().closedInMemory).toBe(1);
    machine().documented(machine().takeChanges());
    expect(machine().money.transfer(owner, "w1")).toBeUndefined();
    expect(machine().closedInMemory).toBe(0);
  });
});

test("its id is used once", () => {
  pending(1n);
  expect(() => pending(1n)).toThrow("used once");
});

test("legs are posted together", () => {
  const legs = [
    leg("conversion", owner, "conversion", "USD", 110n * USD_1),
    leg("conversion", "conversion", owner, "EUR", 100n * USD_1),
    leg("conversionFee", owner, "fees", "EUR", USD_1),
  ];
  expect(road.send({ account: owner, legs, rate: "1.1" })).toBeUndefined();
  road.record();
  expect([balance(), balance(owner, "EUR")]).toEqual([
    [890n, 0n, 890n],
    [99n, 0n, 99n],
  ]);
  cutLog(venue, machine());
  const { transactions } = machine().takeChanges();
  expect(transactions.map(({ kind }) => kind).slice(-3)).toEqual([
    "conversion",
    "conversion",
    "conversionFee",
  ]);
  venue.check();
});

describe("money that is on its way out", () => {
  test("is used once: neither another transfer nor a spot order gets it", () => {
    expect(road.send({ account: owner, id: "a", legs: [withdrawal(600n)] })).toBeUndefined();
    expect(balance()).toEqual([1_000n, 600n, 400n]);
    expect(road.send({ account: owner, id: "b", legs: [withdrawal(600n)] })).toBe("balanceInsufficient");
    const order = venue.place(owner, SHARE, { side: "buy", lots: 10, ticks: 5_000 });
    expect(order.rejection).toBe("balanceInsufficient");
    road.record();
    expect(balance()).toEqual([400n, 0n, 400n]);
  });

  test("and nothing is taken that an order ties up", () => {
    venue.place(owner, SHARE, { side: "buy", lots: 10, ticks: 5_000 });
    expect(pending(501n)).toBe("balanceInsufficient");
    expect(pending(500n)).toBeUndefined();
  });

  test("nor what a position's margin or loss needs", () => {
    // EUR 10,000 at 30 : 1 takes USD 333.34, and its spread is a loss of USD 0.20.
    venue.place(owner, EURUSD, { lots: 10 });
    expect(pending(667n)).toBe("marginInsufficient");
    expect(pending(666n)).toBeUndefined();
  });

  test("nor anything from a halted account, which may still be paid", () => {
    const restricted = { state: "halted", reason: "" } as const;
    venue.record(1, { kind: "restrict", time: venue.now(), account: owner, ...restricted });
    expect(pending(1n)).toBe("tradingHalted");
    const legs = [leg("deposit", "external", owner, "USD", USD_1)];
    expect(road.send({ account: owner, legs })).toBeUndefined();
    const taken = [leg("adjustment", owner, "house", "USD", USD_1)];
    expect(road.send({ account: owner, id: "staff", legs: taken })).toBeUndefined();
  });
});

test("pending transfers are limited", () => {
  for (let count = 0; count < PENDING_TRANSFERS_PER_ACCOUNT_MAX; count++) {
    expect(pending(1n, `w${count}`)).toBeUndefined();
  }
  expect(pending(1n, "one too many")).toBe("transfersLimit");
});

test("payments of a day and of 30 days are limited by level, and given up ones count no more", () => {
  const DAY = 86_400_000;
  const pay = (day: number, amount: bigint) => {
    const time = (day * DAY) as Milliseconds;
    const legs = [leg("deposit", "external", owner, "USD", amount * USD_1)];
    const asked = { account: owner, id: `${day}-${amount}`, counted: money(amount * USD_1), legs };
    const rejection = road.send({ ...asked, time, timeoutAt: LATER });
    road.record();
    return rejection;
  };
  expect(pay(0, 2_000n)).toBeUndefined();
  expect(pay(0, 1n)).toBe("paymentLimit");
  for (const day of [1, 2, 3]) expect(pay(day, 2_000n)).toBeUndefined();
  expect(pay(4, 1_999n)).toBeUndefined();
  expect(pay(29, 2n)).toBe("paymentLimit");
  expect(pay(30, 1_000n)).toBeUndefined();
  road.end(owner, "30-1000", "void");
  road.record();
  expect(pay(30, 2_000n)).toBeUndefined();
});

test("between shards what is debited is credited once", () => {
  venue.record(1, {
    ...transferOf(venue, {
      account: owner,
      legs: [leg("transfer", owner, "transit", "USD", 50n * USD_1)],
      destination: maker,
    }),
  });
  const transit = () => venue.machines.map(each => each.money.clearing().get("USD")?.transit ?? 0n);
  expect(transit()).toEqual([0n, 50n * USD_1]);
  road.credit(0);
  road.credit(0);
  expect(transit()).toEqual([-50n * USD_1, 50n * USD_1]);
  expect(venue.ledgers[0]?.filter(({ kind }) => kind === "credit")).toHaveLength(1);
  venue.check();
  const restored = AccountMachine.restore(
    0,
    2,
    venue.instruments,
    venue.machines[0]?.snapshot() ?? new Uint8Array(),
  );
  expect(restored.money.credited(1)).toBe(venue.machines[0]?.money.credited(1));
  expect(restored.money.heardOf(1)).toBe(restored.money.credited(1));
  restored.money.hearUpTo(1, 1_000);
  const again = AccountMachine.restore(0, 2, venue.instruments, restored.snapshot());
  expect([again.money.heardOf(1), again.hash()]).toEqual([1_000, restored.hash()]);
});
