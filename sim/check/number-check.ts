/**
 * What a market takes of each shard, by its records alone: within an epoch the numbers 1, 2, 3 … in order,
 * and epochs that only grow. Other code than the market's own fence, and much simpler.
 */
import type { MarketCommand } from "../../engine/market/command.ts";
import { Violation } from "./violation.ts";

interface Taken {
  epoch: number;
  number: number;
}

export class NumberCheck {
  readonly #symbol: string;
  readonly #shards = new Map<number, Taken>();

  constructor(symbol: string) {
    this.#symbol = symbol;
  }

  hear(command: MarketCommand): void {
    if (command.kind === "shardEpoch") {
      const { shard, epoch } = command;
      if (epoch > (this.#shards.get(shard)?.epoch ?? 0)) this.#shards.set(shard, { epoch, number: 0 });
    } else if ("number" in command) {
      const { shard, number } = command;
      const taken = this.#shards.get(shard);
      if (taken === undefined || number !== taken.number + 1) {
        const words = `${this.#symbol} takes number ${number} of shard ${shard} behind ${taken?.number}`;
        throw new Violation("nothing twice", words);
      }
      taken.number = number;
    }
  }
}
