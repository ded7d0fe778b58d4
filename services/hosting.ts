/**
 * The actors that a node hosts. A node on its own takes all of them at its start, and one that fails ends the
 * process. In a cluster placement decides which of them this node has; one that fails is abandoned, and taken
 * again by whoever's turn it is.
 */
import type { ServiceBroker } from "moleculer";
import { ActorHost, type ActorHostPorts } from "../mixins/actor/actor-host.ts";
import { BrokerMembers } from "../mixins/placement/broker-members.ts";
import { RuleStore } from "../mixins/placement/placement-rules.ts";
import { Placer } from "../mixins/placement/placer.ts";
import type { Role } from "../mixins/runtime/cluster-settings.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import { isAlone } from "./hosted-services.ts";

/** Broadcast when an actor serves on another node than before: whoever waits for it asks again. */
export interface ActorOpened {
  readonly actor: string;
  readonly epoch: number;
}

export type ActorPlan = Pick<ActorHostPorts, "actor" | "open">;

/** By then the service of an actor is known on the other nodes. */
const KNOWN_MS = 30;
const RULES_MS = 1_000;
/** A node that was killed never answers. */
const OFFER_MS = 500;

export class Hosting {
  readonly #broker: ServiceBroker;
  /** Of a node that is alone, by role. */
  readonly #hosts = new Map<Role, readonly ActorHost[]>();
  #rules = new RuleStore(undefined);
  #placer: Placer | undefined;
  #stopRules: (() => void) | undefined;

  constructor(broker: ServiceBroker) {
    this.#broker = broker;
  }

  get rules(): RuleStore {
    return this.#rules;
  }

  /** Undefined on a node that is alone. */
  get placer(): Placer | undefined {
    if (this.#placer === undefined && !isAlone(this.#broker)) this.#placer = this.#makePlacer();
    return this.#placer;
  }

  /**
   * Hosts the actors of a role from now on. On a node that is alone it resolves when all of them serve, and
   * throws where one can't open; then none does.
   */
  async host(role: Role, plans: readonly ActorPlan[]): Promise<void> {
    const { placer } = this;
    if (placer !== undefined) {
      for (const plan of plans) placer.add({ ...plan, role });
      return;
    }
    const hosts = plans.map(plan => this.#hostAlone(plan));
    this.#hosts.set(role, [...(this.#hosts.get(role) ?? []), ...hosts]);
    try {
      await Promise.all(hosts.map(host => host.take()));
    } catch (error) {
      await this.leave(role);
      throw error;
    }
  }

  /** Hands over the actors of a role, or all; resolves when none serves here. */
  async leave(role?: Role): Promise<void> {
    await this.#placer?.leave(role);
    const roles = role === undefined ? [...this.#hosts.keys()] : [role];
    const hosts = roles.flatMap(each => this.#hosts.get(each) ?? []);
    await Promise.all(hosts.map(host => host.handOver().catch(error => this.#warn(host.actor, error))));
  }

  /** Actors that serve here. */
  serving(): string[] {
    const placed = [...(this.#placer?.places.values() ?? [])].map(({ host }) => host);
    const hosts = [...placed, ...[...this.#hosts.values()].flat()];
    return hosts.filter(({ state }) => state === "serving").map(({ actor }) => actor);
  }

  /** Reads the rules that nodes share, and begins to look for actors to take. */
  async start(): Promise<void> {
    const runtime = runtimeOf(this.#broker);
    this.#rules = new RuleStore(await runtime.keys("cambist_placement"));
    if (this.placer === undefined) return;
    await this.#rules.read();
    const read = () => this.#rules.read().catch(error => this.#warn("placement's rules", error));
    this.#stopRules = runtime.timers.every(RULES_MS, () => void read());
    this.placer.start();
  }

  stop(): void {
    this.#stopRules?.();
    this.#placer?.stop();
  }

  #hostAlone(plan: ActorPlan): ActorHost {
    const runtime = runtimeOf(this.#broker);
    return new ActorHost({
      ...plan,
      claim: actor => runtime.claim(actor),
      onFailed: reason => runtime.onFatal(reason),
      onTrouble: error => this.#warn(plan.actor, error),
    });
  }

  #makePlacer(): Placer {
    const broker = this.#broker;
    const { ownership, timers } = runtimeOf(broker);
    const ask = (action: string, node: string, actor: string, timeout?: number) =>
      broker.call<boolean, object>(
        `placement.${action}`,
        { actor },
        { nodeID: node, ...(timeout === undefined ? {} : { timeout }) },
      );
    return new Placer({
      node: broker.nodeID,
      ownership,
      members: new BrokerMembers(broker),
      rules: () => this.#rules.rules,
      peers: {
        offer: (node, actor) => ask("offer", node, actor, OFFER_MS),
        take: (node, actor) => ask("take", node, actor),
      },
      timers,
      onServing: (actor, epoch) => {
        const opened: ActorOpened = { actor, epoch };
        timers.after(KNOWN_MS, () => void broker.broadcast("actor.opened", opened));
      },
      onTrouble: (actor, error) => this.#warn(actor, error),
    });
  }

  #warn(what: string, error: unknown): void {
    this.#broker.logger.error(`Cannot go on with '${what}' in order`, error);
  }
}

const hostings = new WeakMap<ServiceBroker, Hosting>();

export function hostingOf(broker: ServiceBroker): Hosting {
  let hosting = hostings.get(broker);
  if (hosting === undefined) {
    hosting = new Hosting(broker);
    hostings.set(broker, hosting);
  }
  return hosting;
}
