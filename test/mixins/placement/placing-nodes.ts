/**
 * Nodes that place actors among themselves, on a clock that passes when a test says so: the real ownership
 * over keys in memory, the real placer, and actors that note where they are.
 */
import type { HostedActor, Tenure } from "../../../mixins/actor/actor-host.ts";
import type { KeyEntry } from "../../../mixins/nats/ports.ts";
import { JetStreamOwnership } from "../../../mixins/ownership/jetstream-ownership.ts";
import type { Member } from "../../../mixins/placement/members.ts";
import { NO_RULES, type PlacementRules } from "../../../mixins/placement/placement-rules.ts";
import { Placer } from "../../../mixins/placement/placer.ts";
import { ManualTime, type ManualTimers } from "../../manual-timers.ts";
import { MemoryKeys } from "../ownership/memory-keys.ts";

export const LEASE_MS = 1_500;
/** What opening an actor takes. */
const OPEN_MS = 20;

/** Keys of a server that may be away. */
class AwayKeys extends MemoryKeys {
  isAway = false;

  override get(key: string): Promise<KeyEntry | undefined> {
    return this.isAway ? Promise.reject(new Error("the server is away")) : super.get(key);
  }
}

export class PlacingNode {
  readonly name: string;
  readonly timers: ManualTimers;
  readonly placer: Placer;
  readonly serving = new Map<string, number>();
  /** Actors that cannot be opened here. */
  readonly broken = new Set<string>();
  readonly member: Member;
  readonly #cluster: PlacingCluster;

  constructor(cluster: PlacingCluster, name: string, weight = 100) {
    this.name = name;
    this.#cluster = cluster;
    this.timers = cluster.time.node();
    const { timers } = this;
    this.placer = new Placer({
      node: name,
      timers,
      ownership: new JetStreamOwnership({ keys: cluster.leases, node: name, leaseMs: LEASE_MS, timers }),
      members: { list: () => cluster.members() },
      rules: () => cluster.rules,
      peers: {
        offer: async (node, actor) => this.#reach(node).placer.isReadyFor(actor),
        take: async (node, actor) => this.#reach(node).placer.takeNow(actor),
      },
      onServing: () => undefined,
      onTrouble: (actor, error) => cluster.troubles.push(`${name} ${actor}: ${String(error)}`),
      pace: { movesMax: cluster.movesMax },
    });
    for (const actor of cluster.actors) {
      this.placer.add({ actor, role: "matching", open: tenure => this.#open(actor, tenure) });
    }
    this.member = { node: name, roles: ["matching"], weight };
    this.placer.start();
  }

  get isAlive(): boolean {
    return !this.timers.stopped;
  }

  /** As by kill -9: what it was doing goes no further. */
  kill(): void {
    this.timers.stopped = true;
    for (const actor of this.serving.keys()) this.#cluster.ended(actor, this.name);
  }

  /** As by SIGSTOP: it answers nobody, and knows nothing of it. */
  pause(): void {
    this.timers.stopped = true;
    for (const actor of this.serving.keys()) this.#cluster.ended(actor, this.name);
  }

  /** What it still has after its timers have run it has in fact. */
  async goOn(): Promise<void> {
    this.timers.stopped = false;
    await this.#cluster.time.pass(5);
    for (const actor of this.serving.keys()) this.#cluster.began(actor, this.name);
  }

  #reach(node: string): PlacingNode {
    const found = this.#cluster.nodes.get(node);
    if (found === undefined || found.timers.stopped || this.timers.stopped)
      throw new Error(`cannot reach ${node}`);
    return found;
  }

  async #open(actor: string, { claim }: Tenure): Promise<HostedActor> {
    await new Promise<void>(resolve => this.timers.after(OPEN_MS, resolve));
    if (this.broken.has(actor)) throw new Error("broken");
    this.serving.set(actor, claim.epoch);
    this.#cluster.began(actor, this.name);
    const cluster = this.#cluster;
    const end = async () => {
      if (this.serving.delete(actor)) cluster.ended(actor, this.name);
    };
    return {
      get isMovable() {
        return !cluster.busy.has(actor);
      },
      close: end,
      abandon: end,
    };
  }
}

export class PlacingCluster {
  readonly time = new ManualTime();
  readonly leases = new AwayKeys();
  readonly nodes = new Map<string, PlacingNode>();
  readonly actors: readonly string[];
  readonly movesMax: number;
  /** Actors that are in the middle of something. */
  readonly busy = new Set<string>();
  readonly troubles: string[] = [];
  rules: PlacementRules = NO_RULES;
  /** Longest that an actor that had served had no owner. */
  outageMs = 0;
  /** Most actors that had no owner at once, of those that had served. */
  awayMax = 0;
  readonly #endedAt = new Map<string, number>();
  readonly #owners = new Map<string, string>();

  constructor(actors: number, movesMax = 4) {
    this.actors = Array.from({ length: actors }, (_, index) => `market.PAIR${index}`);
    this.movesMax = movesMax;
  }

  join(name: string, weight?: number): PlacingNode {
    const node = new PlacingNode(this, name, weight);
    this.nodes.set(name, node);
    return node;
  }

  /** A node that was killed is listed for three seconds more. */
  members(): readonly Member[] {
    return [...this.nodes.values()].map(({ member }) => member);
  }

  forget(name: string): void {
    this.nodes.delete(name);
  }

  owner(actor: string): string | undefined {
    return this.#owners.get(actor);
  }

  /** Actors by owner. */
  owned(): Map<string, string[]> {
    const owned = new Map<string, string[]>();
    for (const [actor, node] of this.#owners) owned.set(node, [...(owned.get(node) ?? []), actor].sort());
    return owned;
  }

  began(actor: string, node: string): void {
    const before = this.#owners.get(actor);
    if (before !== undefined) throw new Error(`${actor} is owned twice: by ${before} and ${node}`);
    this.#owners.set(actor, node);
    const ended = this.#endedAt.get(actor);
    if (ended !== undefined) this.outageMs = Math.max(this.outageMs, this.time.now - ended);
    this.#endedAt.delete(actor);
  }

  ended(actor: string, node: string): void {
    if (this.#owners.get(actor) !== node) return;
    this.#owners.delete(actor);
    this.#endedAt.set(actor, this.time.now);
    this.awayMax = Math.max(this.awayMax, this.#endedAt.size);
  }
}
