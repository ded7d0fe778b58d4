/** Lists through real services: a bracket follows its entry, and what is refused is refused whole. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OrderView } from "../../models/order.model.ts";
import { principal, startVenue, temporaryFolder, type Venue } from "../venue.ts";

const ALICE = principal(1001);
const BOB = principal(1002);
let venue: Venue;
let placed = 0;

beforeAll(async () => {
  venue = await startVenue(await temporaryFolder());
  await venue.openAccounts(1001, 1002);
  await venue.quote("EURUSD", "1.05000", "1.15000");
});

afterAll(() => venue.remove());

const entry = { clientOrderId: "e-1", side: "buy", type: "limit", quantity: "5000", price: "1.10" };
const exit = { side: "sell", quantity: "5000" };
const bracket = {
  symbol: "EURUSD",
  contingency: "bracket",
  legs: [
    entry,
    { ...exit, clientOrderId: "tp-1", type: "limit", distancePips: "100" },
    { ...exit, clientOrderId: "sl-1", type: "stop", distancePips: "200" },
  ],
};

async function list(asked: object): Promise<OrderView[]> {
  return (await venue.call<{ items: OrderView[] }>("orders.placeList", asked, ALICE)).items;
}

async function order(id: string): Promise<OrderView> {
  return venue.call("orders.get", { id }, ALICE);
}

function sell(quantity: string, price: string): Promise<OrderView> {
  const common = { clientOrderId: `b-${++placed}`, symbol: "EURUSD", type: "limit", timeInForce: "IOC" };
  return venue.call("orders.place", { ...common, side: "sell", quantity, price }, BOB);
}

function buy(quantity: string, price: string): Promise<OrderView> {
  const common = { clientOrderId: `b-${++placed}`, symbol: "EURUSD", type: "limit", timeInForce: "IOC" };
  return venue.call("orders.place", { ...common, side: "buy", quantity, price }, BOB);
}

it("a bracket's exits follow the entry's fills, and each other's", async () => {
  const [first, takeProfit, stopLoss] = (await list(bracket)).map(({ id }) => id);
  expect((await order(takeProfit ?? "")).awaits).toBe("entry");
  expect(await list(bracket)).toHaveLength(3);
  await sell("2000", "1.10");
  expect(await order(first ?? "")).toMatchObject({ status: "partiallyFilled", filledQuantity: "2000" });
  expect(await order(takeProfit ?? "")).toMatchObject({ quantity: "2000", price: "1.11000" });
  expect(await order(stopLoss ?? "")).toMatchObject({ quantity: "2000", stopPrice: "1.08000" });
  await sell("3000", "1.10");
  expect(await order(takeProfit ?? "")).toMatchObject({ quantity: "5000" });
  await buy("1000", "1.11");
  expect(await order(takeProfit ?? "")).toMatchObject({ filledQuantity: "1000" });
  expect(await order(stopLoss ?? "")).toMatchObject({ quantity: "4000" });
  await buy("4000", "1.11");
  expect(await order(takeProfit ?? "")).toMatchObject({ status: "filled" });
  expect(await order(stopLoss ?? "")).toMatchObject({
    status: "cancelled",
    removal: "contingency",
    list: { id: first, contingency: "bracket", leg: 2 },
  });
});

it("a list of which one order can't be is refused whole, and stays refused", async () => {
  const legs = [
    { ...entry, clientOrderId: "o-1" },
    { ...entry, clientOrderId: "o-2", price: "1.1000001" },
  ];
  const asked = { symbol: "EURUSD", contingency: "OCO", legs };
  const refused = await list(asked);
  expect(refused.map(({ rejection }) => rejection)).toEqual(["listInvalid", "priceNotMultiple"]);
  expect(await list(asked)).toEqual(refused);
  await expect(list({ ...asked, legs: [legs[0], { ...legs[1], quantity: "6000" }] })).rejects.toMatchObject({
    code: 409,
  });
  const twice = { ...asked, legs: [legs[0], legs[0]] };
  await expect(list(twice)).rejects.toMatchObject({ type: "VALIDATION_FAILED" });
});
