import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shardOf } from "../../engine/ids.ts";
import { accountId } from "../../engine/units.ts";
import type { AccountView, PositionView } from "../../models/account.model.ts";
import type { OrderView } from "../../models/order.model.ts";
import markets from "../../services/markets.service.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

const ALICE = principal(1001);
const BOB = principal(1002);

const limit = (clientOrderId: string, side: string, quantity: string, price: string, more: object = {}) => ({
  clientOrderId,
  symbol: "EURUSD",
  side,
  type: "limit",
  quantity,
  price,
  ...more,
});

let venue: Venue;

beforeAll(async () => {
  venue = await startVenue(await temporaryFolder(), { services: [...TRADING, markets] });
  await venue.openAccounts(1001, 1002);
  await venue.quote("EURUSD", "1.05000", "1.15000");
});

afterAll(() => venue.remove());

const place = (order: object, caller = ALICE) => venue.call<OrderView>("orders.place", order, caller);

describe("placing", () => {
  it("rests a limit order, fills it, and settles both accounts", async () => {
    const resting = await place(limit("a-1", "buy", "10000", "1.10000"));
    expect(resting).toMatchObject({
      status: "open",
      quantity: "10000",
      price: "1.10000",
      filledQuantity: "0",
    });
    const taker = await place(limit("b-1", "sell", "4000", "1.09000", { timeInForce: "IOC" }), BOB);
    expect(taker).toMatchObject({ status: "filled", averagePrice: "1.10000" });
    const after = await venue.call<OrderView>("orders.get", { id: resting.id }, ALICE);
    expect(after).toMatchObject({ status: "partiallyFilled", filledQuantity: "4000" });
    expect(after.fills).toMatchObject([{ price: "1.10000", quantity: "4000", role: "maker" }]);
    const { items } = await venue.call<{ items: PositionView[] }>(
      "accounts.positions",
      { id: "1001" },
      ALICE,
    );
    expect(items).toMatchObject([{ symbol: "EURUSD", quantity: "4000" }]);
    await venue.call("orders.cancel", { id: resting.id }, ALICE);
  });

  it("answers a repeat with the first outcome and another body with 409", async () => {
    const first = await place(limit("a-2", "buy", "1000", "1.06000"));
    const again = await place(limit("a-2", "buy", "1000.0", "1.06"));
    expect(again).toEqual(first);
    await expect(place(limit("a-2", "buy", "2000", "1.06000"))).rejects.toMatchObject({
      code: 409,
      type: "CLIENT_ORDER_ID_REUSED",
    });
    await expect(
      place({ ...limit("a-2", "buy", "1000", "1.06000"), symbol: "GBPUSD" }),
    ).rejects.toMatchObject({
      type: "CLIENT_ORDER_ID_REUSED",
    });
  });

  it("tells two copies that arrive together the same", async () => {
    const copies = await Promise.all(
      Array.from({ length: 5 }, () => place(limit("a-3", "buy", "1000", "1.06000"))),
    );
    expect(new Set(copies.map(({ id }) => id)).size).toBe(1);
  });

  it("keeps a repeat's answer after the order was filled", async () => {
    const filled = await place(limit("a-4", "buy", "1000", "1.15000", { timeInForce: "IOC" }));
    expect(filled.status).toBe("filled");
    expect(await place(limit("a-4", "buy", "1000", "1.15000", { timeInForce: "IOC" }))).toEqual(filled);
  });

  it.each([
    ["1500", "1.10000", "quantityNotMultiple"],
    ["0", "1.10000", "quantityBelowMinimum"],
    ["1000", "1.1000001", "priceNotMultiple"],
    ["40000000", "1.05000", "marginInsufficient"],
  ])("refuses %s at %s as %s, durably", async (quantity, price, rejection) => {
    const id = `refused-${rejection}-${quantity}`;
    const refused = await place(limit(id, "buy", quantity, price));
    expect(refused).toMatchObject({ status: "rejected", rejection, quantity, filledQuantity: "0" });
    expect(await place(limit(id, "buy", quantity, price))).toEqual(refused);
  });

  it("refuses a market order that waits and a limit order without a price", async () => {
    const asked = { clientOrderId: "a-6", symbol: "EURUSD", side: "buy", type: "market", quantity: "1000" };
    expect(await place({ ...asked, timeInForce: "GTC" })).toMatchObject({
      rejection: "timeInForceNotAllowed",
    });
    expect(await place({ ...asked, clientOrderId: "a-7", type: "limit" })).toMatchObject({
      rejection: "priceMissing",
    });
  });

  it("refuses what the schema does not know", async () => {
    await expect(place({ ...limit("a-8", "buy", "1000", "1.1"), colour: "red" })).rejects.toMatchObject({
      code: 422,
    });
    await expect(place(limit("a 8", "buy", "1000", "1.1"))).rejects.toMatchObject({ code: 422 });
    await expect(place({ ...limit("a-8", "buy", "1000", "1.1"), symbol: "XXXYYY" })).rejects.toMatchObject({
      type: "SYMBOL_UNKNOWN",
    });
  });
});

