/** The life of an order as its shard sees it, and what is remembered of it. */
import { beforeEach, describe, expect, test } from "vitest";
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import { LIQUIDITY_IDS_MAX } from "../../../engine/limits.ts";
import type { AccountId } from "../../../engine/units.ts";
import { cutLog } from "./random-money.ts";
import { accountsOf, EURUSD, USD_1, Venue } from "./venue.ts";

const [maker = 1 as AccountId] = accountsOf(0, 2, 1);
const [trader = 2 as AccountId] = accountsOf(1, 2, 1);
let venue: Venue;
let machine: AccountMachine;

beforeEach(() => {
  venue = new Venue([EURUSD], 2);
  venue.open(maker, { liquidity: true, leverage: 500, deposit: 1_000_000_000n * USD_1 });
  venue.open(trader, { deposit: 100_000n * USD_1 });
  machine = venue.machineOf(trader);
  venue.place(maker, EURUSD, { side: "buy", lots: 10, ticks: 110_000 });
  venue.place(maker, EURUSD, { side: "sell", lots: 10, ticks: 110_010 });
});

describe("an order's status follows the market", () => {
  test.each([
    ["rests", { lots: 5, ticks: 109_000 }, "open", 0],
    ["fills", { lots: 5, ticks: 110_010 }, "filled", 5],
    ["fills in part and rests", { lots: 15, ticks: 110_010 }, "partiallyFilled", 10],
    ["fills in part and expires", { lots: 15, ticks: 110_010, timeInForce: "IOC" }, "expired", 10],
    ["expires whole", { lots: 15, ticks: 110_010, timeInForce: "FOK" }, "expired", 0],
    ["is refused by the market", { lots: 5, ticks: 110_010, postOnly: true }, "rejected", 0],
  ] as const)("%s", (_name, asking, status, filledLots) => {
    const order = venue.place(trader, EURUSD, asking);
    expect(order).toMatchObject({
      status,
      filledLots,
      requestedLots: asking.lots,
      requestedTicks: asking.ticks,
    });
    expect(order.filledValue).toBe(BigInt(filledLots) * 110_010n);
    expect(order.fills.map(fill => fill.lots)).toEqual(filledLots === 0 ? [] : [filledLots]);
    expect(order.rejection).toBe(status === "rejected" ? "postOnlyWouldTrade" : undefined);
    expect(machine.openOrders(trader)).toHaveLength(
      status === "open" || status === "partiallyFilled" ? 1 : 0,
    );
    venue.check();
  });

  test("a resting order fills as maker, and both sides name each other", () => {
    const resting = venue.place(trader, EURUSD, { lots: 3, ticks: 110_005 });
    const selling = venue.place(maker, EURUSD, { side: "sell", lots: 2, ticks: 110_005 });
    const { status, fills } = venue.order(trader, resting.id) ?? resting;
    expect(status).toBe("partiallyFilled");
    expect(fills).toMatchObject([{ role: "maker", ticks: 110_005, lots: 2, counterOrderId: selling.id }]);
    expect(selling.fills).toEqual([]);
  });

  test("cancel closes; a second one is refused and changes nothing", () => {
    const order = venue.place(trader, EURUSD, { lots: 5, ticks: 109_000 });
    expect(venue.cancel(order)).toMatchObject({
      kind: "cancel",
      order: { status: "cancelled" },
      rejection: undefined,
    });
    const again = venue.cancel(order);
    expect(again).toMatchObject({ rejection: "orderUnknown", order: { status: "cancelled" } });
    venue.check();
  });
});

describe("amends", () => {
  test("change size and price, and keep what was first asked", () => {
    const order = venue.place(trader, EURUSD, { lots: 5, ticks: 109_000 });
    venue.amend(order, 8, 109_500);
    expect(machine.order(order.id)).toMatchObject({
      lots: 8,
      ticks: 109_500,
      requestedLots: 5,
      requestedTicks: 109_000,
    });
    venue.check();
  });

  test("that cross fill as taker", () => {
    const order = venue.place(trader, EURUSD, { lots: 15, ticks: 109_000 });
    venue.amend(order, 0, 110_010);
    expect(machine.order(order.id)).toMatchObject({ status: "partiallyFilled", filledLots: 10 });
    venue.check();
  });

  test("to no more than is filled close the order", () => {
    const order = venue.place(trader, EURUSD, { lots: 15, ticks: 110_010 });
    const answer = venue.amend(order, 10, 0);
    const closed = { status: "cancelled", filledLots: 10, lots: 15 };
    expect(answer).toMatchObject({ kind: "amend", rejection: undefined, order: closed });
    expect(machine.openOrders(trader)).toEqual([]);
    venue.check();
  });

  test("refused by the market leave the order as it was", () => {
    const order = venue.place(trader, EURUSD, { lots: 15, ticks: 109_000, postOnly: true });
    const before = { ...machine.order(order.id) };
    const answer = venue.amend(order, 0, 110_010);
    expect(answer).toMatchObject({
      kind: "amend",
      rejection: "postOnlyWouldTrade",
      order: { status: "open" },
    });
    expect(machine.order(order.id)).toEqual(before);
    venue.check();
  });
});

