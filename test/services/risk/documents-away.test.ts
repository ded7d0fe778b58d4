/**
 * A venue whose documents are in MongoDB goes on trading while the server is away: new orders are taken,
 * whatever only documents could tell is refused with a fault that may be tried again, and what was missed is
 * written when the server is back.
 */
import { rm } from "node:fs/promises";
import mongoose from "mongoose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { RiskDesk } from "../../../engine/account/order/risk-desk.ts";
import { runtimeOf } from "../../../mixins/runtime/runtime.ts";
import type { OrderView } from "../../../models/order.model.ts";
import api from "../../../services/api.service.ts";
import identity from "../../../services/identity.service.ts";
import { shardAction } from "../../../services/shard-action.ts";
import welcome from "../../../services/welcome.service.ts";
import { FERRETDB, type FerretServer, startFerretdb } from "../../servers/ferretdb.ts";
import { until } from "../../servers/until.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue } from "../../venue.ts";

const ALICE = principal(1001);
const AWAY = { type: "NOT_READY", code: 503, retryable: true };

function buy(venue: Venue, clientOrderId: string): Promise<OrderView> {
  const order = { clientOrderId, symbol: "EURUSD", side: "buy", type: "market", quantity: "1000" };
  return venue.call("orders.place", order, ALICE);
}

const resolve = (venue: Venue, clientOrderId: string) =>
  venue.call<OrderView>("orders.resolve", { clientOrderId }, ALICE);

/** All closed orders, once the shard has written them; rejects while the server is away. */
const closed = (venue: Venue) =>
  venue.call<{ items: OrderView[] }>("orders.list", { status: "closed", limit: 500 }, ALICE);

describe.skipIf(FERRETDB === undefined)("a venue with documents in MongoDB", () => {
  let server: FerretServer;
  let folder: string;
  let venue: Venue;

  beforeAll(async () => {
    server = await startFerretdb();
    folder = await temporaryFolder();
    venue = await start();
  });
  afterAll(async () => {
    await venue.stop();
    await server.process.remove();
    await rm(folder, { recursive: true });
  });

  const start = () => startVenue(folder, { settings: { stores: { mongoUrl: server.url("venue") } } });
  const back = () =>
    until("documents to be written", async () => {
      await closed(venue);
      return true;
    });

  /** Ids of the orders as the server has them. */
  async function stored(): Promise<string[]> {
    const client = new mongoose.mongo.MongoClient(server.url("venue"));
    try {
      const found = await client.db().collection<{ _id: number }>("orders").find().toArray();
      return found.map(({ _id }) => String(_id)).sort();
    } finally {
      await client.close();
    }
  }

  it("trades on while the server is killed, and writes each order once when it is back", async () => {
    await venue.openAccounts(1001);
    await venue.quote("EURUSD", "1.00000", "1.10000");
    await back();
    const first = await buy(venue, "first");
    expect(first.status).toBe("filled");
    const earlier = await closed(venue);
    expect(earlier.items.map(({ id }) => id)).toEqual([first.id]);

    const placed: OrderView[] = [first];
    const trade = async (from: number) => {
      for (let at = from; at < from + 20; at++) placed.push(await buy(venue, `order-${at}`));
    };
    const trading = trade(0);
    await server.process.kill();
    await trading;
    await trade(20);
    expect(placed.map(({ status }) => status)).toEqual(placed.map(() => "filled"));

    // Memory has forgotten the first, and its filter knows that it was there.
    await expect(buy(venue, "first")).rejects.toMatchObject(AWAY);
    await expect(resolve(venue, "first")).rejects.toMatchObject(AWAY);
    expect(await buy(venue, "order-21")).toEqual(placed[22]);
    await expect(closed(venue)).rejects.toMatchObject(AWAY);
    const statement = { account: 1001, from: 0, to: 1 };
    await expect(venue.call(shardAction(venue.broker, 1001, "statement"), statement)).rejects.toMatchObject(
      AWAY,
    );
    await expect(resolve(venue, "never")).rejects.toMatchObject({ type: "ORDER_NEVER_ACCEPTED" });

    await server.process.start();
    await back();
    expect(await buy(venue, "first")).toEqual(first);
    await expect(buy(venue, "never")).rejects.toMatchObject({ type: "CLIENT_ORDER_ID_REVOKED" });
    const ids = placed.map(({ id }) => id).sort();
    expect((await closed(venue)).items.map(({ id }) => id).sort()).toEqual(ids);
    expect(await stored()).toEqual(ids);
    const account = await runtimeOf(venue.broker).documents.account("1001");
    expect(account?.positions).toMatchObject([{ symbol: "EURUSD", quantity: "41000" }]);
  });

  it("makes one order of many copies whose id has to be looked up first", async () => {
    await back();
    // As of a shard with so many ids, or from so early a snapshot, that it is sure of none.
    const unsure = vi.spyOn(RiskDesk.prototype, "mayHaveUsed").mockReturnValue(true);
    const copies = await Promise.all(Array.from({ length: 12 }, () => buy(venue, "many-copies")));
    expect(new Set(copies.map(({ id }) => id)).size).toBe(1);
    const [placed, resolved] = await Promise.allSettled([buy(venue, "raced"), resolve(venue, "raced")]);
    const isTaken = placed?.status === "fulfilled";
    const why = { reason: { type: "CLIENT_ORDER_ID_REVOKED" } };
    if (isTaken) expect(resolved).toMatchObject({ value: { id: placed.value.id } });
    else expect([placed, resolved]).toMatchObject([why, { reason: { type: "ORDER_NEVER_ACCEPTED" } }]);
    unsure.mockRestore();
    await back();
    const ids = (await closed(venue)).items.filter(({ clientOrderId }) => clientOrderId === "many-copies");
    expect(ids).toHaveLength(1);
  });

  it("starts while the server is away, trades, and catches up", async () => {
    await back();
    const before = await stored();
    await server.process.kill();
    const last = await buy(venue, "before-the-stop");
    await venue.stop();

    venue = await start();
    const next = await buy(venue, "after-the-start");
    expect(next.status).toBe("filled");
    expect(await buy(venue, "before-the-stop")).toEqual(last);
    await expect(buy(venue, "first")).rejects.toMatchObject(AWAY);

    await server.process.start();
    await back();
    expect(await stored()).toEqual([...before, last.id, next.id].sort());
    expect(await buy(venue, "first")).toMatchObject({ clientOrderId: "first", status: "filled" });
  });

  it("starts with users to make while the server is away, and makes them when it is back", async () => {
    await server.process.kill();
    const operator = { email: "operator@example.org", password: "correct horse" };
    const other = await temporaryFolder();
    const node = await startVenue(other, {
      services: [...TRADING, identity, api, welcome],
      settings: { demo: false, operator, stores: { mongoUrl: server.url("users") } },
    });
    await expect(node.call("identity.login", operator)).rejects.toMatchObject(AWAY);
    await server.process.start();
    await until("the operator to be there", async () => {
      await node.call("identity.login", operator);
      return true;
    });
    await node.remove();
  });

  it("waits no longer for a server that has frozen than for one that is gone", async () => {
    await back();
    server.process.pause();
    const fresh = await buy(venue, "while-frozen");
    expect(fresh.status).toBe("filled");
    await expect(buy(venue, "first")).rejects.toMatchObject(AWAY);
    server.process.resume();
    await back();
    expect(await buy(venue, "first")).toMatchObject({ clientOrderId: "first", status: "filled" });
    expect(await stored()).toContain(fresh.id);
  });
});
