/** Operators' commands to markets, through real services: what each phase takes, a call that uncrosses. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OrderView } from "../../models/order.model.ts";
import markets from "../../services/markets.service.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

const ALICE = principal(1001);
const BOB = principal(1002);
let venue: Venue;
let placed = 0;

beforeAll(async () => {
  venue = await startVenue(await temporaryFolder(), { services: [...TRADING, markets] });
  await venue.openAccounts(1001, 1002);
  await venue.quote("EURUSD", "1.05000", "1.15000");
});

afterAll(() => venue.remove());

function place(caller: typeof ALICE, side: string, quantity: string, price: string): Promise<OrderView> {
  const clientOrderId = `o-${++placed}`;
  const order = { clientOrderId, symbol: "EURUSD", side, type: "limit", quantity, price };
  return venue.call("orders.place", order, caller);
}

const phase = (name: string) =>
  venue.call<{ sequence: number }>("markets.phase", { symbol: "EURUSD", phase: name, reason: "test" });

it("a halted market takes nothing, and everything again when it resumes", async () => {
  const { sequence } = await phase("halted");
  expect(sequence).toBeGreaterThan(0);
  expect(await venue.call("markets.state", { symbol: "EURUSD" })).toMatchObject({ phase: "halted" });
  expect(await place(ALICE, "buy", "1000", "1.06")).toMatchObject({
    status: "rejected",
    rejection: "phaseForbids",
  });
  await phase("continuous");
  expect(await place(ALICE, "buy", "1000", "1.06")).toMatchObject({ status: "open" });
});

it("a call collects, and its uncrossing settles both sides", async () => {
  await phase("opening-auction");
  const buy = await place(ALICE, "buy", "5000", "1.12");
  const sell = await place(BOB, "sell", "3000", "1.10");
  expect([buy.status, sell.status]).toEqual(["open", "open"]);
  await phase("continuous");
  // An answer of the shard comes after all that it has heard of the market before.
  await place(BOB, "sell", "1000", "1.14");
  expect(await venue.call("orders.get", { id: sell.id }, BOB)).toMatchObject({ status: "filled" });
  expect(await venue.call("orders.get", { id: buy.id }, ALICE)).toMatchObject({
    status: "partiallyFilled",
    filledQuantity: "3000",
  });
  const positions = await venue.call("accounts.positions", { id: "1002" }, BOB);
  expect(positions).toMatchObject({ items: [{ symbol: "EURUSD", quantity: "-3000" }] });
});

it("all markets stop together", async () => {
  const told = await venue.call<{ items: { symbol: string }[] }>("markets.phaseOfAll", {
    phase: "halted",
    reason: "drill",
  });
  expect(told.items.map(({ symbol }) => symbol)).toEqual(["EURUSD", "GBPUSD"]);
  for (const { symbol } of told.items) {
    expect(await venue.call("markets.state", { symbol })).toMatchObject({ phase: "halted" });
  }
});

it("what is no market, phase or price is refused", async () => {
  await expect(venue.call("markets.state", { symbol: "NOPE" })).rejects.toMatchObject({
    type: "SYMBOL_UNKNOWN",
  });
  await expect(phase("lunch")).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
  const price = { symbol: "EURUSD", which: "mark", price: "1.000001" };
  await expect(venue.call("markets.price", price)).rejects.toMatchObject({ type: "VALIDATION_FAILED" });
});