describe("amending and cancelling", () => {
  it("amends size and price, and refuses what falls below the filled size", async () => {
    const order = await place(limit("c-1", "buy", "5000", "1.06000"));
    const amended = await venue.call<OrderView>(
      "orders.amend",
      { id: order.id, quantity: "3000", price: "1.06100" },
      ALICE,
    );
    expect(amended).toMatchObject({ status: "open", quantity: "3000", price: "1.06100" });
    await expect(venue.call("orders.amend", { id: order.id, quantity: "1500" }, ALICE)).rejects.toMatchObject(
      {
        type: "AMEND_REJECTED",
        data: { rejection: "quantityNotMultiple" },
      },
    );
    const cancelled = await venue.call<OrderView>("orders.cancel", { id: order.id }, ALICE);
    expect(cancelled).toMatchObject({ status: "cancelled", quantity: "3000" });
    await expect(venue.call("orders.cancel", { id: order.id }, ALICE)).rejects.toMatchObject({
      type: "ORDER_NOT_OPEN",
    });
    // The first outcome of a repeat is that of the order as first asked.
    expect(await place(limit("c-1", "buy", "5000", "1.06000"))).toMatchObject({
      id: order.id,
      status: "cancelled",
    });
  });

  it("shows nobody another's order", async () => {
    const order = await place(limit("c-2", "buy", "1000", "1.06000"));
    for (const action of ["orders.get", "orders.cancel"]) {
      await expect(venue.call(action, { id: order.id }, BOB)).rejects.toMatchObject({
        type: "ORDER_UNKNOWN",
      });
    }
    await expect(place({ ...limit("c-3", "buy", "1000", "1.06"), accountId: "1002" })).rejects.toMatchObject({
      type: "FORBIDDEN",
    });
  });
});

describe("resolving", () => {
  it("finds the outcome, or says never accepted and keeps its word", async () => {
    const order = await place(limit("d-1", "buy", "1000", "1.06000"));
    expect(await venue.call("orders.resolve", { clientOrderId: "d-1" }, ALICE)).toEqual(order);
    const never = venue.call("orders.resolve", { clientOrderId: "d-2" }, ALICE);
    await expect(never).rejects.toMatchObject({ code: 404, type: "ORDER_NEVER_ACCEPTED" });
    await expect(place(limit("d-2", "buy", "1000", "1.06000"))).rejects.toMatchObject({
      type: "CLIENT_ORDER_ID_REVOKED",
    });
  });
});

describe("resolving a provider's closed order", () => {
  it("never says that it was never accepted", async () => {
    const provider = principal(900, "liquidity");
    await place(limit("lp-1", "buy", "1000", "1.06000", { timeInForce: "IOC" }), provider);
    await expect(venue.call("orders.resolve", { clientOrderId: "lp-1" }, provider)).rejects.toMatchObject({
      type: "ORDER_UNKNOWN",
    });
  });
});

describe("resolving an id that comes more than once in the same moment", () => {
  it("gives it up once, however many ask", async () => {
    const asked = Array.from({ length: 3 }, () =>
      venue.call("orders.resolve", { clientOrderId: "e-1" }, ALICE),
    );
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: "rejected", reason: { type: "ORDER_NEVER_ACCEPTED" } });
    }
  });

  it("gives it up or accepts its order, never both", async () => {
    const [given, placed] = await Promise.allSettled([
      venue.call("orders.resolve", { clientOrderId: "e-2" }, ALICE),
      place(limit("e-2", "buy", "1000", "1.06000")),
    ]);
    expect(given).toMatchObject({ status: "rejected", reason: { type: "ORDER_NEVER_ACCEPTED" } });
    expect(placed).toMatchObject({ status: "rejected", reason: { type: "CLIENT_ORDER_ID_REVOKED" } });
    const [accepted, found] = await Promise.allSettled([
      place(limit("e-3", "buy", "1000", "1.06000")),
      venue.call<OrderView>("orders.resolve", { clientOrderId: "e-3" }, ALICE),
    ]);
    expect(accepted.status).toBe("fulfilled");
    expect(found).toEqual(accepted);
  });
});

