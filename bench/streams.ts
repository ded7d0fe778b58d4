/**
 * What one more stream costs: streams are created one after another on one server and on three replicas, and
 * after each step it is told how long one took, what the servers hold in memory, what they burn at rest, and
 * what an append to one of them takes. On Linux, with the servers of test/servers/with-nats.ts.
 */
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { NatsPorts } from "../mixins/nats/nats-connection.ts";
import { conditions, percentiles, sayAndSave, statement } from "./report.ts";

const STEPS = [0, 100, 300, 600];
const REST_MS = 4_000;
const APPENDS = 200;
const CREATES_AT_ONCE = 4;
/** Clock ticks of /proc a second. */
const TICKS = 100;

async function residentMiB(pids: readonly string[]): Promise<number> {
  let kibibytes = 0;
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    kibibytes += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return Math.round(kibibytes / 1024);
}

async function processorTicks(pids: readonly string[]): Promise<number> {
  let ticks = 0;
  for (const pid of pids) {
    const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks;
}

/** Per cent of one core that the servers use while nobody asks them anything. */
async function atRest(pids: readonly string[]): Promise<number> {
  const before = await processorTicks(pids);
  await pause(REST_MS);
  return Number(((((await processorTicks(pids)) - before) / TICKS / REST_MS) * 1000 * 100).toFixed(1));
}

async function appendMs(ports: NatsPorts): Promise<number> {
  await ports.streams.open("MEASURED");
  const { last } = await ports.streams.state("MEASURED");
  const samples = new Float64Array(APPENDS);
  const payload = new Uint8Array(1_000);
  for (let append = 0; append < APPENDS; append++) {
    const start = performance.now();
    await ports.streams.append("MEASURED", last + append, {}, payload);
    samples[append] = performance.now() - start;
  }
  const [p50 = 0] = percentiles(samples, [0.5]);
  return p50;
}

async function create(ports: NatsPorts, from: number, to: number): Promise<number> {
  const start = performance.now();
  let next = from;
  const creators = Array.from({ length: CREATES_AT_ONCE }, async () => {
    while (next < to) {
      const stream = next;
      next += 1;
      await ports.streams.open(`S${stream}`);
    }
  });
  await Promise.all(creators);
  return to > from ? (performance.now() - start) / (to - from) : 0;
}

async function rows(
  name: string,
  urls: string,
  pids: readonly string[],
  replicas: number,
): Promise<string[]> {
  const namespace = `streams_${process.pid}_`;
  const ports = await NatsPorts.connect({ servers: urls.split(","), name: "bench", namespace, replicas });
  const told: string[] = [];
  let streams = 0;
  for (const step of STEPS) {
    const each = await create(ports, streams, step);
    streams = step;
    const append = await appendMs(ports);
    const rest = await atRest(pids);
    const row = [name, step, each.toFixed(1), await residentMiB(pids), rest, append.toFixed(2)];
    told.push(`| ${row.join(" | ")} |`);
    process.stdout.write(`${told.at(-1)}\n`);
  }
  await ports.close();
  return told;
}

const { NATS_ONE, NATS_ONE_PIDS = "", NATS_THREE, NATS_THREE_PIDS = "" } = process.env;
const told = [
  ...(NATS_ONE === undefined ? [] : await rows("one server", NATS_ONE, NATS_ONE_PIDS.split(","), 1)),
  ...(NATS_THREE === undefined
    ? []
    : await rows("three replicas", NATS_THREE, NATS_THREE_PIDS.split(","), 3)),
];
await sayAndSave(
  "streams",
  `# What a stream costs

\`npx tsx test/servers/with-nats.ts npm run bench:streams\`: ${statement(conditions())} All servers are
processes of this machine; memory and rest are of all of them together, rest in per cent of one core.

| servers | streams | ms to create one | memory, MiB | at rest, % | append p50, ms |
| ------- | ------- | ---------------- | ----------- | ---------- | -------------- |
${told.join("\n")}
`,
);
