/**
 * The nodes of a venue: each a process with a broker, the real services that host actors, and the world's
 * ports. A process that cannot go on ends, and is started again a little later, as an orchestrator does it.
 */
import type { ServiceSchema } from "moleculer";
import type { ActorHost } from "../../mixins/actor/actor-host.ts";
import { attachRuntime } from "../../mixins/runtime/runtime.ts";
import { readSettings, type Settings } from "../../mixins/runtime/settings.ts";
import { Process } from "../kernel/process.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { Store } from "../store/store.ts";
import { keepActors } from "./actor-keeper.ts";
import { LISTED, SHARDS } from "./listed.ts";
import { type BrokerWorld, SimBroker } from "./sim-broker.ts";
import { SimRuntime } from "./sim-runtime.ts";

/** How long an orchestrator takes to start a process again. */
const RESTART_MS = 400;
/** Few, so that a run sees some. */
const SNAPSHOT_RECORDS = 60;

export interface ClusterWorld extends BrokerWorld {
  readonly scheduler: Scheduler;
  readonly store: Store;
  /** Hears what went wrong while an actor was handed over: its next owner makes it good. */
  readonly onTrouble: (error: unknown) => void;
}

interface Node {
  readonly name: string;
  lives: number;
  process: Process;
  broker: SimBroker;
  hosts: readonly ActorHost[];
  /** Until somebody says otherwise. */
  down: boolean;
}

export class Cluster {
  readonly #world: ClusterWorld;
  readonly #nodes = new Map<string, Node>();
  readonly #settings: Settings;

  constructor(world: ClusterWorld) {
    this.#world = world;
    this.#settings = readSettings(
      {},
      { shards: SHARDS, liquidity: false, demo: true, snapshotRecords: SNAPSHOT_RECORDS },
    );
  }

  get names(): string[] {
    return [...this.#nodes.keys()];
  }

  processOf(name: string): Process {
    return this.#node(name).process;
  }

  /** A node that has none of the venue's actors, from which its clients call. */
  outsider(name: string): { readonly process: Process; readonly broker: SimBroker } {
    const process = new Process(this.#world.scheduler, name, 1);
    return { process, broker: new SimBroker(process, this.#world) };
  }

  add(name: string): void {
    const process = new Process(this.#world.scheduler, name, 0);
    const broker = new SimBroker(process, this.#world);
    this.#nodes.set(name, { name, lives: 0, process, broker, hosts: [], down: true });
    this.start(name);
  }

  start(name: string): void {
    const node = this.#node(name);
    const { scheduler, store } = this.#world;
    node.lives++;
    // A node that is back says anew what it offers.
    this.#world.directory.restarted(node.process);
    const process = new Process(scheduler, name, node.lives);
    const broker = new SimBroker(process, this.#world);
    const onFatal = (error: unknown) => {
      this.#world.log(process, `ends: ${String(error)}`);
      this.#end(node, process);
    };
    const world = { process, store, settings: this.#settings, instruments: LISTED, onFatal };
    attachRuntime(broker.asBroker, new SimRuntime(world).asRuntime);
    Object.assign(node, { process, broker, down: false });
    broker.createService({ name: "history" } as ServiceSchema);
    broker.createService({ name: "alerts", actions: { raise: () => undefined } } as unknown as ServiceSchema);
    node.hosts = keepActors(broker.asBroker);
  }

  /** An actor moves: its owner hands it over, and whoever is first takes it. Undefined where none can now. */
  move(choose: (hosts: readonly ActorHost[]) => ActorHost): string | undefined {
    const nodes = [...this.#nodes.values()].filter(({ process }) => process.isRunning);
    const serving = nodes.flatMap(({ hosts }) => hosts.filter(({ state }) => state === "serving"));
    if (serving.length === 0) return undefined;
    const host = choose(serving);
    host.handOver().catch((error: unknown) => this.#world.onTrouble(error));
    return host.actor;
  }

  /** As `kill -9`; started again later unless it `stays` down. */
  crash(name: string, stays = false): void {
    const node = this.#node(name);
    if (stays) node.down = true;
    if (!node.process.isDead) this.#kill(node);
    if (!stays) this.#startLater(node);
  }

  #end(node: Node, process: Process): void {
    if (process.isDead) return;
    this.#kill(node);
    this.#startLater(node);
  }

  #kill(node: Node): void {
    node.process.crash();
    this.#world.directory.crashed(node.process);
  }

  #startLater(node: Node): void {
    const { process } = node;
    this.#world.scheduler.after(RESTART_MS, () => {
      if (node.process === process && !node.down) this.start(node.name);
    });
  }

  #node(name: string): Node {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`Cannot find node as it must have been added: ${name}`);
    return node;
  }
}
