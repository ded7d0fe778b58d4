/**
 * All that a venue has stored, made again from its journals and compared: each market's records and
 * snapshots, each shard's snapshots, the sums over the shards, what accounts own by two independent ways,
 * and the documents. Nothing is written. What is found is in the report.
 */
import { AccountMachine } from "../../engine/account/account-machine.ts";
import type { DocumentView } from "../../mixins/documents/document-view.ts";
import { addUp, checkAccounts, compareFolds } from "./account-check.ts";
import { DocumentCheck } from "./document-check.ts";
import { replayMarket } from "./market-replay.ts";
import { Pending } from "./pending.ts";
import { damageOf, type Recorded, type RecordedShard } from "./recorded.ts";
import type { Report } from "./report.ts";
import { foldClients } from "./shard-fold.ts";
import { checkSums, replayShard } from "./shard-replay.ts";

/** A shard's clients alone, with nothing heard yet. */
export function clientsOf({ instruments, shards }: Recorded, shard: number): AccountMachine {
  return new AccountMachine(shard, shards.length, instruments, true);
}

/** Undefined where none are stored; elsewhere they are not compared. */
export type ComparedDocuments = DocumentView | "elsewhere" | undefined;

/** `live`: a venue goes on writing documents. */
export async function verifyRecorded(
  recorded: Recorded,
  documents: ComparedDocuments,
  report: Report,
  live = false,
): Promise<void> {
  const readable: boolean[] = [];
  for (const market of recorded.markets) readable.push(await replayMarket(market, report));
  for (const { ledger } of recorded.shards) readable.push(await readLedger(ledger, report));
  if (readable.includes(false)) {
    report.notes.push("Accounts and documents were not compared, as a journal cannot be read to its end");
    return;
  }
  const machines: AccountMachine[] = [];
  for (const shard of recorded.shards) {
    const machine = await replayShard(recorded, shard, report);
    if (machine !== undefined) machines.push(machine);
  }
  if (machines.length < recorded.shards.length) {
    report.notes.push("Accounts and documents were not compared, as a shard cannot be made again");
    return;
  }
  checkSums(machines, recorded, report);
  const plain = await addUp(recorded, report);
  for (const machine of machines) checkAccounts(machine, plain, recorded, report);
  if (documents === undefined) {
    report.differs(
      "documentMissing",
      "documents",
      "there is no store of documents: 'cambist rebuild' makes one",
    );
  }
  const check = checkOf(documents, recorded, report, live);
  for (const machine of machines) await checkClients(recorded, machine, check, report);
  check?.checkUnknown();
}

/** Undefined where nothing is compared; where that is as it has to be, a note says so. */
export function checkOf(
  documents: ComparedDocuments,
  recorded: Recorded,
  report: Report,
  live: boolean,
): DocumentCheck | undefined {
  if (documents === "elsewhere") report.notes.push("Documents were not compared, as they lie in MongoDB");
  const isHere = documents !== undefined && documents !== "elsewhere";
  return isHere ? new DocumentCheck(documents, recorded, report, live) : undefined;
}

async function readLedger(ledger: RecordedShard["ledger"], report: Report): Promise<boolean> {
  try {
    for await (const { first, count } of ledger.read(1, ledger.last)) {
      report.count("records", count);
      report.progress(`Reading ${ledger.name}`, first + count - 1, ledger.last);
    }
    return true;
  } catch (error) {
    report.differs("journalDamaged", ledger.name, damageOf(error));
    return false;
  }
}

/** Clients' accounts from the first record on, and their documents. */
async function checkClients(
  recorded: Recorded,
  machine: AccountMachine,
  check: DocumentCheck | undefined,
  report: Report,
): Promise<void> {
  const shard = recorded.shards[machine.shard];
  if (shard === undefined) throw new Error("Invariant: a machine is of a shard that is recorded");
  const pending = new Pending(machine.takeChanges());
  const anew = clientsOf(recorded, machine.shard);
  try {
    await foldClients(anew, recorded, shard, (journal, done, last) => {
      report.progress(`Comparing documents with ${journal} in risk.${machine.shard}`, done, last);
      if (check === undefined) anew.documented(anew.takeChanges());
      else check.hear(anew, pending);
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    report.differs(
      "foldBroken",
      `risk.${machine.shard}`,
      `clients' accounts cannot be made anew: ${message}`,
    );
    return;
  }
  compareFolds(anew, machine, recorded, report);
  check?.finish(anew, pending);
}
