/**
 * The documents made anew from the journals: clients' accounts are folded from the first record on, providers
 * left out, and what changes is saved as a living shard saves it. So a document is the same whichever wrote
 * it, and what is in memory stays small.
 */
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import type { Changes } from "../../engine/account/shard/outbox.ts";
import type { Documents } from "../../mixins/documents/documents.ts";
import { historyBatch } from "../risk/history-batch.ts";
import { damageOf, type Recorded, type RecordedShard } from "./recorded.ts";
import type { Report } from "./report.ts";
import { foldClients } from "./shard-fold.ts";
import { clientsOf } from "./verify.ts";

/** Changes that are saved together. */
const CHANGES_MAX = 4_096;

/** Why the documents cannot be made anew, with the place. */
export class RebuildFailed extends Error {
  readonly code = "REBUILD_FAILED";
}

/** Throws RebuildFailed where the journals do not hold all that documents are made of. */
export async function rebuildDocuments(
  recorded: Recorded,
  documents: Documents,
  report: Report,
): Promise<void> {
  for (const shard of recorded.shards) await rebuildShard(recorded, shard, documents, report);
}

async function rebuildShard(
  recorded: Recorded,
  shard: RecordedShard,
  documents: Documents,
  report: Report,
): Promise<void> {
  const machine = clientsOf(recorded, shard.shard);
  const writing = new Writing(machine, recorded, documents, report);
  let place = "its beginning";
  try {
    await foldClients(machine, recorded, shard, (journal, done, last) => {
      place = `record ${done} of ${journal}`;
      report.progress(`Rebuilding risk.${shard.shard} from ${journal}`, done, last);
      return writing.hear();
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : damageOf(error);
    throw new RebuildFailed(
      `Cannot rebuild documents of risk.${shard.shard} behind ${place}: ${reason}${droppedOf(recorded)}`,
      { cause: error },
    );
  }
  await writing.finish();
  const clients = [...machine.accounts()].filter(account => machine.account(account)?.liquidity === false);
  report.count("accounts", clients.length);
}

/** What is no longer there to be read. */
function droppedOf({ markets, isWhole }: Recorded): string {
  if (isWhole) return "";
  const runs = markets.map(({ journal }) => {
    const kept = journal.runs().map(({ first, last }) => `${first}-${last}`);
    return `${journal.name} ${kept.join(", ")}`;
  });
  return `. Of records there are: ${runs.join("; ")}`;
}

class Writing {
  readonly #machine: AccountMachine;
  readonly #recorded: Recorded;
  readonly #documents: Documents;
  readonly #report: Report;
  #pending: Changes[] = [];
  #size = 0;

  constructor(machine: AccountMachine, recorded: Recorded, documents: Documents, report: Report) {
    this.#machine = machine;
    this.#recorded = recorded;
    this.#documents = documents;
    this.#report = report;
  }

  hear(): Promise<void> | undefined {
    const changes = this.#machine.takeChanges();
    this.#pending.push(changes);
    this.#size += 1 + changes.orders.length + changes.transactions.length + changes.revocations.length;
    return this.#size >= CHANGES_MAX ? this.#save() : undefined;
  }

  async finish(): Promise<void> {
    await this.hear();
    await this.#save();
  }

  async #save(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    this.#size = 0;
    const batch = historyBatch(this.#machine, this.#recorded.instruments, pending);
    await this.#documents.save(batch);
    for (const changes of pending) this.#machine.documented(changes);
    this.#report.count("transactions", batch.transactions.length);
  }
}
