/**
 * A market that is handed back and forth, and lost, while orders come: whatever was acknowledged is in its
 * journal, once, and nothing is in it that was told to have been refused.
 */
import { afterEach, beforeEach, expect, it } from "vitest";
import accounts from "../../services/accounts.service.ts";
import history from "../../services/history.service.ts";
import matching from "../../services/matching.service.ts";
import orders from "../../services/orders.service.ts";
import risk from "../../services/risk.service.ts";
import { HAS_NATS, NatsServer } from "../servers/nats-server.ts";
import { InProcessNode, type NodePlan } from "./in-process-node.ts";
import { expectOnce, Load, MARKET, openAccounts } from "./order-load.ts";

const matcher = (name: string): NodePlan => ({ name, roles: ["matching"], services: [matching] });
const DOOR: NodePlan = {
  ...{ name: "door", roles: ["risk", "history", "gateway"] },
  services: [risk, history, orders, accounts],
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

async function start(...plans: NodePlan[]): Promise<InProcessNode[]> {
  nodes = await Promise.all(plans.map(plan => InProcessNode.start(server, plan)));
  return nodes;
}

async function settledAt(door: InProcessNode, node: string): Promise<void> {
  await expect.poll(async () => (await door.owners()).get(MARKET), { timeout: 20_000 }).toBe(node);
}

/** The node that has the market, and the other one. */
async function ownerOf(door: InProcessNode): Promise<[owner: InProcessNode, other: InProcessNode]> {
  const name = (await door.owners()).get(MARKET);
  const owner = nodes.find(node => node.name === name);
  const other = nodes.find(node => node !== owner && node !== door);
  if (owner === undefined || other === undefined) throw new Error("Invariant: one of two nodes has it");
  return [owner, other];
}

async function startThree(): Promise<InProcessNode> {
  const [, , door] = await start(matcher("one"), matcher("two"), DOOR);
  if (door === undefined) throw new Error("Invariant: three nodes have started");
  await openAccounts(door);
  return door;
}

it.runIf(HAS_NATS)("loses and doubles no order of a market that is handed back and forth", async () => {
  const door = await startThree();
  const load = new Load(door);
  for (const node of ["one", "two", "one", "two"]) {
    await load.more(50);
    await door.call("placement.pin", { actor: MARKET, node });
    await settledAt(door, node);
  }
  await load.more(50);
  await load.stop();
  // A shard sends its market again what it has not heard of: nobody outside notices the move.
  expect(load.unknown.size).toBe(0);
  // Nobody sells at their price: they go as they came.
  expect([...load.statuses]).toEqual(["expired"]);
  await expectOnce(door, load);
  load.tell("handed over four times");
});

it.runIf(HAS_NATS)(
  "takes a market over from a node that nobody hears any more, and is rid of it",
  async () => {
    const door = await startThree();
    const load = new Load(door);
    await load.more(50);
    const [owner, other] = await ownerOf(door);
    owner.link.cut();
    await settledAt(door, other.name);
    await load.more(50);
    // It learns by its own clock that it has lost what it had, and serves nothing.
    await expect.poll(() => owner.serving()).toEqual([]);
    owner.link.mend();
    await expect.poll(() => owner.serving(), { timeout: 30_000 }).not.toEqual([]);
    await load.more(50);
    await load.stop();
    await expectOnce(door, load);
    load.tell("cut off");
  },
);

it.runIf(HAS_NATS)("hands everything over when a node leaves", async () => {
  const door = await startThree();
  const load = new Load(door);
  await load.more(50);
  const [owner, other] = await ownerOf(door);
  nodes = nodes.filter(node => node !== owner);
  await owner.leave();
  expect(other.serving()).toEqual(["market.EURUSD", "market.GBPUSD"]);
  await load.more(50);
  await load.stop();
  expect(load.unknown.size).toBe(0);
  await expectOnce(door, load);
  load.tell("left");
});
