/** The history service: what moleculer-db's mixin reads from disk; nothing of its own is published. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyOrder, newOrder } from "../../engine/account/order/order.ts";
import { accountId, lots, milliseconds, orderId, ticks } from "../../engine/units.ts";
import { OrderAdapter } from "../../mixins/documents/order-adapter.ts";
import type { TransactionView } from "../../models/account.model.ts";
import type { OrderView } from "../../models/order.model.ts";
import history from "../../services/history.service.ts";
import { startVenue, type Venue } from "./venue.ts";

let venue: Venue;

const asked = {
  account: accountId(1001),
  clientOrderId: "c-1",
  market: 1,
  side: "buy",
  type: "limit",
  timeInForce: "GTC",
  postOnly: false,
  lots: lots(1),
  ticks: ticks(110_500),
  liquidity: false,
  reference: 0,
} as const;
const time = milliseconds(Date.parse("2024-01-01T00:00:00.000Z"));
const placed = copyOrder(newOrder(orderId(16385), 1, 7, time, asked));
const order: OrderView = {
  id: "16385",
  clientOrderId: "c-1",
  accountId: "1001",
  symbol: "EURUSD",
  side: "buy",
  type: "limit",
  timeInForce: "GTC",
  postOnly: false,
  price: "1.10500",
  quantity: "1000",
  filledQuantity: "0",
  status: "cancelled",
  fills: [],
  sequence: 7,
  createdAt: "2024-01-01T00:00:00.000Z",
  updatedAt: "2024-01-01T00:00:00.000Z",
};

const call = (action: string, params: object) => venue.broker.call(`history.${action}`, params);

beforeAll(async () => {
  venue = await startVenue([history]);
  const transaction = {
    id: "1",
    accountId: "1001",
    kind: "deposit",
    currency: "USD",
    amount: "5.00",
  } as const;
  const time = "2024-01-01T00:00:00.000Z";
  const stored: TransactionView = { ...transaction, balanceAfter: "5.00", sequence: 1, time, bookedAt: time };
  const revoked = [{ accountId: "1001", clientOrderId: "given-up" }];
  const orders = [{ ...placed, status: "cancelled" as const }];
  const batch = { orders, transactions: [stored], transfers: [], accounts: [], revoked };
  await venue.runtime.documents.save(batch);
});

afterAll(() => venue.stop());

test("finds an order by id and by client order id", async () => {
  expect(await call("order", { id: "16385" })).toEqual(order);
  expect(await call("byClientId", { account: "1001", clientOrderId: "c-1" })).toEqual(order);
  expect(await call("byClientId", { account: "1001", clientOrderId: "given-up" })).toBe("revoked");
  expect(await call("orders", { account: "1001", status: "closed" })).toEqual({ items: [order] });
  expect(await call("transactions", { account: "1001" })).toMatchObject({ items: [{ amount: "5.00" }] });
  await expect(call("order", { id: "1" })).rejects.toMatchObject({ code: 404 });
});

test("publishes none of the mixin's actions", () => {
  const actions = venue.broker.registry.getActionList({ onlyLocal: true }).map(({ name }) => name);
  expect(actions.filter(name => name.startsWith("history.")).sort()).toEqual(
    ["byClientId", "order", "orders", "statement", "transactions", "transfer", "transfers"].map(
      name => `history.${name}`,
    ),
  );
});

test("refuses what would search or write past the batches", async () => {
  const adapter = new OrderAdapter();
  await expect(adapter.find()).rejects.toThrow(/by key/);
  await expect(adapter.updateById()).rejects.toThrow(/by batches/);
});
