/** Commands of more than one order, through real services. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OrderView } from "../../models/order.model.ts";
import killSwitch from "../../services/kill-switch.service.ts";
import quotes from "../../services/quotes.service.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

const ALICE = principal(1001);
const BOB = principal(1002);
let venue: Venue;
let placed = 0;

beforeAll(async () => {
  venue = await startVenue(await temporaryFolder(), { services: [...TRADING, quotes, killSwitch] });
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

it("the kill switch of an account: halted, reducing, active again", async () => {
  const position = await place(BOB, { type: "market", price: undefined, side: "buy" });
  expect(position.status).toBe("filled");
  await place(BOB, {});
  const turn = (state: string) => venue.call("killSwitch.account", { id: "1002", state, reason: "test" });
  await turn("halted");
  expect(await openOrders(BOB)).toEqual([]);
  expect(await place(BOB, {})).toMatchObject({ status: "rejected", rejection: "tradingHalted" });
  await turn("reducing");
  expect(await place(BOB, {})).toMatchObject({ status: "rejected", rejection: "positionWouldIncrease" });
  expect(await place(BOB, { type: "market", price: undefined, side: "sell" })).toMatchObject({
    status: "filled",
  });
  await turn("active");
  expect(await place(BOB, {})).toMatchObject({ status: "open" });
});

it("the kill switch of a market and of the venue", async () => {
  await venue.call("killSwitch.market", { symbol: "EURUSD", state: "halted", reason: "test" });
  expect(await place(ALICE, {})).toMatchObject({ rejection: "phaseForbids" });
  expect(await place(ALICE, { symbol: "GBPUSD", price: "1.26" })).toMatchObject({ status: "open" });
  await venue.call("killSwitch.venue", { state: "halted", reason: "test" });
  expect(await place(ALICE, { symbol: "GBPUSD", price: "1.26" })).toMatchObject({ status: "rejected" });
  await venue.call("killSwitch.venue", { state: "active", reason: "test" });
  expect(await place(ALICE, {})).toMatchObject({ status: "open" });
});

it("a replace is one command: both or neither, and its repeat is one", async () => {
  const old = await place(ALICE, { price: "1.07" });
  const asked = { id: old.id, clientOrderId: "r-1", side: "buy", type: "limit", quantity: "2000" };
  const replace = (more: object) =>
    venue.call<{ order: OrderView; replaced?: OrderView }>("orders.replace", { ...asked, ...more }, ALICE);
  const done = await replace({ price: "1.08" });
  expect(done.order).toMatchObject({ status: "open", price: "1.08000", quantity: "2000" });
  expect(done.replaced).toMatchObject({ id: old.id, status: "cancelled" });
  expect((await replace({ price: "1.08" })).order).toEqual(done.order);
  const crossing = { id: done.order.id, clientOrderId: "r-2", price: "1.16", postOnly: true };
  const refused = await replace(crossing);
  expect(refused.order).toMatchObject({ status: "rejected", rejection: "postOnlyWouldTrade" });
  expect(refused.replaced).toMatchObject({ id: done.order.id, status: "open" });
});

it("a mass quote replaces the one before it, and its protection takes quotes out", async () => {
  const market = { symbol: "GBPUSD" };
  const quote = (side: string, price: string) => ({ side, quantity: "1000", price });
  const put = (quoteId: string, ...quotes: object[]) =>
    venue.call<{ items: OrderView[] }>("quotes.put", { ...market, quoteId, quotes }, ALICE);
  await venue.call("orders.cancelAll", market, ALICE);
  const first = await put("q-1", quote("buy", "1.27"), quote("buy", "1.26"), quote("sell", "1.34"));
  expect(first.items.map(({ status }) => status)).toEqual(["open", "open", "open"]);
  expect((await put("q-1", quote("buy", "1.27"), quote("buy", "1.26"), quote("sell", "1.34"))).items).toEqual(
    first.items,
  );
  const second = await put("q-2", quote("buy", "1.27"), quote("sell", "1.33"));
  const open = second.items.filter(({ status }) => status === "open").map(({ price }) => price);
  expect(open.sort()).toEqual(["1.27000", "1.33000"]);
  await venue.call("quotes.protect", { ...market, windowMs: 60_000, countMax: 1 }, ALICE);
  const hit = { ...market, side: "sell", type: "limit", timeInForce: "IOC", price: "1.27" };
  await place(BOB, hit);
  await put("q-3", quote("buy", "1.27"), quote("sell", "1.33"));
  await place(BOB, hit);
  expect((await put("q-4", quote("buy", "1.27"))).items.filter(({ status }) => status === "open")).toEqual(
    [],
  );
  await venue.call("quotes.resetProtection", market, ALICE);
  expect((await put("q-5", quote("buy", "1.27"))).items).toMatchObject([{ status: "open" }]);
});

it("the dead-man timer cancels when nobody sets it anew", async () => {
  const order = await place(BOB, { price: "1.06" });
  await venue.call("orders.cancelAllAfter", { timeoutMs: 60_000 }, BOB);
  await venue.call("orders.cancelAllAfter", { timeoutMs: 300 }, BOB);
  const status = async () => (await venue.call<OrderView>("orders.get", { id: order.id }, BOB)).status;
  await expect.poll(status, { timeout: 20_000 }).toBe("cancelled");
});

it("accounts of one group don't trade with each other, and an account's own limits hold", async () => {
  for (const id of ["1001", "1002"]) await venue.call("accounts.limit", { id, selfTradeGroup: 7 });
  const maker = await place(ALICE, { price: "1.10" });
  const taker = await place(BOB, { side: "sell", price: "1.10", timeInForce: "IOC" });
  expect(taker).toMatchObject({ status: "expired", filledQuantity: "0" });
  expect(await venue.call("orders.get", { id: maker.id }, ALICE)).toMatchObject({ status: "open" });
  await venue.call("accounts.limit", { id: "1001", openOrdersMaximum: 1 });
  expect(await place(ALICE, {})).toMatchObject({ status: "rejected", rejection: "openOrdersLimit" });
  await venue.call("accounts.limit", { id: "1001" });
  expect(await place(ALICE, {})).toMatchObject({ status: "open" });
});
