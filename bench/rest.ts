/**
 * REST orders, durable, beside a bare moleculer-web route in the same run: same broker options, JWT check,
 * body parser and answer size. The load generator (autocannon) runs on the same two cores. No liquidity runs
 * meanwhile. Each order has a client id of its own and finds nobody, so it is journalled, settled, answered
 * and stored as a closed order. Rounds alternate; the ratio is of the medians. Left out: starting, signing
 * in, and one warm-up round each.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { conditions, saveResult } from "./report.ts";

const SECONDS = Number(process.env.BENCH_SECONDS ?? "8");
const ROUNDS = 3;
const SECRET = "bench-secret-bench-secret-bench-secret";

interface Running {
  readonly child: ChildProcess;
  readonly address: string;
  readonly output: string;
}

/** Starts a program and waits for the line that says where it listens. */
function launch(argv: readonly string[], environment: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, JWT_SECRET: SECRET, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  return new Promise((resolve, reject) => {
    child.once("exit", code => reject(new Error(`The program ended with ${code}: ${output}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const address = /^Cambist: (http\S+)$/m.exec(output)?.[1];
      if (address !== undefined) resolve({ child, address, output });
    });
  });
}

function end(child: ChildProcess): Promise<unknown> {
  child.removeAllListeners("exit");
  const ended = new Promise(resolve => child.once("exit", resolve));
  child.kill("SIGTERM");
  return ended;
}

async function post<Body>(url: string, body: object, token = ""): Promise<Body> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Body;
}

async function ready(address: string): Promise<void> {
  while (!(await fetch(`${address}/api/v1/ready`)).ok) await new Promise(resolve => setTimeout(resolve, 100));
}

let order = 0;
const PREFIX = Date.now().toString(36);

/** An order that finds nobody and expires: journalled, settled, and stored as a document. */
function orderBody(): string {
  order += 1;
  return JSON.stringify({
    clientOrderId: `${PREFIX}-${order}`,
    symbol: "EURUSD",
    side: "buy",
    type: "limit",
    quantity: "1000",
    price: "0.50000",
    timeInForce: "IOC",
  });
}

interface Round {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
}

async function load(address: string, token: string, connections: number): Promise<Round> {
  const result = await autocannon({
    url: `${address}/api/v1/orders`,
    connections,
    duration: SECONDS,
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    requests: [{ setupRequest: request => ({ ...request, body: orderBody() }) }],
  });
  return {
    requestsPerSecond: Math.round(result.requests.average),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.non2xx + result.errors,
  };
}

function median(rounds: readonly Round[]): number {
  const sorted = rounds.map(({ requestsPerSecond }) => requestsPerSecond).sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const folder = await mkdtemp(join(tmpdir(), "cambist-bench-"));
/** As `npm start` gives them to Node. */
const OPTIONS = ["--max-semi-space-size=64", "--max-inlined-bytecode-size-cumulative=2000"];
const program = fileURLToPath(new URL("../cli/cambist.js", import.meta.url));
const environment = { DATA_DIR: join(folder, "data"), PORT: "0" };
const limits = { RATE_LIMIT_ORDERS: "100000000" };
try {
  // A short demo leaves marks behind: without them no order can be margined.
  const demo = await launch([...OPTIONS, program, "start"], environment);
  await ready(demo.address);
  await end(demo.child);
  const venue = await launch([...OPTIONS, program, "start"], {
    ...environment,
    ...limits,
    LIQUIDITY: "false",
  });
  await ready(venue.address);
  const [, email = "", password = ""] = /^demo: (\S+) \/ (\S+)$/m.exec(venue.output + demo.output) ?? [];
  const login = { email, password };
  const { accessToken } = await post<{ accessToken: string }>(`${venue.address}/api/v1/auth/login`, login);
  const answer = await post(`${venue.address}/api/v1/orders`, JSON.parse(orderBody()), accessToken);
  const bareProgram = fileURLToPath(new URL("./rest/bare-route.ts", import.meta.url));
  const bare = await launch([...OPTIONS, "--import", "tsx", bareProgram], { ANSWER: JSON.stringify(answer) });
  const rows: { connections: number; bare: Round[]; venue: Round[]; ratio: number }[] = [];
  for (const connections of [50, 400]) {
    await load(bare.address, accessToken, connections);
    await load(venue.address, accessToken, connections);
    const rounds: { bare: Round[]; venue: Round[] } = { bare: [], venue: [] };
    for (let round = 0; round < ROUNDS; round++) {
      rounds.bare.push(await load(bare.address, accessToken, connections));
      rounds.venue.push(await load(venue.address, accessToken, connections));
    }
    rows.push({ connections, ...rounds, ratio: median(rounds.venue) / median(rounds.bare) });
  }
  await end(bare.child);
  await end(venue.child);
  for (const row of rows) {
    console.log(
      `${row.connections} connections: venue ${median(row.venue)}/s, bare ${median(row.bare)}/s, ` +
        `ratio ${row.ratio.toFixed(2)}`,
    );
    console.table(row.venue);
    console.table(row.bare);
  }
  await saveResult("rest", { conditions: conditions(), seconds: SECONDS, rows });
} finally {
  await rm(folder, { recursive: true, force: true });
}
