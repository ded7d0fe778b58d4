/**
 * A risk shard's costs, on one core: the whole decision before an order goes to a market, the settlement of
 * fills, a tick's new look at every account, and memory. 100,000 accounts with a position in each of two
 * pairs and 1,000,000 open orders; fewer by `ACCOUNTS=` and `ORDERS_EACH=`. There are no peers on npm: the
 * figures stand beside what the venue asks of itself.
 *
 * A decision is timed alone and with the hold that follows it, each for an account at random, so caches are
 * as cold as a shard's are. A fill is one side of a trade; records are decoded before, as followers get
 * them. Beside figures stand the same by the processor's time, for a machine that is shared, and the share of
 * the collector. No account comes near a margin call: one that does is valued exactly, as a summary is. Run
 * with --expose-gc.
 */
import { PerformanceObserver } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import type { MarketRecord } from "../engine/market/record.ts";
import { accountId } from "../engine/units.ts";
import { conditions, percentiles, saveResult, statement } from "./report.ts";
import { type Asked, PAIRS, RiskWorkload } from "./risk-workload.ts";

const ACCOUNTS = Number(process.env.ACCOUNTS ?? 100_000);
const ORDERS_EACH = Number(process.env.ORDERS_EACH ?? 10);
const DECISIONS = 200_000;
const SETTLED_ROUNDS = 4;
const TICKS = 20;
/** Lots, and so resting orders, that a taker takes. */
const TAKEN = 10;
/** Batches of records between two cuts. */
const CUT_EVERY = 64;
const RANKS = [0.5, 0.99, 0.999, 1] as const;
const MARKET = 1;

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

/** The collector's pauses in milliseconds, told on a later turn of the loop than they were made in. */
const pauses: { readonly startTime: number; readonly duration: number }[] = [];
new PerformanceObserver(list => pauses.push(...list.getEntries())).observe({ entryTypes: ["gc"] });

/** Seconds by the clock, by the processor, and of the collector. */
class Watch {
  wall = 0;
  processor = 0;
  collector = 0;

  async time(work: () => void): Promise<number> {
    const [from, usage] = [performance.now(), process.cpuUsage()];
    work();
    const [to, { user, system }] = [performance.now(), process.cpuUsage(usage)];
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    for (const { startTime, duration } of pauses.splice(0)) {
      if (startTime >= from && startTime <= to) this.collector += duration / 1e3;
    }
    this.wall += (to - from) / 1e3;
    this.processor += (user + system) / 1e6;
    return (to - from) / 1e3;
  }

  plus(other: Watch): Watch {
    const sum = new Watch();
    sum.wall = this.wall + other.wall;
    sum.processor = this.processor + other.processor;
    sum.collector = this.collector + other.collector;
    return sum;
  }

  get share(): string {
    return `collector ${Math.round((100 * this.collector) / this.wall)} %`;
  }

  rate(count: number): string {
    const k = (time: number) => Math.round(count / time / 1_000);
    return `${k(this.wall)} k/s (${k(this.processor)} k/s of processor time; ${this.share})`;
  }
}

function heapBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function hearAll(workload: RiskWorkload, orders: Iterable<Asked>, market: number): void {
  for (const records of workload.recordsOf(orders, market)) {
    workload.hear(records);
    workload.store();
  }
}

function build(workload: RiskWorkload): void {
  const before = heapBytes();
  workload.openAccounts(ACCOUNTS);
  workload.cut();
  workload.store();
  const opened = heapBytes();
  for (const { number } of PAIRS.slice(0, 2)) {
    hearAll(workload, workload.crossing(ACCOUNTS, 1, number), number);
  }
  const traded = heapBytes();
  for (const { number } of PAIRS) hearAll(workload, workload.resting(ACCOUNTS, ORDERS_EACH), number);
  const full = heapBytes();
  const each = (bytes: number, count: number) => `${Math.round(bytes / count)} bytes`;
  const orders = ACCOUNTS * ORDERS_EACH;
  tell("memory of an account", "told", each(opened - before, ACCOUNTS));
  tell("more with two positions", "told", each(traded - opened, ACCOUNTS));
  tell("more for an open order (market's book included)", "told", each(full - traded, orders));
}

