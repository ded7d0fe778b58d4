/**
 * `npm run cluster:faults [-- --rounds N --seed N --only KIND]`: the full run of faults, its figures as a
 * table in `bench/results`. Ends with an error where anything was lost, doubled or told wrongly; where it
 * stops, the nodes' last words are shown.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Cluster, FIVE_NODES } from "./cluster.ts";
import { ClusterConsole } from "./console.ts";
import { drawFaults, FAULTS, FaultRounds, type Round } from "./fault-rounds.ts";
import { type Tally, tally } from "./recorded-orders.ts";
import { openTraders } from "./traders.ts";

const SHARDS = 2;
const SYMBOLS = 4;
const LOG_LINES = 60;

function reported(rounds: readonly Round[], { acknowledged, records, lost, doubled, wrong }: Tally): string {
  const rows = FAULTS.flatMap(fault => {
    const outages = rounds.filter(round => round.fault === fault).map(({ outageMs }) => outageMs);
    if (outages.length === 0) return [];
    outages.sort((one, other) => one - other);
    const median = outages[outages.length >> 1] ?? 0;
    return [`| ${fault} | ${outages.length} | ${Math.round(median)} | ${Math.round(outages.at(-1) ?? 0)} |`];
  });
  return `# Faults under traffic

Three NATS servers that sync each write, five nodes, the stores; ${SHARDS * SYMBOLS} traders, one order at a
time each. Lease 1,500 ms. Outage: the longest time that one trader was without an answer.

| fault | rounds | outage p50 ms | worst ms |
|---|--:|--:|--:|
${rows.join("\n")}

Outcomes told: ${acknowledged}. Records in the journals: ${records}. Lost: ${lost.length}. Doubled:
${doubled.length}. Told wrongly: ${wrong.length}.
`;
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const drawn = drawFaults(Number(values.rounds), Number(values.seed));
const kinds = drawn.filter(kind => values.only === undefined || values.only === kind);
const cluster = await Cluster.start({ nodes: FIVE_NODES });
try {
  const addresses = cluster.gateways.map(({ address }) => address);
  const traders = await openTraders(addresses, SHARDS, SYMBOLS);
  const faults = new FaultRounds(cluster, traders, Number(values.seed));
  const rounds: Round[] = [];
  for (const kind of kinds) {
    const round = await faults.play(kind);
    rounds.push(round);
    const { fault, target, outageMs } = round;
    process.stdout.write(`${rounds.length} ${fault} ${target}: ${Math.round(outageMs)} ms\n`);
  }
  const found = await tally(cluster.nats.urls, SHARDS, traders);
  const text = reported(rounds, found);
  process.stdout.write(text);
  const day = new Date().toISOString().slice(0, 10);
  await writeFile(join(process.cwd(), "bench", "results", `${day}-faults.md`), text);
  if (found.lost.length + found.doubled.length + found.wrong.length > 0) {
    process.stderr.write(`${JSON.stringify(found, undefined, 1)}\n`);
    process.exitCode = 1;
  }
} catch (error) {
  const said = [...cluster.nodes.values()].map(
    async node => `# ${node.name}\n${await node.log(LOG_LINES)}\n`,
  );
  process.stderr.write(`${await new ClusterConsole(cluster).status()}${(await Promise.all(said)).join("")}`);
  throw error;
} finally {
  await cluster.remove();
}
