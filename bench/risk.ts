/**
 * A risk shard's costs, on one core: the whole decision before an order goes to a market, the settlement of
 * fills, one tick's new value of every position, and memory. 100,000 accounts with a position in each of two
 * pairs and 1,000,000 open orders; fewer by `ACCOUNTS=` and `ORDERS_EACH=`. There are no peers on npm: the
 * figures stand beside what the venue asks of itself.
 *
 * A decision is timed alone and with the hold that follows it, each for an account at random, so caches are
 * as cold as a shard's are. Settlement counts each side of a trade; records are decoded before, as followers
 * get them, and again with their decoding. Run with --expose-gc and --max-old-space-size=12000.
 */
import { accountId, type Milliseconds, ticks } from "../engine/units.ts";
import { conditions, percentiles, saveResult, statement } from "./report.ts";
import { PAIRS, RiskWorkload } from "./risk-workload.ts";

const ACCOUNTS = Number(process.env.ACCOUNTS ?? 100_000);
const ORDERS_EACH = Number(process.env.ORDERS_EACH ?? 10);
const DECISIONS = 200_000;
const SETTLED_ROUNDS = 4;
const RANKS = [0.5, 0.99, 0.999, 1] as const;
const MARKET = 1;
const TICKS = 41;

interface Row {
  readonly what: string;
  readonly asked: string;
  readonly value: string;
}

const rows: Row[] = [];

function tell(what: string, asked: string, value: string): void {
  rows.push({ what, asked, value });
  process.stdout.write(`${what}: ${value} (asked: ${asked})\n`);
}

function seconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function heapBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function build(workload: RiskWorkload): void {
  const before = heapBytes();
  workload.openAccounts(ACCOUNTS);
  const opened = heapBytes();
  for (const pair of PAIRS.slice(0, 2)) {
    for (const records of workload.recordsOf(workload.crossing(ACCOUNTS, 1, pair.number), pair.number)) {
      workload.hear(records);
      workload.store();
    }
  }
  const traded = heapBytes();
  for (const { number } of PAIRS) {
    for (const records of workload.recordsOf(workload.resting(ACCOUNTS, ORDERS_EACH), number)) {
      workload.hear(records);
      workload.store();
    }
  }
  const full = heapBytes();
  const each = (bytes: number, count: number) => `${Math.round(bytes / count)} bytes`;
  tell("memory of an account", "told", each(opened - before, ACCOUNTS));
  tell("more with two positions", "told", each(traded - opened, ACCOUNTS));
  tell(
    "more for an open order (market's book included)",
    "told",
    each(full - traded, ACCOUNTS * ORDERS_EACH),
  );
}

function timeDecisions(workload: RiskWorkload, holding: boolean): void {
  const { machine } = workload;
  const now: Milliseconds = workload.now;
  const samples = new Float64Array(DECISIONS);
  let refused = 0;
  for (let at = 0; at < DECISIONS; at++) {
    const asked = workload.restingOf(workload.randomAccount(ACCOUNTS), at);
    const request = workload.request(asked);
    const start = process.hrtime.bigint();
    const decision = machine.decide(request, now);
    if (holding && typeof decision !== "string") machine.desk.holdOrder(at + 1, request);
    samples[at] = Number(process.hrtime.bigint() - start) / 1e3;
    if (typeof decision === "string") refused++;
    if (holding && at % 1_000 === 999) machine.dropHolds();
  }
  machine.dropHolds();
  if (refused > 0)
    throw new Error(`Invariant: each of these orders may go to its market: refused ${refused}`);
  const [p50 = 0, p99 = 0, p999 = 0, worst = 0] = percentiles(samples, RANKS);
  const figures = [p50, p99, p999, worst].map(value => value.toFixed(1)).join(" / ");
  tell(`decision${holding ? " and hold" : ""}, p50 / p99 / p99.9 / worst`, "p99 10 µs", `${figures} µs`);
}

function timeSettlement(workload: RiskWorkload): void {
  const fills = 2 * SETTLED_ROUNDS * Math.floor(ACCOUNTS / 2);
  let [hearing, all] = [0, 0];
  const orders = workload.crossing(ACCOUNTS, SETTLED_ROUNDS, MARKET);
  const batches = workload.recordsOf(orders, MARKET);
  for (const records of batches) {
    hearing += seconds(() => workload.hear(records));
    all += seconds(() => workload.store());
  }
  const rate = (time: number) => `${Math.round(fills / time / 1_000)} k fills/s`;
  tell("settlement", "300 k fills/s", rate(hearing));
  tell("settlement, and what is stored handed over", "told", rate(hearing + all));
}

function timeValuation(workload: RiskWorkload): void {
  const passes: number[] = [];
  for (let pass = 0; pass < 10; pass++) {
    passes.push(
      seconds(() => {
        for (let id = 1; id <= ACCOUNTS; id++) workload.machine.summary(accountId(id));
      }),
    );
  }
  const best = Math.min(...passes) * 1_000;
  tell(`summary of every account, ${2 * ACCOUNTS} positions`, "told", `${best.toFixed(1)} ms`);
}

/** What margin monitoring costs when one market's mark moves: nobody is near a level, as on most ticks. */
function timeTicks(workload: RiskWorkload): void {
  const { machine } = workload;
  const first = seconds(() => machine.guardian.look(workload.now));
  tell("margin levels of every account, looked at anew", "told", `${(first * 1_000).toFixed(1)} ms`);
  const passes: number[] = [];
  for (let pass = 0; pass < TICKS; pass++) {
    const asked = workload.restingOf(workload.randomAccount(ACCOUNTS), 0);
    const price = ticks(workload.middleOf(MARKET) - 90 + pass);
    const better = { ...asked, market: MARKET, side: "buy" as const, ticks: price };
    for (const records of workload.recordsOf([better], MARKET)) workload.hear(records);
    passes.push(seconds(() => machine.guardian.look(workload.now)));
  }
  const worst = Math.max(...passes) * 1_000;
  const median = passes.sort((one, other) => one - other)[TICKS >> 1] ?? 0;
  const figures = `${(median * 1_000).toFixed(1)} / ${worst.toFixed(1)} ms`;
  tell(`mark-to-market of ${ACCOUNTS} positions on a tick, median / worst`, "20 ms", figures);
}

const workload = new RiskWorkload();
process.stdout.write(`${statement(conditions())}\n`);
build(workload);
timeDecisions(workload, false);
timeDecisions(workload, false);
timeDecisions(workload, true);
timeSettlement(workload);
timeValuation(workload);
timeTicks(workload);
workload.machine.check();
await saveResult("risk", { ...conditions(), accounts: ACCOUNTS, ordersEach: ORDERS_EACH, rows });
