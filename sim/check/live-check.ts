/** What lives when all is calm: every actor is owned and serves, and is what its journals make it. */
import type { Cluster } from "../venue/cluster.ts";
import type { Truth } from "./truth.ts";
import { Violation } from "./violation.ts";

interface MarketState {
  readonly sequence: number;
  readonly hash: string;
}

interface ShardState {
  readonly ledger: number;
  readonly hash: string;
  readonly pending: number;
}

export async function checkLive(truth: Truth, cluster: Cluster): Promise<void> {
  const { broker } = cluster.outsider("outside");
  const ask = async (action: string): Promise<unknown> => {
    try {
      return await broker.call(action, {});
    } catch (error) {
      throw new Violation("liveness", `${action} is not answered when all is calm: ${String(error)}`);
    }
  };
  for (const { instrument, machine } of truth.markets) {
    const live = (await ask(`matching.${instrument.symbol}.state`)) as MarketState;
    if (live.sequence !== machine.sequence) {
      throw new Violation(
        "replay",
        `${instrument.symbol} lives at ${live.sequence}, not at ${machine.sequence}`,
      );
    }
    if (live.hash !== machine.hash()) {
      throw new Violation("replay", `${instrument.symbol} is not what its journal makes it`);
    }
  }
  for (const machine of truth.shards) {
    const live = (await ask(`risk.${machine.shard}.state`)) as ShardState;
    if (live.ledger !== machine.ledgerSequence) {
      throw new Violation(
        "replay",
        `shard ${machine.shard} lives at ${live.ledger}: ${machine.ledgerSequence}`,
      );
    }
    if (live.hash !== machine.hash()) {
      throw new Violation("replay", `shard ${machine.shard} is not what its journals make it`);
    }
  }
}
