/**
 * One run: a cluster of three nodes over a simulated store and network, clients that trade, a storm of
 * faults, then calm, and all that was promised is looked at. All of it follows from the seed.
 */
import { Fault } from "../mixins/fault.ts";
import { checkLive } from "./check/live-check.ts";
import { Trace } from "./check/trace.ts";
import { Truth } from "./check/truth.ts";
import { Violation } from "./check/violation.ts";
import { Chance } from "./kernel/chance.ts";
import { Network } from "./kernel/network.ts";
import type { Process } from "./kernel/process.ts";
import { Scheduler } from "./kernel/scheduler.ts";
import { Store } from "./store/store.ts";
import { StoreLink } from "./store/store-link.ts";
import type { Stored } from "./store/stream-server.ts";
import { Storm } from "./storm.ts";
import { Cluster } from "./venue/cluster.ts";
import { Directory } from "./venue/directory.ts";
import { batchOf, journalOf } from "./venue/journal-messages.ts";
import { LISTED, SHARDS } from "./venue/listed.ts";
import { Trading } from "./venue/trading.ts";

/** How long everything may take to come to an end once nothing goes wrong any more. */
const CALM_MS = 60_000;
/** Milliseconds that happen between two looks at whether something has failed. */
const STEP_MS = 100;

export interface RunOptions {
  readonly seed: number;
  /** Virtual milliseconds of storm. */
  readonly ticks: number;
  /** Lines of the trace to keep. */
  readonly lines?: number;
  /** Virtual milliseconds between two commands of a client. */
  readonly pauseMs?: number;
}

export interface RunResult {
  readonly seed: number;
  /** Virtual milliseconds of all of it. */
  readonly virtualMs: number;
  readonly events: number;
  /** Commands that have come to an outcome. */
  readonly commands: number;
  /** Records of all journals. */
  readonly records: number;
  readonly faults: number;
  readonly hash: string;
  readonly violation?: Violation;
  readonly lines: readonly string[];
}

export async function run(options: RunOptions): Promise<RunResult> {
  const world = new World(options);
  return world.run();
}

class World {
  readonly #options: RunOptions;
  readonly #scheduler = new Scheduler();
  readonly #trace: Trace;
  readonly #truth = new Truth(LISTED, SHARDS);
  readonly #cluster: Cluster;
  readonly #trading: Trading;
  readonly #storm: Storm;
  #violation: Violation | undefined;

  constructor(options: RunOptions) {
    const { seed, lines = 0, pauseMs = 2_000 } = options;
    this.#options = options;
    this.#trace = new Trace(lines);
    const scheduler = this.#scheduler;
    const network = new Network(scheduler, new Chance(seed, "network"));
    const link = new StoreLink(scheduler, network, new Chance(seed, "store"));
    const store = new Store(link);
    store.streams.onStored = (name, stored) => this.#hear(name, stored);
    const directory = new Directory(scheduler);
    const note = (words: string) => this.#trace.note(scheduler.now, words);
    const log = (process: { readonly name: string }, words: string) => note(`${process.name}: ${words}`);
    const chance = new Chance(seed, "broker");
    const onTrouble = (error: unknown) => note(`a hand-over ended early: ${String(error)}`);
    const onCall = (process: Process, action: string) => this.#asked(process, action);
    this.#cluster = new Cluster({ scheduler, store, network, directory, chance, log, onCall, onTrouble });
    const clientWorld = {
      ...this.#cluster.outsider("outside"),
      ...{ chance: new Chance(seed, "clients"), truth: this.#truth, note },
      onFailed: (error: unknown) => this.#fail(error),
    };
    this.#trading = new Trading(clientWorld, pauseMs);
    const stormChance = new Chance(seed, "storm");
    this.#storm = new Storm({ scheduler, network, link, cluster: this.#cluster, chance: stormChance, note });
  }

  async run(): Promise<RunResult> {
    const heard = (error: unknown) => this.#fail(error);
    process.on("unhandledRejection", heard);
    try {
      await this.#stages();
    } finally {
      process.off("unhandledRejection", heard);
    }
    return this.#result();
  }

  async #stages(): Promise<void> {
    for (const name of ["node-1", "node-2", "node-3"]) this.#cluster.add(name);
    this.#trading.start();
    this.#storm.start();
    await this.#until(this.#options.ticks, () => false);
    this.#storm.end();
    this.#trading.end();
    await this.#until(this.#scheduler.now + CALM_MS, () => this.#trading.isOver);
    if (this.#violation !== undefined) return;
    const waiting = this.#trading.clients.flatMap(({ account, pending }) =>
      [...pending.keys()].map(what => `${what} of ${account}`),
    );
    if (!this.#trading.isOver) this.#fail(new Violation("liveness", `no outcome for ${waiting.join(", ")}`));
    // What clients no longer wait for, the actors may yet: credits, closings, snapshots.
    await this.#until(this.#scheduler.now + 10_000, () => false);
    if (this.#violation !== undefined) return;
    try {
      this.#truth.checkAll();
      const checked = checkLive(this.#truth, this.#cluster);
      checked.catch(error => this.#fail(error));
      await this.#until(this.#scheduler.now + 15_000, () => false);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Lets time pass until then, until `isOver`, or until something has failed. */
  async #until(end: number, isOver: () => boolean): Promise<void> {
    const scheduler = this.#scheduler;
    while (this.#violation === undefined && !isOver() && scheduler.now < end) {
      try {
        await scheduler.run(Math.min(end, scheduler.now + STEP_MS));
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  #hear(stream: string, { message, by }: Stored): void {
    const name = journalOf(stream);
    const batch = batchOf(message);
    this.#trace.note(this.#scheduler.now, `${by.name} appends ${name} ${batch.first}+${batch.count}`);
    try {
      this.#truth.hear(name, batch, by.name);
    } catch (error) {
      this.#fail(error);
    }
  }

  #asked(process: Process, action: string): () => void {
    const answers = this.#truth.asked(process, action.slice(0, action.lastIndexOf(".")));
    return () => {
      try {
        answers();
      } catch (error) {
        this.#fail(error);
      }
    };
  }

  /** The first thing that goes wrong is what went wrong. */
  #fail(error: unknown): void {
    // A process that has crashed leaves promises behind that nobody waits for.
    if (error instanceof Fault) return;
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const violation = error instanceof Violation ? error : new Violation("crash", words);
    this.#violation ??= violation;
  }

  #result(): RunResult {
    const records = this.#truth.journals().reduce((sum, name) => sum + this.#truth.last(name), 0);
    return {
      seed: this.#options.seed,
      virtualMs: this.#scheduler.now,
      events: this.#scheduler.happened,
      commands: this.#trading.done,
      records,
      faults: this.#storm.faults,
      hash: this.#trace.digest(),
      ...(this.#violation === undefined ? {} : { violation: this.#violation }),
      lines: this.#trace.lines(),
    };
  }
}
