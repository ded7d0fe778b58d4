/**
 * A venue on three nodes: gateway, markets and accounts each in a process of their own, with real NATS and
 * documents that nodes share. Orders by REST; then kill -9 of the accounts' and of the markets' node with
 * orders on their way: every id that was sent leads to what was told of it, or was never accepted, and stays
 * so.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OrderView } from "../../models/order.model.ts";
import { FERRETDB, type FerretServer, startFerretdb } from "../servers/ferretdb.ts";
import { CAN_START_NATS, NatsServer } from "../servers/nats-server.ts";
import { until } from "../servers/until.ts";
import { temporaryFolder } from "../venue.ts";
import { type Answer, RestClient } from "./rest-client.ts";
import { VenueProcess } from "./venue-process.ts";

const ORDERS = 60;
const ROLES = {
  gateway: "gateway",
  markets: "matching,reference,liquidity",
  accounts: "risk,history,identity,operations",
} as const;

type Node = keyof typeof ROLES;

describe.skipIf(!CAN_START_NATS || FERRETDB === undefined)("three nodes", () => {
  let folder: string;
  let nats: NatsServer;
  let ferret: FerretServer;
  const nodes = new Map<Node, VenueProcess>();
  let trader: RestClient;

  function launch(name: Node): VenueProcess {
    const node = VenueProcess.launch(join(folder, name), {
      NATS_URL: nats.url,
      MONGO_URL: ferret.url("cambist"),
      JWT_SECRET: "of-three-nodes-that-nobody-else-knows",
      NODE_ID: name,
      SERVICES: ROLES[name],
    });
    nodes.set(name, node);
    return node;
  }

  beforeAll(async () => {
    folder = await temporaryFolder();
    [nats, ferret] = await Promise.all([NatsServer.start(), startFerretdb()]);
    launch("markets");
    launch("accounts");
    const gateway = launch("gateway");
    await gateway.ready();
    trader = await RestClient.signIn(gateway.address, gateway.demo);
    await until("a price", async () => (await place("first")).status === 201);
  }, 120_000);

  afterAll(async () => {
    for (const node of nodes.values()) await node.kill();
    await ferret.process.remove();
    await nats.process.remove();
    await rm(folder, { recursive: true, force: true });
  });

  function place(clientOrderId: string): Promise<Answer<OrderView>> {
    const order = { symbol: "EURUSD", side: "buy", type: "market", quantity: "1000" };
    return trader.send<OrderView>("POST", "orders", { clientOrderId, ...order });
  }

  const outcome = (id: string) =>
    trader.get<OrderView & { code?: string }>(`orders/by-client-id/${encodeURIComponent(id)}`);

  /** Sends orders and kills the node while most of them are on their way; what was told, by id. */
  async function tradeAndKill(name: Node): Promise<Map<string, string>> {
    const told = new Map<string, string>();
    let killing: Promise<void> | undefined;
    const sending = Array.from({ length: ORDERS }, async (_, index) => {
      const id = `${name}-${index}`;
      const { status, body } = await place(id);
      if (status === 201) told.set(id, body.id);
      else expect([429, 503]).toContain(status);
      if (told.size >= ORDERS / 4) killing ??= nodes.get(name)?.kill();
    });
    await Promise.all(sending);
    await (killing ?? nodes.get(name)?.kill());
    return told;
  }

  it("answer an order once, whichever way it is asked for", async () => {
    const { status, body } = await place("once");
    expect([status, body.clientOrderId]).toEqual([201, "once"]);
    expect((await place("once")).body.id).toBe(body.id);
    expect((await outcome("once")).body.id).toBe(body.id);
    expect((await outcome("never")).body.code).toBe("ORDER_NEVER_ACCEPTED");
    expect((await place("never")).body).toMatchObject({ code: "CLIENT_ORDER_ID_REVOKED" });
  });

  it.each<Node>(["accounts", "markets"])(
    "know what became of each order when the %s' is killed",
    async name => {
      const told = await tradeAndKill(name);
      expect(told.size).toBeGreaterThan(0);
      launch(name);
      await until("the venue", async () => (await fetch(`${trader.address}/api/v1/ready`)).ok, 60_000);
      await until("an order", async () => (await place(`after-${name}`)).status === 201, 60_000);
      for (let index = 0; index < ORDERS; index++) {
        const id = `${name}-${index}`;
        const { status, body } = await outcome(id);
        if (told.has(id)) expect([id, status, body.id]).toEqual([id, 200, told.get(id)]);
        else expect([200, 404]).toContain(status);
        const again = await place(id);
        if (status === 200) expect(again.body.id).toBe(body.id);
        else expect(again.body).toMatchObject({ code: "CLIENT_ORDER_ID_REVOKED" });
      }
    },
    180_000,
  );

  it("end in order, each for itself", async () => {
    for (const name of ["gateway", "accounts", "markets"] as const) {
      expect([name, await nodes.get(name)?.end()]).toEqual([name, 0]);
    }
  }, 120_000);
});