describe("a restart", () => {
  it("finds the same book, orders, balances, positions and repeats", async () => {
    const open = await venue.call<{ items: OrderView[] }>("orders.list", { status: "open" }, ALICE);
    const before = {
      open,
      all: await venue.call("orders.list", { limit: 500 }, ALICE),
      accounts: await venue.call<{ items: AccountView[] }>("accounts.list", {}, ALICE),
      positions: await venue.call("accounts.positions", { id: "1001" }, ALICE),
      transactions: await venue.call("accounts.transactions", { id: "1001" }, ALICE),
      book: await venue.call<{ bids: unknown; asks: unknown }>("matching.EURUSD.book", { depth: 100 }),
    };
    await venue.stop();
    venue = await startVenue(venue.dataDir, { services: [...TRADING, markets] });
    expect(await venue.call("orders.list", { status: "open" }, ALICE)).toEqual(before.open);
    expect(await venue.call("orders.list", { limit: 500 }, ALICE)).toEqual(before.all);
    expect(await venue.call("accounts.list", {}, ALICE)).toEqual(before.accounts);
    expect(await venue.call("accounts.positions", { id: "1001" }, ALICE)).toEqual(before.positions);
    expect(await venue.call("accounts.transactions", { id: "1001" }, ALICE)).toEqual(before.transactions);
    const book = await venue.call<{ bids: unknown; asks: unknown }>("matching.EURUSD.book", { depth: 100 });
    expect([book.bids, book.asks]).toEqual([before.book.bids, before.book.asks]);
    expect(open.items.length).toBeGreaterThan(0);
    expect(await place(limit("refused-quantityNotMultiple-1500", "buy", "1500", "1.10000"))).toMatchObject({
      status: "rejected",
      rejection: "quantityNotMultiple",
    });
    await expect(place(limit("d-2", "buy", "1000", "1.06000"))).rejects.toMatchObject({
      type: "CLIENT_ORDER_ID_REVOKED",
    });
  });
});

describe("orders beyond limit and size", () => {
  it("a stop waits, is shown as one, and enters when its price comes", async () => {
    await venue.quote("GBPUSD", "1.05000", "1.15000");
    const stop = { clientOrderId: "s-1", symbol: "GBPUSD", side: "buy", type: "stop", quantity: "2000" };
    const armed = await place({ ...stop, stopPrice: "1.12000" });
    expect(armed).toMatchObject({ type: "stop", stopPrice: "1.12000", trigger: "last", awaits: "trigger" });
    expect(await place({ ...stop, stopPrice: "1.12" })).toEqual(armed);
    await expect(place({ ...stop, stopPrice: "1.13" })).rejects.toMatchObject({ code: 409 });
    const moved = await venue.call<OrderView>("orders.amend", { id: armed.id, stopPrice: "1.14" }, ALICE);
    expect(moved).toMatchObject({ stopPrice: "1.14000", awaits: "trigger" });
    await place(limit("s-2", "sell", "1000", "1.14000", { symbol: "GBPUSD" }), BOB);
    await place(limit("s-3", "buy", "1000", "1.14000", { symbol: "GBPUSD" }), ALICE);
    const filled = await venue.call<OrderView>("orders.get", { id: armed.id }, ALICE);
    expect(filled).toMatchObject({ status: "filled", averagePrice: "1.15000", stopPrice: "1.14000" });
    expect(filled.awaits).toBeUndefined();
  });

  it("an iceberg shows a part, a hidden order nothing", async () => {
    const iceberg = await place(limit("i-1", "buy", "9000", "1.10000", { displayQuantity: "3000" }));
    const hidden = await place(limit("h-1", "buy", "5000", "1.11000", { hidden: true }));
    expect([iceberg, hidden]).toMatchObject([{ displayQuantity: "3000" }, { hidden: true }]);
    const book = await venue.call("matching.EURUSD.book", { depth: 1 });
    expect(book).toMatchObject({ bids: [["1.10000", "3000", 1]] });
    for (const { id } of [iceberg, hidden]) await venue.call("orders.cancel", { id }, ALICE);
  });

  it("what can't be read is a durable refusal, and its repeat is one", async () => {
    const bad = { clientOrderId: "x-1", symbol: "EURUSD", side: "buy", type: "stop", quantity: "2000" };
    const refused = await place({ ...bad, stopPrice: "1.1200001" });
    expect(refused).toMatchObject({ status: "rejected", rejection: "stopPriceNotMultiple" });
    expect(await place({ ...bad, stopPrice: "1.12000010" })).toEqual(refused);
    await expect(place({ ...bad, stopPrice: "1.1200002" })).rejects.toMatchObject({ code: 409 });
    expect(await place({ ...bad, clientOrderId: "x-2" })).toMatchObject({ rejection: "stopPriceMissing" });
  });
});

