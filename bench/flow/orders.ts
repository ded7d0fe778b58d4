/**
 * REST orders through a gateway, NATS and a journalling shard and market in another process, beside a bare
 * moleculer-web route in the same run: same JWT check, body parser and answer size. Rounds alternate.
 */
import { join } from "node:path";
import { load, median, orderBody, post, type Round } from "../rest/load.ts";
import { launch } from "./launch.ts";
import type { NatsServers } from "./nats-servers.ts";

const SECRET = "bench-secret-bench-secret-bench-secret";

export interface OrdersAsked {
  readonly folder: string;
  readonly connections: number;
  readonly seconds: number;
  readonly rounds: number;
}

export interface OrdersRow {
  readonly connections: number;
  readonly venue: readonly Round[];
  readonly bare: readonly Round[];
  readonly ratio: number;
  /** Processor time of each process by order: what a machine of its own would be busy with. */
  readonly microseconds: { readonly gateway: number; readonly inner: number; readonly bare: number };
}

function addressOf(output: string): string {
  const address = /^Cambist: (http\S+)$/m.exec(output)?.[1];
  if (address === undefined) throw new Error(`The program does not say where it listens: ${output}`);
  return address;
}

export async function measureOrders(asked: OrdersAsked, servers: NatsServers): Promise<OrdersRow> {
  const { folder, connections, seconds, rounds } = asked;
  const common = {
    NATS_URL: servers.urls.join(","),
    JWT_SECRET: SECRET,
    RATE_LIMIT_ORDERS: "100000000",
  };
  const inner = await launch("venue-process.js", {
    ...common,
    PART: "inner",
    DATA_DIR: join(folder, "inner"),
  });
  const outer = { ...common, PART: "gateway", DATA_DIR: join(folder, "gateway") };
  const gateway = await launch("venue-process.js", outer);
  const venueAt = addressOf(gateway.output);
  const login = { email: "bench@example.org", password: "correct horse battery" };
  const { accessToken } = await post<{ accessToken: string }>(`${venueAt}/api/v1/auth/register`, login);
  const answer = await post(`${venueAt}/api/v1/orders`, JSON.parse(orderBody()), accessToken);
  const bare = await launch("../rest/bare-route.js", { ...common, ANSWER: JSON.stringify(answer) });
  const bareAt = addressOf(bare.output);
  try {
    await load(bareAt, accessToken, connections, seconds);
    await load(venueAt, accessToken, connections, seconds);
    const used = () => [gateway, inner, bare].map(each => each.usedMicroseconds());
    const before = used();
    const told: { venue: Round[]; bare: Round[] } = { venue: [], bare: [] };
    for (let round = 0; round < rounds; round++) {
      told.bare.push(await load(bareAt, accessToken, connections, seconds));
      told.venue.push(await load(venueAt, accessToken, connections, seconds));
    }
    const after = used();
    const by = (at: number, rounds: readonly Round[]) => {
      const orders = rounds.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond * seconds, 0);
      return Math.round(((after[at] ?? 0) - (before[at] ?? 0)) / orders);
    };
    const microseconds = { gateway: by(0, told.venue), inner: by(1, told.venue), bare: by(2, told.bare) };
    return {
      connections,
      ...told,
      microseconds,
      ratio: Number((median(told.venue) / median(told.bare)).toFixed(2)),
    };
  } finally {
    await bare.end();
    await gateway.end();
    await inner.end();
  }
}
