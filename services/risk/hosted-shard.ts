/**
 * One risk shard on the node that has claimed it: it runs with all that belongs to it, and is offered as
 * `risk.<SHARD>` until it is handed over or abandoned. What one shard meets is no other's business.
 */
import type { Service, ServiceBroker } from "moleculer";
import type { HostedActor, Tenure } from "../../mixins/actor/actor-host.ts";
import { wait } from "../../mixins/clock.ts";
import type { Follower } from "../../mixins/journal/journal.ts";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";
import { ANSWER_MS, askAgain } from "../ask-again.ts";
import { destroyHosted, isAlone } from "../hosted-services.ts";
import { beginFirst, type KnownCharges } from "./charge-keeper.ts";
import { followDebits } from "./credit-follower.ts";
import { type Opening, openShard } from "./opened-shard.ts";
import type { ShardParts } from "./shard-parts.ts";
import { shardService } from "./shard-service.ts";

/** What is on its way when a shard is handed over has so long to come in. */
const DRAIN_MS = 250;
const DRAIN_LOOK_MS = 5;

/** Recovers the shard and offers it. Throws where it can't; then nothing of it runs any more. */
export async function hostShard(broker: ServiceBroker, number: number, tenure: Tenure): Promise<HostedActor> {
  const runtime = runtimeOf(broker);
  const opening: Opening = { broker, number, tenure };
  const ledger = await runtime.ownJournal(`ledger.${number}`);
  let hosted: HostedShard | undefined;
  try {
    hosted = new HostedShard(opening, await openShard(opening, ledger));
    await hosted.serve();
    return hosted;
  } catch (error) {
    if (hosted === undefined) await runtime.disownJournal(ledger);
    else await hosted.abandon(error);
    throw error;
  }
}

class HostedShard implements HostedActor {
  readonly isMovable = true;
  readonly #opening: Opening;
  readonly #parts: ShardParts;
  #credits: readonly Follower[] = [];
  #service: Service | undefined;
  #leaving: Promise<void> | undefined;
  #closing = false;

  constructor(opening: Opening, parts: ShardParts) {
    this.#opening = opening;
    this.#parts = parts;
  }

  async serve(): Promise<void> {
    const { broker, tenure } = this.#opening;
    const runtime = runtimeOf(broker);
    const { shard, number } = this.#parts;
    this.#credits = await followDebits({
      ...{ shard, number, shards: runtime.settings.shards },
      ledger: origin => runtime.journal(`ledger.${origin}`),
      onFailed: error => tenure.fail(error),
    });
    await this.#beginCharges();
    const mayAnswer = () => !this.#closing && tenure.claim.standing;
    const served = { parts: this.#parts, epoch: tenure.claim.epoch, mayAnswer };
    this.#service = broker.createService(shardService(runtime, served));
  }

  async close(): Promise<void> {
    const { broker } = this.#opening;
    const { shard, documents, rollover } = this.#parts;
    this.#closing = true;
    this.#stopClocks();
    try {
      await rollover.stop();
      await Promise.all(this.#credits.map(follower => follower.close()));
      // The next owner finds what is not in documents yet in the state; a node on its own has no next owner.
      if (isAlone(broker)) await documents.close();
      else await this.#drain();
      documents.leave();
      await shard.close();
    } finally {
      // Also where the state could not be saved: nobody may find the shard here any more.
      await this.#leave();
    }
  }

  async abandon(reason: unknown): Promise<void> {
    this.#closing = true;
    this.#stopClocks();
    this.#parts.documents.leave();
    await this.#parts.shard.abandon(reason);
    await this.#parts.rollover.stop();
    await Promise.all(this.#credits.map(follower => follower.close()));
    await this.#leave();
  }

  /**
   * Every shard knows the same tiers and points before it charges, and the first decides. One that knows the
   * schedule already need not wait for it: it may be moving too.
   */
  async #beginCharges(): Promise<void> {
    const { broker, number, tenure } = this.#opening;
    const { charges, rollover, shard } = this.#parts;
    if (number === 0) {
      await beginFirst(charges);
      return rollover.start();
    }
    const patience = { timers: runtimeOf(broker).timers, isOver: () => this.#closing || tenure.isOver };
    const ask = () => broker.call<KnownCharges, object>("risk.0.charges", {}, { timeout: ANSWER_MS });
    const begun = askAgain(() => charges.learn(ask), patience).then(() => rollover.start());
    const knows = charges.settings.tiers.every(tier => shard.machine.charges.has(tier.number));
    if (isAlone(broker) || !knows) return begun;
    begun.catch(error => {
      if (!this.#closing) tenure.fail(error);
    });
  }

  #stopClocks(): void {
    this.#parts.rooms.close();
    this.#parts.margins.close();
    this.#parts.transfers.close();
  }

  /** Waits for outcomes that markets are about to show. */
  async #drain(): Promise<void> {
    const { shard } = this.#parts;
    const until = shard.timers.monotonic() + DRAIN_MS;
    while (shard.awaited > 0 && shard.timers.monotonic() < until) await wait(shard.timers, DRAIN_LOOK_MS);
  }

  #leave(): Promise<void> {
    const { broker } = this.#opening;
    const gone = this.#service === undefined ? Promise.resolve() : destroyHosted(broker, this.#service);
    this.#leaving ??= gone.then(() => runtimeOf(broker).disownJournal(this.#parts.ledger));
    return this.#leaving;
  }
}