describe("orders that end by themselves", () => {
  const secondsAhead = (seconds: number) =>
    new Date(Math.ceil(Date.now() / 1_000 + seconds) * 1_000).toISOString().replace(".000Z", "Z");
  const get = (id: string) => venue.call<OrderView>("orders.get", { id }, ALICE);

  it("a GTD order ends at its time, which an amend may change", async () => {
    const dated = { timeInForce: "GTD", expireTime: secondsAhead(600) };
    const order = await place(limit("t-1", "buy", "1000", "1.06000", dated));
    expect(order).toMatchObject({ status: "open", ...dated });
    expect(await place(limit("t-1", "buy", "1000", "1.06000", dated))).toEqual(order);
    const expireTime = secondsAhead(2);
    const amended = await venue.call<OrderView>("orders.amend", { id: order.id, expireTime }, ALICE);
    expect(amended).toMatchObject({ status: "open", expireTime });
    await expect.poll(async () => (await get(order.id)).status, { timeout: 10_000 }).toBe("expired");
    const ended = await get(order.id);
    expect(Date.parse(ended.updatedAt)).toBeGreaterThanOrEqual(Date.parse(expireTime));
  });

  it("a DAY order ends with the day, a GTC order doesn't", async () => {
    const day = await place(limit("t-2", "buy", "1000", "1.06000", { timeInForce: "DAY" }));
    const good = await place(limit("t-3", "buy", "1000", "1.06000"));
    expect([day, good]).toMatchObject([{ timeInForce: "DAY" }, { timeInForce: "GTC" }]);
    await venue.call("markets.endOfDay", { symbol: "EURUSD" });
    await expect.poll(async () => (await get(day.id)).status).toBe("expired");
    expect(await get(good.id)).toMatchObject({ status: "open" });
  });

  it("an order for an auction waits for it by either of its names", async () => {
    const parked = await place(limit("t-4", "buy", "1000", "1.06000", { timeInForce: "good-for-auction" }));
    expect(parked).toMatchObject({ status: "open", timeInForce: "GFA", awaits: "auction" });
    expect(await place(limit("t-4", "buy", "1000", "1.06000", { timeInForce: "GFA" }))).toEqual(parked);
    await venue.call("orders.cancel", { id: parked.id }, ALICE);
  });

  it.each([
    ["t-5", { timeInForce: "GTD" }, "expireTimeMissing"],
    ["t-6", { expireTime: "2096-10-16T20:00:00Z" }, "expireTimeUnexpected"],
    ["t-7", { timeInForce: "GTD", expireTime: "2096-10-16T20:00:00.500Z" }, "expireTimeOutOfRange"],
    ["t-8", { timeInForce: "GTD", expireTime: "2006-10-16T20:00:00Z" }, "expireTimeOutOfRange"],
  ])("%s: %j is %s", async (id, asked, rejection) => {
    const refused = await place(limit(id, "buy", "1000", "1.06000", asked));
    expect(refused).toMatchObject({ status: "rejected", rejection });
    expect(await place(limit(id, "buy", "1000", "1.06000", asked))).toEqual(refused);
  });
});

it("a shard takes what a door has read, and nothing that is none", async () => {
  const shard = `risk.${shardOf(accountId(1001), 2)}.carryOut`;
  const ask = (...commands: object[]) => venue.call(shard, { commands });
  const request = { account: 1001, clientOrderId: "r-1", market: 1 };
  const place = (placing: object) => ({ kind: "place", placing });
  const invalid = { code: 422, type: "VALIDATION_ERROR" };
  for (const bad of [
    { kind: "destroy" },
    place({ order: request }),
    place({ request: { ...request, market: 0 } }),
    place({ request, forced: true }),
    { kind: "amend", account: 1001, asked: { id: "1", price: "far" } },
    { kind: "cancel", account: -1, id: "1" },
  ]) {
    await expect(ask(bad)).rejects.toMatchObject(invalid);
  }
  await expect(ask()).rejects.toMatchObject(invalid);
  expect(await ask(place({ request: { ...request, account: 9_999 } }))).toMatchObject([
    { fault: { code: "ACCOUNT_UNKNOWN" } },
  ]);
});