async function timeDecisions(workload: RiskWorkload, holding: boolean, told: boolean): Promise<void> {
  const { machine, now } = workload;
  const samples = new Float64Array(DECISIONS);
  const watch = new Watch();
  let refused = 0;
  await watch.time(() => {
    for (let at = 0; at < DECISIONS; at++) {
      const request = workload.request(workload.restingOf(workload.randomAccount(ACCOUNTS), at));
      const start = process.hrtime.bigint();
      const decision = machine.decide(request, now);
      if (holding && typeof decision !== "string") machine.desk.holdOrder(at + 1, request);
      samples[at] = Number(process.hrtime.bigint() - start) / 1e3;
      if (typeof decision === "string") refused++;
      if (holding && at % 1_000 === 999) machine.dropHolds();
    }
  });
  machine.dropHolds();
  if (refused > 0)
    throw new Error(`Invariant: each of these orders may go to its market: refused ${refused}`);
  if (!told) return;
  const figures = percentiles(samples, RANKS).map(value => value.toFixed(1));
  const what = `decision${holding ? " and hold" : ""}, p50 / p99 / p99.9 / worst`;
  tell(what, "p99 10 µs", `${figures.join(" / ")} µs (${watch.share})`);
}

function fillsIn(records: readonly MarketRecord[]): number {
  let trades = 0;
  for (const { events } of records) for (const { event } of events) if (event === "traded") trades++;
  return 2 * trades;
}

/** `ordersOf`: what fills, in each round; whatever has to rest before it rests untimed. */
async function timeSettlement(
  workload: RiskWorkload,
  what: string,
  ordersOf: () => Iterable<Asked>,
): Promise<void> {
  const [hearing, storing] = [new Watch(), new Watch()];
  let [fills, batches] = [0, 0];
  for (let round = 0; round < SETTLED_ROUNDS; round++) {
    for (const records of workload.recordsOf(ordersOf(), MARKET)) {
      fills += fillsIn(records);
      await hearing.time(() => workload.hear(records));
      const cuts = ++batches % CUT_EVERY === 0;
      await storing.time(() => {
        if (cuts) workload.cut();
        workload.store();
      });
    }
  }
  tell(`settlement, ${what}`, "300 k fills/s", hearing.rate(fills));
  tell(`  and all that is stored handed over`, "told", hearing.plus(storing).rate(fills));
}

async function timeTicks(workload: RiskWorkload): Promise<void> {
  const { guardian } = workload.machine;
  const first = await new Watch().time(() => guardian.look(workload.now));
  const concerned = guardian.monitor.concerned(MARKET);
  if (concerned !== ACCOUNTS) throw new Error(`Invariant: a tick concerns every account: ${concerned}`);
  tell("first look at every account", "told", `${(first * 1_000).toFixed(0)} ms`);
  const passes: number[] = [];
  const watch = new Watch();
  for (let turn = 0; turn < TICKS; turn++) {
    const asked = workload.ticking(accountId(1), MARKET, turn);
    for (const records of workload.recordsOf([asked], MARKET)) workload.hear(records);
    let found = 0;
    passes.push(await watch.time(() => (found = guardian.look(workload.now).length)));
    if (found > 0) throw new Error(`Invariant: no account is near a margin call: found ${found}`);
  }
  workload.store();
  const [p50 = 0, worst = 0] = percentiles(Float64Array.from(passes), [0.5, 1]);
  const figures = [p50, worst, watch.processor / TICKS].map(value => (value * 1_000).toFixed(1));
  const [median, slowest, mean] = figures;
  const value = `${median} / ${slowest} ms (${mean} ms of processor time)`;
  tell(`a tick for ${concerned} positions in its market, p50 / worst`, "under 20 ms", value);
}

async function timeSummaries(workload: RiskWorkload): Promise<void> {
  const passes: number[] = [];
  for (let pass = 0; pass < 5; pass++) {
    const summaries = () => {
      for (let id = 1; id <= ACCOUNTS; id++) workload.machine.summary(accountId(id));
    };
    passes.push(await new Watch().time(summaries));
  }
  const best = Math.min(...passes) * 1_000;
  tell(`exact value and margin of every account, ${2 * ACCOUNTS} positions`, "told", `${best.toFixed(0)} ms`);
}

const workload = new RiskWorkload();
process.stdout.write(`${statement(conditions())}\n`);
build(workload);
await timeDecisions(workload, false, false);
await timeDecisions(workload, false, true);
await timeDecisions(workload, true, true);
await timeSettlement(workload, "of orders that enter and fill", () => workload.crossing(ACCOUNTS, 1, MARKET));
await timeSettlement(workload, `of resting orders, ${TAKEN} by a taker`, () => {
  const half = ACCOUNTS / 2;
  hearAll(workload, workload.makers(1, half, MARKET), MARKET);
  return workload.takers(half + 1, 2 * half, TAKEN, MARKET);
});
await timeTicks(workload);
await timeSummaries(workload);
workload.machine.check();
const peak = process.resourceUsage().maxRSS / 2 ** 20;
tell("memory of the process, at most", "told", `${peak.toFixed(1)} GiB`);
await saveResult("risk", { ...conditions(), accounts: ACCOUNTS, ordersEach: ORDERS_EACH, rows });
