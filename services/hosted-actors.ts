/**
 * The actors of one kind that a node hosts. A node on its own takes all of them at its start, and one that
 * fails ends the process.
 */
import type { ServiceBroker } from "moleculer";
import { ActorHost, type ActorHostPorts } from "../mixins/actor/actor-host.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";

/** Broadcast when an actor serves on another node than before: whoever waits for it asks again. */
export interface ActorOpened {
  readonly actor: string;
}

export type ActorPlan = Pick<ActorHostPorts, "actor" | "open">;

export class HostedActors {
  readonly #broker: ServiceBroker;
  readonly #hosts: readonly ActorHost[];

  constructor(broker: ServiceBroker, plans: readonly ActorPlan[]) {
    this.#broker = broker;
    const runtime = runtimeOf(broker);
    this.#hosts = plans.map(
      plan =>
        new ActorHost({
          ...plan,
          claim: actor => runtime.claim(actor),
          onFailed: reason => runtime.onFatal(reason),
          onTrouble: error => this.#warn(plan.actor, error),
        }),
    );
  }

  /** Resolves when all serve. Throws where one can't open; then none does. */
  async takeAll(): Promise<void> {
    try {
      await Promise.all(this.#hosts.map(host => host.take()));
    } catch (error) {
      await this.handOverAll();
      throw error;
    }
  }

  async handOverAll(): Promise<void> {
    await Promise.all(this.#hosts.map(host => host.handOver().catch(error => this.#warn(host.actor, error))));
  }

  #warn(actor: string, error: unknown): void {
    this.#broker.logger.error(`Cannot end '${actor}' in order`, error);
  }
}
