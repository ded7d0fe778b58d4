/**
 * The flow of orders between processes, over a nats-server from the PATH: commands from one process to a
 * market in another, with a journal in a file and with one on three replicas that sync every write; and REST
 * orders through a gateway, NATS and a journalling actor in another process, beside a bare moleculer-web
 * route in the same run.
 *
 * BENCH_PARTS picks parts (file, jetstream, rest), BENCH_ROUNDS repeats them, BENCH_SECONDS is one round of
 * REST. Left out: starting, and a warm-up of each. Everything shares the machine's cores: the load, the
 * servers and both sides.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandsRow, measureCommands } from "./flow/commands.ts";
import { startNats } from "./flow/nats-servers.ts";
import { measureOrders, type OrdersRow } from "./flow/orders.ts";
import { conditions, saveResult } from "./report.ts";

const PARTS = (process.env.BENCH_PARTS ?? "file,jetstream,rest").split(",");
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? "3");
const SECONDS = Number(process.env.BENCH_SECONDS ?? "8");
const CONNECTIONS = 400;

const folder = await mkdtemp(join(process.env.BENCH_DIR ?? tmpdir(), "cambist-bench-flow-"));
const commands: CommandsRow[] = [];
let orders: OrdersRow | undefined;
let version = "";

async function withNats(count: 1 | 3, part: string, work: typeof measureFile): Promise<void> {
  if (!PARTS.includes(part)) return;
  const servers = await startNats(join(folder), count);
  version = servers.version;
  try {
    await work(servers);
  } finally {
    await servers.end();
  }
}

async function measureFile(servers: Awaited<ReturnType<typeof startNats>>): Promise<void> {
  const asked = { journal: "file", warmUp: 300_000, count: 2_000_000, unanswered: 16_000 } as const;
  for (let round = 0; round < ROUNDS; round++) {
    commands.push(await measureCommands({ ...asked, folder: join(folder, `file-${round}`) }, servers));
  }
}

async function measureJetStream(servers: Awaited<ReturnType<typeof startNats>>): Promise<void> {
  const asked = { journal: "jetstream", warmUp: 100_000, count: 500_000, unanswered: 16_000 } as const;
  for (let round = 0; round < ROUNDS; round++) {
    commands.push(await measureCommands({ ...asked, symbol: `ROUND${round}`, folder }, servers));
  }
}

async function measureRest(servers: Awaited<ReturnType<typeof startNats>>): Promise<void> {
  const asked = { folder, connections: CONNECTIONS, seconds: SECONDS, rounds: ROUNDS };
  orders = await measureOrders(asked, servers);
}

try {
  await withNats(1, "file", measureFile);
  await withNats(3, "jetstream", measureJetStream);
  await withNats(1, "rest", measureRest);
  console.table(commands);
  if (orders !== undefined) {
    console.info(`REST at ${CONNECTIONS} connections: ratio ${orders.ratio} of the bare route`);
    console.table(orders.microseconds);
    console.table(orders.venue);
    console.table(orders.bare);
  }
  await saveResult("flow", { conditions: conditions(), nats: version, commands, orders });
} finally {
  await rm(folder, { recursive: true, force: true });
}
