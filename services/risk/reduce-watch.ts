/**
 * Cancels reduce-only orders that could close more than there is, as a position has shrunk under them: by
 * ordinary cancels, the newest first, as soon as the fill is heard. A shard that starts looks at all.
 */
import type { OrderId } from "../../engine/units.ts";
import type { CommandDesk } from "./command-desk.ts";
import type { RiskShard } from "./risk-shard.ts";

export class ReduceWatch {
  readonly #shard: RiskShard;
  readonly #commands: CommandDesk;
  readonly #onFailed: (error: unknown) => void;
  /** Orders whose cancel is on its way; at most the open ones. */
  readonly #leaving = new Set<OrderId>();

  constructor(shard: RiskShard, commands: CommandDesk, onFailed: (error: unknown) => void) {
    this.#shard = shard;
    this.#commands = commands;
    this.#onFailed = onFailed;
    shard.machine.holdings.watchAll();
  }

  /** After each batch of facts. */
  look(): void {
    if (this.#shard.isFailed) return;
    for (const { account, market, id: orderId } of this.#shard.machine.holdings.takeExcess()) {
      if (this.#leaving.has(orderId)) continue;
      this.#leaving.add(orderId);
      this.#commands
        .tell<"cancel">(account, market, { kind: "cancel", orderId })
        .catch(this.#onFailed)
        .finally(() => this.#leaving.delete(orderId));
    }
  }
}
