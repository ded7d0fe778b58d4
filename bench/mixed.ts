/**
 * The whole engine on mixes of all types of order, amends, cancels and intraday auctions, a command object an
 * operation; beside it npm's order books in the same process run, which get what they know of the same
 * commands: limit, market and IOC orders and the cancels of those. Ours is the best of `PASSES` passes and
 * their median, latency in passes of their own, in batches of 16.
 *
 * Left out: making the commands, a chunk at a time right before they are applied, as a decoder does.
 */
import { countOf } from "../engine/ids.ts";
import type { MarketCommand } from "../engine/market/command.ts";
import { MarketMachine } from "../engine/market/market-machine.ts";
import { PEERS } from "./book-contestants.ts";
import { instrument } from "./instrument.ts";
import { freshCommands } from "./market-commands.ts";
import { MIXES, type Mix } from "./mixed-kinds.ts";
import { mixedWorkload } from "./mixed-workload.ts";
import { conditions, percentiles, saveResult, sayAndSave, statement } from "./report.ts";
import { CANCEL, columns, IOC_LIMIT, LIMIT, MARKET, type Workload } from "./workload.ts";

const COMMANDS = 1_000_000;
const WARM_UP_COMMANDS = 200_000;
const PEERS_COMMANDS = 100_000;
const [SEED, WARM_UP_SEED] = [20140502, 7];
const PASSES = 7;
const BATCH = 16;
/** Commands that are made together, off the clock. */
const CHUNK = 4_096;
const RANKS = [0.5, 0.99, 0.999, 1];
const HEADER =
  "| book | million commands a second | million events a second | cambist is … times as fast " +
  "| p50 ns | p99 | p99.9 | worst |";

/** Seconds of a pass over all commands. */
function play(commands: readonly MarketCommand[]): number {
  const machine = new MarketMachine(instrument);
  let nanoseconds = 0n;
  for (let from = 0; from < commands.length; from += CHUNK) {
    const fresh = freshCommands(commands, from, from + CHUNK);
    const start = process.hrtime.bigint();
    for (const command of fresh) machine.apply(command);
    nanoseconds += process.hrtime.bigint() - start;
  }
  return Number(nanoseconds) / 1e9;
}

function latencyOf(commands: readonly MarketCommand[]): number[] {
  const machine = new MarketMachine(instrument);
  const samples = new Float64Array(Math.floor(commands.length / BATCH));
  let fresh: readonly MarketCommand[] = [];
  for (let batch = 0; batch < samples.length; batch++) {
    const from = (batch * BATCH) % CHUNK;
    if (from === 0) fresh = freshCommands(commands, batch * BATCH, batch * BATCH + CHUNK);
    const start = process.hrtime.bigint();
    for (let at = from; at < from + BATCH; at++) {
      const command = fresh[at];
      if (command !== undefined) machine.apply(command);
    }
    samples[batch] = Number(process.hrtime.bigint() - start) / BATCH;
  }
  return percentiles(samples, RANKS);
}

/** The commands that a book of limit, market and IOC orders knows. */
function plainPart(commands: readonly MarketCommand[]): Workload {
  const rows: number[][] = [];
  const known = new Set<number>();
  let orders = 0;
  for (const command of commands) {
    if (command.kind === "place") {
      const { side, type, timeInForce, postOnly, terms, ticks, lots } = command;
      orders++;
      if (terms !== undefined || postOnly || timeInForce === "FOK") continue;
      known.add(orders);
      const limit = timeInForce === "GTC" ? LIMIT : IOC_LIMIT;
      rows.push([type === "market" ? MARKET : limit, orders, side === "buy" ? 0 : 1, ticks, lots]);
    } else if (command.kind === "replace") orders++;
    else if (command.kind === "cancel" && known.has(countOf(command.orderId))) {
      rows.push([CANCEL, countOf(command.orderId), 0, 0, 0]);
    }
  }
  return columns(rows);
}

function million(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

/** Rows of the log that a workload makes. */
function eventsOf(commands: readonly MarketCommand[]): number {
  const machine = new MarketMachine(instrument);
  let events = 0;
  for (const command of commands) events += machine.apply(command).length;
  machine.check();
  return events;
}

function measure(name: Mix) {
  const { commands, mix } = mixedWorkload(COMMANDS, SEED, name);
  const events = eventsOf(commands) / COMMANDS;
  const warmUp = mixedWorkload(WARM_UP_COMMANDS, WARM_UP_SEED, name).commands;
  for (let pass = 0; pass < PASSES; pass++) play(warmUp);
  const seconds = Array.from({ length: PASSES }, () => play(commands)).sort((one, other) => one - other);
  const best = COMMANDS / (seconds[0] ?? 0) / 1e6;
  const median = COMMANDS / (seconds[PASSES >> 1] ?? 0) / 1e6;
  return { name, mix, best, median, events, latency: latencyOf(commands), peers: measurePeers(commands) };
}

function measurePeers(commands: readonly MarketCommand[]) {
  const part = plainPart(commands.slice(0, PEERS_COMMANDS));
  return PEERS.map(peer => {
    peer.make(part)(0, part.length >> 2);
    const feed = peer.make(part);
    const start = process.hrtime.bigint();
    feed(0, part.length);
    const millions = (part.length / Number(process.hrtime.bigint() - start)) * 1e3;
    return { name: peer.name, millions, commands: part.length };
  });
}

function section({ name, mix, best, median, events, latency, peers }: ReturnType<typeof measure>): string {
  const share = (count: number) => `${((count / COMMANDS) * 100).toFixed(2)} %`;
  const shares = [...mix].sort(([, one], [, other]) => other - one);
  const others = peers.map(
    peer => `| ${peer.name} | ${million(peer.millions)} | | ${(best / peer.millions).toFixed(1)} | | | | |`,
  );
  const latencies = latency.map(value => Math.round(value)).join(" | ");
  const commandsASecond = `${million(best)} (median ${million(median)})`;
  const known = peers[0]?.commands.toLocaleString("en");
  const eventsASecond = `${million(best * events)} (${events.toFixed(2)} a command)`;
  return `## The ${name} mix

${shares.map(([kind, count]) => `${kind} ${share(count)}`).join(", ")}.

${HEADER}
|---|--:|--:|--:|--:|--:|--:|--:|
| cambist, whole engine | ${commandsASecond} | ${eventsASecond} | 1.0 | ${latencies} |
${others.join("\n")}

Peers: ${known} of the first ${PEERS_COMMANDS.toLocaleString("en")} commands.
`;
}

const measured = MIXES.map(measure);
const stated = conditions();
const text = `# All types of order

Two mixes of ${measured[0]?.mix.size} kinds, ${COMMANDS.toLocaleString("en")} commands each, seed ${SEED}.
A mass cancel is one command, however many orders it takes out.
${statement(stated)}
Ours: best and median of ${PASSES} passes, events included.
Latency: nanoseconds a command over batches of ${BATCH}.
Peers get the commands that they know. Left out: making the commands.

${measured.map(section).join("\n")}`;
const results = measured.map(({ mix, ...rest }) => ({ ...rest, mix: Object.fromEntries(mix) }));
await saveResult("mixed", { conditions: stated, results });
await sayAndSave("mixed", text);
