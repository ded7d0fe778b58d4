/**
 * Credits what other shards have debited for accounts of this one: a follower of each other ledger, from
 * where the newest snapshot says that nothing is left to credit. The record of a credit names the debit's, so
 * a crash between the two, or a debit that is heard twice, credits once. Worst case: a start reads what came
 * since the last snapshot again.
 */
import { shardOf } from "../../engine/ids.ts";
import { type CreditTransfer, transitLeg } from "../../engine/ledger/transfer.ts";
import { wait } from "../../mixins/clock.ts";
import { Fault } from "../../mixins/fault.ts";
import type { Follower, Journal, JournalBatch } from "../../mixins/journal/journal.ts";
import type { RiskShard } from "./risk-shard.ts";
import { decodeLedgerBatch } from "./shard-recovery.ts";

const RETRY_MS = 50;

export interface CreditPorts {
  readonly shard: RiskShard;
  readonly number: number;
  readonly shards: number;
  readonly ledger: (shard: number) => Promise<Journal>;
  readonly onFailed: (error: unknown) => void;
}

export async function followDebits(ports: CreditPorts): Promise<Follower[]> {
  const others = Array.from({ length: ports.shards }, (_, shard) => shard).filter(
    shard => shard !== ports.number,
  );
  return Promise.all(
    others.map(async origin => {
      const journal = await ports.ledger(origin);
      const from = ports.shard.machine.money.heardOf(origin) + 1;
      return journal.follow(from, batch => creditBatch(ports, origin, batch), ports.onFailed);
    }),
  );
}

async function creditBatch(ports: CreditPorts, origin: number, batch: JournalBatch): Promise<void> {
  const { shard, number, shards } = ports;
  for (const [index, command] of decodeLedgerBatch(batch).entries()) {
    if (command.kind !== "transfer" || shardOf(command.destination, shards) !== number) continue;
    const originSequence = batch.first + index;
    const gone = transitLeg(command);
    if (gone === undefined || originSequence <= shard.machine.money.credited(origin)) continue;
    const { currency, amount } = gone;
    const { destination: account, reference } = command;
    const named = { account, currency, amount, reference };
    await record(shard, { kind: "credit", time: shard.now, origin, originSequence, ...named });
  }
  shard.machine.money.hearUpTo(origin, batch.first + batch.count - 1);
}

/** A ledger that is full is asked again. */
async function record(shard: RiskShard, credit: CreditTransfer): Promise<void> {
  for (;;) {
    try {
      await shard.record(credit);
      return;
    } catch (error) {
      if (!(error instanceof Fault && error.retryable) || shard.isFailed) throw error;
      await wait(shard.timers, RETRY_MS);
    }
  }
}
