/** Closing positions and previews through real services, of a netting and of a hedging account. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CloseByView, OrderPreviewView, PositionView } from "../../models/account.model.ts";
import type { OrderView } from "../../models/order.model.ts";
import { principal, startVenue, temporaryFolder, type Venue } from "../venue.ts";

const NETTING = { id: "1001", caller: principal(1001) };
const HEDGING = { id: "1002", caller: principal(1002) };
let venue: Venue;
let placed = 0;

beforeAll(async () => {
  venue = await startVenue(await temporaryFolder());
  await venue.openAccounts(1001);
  const terms = { currency: "USD", leverage: 30, liquidity: false, deposit: "100000", positions: "hedging" };
  await venue.call("accounts.open", { account: 1002, ...terms });
  await venue.quote("EURUSD", "1.10000", "1.10010");
});

afterAll(() => venue.remove());

type Owner = typeof NETTING;

function trade(owner: Owner, side: "buy" | "sell", quantity: string, more: object = {}): Promise<OrderView> {
  const order = { clientOrderId: `t-${++placed}`, symbol: "EURUSD", side, type: "market", quantity, ...more };
  return venue.call("orders.place", order, owner.caller);
}

async function positions({ id, caller }: Owner): Promise<PositionView[]> {
  return (await venue.call<{ items: PositionView[] }>("accounts.positions", { id }, caller)).items;
}

function close({ id, caller }: Owner, clientOrderId: string, more: object = {}): Promise<OrderView> {
  return venue.call("accounts.closePosition", { id, symbol: "EURUSD", clientOrderId, ...more }, caller);
}

it("closes a position in part, then whole, and a repeat does nothing twice", async () => {
  await trade(NETTING, "buy", "10000");
  const [position] = await positions(NETTING);
  expect(position).toMatchObject({ quantity: "10000", pips: "-1.0", unrealisedProfit: "-1.00" });
  expect(await close(NETTING, "c-1", { quantity: "4000" })).toMatchObject({
    ...{ status: "filled", side: "sell", quantity: "4000", intent: "reduceOnly" },
  });
  expect(await positions(NETTING)).toMatchObject([{ quantity: "6000", realisedProfit: "-0.40" }]);
  await close(NETTING, "c-1", { quantity: "4000" });
  expect(await positions(NETTING)).toMatchObject([{ quantity: "6000" }]);
  const whole = await close(NETTING, "c-2");
  expect(whole).toMatchObject({ status: "filled", quantity: "6000" });
  expect(await close(NETTING, "c-2")).toEqual(whole);
  expect(await positions(NETTING)).toEqual([]);
  await expect(close(NETTING, "c-3")).rejects.toMatchObject({ code: 404, type: "POSITION_UNKNOWN" });
});

it("cancels reduce-only exits that leave a close no room", async () => {
  await trade(NETTING, "buy", "10000");
  const exit = { type: "limit", price: "1.20000", intent: "reduceOnly" };
  const kept = await trade(NETTING, "sell", "3000", exit);
  const gone = await trade(NETTING, "sell", "7000", exit);
  expect(await close(NETTING, "c-4", { quantity: "7000" })).toMatchObject({ status: "filled" });
  const status = async ({ id }: OrderView) =>
    (await venue.call<OrderView>("orders.get", { id }, NETTING.caller)).status;
  expect([await status(kept), await status(gone)]).toEqual(["open", "cancelled"]);
  await close(NETTING, "c-5");
  expect(await status(kept)).toBe("cancelled");
});

it("cancels what a position has shrunk under, the newest first", async () => {
  await trade(NETTING, "buy", "10000");
  const exit = { type: "limit", price: "1.20000", intent: "reduceOnly" };
  const older = await trade(NETTING, "sell", "6000", exit);
  const newer = await trade(NETTING, "sell", "4000", exit);
  await trade(NETTING, "sell", "3000");
  const open = async () => {
    const { items } = await venue.call<{ items: OrderView[] }>(
      "orders.list",
      { accountId: NETTING.id, status: "open" },
      NETTING.caller,
    );
    return items.map(({ id }) => id);
  };
  await expect.poll(open).toEqual([older.id]);
  expect(newer.status).toBe("open");
  await close(NETTING, "c-6");
});

it("closes a hedging account's positions by their ids, and all at once", async () => {
  await trade(HEDGING, "buy", "10000");
  await trade(HEDGING, "buy", "5000");
  await trade(HEDGING, "sell", "3000");
  const open = await positions(HEDGING);
  expect(open.map(({ quantity }) => quantity)).toEqual(["10000", "5000", "-3000"]);
  await expect(close(HEDGING, "h-1")).rejects.toMatchObject({ type: "POSITION_UNKNOWN" });
  expect(await close(HEDGING, "h-2", { position: open[1]?.id })).toMatchObject({ status: "filled" });
  expect((await positions(HEDGING)).map(({ quantity }) => quantity)).toEqual(["10000", "-3000"]);
  const all = { id: HEDGING.id, requestId: "all-1" };
  const { items } = await venue.call<{ items: OrderView[] }>("accounts.closeAll", all, HEDGING.caller);
  expect(items.map(({ quantity, status }) => [quantity, status])).toEqual([
    ["10000", "filled"],
    ["3000", "filled"],
  ]);
  expect(await positions(HEDGING)).toEqual([]);
});

it("closes two positions against each other, once a request id, also after a restart", async () => {
  await trade(HEDGING, "buy", "10000");
  await trade(HEDGING, "sell", "4000");
  const [long, short] = await positions(HEDGING);
  const asked = { id: HEDGING.id, requestId: "by-1", position: long?.id, by: short?.id };
  const closeBy = (more: object = {}) =>
    venue.call<CloseByView>("accounts.closeBy", { ...asked, ...more }, HEDGING.caller);
  // Bought at 1.10010 and sold at 1.10000: a loss of 10 ticks, 0.10 for each 1,000.
  const both = await Promise.all([closeBy({ quantity: "1000" }), closeBy({ quantity: "1000" })]);
  expect(both[0]).toMatchObject({
    long: long?.id,
    short: short?.id,
    quantity: "1000",
    realisedProfit: "-0.10",
  });
  expect(both[1]).toEqual(both[0]);
  expect((await positions(HEDGING)).map(({ quantity }) => quantity)).toEqual(["9000", "-3000"]);
  await expect(closeBy({ by: long?.id })).rejects.toMatchObject({ type: "CLIENT_ORDER_ID_REUSED" });
  await expect(closeBy({ requestId: "by-2", by: "77" })).rejects.toMatchObject({ type: "POSITION_UNKNOWN" });
  await expect(closeBy({ requestId: "by-2", quantity: "4000" })).rejects.toMatchObject({
    ...{ code: 409, type: "CLOSE_BY_REJECTED", data: { rejection: "positionWouldIncrease" } },
  });
  const { dataDir } = venue;
  await venue.stop();
  venue = await startVenue(dataDir);
  expect(await closeBy({ quantity: "1000" })).toEqual(both[0]);
  expect(await closeBy({ requestId: "by-2" })).toMatchObject({ quantity: "3000", realisedProfit: "-0.30" });
  expect((await positions(HEDGING)).map(({ quantity }) => quantity)).toEqual(["6000"]);
  await expect(venue.call("accounts.closeBy", asked, NETTING.caller)).rejects.toMatchObject({ code: 403 });
  await venue.call("accounts.closeAll", { id: HEDGING.id, requestId: "all-2" }, HEDGING.caller);
});

it("tells what an order would do, as it is then decided", async () => {
  const asked = { id: NETTING.id, symbol: "EURUSD", side: "buy", type: "limit", price: "1.10000" };
  const preview = (quantity: string) =>
    venue.call<OrderPreviewView>("accounts.preview", { ...asked, quantity }, NETTING.caller);
  // EUR 30,000 at the middle, 1.10005, over 30; the spread of 10 ticks costs a dollar for each 10,000.
  const small = await preview("30000");
  expect(small).toMatchObject({ marginBefore: "0.00", marginAfter: "1100.05", spreadCost: "3.00" });
  expect(small.freeMarginBefore).toBe(small.equity);
  expect(small).not.toHaveProperty("rejection");
  const { largestQuantity } = small;
  expect(await preview(largestQuantity)).not.toHaveProperty("rejection");
  const beyond = String(Number(largestQuantity) + 1000);
  expect(await preview(beyond)).toMatchObject({ rejection: "marginInsufficient" });
  expect(await positions(NETTING)).toEqual([]);
});

it("is nobody else's business", async () => {
  const asked = { id: HEDGING.id, requestId: "mine" };
  await expect(venue.call("accounts.closeAll", asked, NETTING.caller)).rejects.toMatchObject({ code: 403 });
});
