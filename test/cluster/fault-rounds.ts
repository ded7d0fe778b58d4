/**
 * Rounds of faults under traffic, on a cluster of real processes: in each one fault, drawn from a seed, then
 * its end; then every trader learns what became of each of his orders. What is counted afterwards is what the
 * journals hold.
 */
import { setTimeout as pause } from "node:timers/promises";
import { SeededRandom } from "../../mixins/seeded-random.ts";
import { until } from "../servers/until.ts";
import type { Cluster } from "./cluster.ts";
import type { ClusterNode } from "./cluster-node.ts";
import type { Trader } from "./traffic.ts";

export const FAULTS = ["kill", "freeze", "terminate", "cut", "loseServer", "restartAll"] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface Round {
  readonly fault: FaultKind;
  readonly target: string;
  /** Longest time that one trader was without an answer, in milliseconds. */
  readonly outageMs: number;
}

/** Longer than a lease, so that another owner has begun. */
const FROZEN_MS = 3_000;
const CUT_MS = 4_000;
const BEFORE_MS = 500;
const RECOVERY_MS_MAX = 60_000;
/** Answers of each trader after the fault that show that all is well again. */
const ANSWERS_AFTER = 5;

/** Each kind once, then as drawn; of every ten the last takes everything down. */
export function drawFaults(rounds: number, seed: number): FaultKind[] {
  const random = new SeededRandom(seed);
  const common = FAULTS.filter(fault => fault !== "restartAll");
  return Array.from({ length: rounds }, (_, round) => {
    if (round % 10 === 9) return "restartAll";
    return round < common.length
      ? (common[round] ?? "kill")
      : (common[random.between(0, common.length - 1)] ?? "kill");
  });
}

export class FaultRounds {
  readonly #cluster: Cluster;
  readonly #traders: readonly Trader[];
  readonly #random: SeededRandom;

  constructor(cluster: Cluster, traders: readonly Trader[], seed: number) {
    this.#cluster = cluster;
    this.#traders = traders;
    this.#random = new SeededRandom(seed);
  }

  /** Plays one fault; resolves when everyone trades again and knows of all his orders. */
  async play(fault: FaultKind): Promise<Round> {
    const trading = this.#traders.map(trader => trader.trade());
    try {
      await this.#answered();
      await pause(BEFORE_MS);
      const from = performance.now();
      const target = await this.#inflict(fault);
      await this.#answered();
      const outageMs = Math.max(...this.#traders.map(trader => trader.longestGap(from)));
      return { fault, target, outageMs };
    } finally {
      for (const trader of this.#traders) trader.stop();
      await Promise.all(trading);
      await Promise.all(this.#traders.map(trader => trader.settle(RECOVERY_MS_MAX)));
    }
  }

  /** Each trader has been answered some times from now on. */
  async #answered(): Promise<void> {
    const before = this.#traders.map(({ acks }) => acks.length);
    await until(
      "every trader to be answered",
      () => this.#traders.every(({ acks }, at) => acks.length >= (before[at] ?? 0) + ANSWERS_AFTER),
      RECOVERY_MS_MAX,
    );
  }

  async #inflict(fault: FaultKind): Promise<string> {
    if (fault === "restartAll") return this.#restartAll();
    if (fault === "loseServer") return this.#loseServer();
    const node = this.#drawn();
    switch (fault) {
      case "kill":
        await node.kill();
        break;
      case "terminate":
        await node.terminate();
        break;
      case "freeze":
        node.freeze();
        await pause(FROZEN_MS);
        node.thaw();
        return node.name;
      case "cut":
        node.cut();
        await pause(CUT_MS);
        node.mend();
    }
    if (node.state !== "ended" && fault !== "cut") return node.name;
    // Others have to take over before it is back: what it had is answered without it.
    await this.#answered();
    await node.start();
    await node.ready();
    return node.name;
  }

  async #loseServer(): Promise<string> {
    const { servers } = this.#cluster.nats;
    const at = this.#random.between(0, servers.length - 1);
    const server = servers[at];
    await server?.process.kill();
    await this.#answered();
    await server?.process.start();
    return `nats-${at + 1}`;
  }

  async #restartAll(): Promise<string> {
    await this.#cluster.restart();
    return "everything";
  }

  /** A node that has actors. */
  #drawn(): ClusterNode {
    const nodes = [...this.#cluster.nodes.values()].filter(({ roles }) => roles.includes("matching"));
    const node = nodes[this.#random.between(0, nodes.length - 1)];
    if (node === undefined) throw new Error("Cannot play a fault as a node must have actors");
    return node;
  }
}
