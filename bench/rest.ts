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
import { conditions, saveResult } from "./report.ts";
import { load, median, orderBody, post, type Round } from "./rest/load.ts";

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

async function ready(address: string): Promise<void> {
  while (!(await fetch(`${address}/api/v1/ready`)).ok) await new Promise(resolve => setTimeout(resolve, 100));
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
    await load(bare.address, accessToken, connections, SECONDS);
    await load(venue.address, accessToken, connections, SECONDS);
    const rounds: { bare: Round[]; venue: Round[] } = { bare: [], venue: [] };
    for (let round = 0; round < ROUNDS; round++) {
      rounds.bare.push(await load(bare.address, accessToken, connections, SECONDS));
      rounds.venue.push(await load(venue.address, accessToken, connections, SECONDS));
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
