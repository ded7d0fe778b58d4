/**
 * A shard made anew, from nothing where every record is there, else from its oldest good snapshot, and its
 * hash compared with that of each later snapshot at the same place in every journal. A snapshot's hash is the
 * living shard's of that moment. The accounts in which the two differ are named.
 */
import { AccountMachine } from "../../engine/account/account-machine.ts";
import type { AccountId } from "../../engine/units.ts";
import type { Snapshot } from "../../mixins/journal/journal.ts";
import type { AccountDocument } from "../../models/account.model.ts";
import { viewAccountDocument } from "../orders/account-view.ts";
import { goodSnapshots } from "./market-replay.ts";
import { endOf, type Place, placeOf, type Recorded, type RecordedShard } from "./recorded.ts";
import type { Report } from "./report.ts";
import { foldTo } from "./shard-fold.ts";

/** Differing accounts that one difference names. */
const NAMED_MAX = 5;

export function newShard(recorded: Recorded, shard: number): AccountMachine {
  return new AccountMachine(shard, recorded.shards.length, recorded.instruments);
}

export function restoreShardAt(recorded: Recorded, shard: number, { bytes }: Snapshot): AccountMachine {
  return AccountMachine.restore(shard, recorded.shards.length, recorded.instruments, bytes);
}

/**
 * The shard as its next start would have it: what its newest snapshot and the records behind it make.
 * Undefined, with the reason told, where it cannot be made.
 */
export async function replayShard(
  recorded: Recorded,
  shard: RecordedShard,
  report: Report,
): Promise<AccountMachine | undefined> {
  const name = `risk.${shard.shard}`;
  const restore = (snapshot: Snapshot) => restoreShardAt(recorded, shard.shard, snapshot);
  const good = [...(await goodSnapshots(name, shard.snapshots, restore, report)).values()];
  const oldest = recorded.isWhole ? undefined : good.shift();
  if (!recorded.isWhole && oldest === undefined) {
    const message = "no snapshot of it is good, and records before have been dropped";
    report.differs("snapshotDamaged", name, `${name} cannot be made again: ${message}`);
    return undefined;
  }
  const made = oldest === undefined ? newShard(recorded, shard.shard) : restore(oldest);
  const after = (journal: string, done: number, last: number) =>
    report.progress(`Folding ${name} from ${journal}`, done, last);
  try {
    for (const snapshot of good) {
      const stored = restore(snapshot);
      const place = placeOf(stored, recorded);
      if (isBeyond(place, endOf(recorded, shard))) {
        report.differs("snapshotDiffers", name, `${at(snapshot)} is of records that are not there`);
        continue;
      }
      await foldTo(made, recorded, shard, place, after);
      if (made.hash() !== snapshot.hash) {
        const where = differingAccounts(made, stored, recorded);
        report.differs("snapshotDiffers", name, `${at(snapshot)} is not what the records make${where}`);
      }
    }
    const newest = good.at(-1);
    const machine = newest === undefined ? made : restore(newest);
    await foldTo(machine, recorded, shard, endOf(recorded, shard), after);
    machine.check();
    return machine;
  } catch (error) {
    report.differs("foldBroken", name, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function at({ sequence }: Snapshot): string {
  return `the snapshot at ${sequence}`;
}

function isBeyond(place: Place, end: Place): boolean {
  const markets = [...place.cursors].some(([market, cursor]) => cursor > (end.cursors.get(market) ?? 0));
  return markets || place.ledger > end.ledger;
}

/** What an account owns, and how many facts have touched it: alike in two machines at the same place. */
export function ownedBy(machine: AccountMachine, recorded: Recorded, account: AccountId): AccountDocument {
  return viewAccountDocument(machine, recorded.instruments, account);
}

function differingAccounts(made: AccountMachine, stored: AccountMachine, recorded: Recorded): string {
  const known = new Set(stored.accounts());
  const named: string[] = [];
  for (const account of made.accounts()) {
    const text = (of: AccountMachine) => JSON.stringify(ownedBy(of, recorded, account));
    if (!known.has(account)) named.push(`account ${account} is not in it`);
    else if (text(made) !== text(stored))
      named.push(`account ${account}: ${text(made)}, not ${text(stored)}`);
    if (named.length === NAMED_MAX) break;
  }
  return named.length === 0 ? "" : `: ${named.join("; ")}`;
}

/** Money and positions over all shards, each of which has heard every journal to its end. */
export function checkSums(machines: readonly AccountMachine[], recorded: Recorded, report: Report): void {
  const money = new Map<string, bigint>();
  const lots = new Map<number, number>();
  for (const machine of machines) {
    for (const [currency, amount] of machine.money.totals()) {
      money.set(currency, (money.get(currency) ?? 0n) + amount);
    }
    for (const [market, size] of machine.lotsByMarket()) lots.set(market, (lots.get(market) ?? 0) + size);
  }
  for (const [currency, sum] of money) {
    if (sum !== 0n) report.differs("sumNotZero", currency, `all money sums to ${sum} units, not to zero`);
  }
  for (const [market, sum] of lots) {
    const symbol = recorded.instruments.find(({ number }) => number === market)?.symbol ?? String(market);
    if (sum !== 0) report.differs("sumNotZero", symbol, `all positions sum to ${sum} lots, not to zero`);
  }
}
