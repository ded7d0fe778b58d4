/**
 * A risk shard that is handed back and forth, and lost, while orders come: whatever was acknowledged is in
 * the market's journal, once.
 */
import { afterEach, beforeEach, expect, it } from "vitest";
import { shardOf } from "../../engine/ids.ts";
import accounts from "../../services/accounts.service.ts";
import history from "../../services/history.service.ts";
import matching from "../../services/matching.service.ts";
import orders from "../../services/orders.service.ts";
import risk from "../../services/risk.service.ts";
import { HAS_NATS, NatsServer } from "../servers/nats-server.ts";
import { InProcessNode, type NodePlan } from "./in-process-node.ts";
import { expectOnce, Load, openAccounts } from "./order-load.ts";

const SHARD = `risk.${shardOf(1_001, 2)}`;

const keeper = (name: string): NodePlan => ({ name, roles: ["risk", "history"], services: [risk, history] });
const DOOR: NodePlan = {
  ...{ name: "door", roles: ["matching", "gateway"] },
  services: [matching, orders, accounts],
};

let server: NatsServer;
let nodes: InProcessNode[] = [];

beforeEach(async () => {
  if (HAS_NATS) server = await NatsServer.start();
});
afterEach(async () => {
  await Promise.all(nodes.splice(0).map(node => node.stop()));
  await server?.process.stop();
});

async function startThree(): Promise<InProcessNode> {
  nodes = await Promise.all(
    [keeper("one"), keeper("two"), DOOR].map(plan => InProcessNode.start(server, plan)),
  );
  const door = nodes.find(({ name }) => name === "door");
  if (door === undefined) throw new Error("Invariant: three nodes have started");
  await openAccounts(door);
  return door;
}

async function settledAt(door: InProcessNode, node: string): Promise<void> {
  await expect.poll(async () => (await door.owners()).get(SHARD), { timeout: 20_000 }).toBe(node);
}

it.runIf(HAS_NATS)("loses and doubles no order of a shard that is handed back and forth", async () => {
  const door = await startThree();
  const load = new Load(door);
  for (const node of ["one", "two", "one", "two"]) {
    await load.more(50);
    await door.call("placement.pin", { actor: SHARD, node });
    await settledAt(door, node);
  }
  await load.more(50);
  await load.stop();
  await expectOnce(door, load);
  load.tell("shard handed over four times");
});

it.runIf(HAS_NATS)("takes a shard over from a node that nobody hears any more", async () => {
  const door = await startThree();
  const load = new Load(door);
  await load.more(50);
  const name = (await door.owners()).get(SHARD);
  const owner = nodes.find(node => node.name === name);
  owner?.link.cut();
  await settledAt(door, name === "one" ? "two" : "one");
  await load.more(50);
  await expect.poll(() => owner?.serving()).toEqual([]);
  owner?.link.mend();
  await load.stop();
  await expectOnce(door, load);
  load.tell("shard cut off");
});
