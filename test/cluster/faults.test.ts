/**
 * A cluster of real processes under traffic while nodes are killed, frozen, ended and cut off, a NATS server
 * is lost and everything is restarted: what was told is in the journals, once. ROUNDS and SEED ask for more,
 * or others; `npm run cluster:faults` gives figures.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FERRETDB } from "../servers/ferretdb.ts";
import { CAN_START_NATS } from "../servers/nats-server.ts";
import { Cluster, FIVE_NODES } from "./cluster.ts";
import { drawFaults, FaultRounds } from "./fault-rounds.ts";
import { tally } from "./recorded-orders.ts";
import { openTraders } from "./traders.ts";
import type { Trader } from "./traffic.ts";

const ROUNDS = Number(process.env.ROUNDS ?? 10);
const SEED = Number(process.env.SEED ?? 20261120);
const SHARDS = 2;
const SYMBOLS = 2;

describe.skipIf(!CAN_START_NATS || FERRETDB === undefined)("a cluster under faults", () => {
  let cluster: Cluster;
  let traders: Trader[];

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: FIVE_NODES, stores: ["mongo"] });
    const addresses = cluster.gateways.map(({ address }) => address);
    traders = await openTraders(addresses, SHARDS, SYMBOLS);
  }, 180_000);

  afterAll(() => cluster?.remove());

  it("loses nothing, does nothing twice and tells nothing wrongly", { timeout: 900_000 }, async () => {
    const rounds = new FaultRounds(cluster, traders, SEED);
    for (const fault of drawFaults(ROUNDS, SEED)) await rounds.play(fault);
    const { acknowledged, lost, doubled, wrong } = await tally(cluster.nats.urls, SHARDS, traders);
    expect({ seed: SEED, lost, doubled, wrong }).toEqual({ seed: SEED, lost: [], doubled: [], wrong: [] });
    expect(acknowledged).toBeGreaterThan(ROUNDS * traders.length);
  });
});
