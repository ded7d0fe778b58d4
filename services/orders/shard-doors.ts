/** A node's doors to the risk shards, one each, made when they are first needed. */
import type { ServiceBroker } from "moleculer";
import { shardOf } from "../../engine/ids.ts";
import type { AccountId } from "../../engine/units.ts";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";
import type { ActorOpened } from "../hosting.ts";
import type { OrderAnswer, OrderCommand, OrderOutcome } from "../risk/order-batch.ts";
import { ShardDoor } from "./shard-door.ts";

/** One call's answer is waited for so long: twice that is less than an order's door has patience. */
const ANSWER_MS = 3_500;

export class ShardDoors {
  readonly #broker: ServiceBroker;
  readonly #doors = new Map<number, ShardDoor>();

  constructor(broker: ServiceBroker) {
    this.#broker = broker;
  }

  /** What the account's shard answers. Throws as `ShardDoor` does. */
  ask(account: AccountId, command: OrderCommand): Promise<OrderAnswer> {
    return this.#of(shardOf(account, runtimeOf(this.#broker).settings.shards)).ask(command);
  }

  /** A shard has a new owner; another actor is no matter here. */
  opened({ actor }: ActorOpened): void {
    for (const [shard, door] of this.#doors) if (actor === `risk.${shard}`) door.moved();
  }

  close(): void {
    for (const door of this.#doors.values()) door.close();
  }

  #of(shard: number): ShardDoor {
    const known = this.#doors.get(shard);
    if (known !== undefined) return known;
    const name = `risk.${shard}`;
    const door = new ShardDoor({
      name,
      timers: runtimeOf(this.#broker).timers,
      carryOut: commands =>
        this.#broker.call<OrderOutcome[], { commands: readonly OrderCommand[] }>(
          `${name}.carryOut`,
          { commands },
          { timeout: ANSWER_MS },
        ),
    });
    this.#doors.set(shard, door);
    return door;
  }
}