describe("outcomes by client order id", () => {
  test("pending until the market's record, then the order", () => {
    const request = venue.request(trader, EURUSD.number, { lots: 5, ticks: 109_000 });
    expect(machine.outcome(trader, request.clientOrderId)).toBeUndefined();
    venue.send(request);
    expect(machine.outcome(trader, request.clientOrderId)).toBe("pending");
    machine.check();
    venue.deliverAll();
    expect(machine.outcome(trader, request.clientOrderId)).toMatchObject({ status: "open" });
    expect(machine.holdCount).toBe(0);
  });

  test("a revoked id stays revoked until it is documented", () => {
    venue.record(machine.shard, {
      kind: "revoke",
      time: venue.now(),
      account: trader,
      clientOrderId: "never",
    });
    expect(machine.outcome(trader, "never")).toBe("revoked");
    expect(machine.closedInMemory).toBe(1);
    const changes = machine.takeChanges();
    expect(changes.revocations).toMatchObject([{ account: trader, clientOrderId: "never" }]);
    machine.documented(changes);
    expect(machine.outcome(trader, "never")).toBeUndefined();
    expect(machine.closedInMemory).toBe(0);
  });

  test("a liquidity provider's closed ids are remembered up to the limit", () => {
    const makers = venue.machineOf(maker);
    const first = venue.place(maker, EURUSD, { lots: 1, ticks: 100_000 });
    venue.cancel(first);
    expect(makers.outcome(maker, first.clientOrderId)).toBe("closed");
    expect(makers.order(first.id)).toBeUndefined();
    for (let count = 0; count < LIQUIDITY_IDS_MAX; count++) {
      venue.cancel(venue.place(maker, EURUSD, { lots: 1, ticks: 100_000 }));
    }
    expect(makers.outcome(maker, first.clientOrderId)).toBeUndefined();
    expect(makers.takeChanges()).toMatchObject({ orders: [], transactions: [], accounts: [] });
    venue.check();
  });
});

describe("documents", () => {
  test("an open order stays in memory, a closed one leaves once it is stored", () => {
    const open = venue.place(trader, EURUSD, { lots: 5, ticks: 109_000 });
    const filled = venue.place(trader, EURUSD, { lots: 5, ticks: 110_010 });
    cutLog(venue, machine);
    const changes = machine.takeChanges();
    expect(changes.orders.map(order => order.id)).toEqual([open.id, filled.id]);
    expect(changes.accounts).toEqual([trader]);
    expect(machine.closedInMemory).toBe(1);
    machine.documented(changes);
    expect(machine.order(filled.id)).toBeUndefined();
    expect(machine.outcome(trader, filled.clientOrderId)).toBeUndefined();
    expect(machine.order(open.id)).toBeDefined();
    expect([machine.closedInMemory, machine.transactionsInMemory]).toEqual([0, 0]);
    expect(machine.takeChanges()).toEqual({
      orders: [],
      transactions: [],
      revocations: [],
      transfers: [],
      accounts: [],
    });
    venue.check();
  });

  test("an order that closed after it was taken is told again, and a copy doesn't change", () => {
    const order = venue.place(trader, EURUSD, { lots: 5, ticks: 109_000 });
    const first = machine.takeChanges();
    venue.cancel(order);
    expect(first.orders[0]?.status).toBe("open");
    machine.documented(first);
    expect(machine.order(order.id)?.status).toBe("cancelled");
    const second = machine.takeChanges();
    expect(second.orders.map(({ status }) => status)).toEqual(["cancelled"]);
    machine.documented(second);
    expect(machine.order(order.id)).toBeUndefined();
  });

  test("what was taken but not stored is told again after a restore", () => {
    const stored = venue.place(trader, EURUSD, { lots: 5, ticks: 109_000 });
    machine.documented(machine.takeChanges());
    const lost = venue.place(trader, EURUSD, { lots: 5, ticks: 110_010 });
    const refused = venue.place(trader, EURUSD, { lots: 90_000, ticks: 110_010 });
    machine.takeChanges();
    const restored = AccountMachine.restore(machine.shard, 2, venue.instruments, machine.snapshot());
    restored.check();
    expect(restored.hash()).toBe(machine.hash());
    expect(restored.takeChanges().orders.map(({ id }) => id)).toEqual([lost.id, refused.id]);
    expect(restored.outcome(trader, stored.clientOrderId)).toMatchObject({ status: "open" });
    expect(restored.outcome(trader, refused.clientOrderId)).toEqual(
      machine.outcome(trader, refused.clientOrderId),
    );
  });
});
