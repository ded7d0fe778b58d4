/** Orders from a node that has nothing but their door, to shards and markets on another. */
import { ServiceBroker } from "moleculer";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Fault } from "../../../mixins/fault.ts";
import { runtimeOf } from "../../../mixins/runtime/runtime.ts";
import { readSettings } from "../../../mixins/runtime/settings.ts";
import type { OrderView } from "../../../models/order.model.ts";
import { brokerOptions } from "../../../moleculer.config.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";
import orders from "../../../services/orders.service.ts";
import { principal, TRADING, temporaryFolder, Venue, type VenueService } from "../../venue.ts";

const ALICE = principal(1001);
const INNER = TRADING.filter(service => service !== orders);

async function startNode(nodeID: string, folder: string, services: readonly VenueService[]): Promise<Venue> {
  const settings = readSettings({}, { dataDir: folder, port: 0 });
  const options = brokerOptions(settings, INSTRUMENTS.slice(0, 2));
  const broker = new ServiceBroker({ ...options, nodeID, transporter: "Fake", logger: false });
  runtimeOf(broker).onFatal = error => {
    throw error;
  };
  for (const service of services) broker.createService(service);
  await broker.start();
  return new Venue(broker, folder);
}

let inner: Venue;
let outer: Venue;

beforeAll(async () => {
  inner = await startNode("inner", await temporaryFolder(), INNER);
  outer = await startNode("outer", await temporaryFolder(), [orders]);
  await outer.broker.waitForServices(["risk.0", "risk.1", "accounts"], 10_000, 20);
  await outer.openAccounts(1001);
  await outer.quote("EURUSD", "1.05000", "1.15000");
});

afterAll(async () => {
  await outer.remove();
  await inner.remove();
});

const limit = (clientOrderId: string, quantity: string, price: string) => ({
  ...{ clientOrderId, symbol: "EURUSD", side: "buy", type: "limit" },
  ...{ quantity, price },
});

const place = (order: object) => outer.call<OrderView>("orders.place", order, ALICE);
const faultOf = (answer: Promise<unknown>) =>
  answer.then(
    () => undefined,
    (error: unknown) => error,
  );

it("orders, amends, cancels and their repeats come to what they come to on one node", async () => {
  const placed = await Promise.all(
    Array.from({ length: 20 }, (_, index) => place(limit(`o-${index}`, "1000", "1.06000"))),
  );
  expect(new Set(placed.map(({ id }) => id)).size).toBe(20);
  const [first] = placed;
  if (first === undefined) throw new Error("Invariant: twenty orders were placed");
  expect(first).toMatchObject({ status: "open", price: "1.06000", quantity: "1000" });
  expect(await place(limit("o-0", "1000", "1.06000"))).toEqual(first);
  const amend = { id: first.id, quantity: "2000" };
  expect(await outer.call("orders.amend", amend, ALICE)).toMatchObject({ quantity: "2000" });
  expect(await outer.call("orders.cancel", { id: first.id }, ALICE)).toMatchObject({ status: "cancelled" });
  expect(await outer.call("orders.resolve", { clientOrderId: "o-3" }, ALICE)).toEqual(placed[3]);
  expect(await place({ ...limit("tick", "1000", "1.060001") })).toMatchObject({ status: "rejected" });
});

it("a fault comes with its code, status and details", async () => {
  const used = await faultOf(place(limit("o-1", "5000", "1.06000")));
  expect(used).toBeInstanceOf(Fault);
  expect(used).toMatchObject({
    ...{ type: "CLIENT_ORDER_ID_REUSED", code: 409, retryable: false },
    data: { clientOrderId: "o-1" },
  });
  const { id } = await place(limit("dear", "1000", "1.06000"));
  const dear = await faultOf(outer.call("orders.amend", { id, quantity: "9000000" }, ALICE));
  expect(dear).toMatchObject({
    type: "AMEND_REJECTED",
    data: { explanation: { formula: expect.anything() } },
  });
  expect(await faultOf(outer.call("orders.cancel", { id: "123" }, ALICE))).toMatchObject({
    ...{ type: "ORDER_UNKNOWN", code: 404 },
  });
  expect(await faultOf(outer.call("orders.resolve", { clientOrderId: "none" }, ALICE))).toMatchObject({
    ...{ type: "ORDER_NEVER_ACCEPTED", code: 404 },
  });
});

it("while its shard's node restarts an order waits, a cancel is told so", async () => {
  const { id } = await place(limit("before", "1000", "1.06000"));
  await inner.stop();
  const waits = place(limit("during", "1000", "1.06000"));
  expect(await faultOf(outer.call("orders.cancel", { id }, ALICE))).toMatchObject({
    ...{ type: "NOT_READY", code: 503, retryable: true },
  });
  inner = await startNode("inner", inner.dataDir, INNER);
  expect(await waits).toMatchObject({ status: "open", clientOrderId: "during" });
  expect(await outer.call("orders.cancel", { id }, ALICE)).toMatchObject({ status: "cancelled" });
});
