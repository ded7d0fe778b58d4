/**
 * The book alone, its events included, beside npm's order books on the same commands in the same process run.
 *
 * Each contestant is warmed up on other commands, then timed: throughput over whole passes (the best of
 * several, as the machine has other work), latency in passes of their own, in batches of 16. A contestant
 * that would take longer than `PASS_SECONDS_MAX` gets a prefix, and the table says so. Left out: reading the
 * file, making string ids and, for the whole engine, making the commands, which is done a chunk at a time.
 */
import { BOOK, type Contestant, DOOR, type Feed, MACHINE, PEERS } from "./book-contestants.ts";
import { conditions, percentiles, saveResult, sayAndSave, statement } from "./report.ts";
import { canonicalWorkload, RIGHT_ANSWER, type Workload, warmUpWorkload } from "./workload.ts";

const BATCH = 16;
/** Commands between two looks at the clock. */
const CHUNK = 4_096;
const WARM_UP_COMMANDS = 300_000;
const PROBE_COMMANDS = 50_000;
const PASS_SECONDS_MAX = 30;
const OUR_PASSES = 7;
const RANKS = [0.5, 0.99, 0.999, 1];

interface Row {
  readonly name: string;
  readonly commands: number;
  readonly passes: number;
  readonly operationsASecond: number;
  /** Nanoseconds an operation, of a batch of 16: p50, p99, p99.9, worst. */
  readonly latency: readonly number[];
}

/** Seconds that the first `commands` take. */
function secondsOf(feed: Feed, commands: number): number {
  let nanoseconds = 0n;
  for (let from = 0; from < commands; from += CHUNK) {
    const to = Math.min(from + CHUNK, commands);
    feed.prepare?.(from, to);
    const start = process.hrtime.bigint();
    feed(from, to);
    nanoseconds += process.hrtime.bigint() - start;
  }
  return Number(nanoseconds) / 1e9;
}

function latencyOf(contestant: Contestant, workload: Workload, commands: number): number[] {
  const feed = contestant.make(workload);
  const samples = new Float64Array(Math.floor(commands / BATCH));
  for (let batch = 0; batch < samples.length; batch++) {
    if ((batch * BATCH) % CHUNK === 0) feed.prepare?.(batch * BATCH, batch * BATCH + CHUNK);
    const start = process.hrtime.bigint();
    feed(batch * BATCH, (batch + 1) * BATCH);
    samples[batch] = Number(process.hrtime.bigint() - start) / BATCH;
  }
  return percentiles(samples, RANKS);
}

function measure(contestant: Contestant, workload: Workload, warmUp: Workload, passes: number): Row {
  const probe = secondsOf(contestant.make(warmUp), PROBE_COMMANDS);
  const rest = Math.min(warmUp.length, Math.floor((PROBE_COMMANDS / probe) * PASS_SECONDS_MAX));
  for (let pass = 0; pass < passes; pass++) secondsOf(contestant.make(warmUp), rest);
  const reachable = Math.floor((PROBE_COMMANDS / probe) * PASS_SECONDS_MAX * 2);
  const commands = Math.min(workload.length, reachable - (reachable % BATCH));
  let best = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < passes; pass++) {
    best = Math.min(best, secondsOf(contestant.make(workload), commands));
  }
  const latency = latencyOf(contestant, workload, commands);
  return { name: contestant.name, commands, passes, operationsASecond: commands / best, latency };
}

function table(rows: readonly Row[], base: Row): string {
  const million = (value: number) => (value / 1e6).toFixed(value < 1e7 ? 2 : 1);
  const lines = rows.map(row => {
    const ratio = base.operationsASecond / row.operationsASecond;
    const latency = row.latency.map(value => Math.round(value).toString()).join(" | ");
    const part = row.commands === 1_000_000 ? "all" : `first ${row.commands}`;
    return `| ${row.name} | ${million(row.operationsASecond)} | ${ratio.toFixed(1)} | ${latency} | ${part} |`;
  });
  return [
    "| book | million operations a second | cambist is … times as fast " +
      "| p50 ns | p99 | p99.9 | worst | commands |",
    "|---|--:|--:|--:|--:|--:|--:|---|",
    ...lines,
  ].join("\n");
}

const workload = canonicalWorkload();
const warmUp = warmUpWorkload(WARM_UP_COMMANDS);
const answer = BOOK.answer?.(workload);
if (JSON.stringify(answer) !== JSON.stringify(RIGHT_ANSWER)) {
  throw new Error(
    `Cannot time a wrong book: ${JSON.stringify(answer)} is not ${JSON.stringify(RIGHT_ANSWER)}`,
  );
}
const ours = measure(BOOK, workload, warmUp, OUR_PASSES);
const rows = [
  ours,
  measure(MACHINE, workload, warmUp, OUR_PASSES),
  measure(DOOR, workload, warmUp, OUR_PASSES),
];
for (const peer of PEERS) rows.push(measure(peer, workload, warmUp, 1));

const stated = conditions();
const text = `# The book alone

1,000,000 commands: 55.1 % limit, 34.9 % cancel, 5.0 % market, 5.0 % IOC;
${RIGHT_ANSWER.trades} trades, events included.
${statement(stated)}
Ours: best of ${OUR_PASSES} passes; peers: one pass.
Latency: nanoseconds an operation over batches of ${BATCH}.
Left out: reading the file, making string ids and, a chunk at a time right before, command objects.

${table(rows, ours)}
`;
await saveResult("book", { conditions: stated, rows });
await sayAndSave("book", text);
