/**
 * `cambist start`: the whole venue in this process. Says where it listens, where its data lies and how to
 * sign in to the demo; ends everything on SIGTERM and SIGINT; works without standard input.
 */
import { parseArgs } from "node:util";
import { ServiceBroker } from "moleculer";
import { Fault } from "../mixins/fault.ts";
import { replayDay } from "../mixins/reference/replay-source.ts";
import { TickFile } from "../mixins/reference/tick-file.ts";
import { type Runtime, runtimeOf } from "../mixins/runtime/runtime.ts";
import { SettingInvalid } from "../mixins/runtime/setting.ts";
import { type ReplaySettings, readSettings, type Settings } from "../mixins/runtime/settings.ts";
import type { QuoteLag } from "../models/market-data.model.ts";
import { brokerOptions } from "../moleculer.config.ts";
import { hostingOf } from "../services/hosting.ts";
import { servicesOf } from "../services/roles.ts";

const START_USAGE = `Usage: cambist start [options]

  --replay FILE    follow the quotes of a tick file (milliseconds since midnight UTC, bid, ask)
  --symbol SYMBOL  the instrument that follows it
  --speed N        file seconds per second (default 1)
  --date DATE      day of the file, YYYY-MM-DD (default: YYYYMMDD in its name, else today)

Environment: PORT, HOST, DATA_DIR, DEMO, LIQUIDITY, RISK_SHARDS, SEED; NATS_URL, SERVICES, NODE_ID and more
make it a node of a cluster (see README.md)
`;

/** Longer than calls in flight, their time limits and the last snapshots take. */
const STOP_MS_MAX = 30_000;

const LAUNCHERS: ReadonlySet<string | undefined> = new Set(["start", "npx"]);
const LAUNCHER_POLL_MS = 100;

function readReplay(values: Record<string, string | undefined>): ReplaySettings | undefined {
  const { replay: file, symbol, speed = "1", date } = values;
  if (file === undefined) {
    if (symbol !== undefined || values.speed !== undefined || date !== undefined) {
      throw new SettingInvalid("Cannot start as '--symbol', '--speed' and '--date' go with '--replay'");
    }
    return undefined;
  }
  if (symbol === undefined) throw new SettingInvalid("Cannot start as '--replay' needs '--symbol'");
  const factor = Number(speed);
  if (!(factor > 0 && factor <= 1_000_000)) {
    throw new SettingInvalid(`Cannot start as '--speed' must be a number above 0: received ${speed}`);
  }
  if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    throw new SettingInvalid(`Cannot start as '--date' must be YYYY-MM-DD: received ${date}`);
  }
  return { file, symbol, speed: factor, ...(date === undefined ? {} : { date }) };
}

/** Settings of the command line over those of the environment. Throws SettingInvalid. */
export function startSettings(argv: readonly string[]): Settings {
  try {
    const text = { type: "string" } as const;
    const options = { replay: text, symbol: text, speed: text, date: text };
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
    const replay = readReplay(values);
    return readSettings({ CHARGES: "demo", ...process.env }, replay === undefined ? {} : { replay });
  } catch (error) {
    if (error instanceof TypeError)
      throw new SettingInvalid(`Cannot start: ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * Under npx a shell stands between: it takes the signal that npx passes on, and dies of it without telling
 * its child. Its end is as good as the signal; so is that of npm, which `npm start` has for its parent.
 */
function whenLauncherEnds(end: () => void): void {
  if (!LAUNCHERS.has(process.env.npm_lifecycle_event)) return;
  const launcher = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === launcher) return;
    clearInterval(timer);
    end();
  }, LAUNCHER_POLL_MS);
  timer.unref();
}

/** Resolves with the signal that asks the process to end, or with the error that makes it end. */
function untilAskedToEnd(runtime: Runtime): Promise<unknown> {
  return new Promise(resolve => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(undefined));
    whenLauncherEnds(() => resolve(undefined));
    runtime.onFatal = resolve;
  });
}

/** What nobody waited for, a store's failed write for one, ends the process at once: a crash is safe. */
function endOnUncaught(): void {
  process.on("uncaughtException", error => {
    process.stderr.write(`Cannot go on: ${error.stack ?? error.message}\n`);
    process.exit(1);
  });
}

/** Resolves with the error that makes the process end, not with a signal. */
function failureOf(ended: Promise<unknown>): Promise<unknown> {
  return new Promise(resolve => {
    void ended.then(fatal => fatal !== undefined && resolve(fatal));
  });
}

/** Says why there is no start; the exit code for it. */
function told(error: unknown): number {
  const code = error instanceof Fault ? ` (${error.type})` : "";
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${code}\n`);
  return error instanceof SettingInvalid ? 2 : 1;
}

/** Reads the tick file once, so that what is wrong with it is said before anything starts. */
function checkReplay(runtime: Runtime): void {
  const { replay } = runtime.settings;
  if (replay === undefined) return;
  try {
    replayDay(replay, 0);
    const file = new TickFile(replay.file, runtime.instrument(replay.symbol));
    try {
      file.check();
    } finally {
      file.close();
    }
  } catch (error) {
    throw new SettingInvalid(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Says how closely the venue followed the replayed quotes. */
async function reportLag(broker: ServiceBroker): Promise<void> {
  const { lagMs } = await broker.call<{ lagMs: QuoteLag }>("liquidity.status");
  const { count, p50, p99, max } = lagMs;
  process.stdout.write(`Lag of ${count} quotes: p50 ${p50} ms, p99 ${p99} ms, worst ${max} ms\n`);
}

export async function start(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help")) {
    process.stdout.write(START_USAGE);
    return 0;
  }
  let settings: Settings;
  try {
    settings = startSettings(argv);
  } catch (error) {
    if (!(error instanceof SettingInvalid)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const broker = new ServiceBroker(brokerOptions(settings));
  const runtime = runtimeOf(broker);
  const ended = untilAskedToEnd(runtime);
  endOnUncaught();
  try {
    checkReplay(runtime);
    for (const service of servicesOf(settings)) broker.createService(service);
    const fatal = await Promise.race([broker.start().then(() => undefined), failureOf(ended)]);
    // Services that are half started cannot be stopped in order; a crash is safe at any moment.
    if (fatal !== undefined) process.exit(told(fatal));
  } catch (error) {
    const code = told(error);
    await broker.stop();
    return code;
  }
  const fatal = await ended;
  if (fatal !== undefined) {
    process.stderr.write(
      `Cannot go on: ${fatal instanceof Error ? (fatal.stack ?? fatal.message) : String(fatal)}\n`,
    );
  }
  // Only where something does not end: what is durable is durable, and a dead venue must not seem alive.
  setTimeout(() => process.exit(told(`Cannot stop in order within ${STOP_MS_MAX} ms`)), STOP_MS_MAX).unref();
  if (fatal === undefined && settings.replay !== undefined && settings.liquidity) await reportLag(broker);
  // While other nodes still hear this one.
  if (settings.cluster !== undefined) await hostingOf(broker).leave();
  await broker.stop();
  return fatal === undefined ? 0 : 1;
}
