/** Commands of more than one order, through real services. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OrderView } from "../../models/order.model.ts";
import quotes from "../../services/quotes.service.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

const ALICE = principal(1001);
const BOB = principal(1002);
let venue: Venue;
let placed = 0;

beforeAll(async () => {
  venue = await startVenue(await temporaryFolder(), { services: [...TRADING, quotes] });
  await venue.openAccounts(1001, 1002);
  await venue.quote("EURUSD", "1.05000", "1.15000");
  await venue.quote("GBPUSD", "1.25000", "1.35000");
});

afterAll(() => venue.remove());

function place(caller: typeof ALICE, more: object): Promise<OrderView> {
  const clientOrderId = `o-${++placed}`;
  const order = { clientOrderId, symbol: "EURUSD", side: "buy", type: "limit", quantity: "1000" };
  return venue.call("orders.place", { ...order, price: "1.06", ...more }, caller);
}

async function openOrders(caller: typeof ALICE): Promise<string[]> {
  const { items } = await venue.call<{ items: OrderView[] }>("orders.list", { status: "open" }, caller);
  return items.map(({ id }) => id).sort();
}

it("all open orders of an account go, of one side, of one market, or all", async () => {
  const buy = await place(ALICE, {});
  const sell = await place(ALICE, { side: "sell", price: "1.14" });
  const stop = await place(ALICE, { type: "stop", price: undefined, stopPrice: "1.20" });
  const other = await place(ALICE, { symbol: "GBPUSD", price: "1.26" });
  const bobs = await place(BOB, {});
  const cancelAll = async (more: object) => {
    const { items } = await venue.call<{ items: OrderView[] }>("orders.cancelAll", more, ALICE);
    return items.map(({ id, status }) => `${id} ${status}`).sort();
  };
  expect(await cancelAll({ side: "sell" })).toEqual([`${sell.id} cancelled`]);
  expect(await cancelAll({ symbol: "GBPUSD" })).toEqual([`${other.id} cancelled`]);
  expect(await cancelAll({})).toEqual([`${buy.id} cancelled`, `${stop.id} cancelled`].sort());
  expect(await cancelAll({})).toEqual([]);
  expect(await openOrders(ALICE)).toEqual([]);
  expect(await openOrders(BOB)).toEqual([bobs.id]);
});
