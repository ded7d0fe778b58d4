/**
 * A running venue against its own journals, at the cost of what happened lately: each shard is folded again
 * from its snapshot before the newest to the newest, whose hash is the living shard's of that moment; what
 * changed in between is compared with the documents; and at the end of the journals all shards sum to zero.
 */
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import type { DocumentCheck } from "./document-check.ts";
import { goodSnapshots } from "./market-replay.ts";
import { endOf, placeOf, type Recorded, type RecordedShard } from "./recorded.ts";
import type { Report } from "./report.ts";
import { foldTo } from "./shard-fold.ts";
import { checkSums, newShard, restoreShardAt } from "./shard-replay.ts";
import { type ComparedDocuments, checkOf } from "./verify.ts";

/** Every shard has saved its state and its documents before. */
export async function verifyInterval(
  recorded: Recorded,
  documents: ComparedDocuments,
  report: Report,
): Promise<void> {
  const check = checkOf(documents, recorded, report, true);
  const machines: AccountMachine[] = [];
  for (const shard of recorded.shards) {
    const machine = await foldInterval(recorded, shard, check, report);
    if (machine !== undefined) machines.push(machine);
  }
  if (machines.length === recorded.shards.length) checkSums(machines, recorded, report);
}

async function foldInterval(
  recorded: Recorded,
  shard: RecordedShard,
  check: DocumentCheck | undefined,
  report: Report,
): Promise<AccountMachine | undefined> {
  const name = `risk.${shard.shard}`;
  const good = await goodSnapshots(
    name,
    shard.snapshots,
    snapshot => restoreShardAt(recorded, shard.shard, snapshot),
    report,
  );
  const [newest, older] = [...good.values()].reverse();
  if (newest === undefined || (older === undefined && !recorded.isWhole)) {
    report.notes.push(`${name} has no two snapshots yet, so that nothing was folded again`);
    return undefined;
  }
  const restored = older === undefined ? undefined : restoreShardAt(recorded, shard.shard, older);
  const machine = restored ?? newShard(recorded, shard.shard);
  try {
    const place = placeOf(restoreShardAt(recorded, shard.shard, newest), recorded);
    await foldTo(machine, recorded, shard, place);
    if (machine.hash() !== newest.hash) {
      const { sequence, hash } = newest;
      const message = `its hash at ${sequence} was ${hash}, its journals make ${machine.hash()}`;
      report.differs("snapshotDiffers", name, message);
    }
    check?.hearStored(machine);
    await foldTo(machine, recorded, shard, endOf(recorded, shard));
    report.count("accounts", [...machine.accounts()].length);
    return machine;
  } catch (error) {
    report.differs("foldBroken", name, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
