/**
 * A whole cluster on this machine: three NATS servers that sync every write, the stores, and nodes by role,
 * each a process of its own. Everything listens on loopback and is removed with it. `npm run cluster` gives
 * it a console; the tests of faults drive it.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlacedActorView, PlacementView } from "../../models/placement.model.ts";
import { RestClient } from "../e2e/rest-client.ts";
import type { Demo } from "../e2e/venue-process.ts";
import { startFerretdb } from "../servers/ferretdb.ts";
import { freePorts } from "../servers/free-ports.ts";
import { startInfluxd } from "../servers/influxd.ts";
import { NatsServers } from "../servers/nats-server.ts";
import { startRedisServer } from "../servers/redis-server.ts";
import type { ServerProcess } from "../servers/server-process.ts";
import { ClusterNode, type NodeSpec } from "./cluster-node.ts";
import { SeverableLink } from "./severable-link.ts";

export type StoreName = "mongo" | "influx" | "redis";

export interface ClusterOptions {
  readonly nodes: readonly NodeSpec[];
  /** Stores that are started. Default: all. */
  readonly stores?: readonly StoreName[];
  /** Over those that every node gets. */
  readonly environment?: Readonly<Record<string, string>>;
}

const GATEWAY = "gateway,identity,history,operations,reference,liquidity";

/** Two gateways with what hangs on them, and three nodes for markets and accounts. */
export const FIVE_NODES: readonly NodeSpec[] = [
  { name: "gateway-1", roles: GATEWAY },
  { name: "gateway-2", roles: GATEWAY },
  { name: "actors-1", roles: "matching,risk" },
  { name: "actors-2", roles: "matching,risk" },
  { name: "actors-3", roles: "matching,risk" },
];

export class Cluster {
  readonly folder: string;
  readonly nats: NatsServers;
  readonly stores: ReadonlyMap<string, ServerProcess>;
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  readonly #operator: Demo;

  private constructor(
    folder: string,
    nats: NatsServers,
    stores: ReadonlyMap<string, ServerProcess>,
    nodes: ReadonlyMap<string, ClusterNode>,
    operator: Demo,
  ) {
    this.#operator = operator;
    this.folder = folder;
    this.nats = nats;
    this.stores = stores;
    this.nodes = nodes;
  }

  /** Starts all of it; resolves when the gateways take orders. */
  static async start({ nodes, stores, environment = {} }: ClusterOptions): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), "cambist-cluster-"));
    // Nodes are to know their links only: servers that told of each other would be reached past a cut one.
    const nats = await NatsServers.start(3, "no_advertise: true");
    const started = await startStores(stores ?? ["mongo", "influx", "redis"]);
    const operator = { email: "operator@example.org", password: randomBytes(12).toString("hex") };
    const shared = {
      DEMO: "true",
      NATS_REPLICAS: "3",
      // All traders come from one address, and ask often while something is away.
      RATE_LIMIT_ACCOUNT: "1000000",
      RATE_LIMIT_AUTH: "1000000",
      JWT_SECRET: randomBytes(32).toString("hex"),
      OPERATOR_EMAIL: operator.email,
      OPERATOR_PASSWORD: operator.password,
      ...started.environment,
      ...environment,
    };
    const ports = await freePorts(nodes.length);
    const made = new Map<string, ClusterNode>();
    for (const [at, spec] of nodes.entries()) {
      const links = await Promise.all(nats.ports.map(port => SeverableLink.open(port)));
      const place = join(folder, spec.name);
      made.set(spec.name, new ClusterNode(spec, place, ports[at] ?? 0, links, shared));
    }
    const cluster = new Cluster(folder, nats, started.servers, made, operator);
    try {
      await Promise.all([...made.values()].map(node => node.start()));
      await cluster.ready();
    } catch (error) {
      await cluster.remove();
      throw error;
    }
    return cluster;
  }

  get gateways(): readonly ClusterNode[] {
    return [...this.nodes.values()].filter(({ hasGateway }) => hasGateway);
  }

  node(name: string): ClusterNode {
    const node = this.nodes.get(name);
    if (node === undefined) {
      throw new Error(`Cannot find node as it must be one of ${[...this.nodes.keys()].join(", ")}: ${name}`);
    }
    return node;
  }

  /** Resolves when every gateway takes orders. */
  async ready(withinMs = 120_000): Promise<void> {
    await Promise.all([...this.nodes.values()].map(node => node.ready(withinMs)));
  }

  /** Which node has which actor, as an operator is told. */
  async owners(): Promise<readonly PlacedActorView[]> {
    const client = await RestClient.signIn(this.gateways[0]?.address ?? "", this.#operator);
    const { body } = await client.get<PlacementView>("operations/placement");
    return body.actors;
  }

  /** Kills everything but the stores, and starts it again. */
  async restart(): Promise<void> {
    const nodes = [...this.nodes.values()];
    const servers = this.nats.servers.map(({ process }) => process);
    await Promise.all([...nodes, ...servers].map(each => each.kill()));
    await Promise.all(servers.map(server => server.start()));
    await this.nats.ready();
    await Promise.all(nodes.map(node => node.start()));
    await this.ready();
  }

  async remove(): Promise<void> {
    await Promise.all([...this.nodes.values()].map(node => node.remove()));
    await Promise.all([...this.stores.values()].map(store => store.remove()));
    await this.nats.remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}

interface Started {
  readonly servers: Map<string, ServerProcess>;
  readonly environment: Record<string, string>;
}

async function startStores(names: readonly StoreName[]): Promise<Started> {
  const servers = new Map<string, ServerProcess>();
  const environment: Record<string, string> = {};
  const start = { mongo: startMongo, influx: startInfluxd, redis: startRedisServer };
  const variable = { mongo: "MONGO_URL", influx: "INFLUX_URL", redis: "REDIS_URL" };
  for (const name of names) {
    const { process, url } = await start[name]();
    servers.set(name, process);
    environment[variable[name]] = url;
  }
  return { servers, environment };
}

async function startMongo(): Promise<{ process: ServerProcess; url: string }> {
  const { process, url } = await startFerretdb();
  return { process, url: url("cambist") };
}
