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
import type { ReconciliationView } from "../../models/reconciliation.model.ts";
import { FERRETDB, type FerretServer, startFerretdb } from "../servers/ferretdb.ts";
import { CAN_START_NATS, NatsServer } from "../servers/nats-server.ts";
import { until } from "../servers/until.ts";
import { temporaryFolder } from "../venue.ts";
import { type Answer, RestClient } from "./rest-client.ts";
import { type Demo, VenueProcess } from "./venue-process.ts";

const ORDERS = 60;
/** Nodes that start at once share the machine. */
const STARTS_MS_MAX = 90_000;
const OPERATOR = { email: "operator@cambist.local", password: "a-password-of-an-operator" };
const ROLES = {
  gateway: "gateway",
  markets: "matching,reference,liquidity",
  accounts: "risk,history,identity,operations",
} as const;

type Node = keyof typeof ROLES;

/** Asks again while a part of the venue is moving, as the answer says that it may. */
async function answered<Body>(ask: () => Promise<Answer<Body>>): Promise<Answer<Body>> {
  let answer = await ask();
  await until("an answer", async () => {
    if (answer.status === 503) answer = await ask();
    return answer.status !== 503;
  });
  return answer;
}

async function signedIn(address: string, who: Demo): Promise<RestClient> {
  let client: RestClient | undefined;
  await until("a sign-in", async () => {
    client = await RestClient.signIn(address, who);
    return true;
  });
  if (client === undefined) throw new Error("Invariant: whoever is signed in has a client");
  return client;
}

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
      OPERATOR_EMAIL: OPERATOR.email,
      OPERATOR_PASSWORD: OPERATOR.password,
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
    await gateway.ready(STARTS_MS_MAX);
    trader = await signedIn(gateway.address, gateway.demo);
    await until("a price", async () => (await place("first")).status === 201);
  }, 2 * STARTS_MS_MAX);

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
    answered(() => trader.get<OrderView & { code?: string }>(`orders/by-client-id/${id}`));

  /** Sends orders and kills the node while most of them are on their way; what was told, by id. */
  async function tradeAndKill(name: Node): Promise<Map<string, string>> {
    const told = new Map<string, string>();
    let killing: Promise<void> | undefined;
    const sending = Array.from({ length: ORDERS }, async (_, index) => {
      const id = `${name}-${index}`;
      const { status, body } = await place(id);
      // 200: the gateway sent it again by itself, and heard what the first copy came to.
      if (status === 201 || status === 200) told.set(id, body.id);
      else expect([429, 503]).toContain(status);
      if (told.size >= ORDERS / 4) killing ??= nodes.get(name)?.kill();
    });
    await Promise.all(sending);
    await (killing ?? nodes.get(name)?.kill());
    return told;
  }

  it("answer an order once, whichever way it is asked for", async () => {
    const { status, body } = await answered(() => place("once"));
    expect([status, body.clientOrderId]).toEqual([201, "once"]);
    expect((await answered(() => place("once"))).body.id).toBe(body.id);
    expect((await outcome("once")).body.id).toBe(body.id);
    expect((await outcome("never")).body.code).toBe("ORDER_NEVER_ACCEPTED");
    expect((await answered(() => place("never"))).body).toMatchObject({ code: "CLIENT_ORDER_ID_REVOKED" });
  });

  it.each<Node>(["accounts", "markets"])(
    "know what became of each order when the %s' is killed",
    async name => {
      const told = await tradeAndKill(name);
      expect(told.size).toBeGreaterThan(0);
      launch(name);
      await until("the venue", async () => (await fetch(`${trader.address}/api/v1/ready`)).ok, 60_000);
      // 200: an earlier copy was taken, whose answer did not come.
      await until("an order", async () => (await place(`after-${name}`)).status <= 201, 60_000);
      for (let index = 0; index < ORDERS; index++) {
        const id = `${name}-${index}`;
        const { status, body } = await outcome(id);
        if (told.has(id)) expect([id, status, body.id]).toEqual([id, 200, told.get(id)]);
        else expect([200, 404]).toContain(status);
        const again = await answered(() => place(id));
        if (status === 200) expect(again.body.id).toBe(body.id);
        else expect(again.body).toMatchObject({ code: "CLIENT_ORDER_ID_REVOKED" });
      }
    },
    180_000,
  );

  it("have recorded nothing that differs from what they are", async () => {
    const operator = await signedIn(trader.address, OPERATOR);
    const run = () => operator.send<ReconciliationView>("POST", "operations/reconciliation", { whole: true });
    const { status, body } = await answered(run);
    expect([status, body.equal, body.differences]).toEqual([200, true, []]);
    expect(body.counts.records).toBeGreaterThan(ORDERS);
    expect(body.notes).toContain("Documents were not compared, as they lie in MongoDB");
  }, 120_000);

  it("end in order, each for itself", async () => {
    for (const name of ["gateway", "accounts", "markets"] as const) {
      expect([name, await nodes.get(name)?.end()]).toEqual([name, 0]);
    }
  }, 120_000);
});
