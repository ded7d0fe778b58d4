/** A shard that cannot go on, in a cluster: it answers nobody and keeps nothing, and the others go on. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { shardOf } from "../../engine/ids.ts";
import { encodeCommandBatch } from "../../engine/market/command-batch.ts";
import { accountId, lots, milliseconds, money, ticks } from "../../engine/units.ts";
import accounts from "../../services/accounts.service.ts";
import history from "../../services/history.service.ts";
import matching from "../../services/matching.service.ts";
import orders from "../../services/orders.service.ts";
import risk from "../../services/risk.service.ts";
import { HAS_NATS, NatsServer } from "../servers/nats-server.ts";
import { principal } from "../venue.ts";
import { InProcessNode } from "./in-process-node.ts";
import { openAccounts, TRADER } from "./order-load.ts";

const OTHER = shardOf(accountId(TRADER.accounts[0] ?? 0), 2);
const BROKEN = 1 - OTHER;
/** The first account of the shard that breaks; nobody has opened it. */
const GHOST = [4_444, 4_445, 4_446, 4_447].find(id => shardOf(accountId(id), 2) === BROKEN) ?? 0;

const place = {
  kind: "place",
  shard: BROKEN,
  number: 1,
  time: milliseconds(0),
  account: accountId(GHOST),
  clientOrderId: "ghost",
  side: "buy",
  type: "limit",
  timeInForce: "GTC",
  postOnly: false,
  lots: lots(1),
  ticks: ticks(100_000),
  liquidity: false,
  reference: 0,
  reserved: money(0n),
} as const;

let server: NatsServer;
let node: InProcessNode;

beforeEach(async () => {
  if (!HAS_NATS) return;
  server = await NatsServer.start();
  node = await InProcessNode.start(server, {
    ...{ name: "only", roles: ["matching", "risk", "history", "gateway"] },
    services: [matching, risk, history, orders, accounts],
  });
});
afterEach(async () => {
  await node?.stop();
  await server?.process.stop();
});

it.runIf(HAS_NATS)("abandons what failed, and nothing beside", async () => {
  await openAccounts(node);
  const { epoch } = await node.insist<{ epoch: number }>(`risk.${BROKEN}.state`);
  await node.insist("matching.EURUSD.submit", { epoch, commands: encodeCommandBatch([place]) });
  await expect.poll(() => node.serving(), { timeout: 20_000 }).not.toContain(`risk.${BROKEN}`);
  expect(node.serving()).toEqual(["market.EURUSD", "market.GBPUSD", `risk.${OTHER}`]);
  const order = { symbol: "EURUSD", side: "buy", type: "limit", price: "0.90000", quantity: "1000" };
  expect(await node.insist("orders.place", { clientOrderId: "goes-on", ...order }, TRADER)).toMatchObject({
    status: "open",
  });
  // Whoever asks for the other shard's accounts is told to try again; the node has not ended.
  const ghost = principal(GHOST);
  await expect(node.call("orders.resolve", { clientOrderId: "ghost" }, ghost)).rejects.toMatchObject({
    retryable: true,
  });
  expect(node.troubles).toEqual([]);
  expect(await node.runtime.snapshots(`risk.${BROKEN}`).list()).toEqual([]);
});
