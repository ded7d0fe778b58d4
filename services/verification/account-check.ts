/**
 * Two independent tellings of what accounts own: what a shard has folded, and the plain sums of
 * `engine/audit`. And two foldings of the same: from the first record on, and from the newest snapshot.
 */
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import { PlainAccounts } from "../../engine/audit/plain-accounts.ts";
import { decodeMarketRecords } from "../../engine/market/record.ts";
import type { AccountId } from "../../engine/units.ts";
import { decodeLedgerBatch } from "../risk/shard-recovery.ts";
import type { Recorded } from "./recorded.ts";
import type { Report } from "./report.ts";
import { ownedBy } from "./shard-replay.ts";

/** The plain sums of every record that is there. */
export async function addUp(recorded: Recorded, report: Report): Promise<PlainAccounts> {
  const plain = new PlainAccounts(recorded.instruments);
  for (const { shard, ledger } of recorded.shards) {
    for await (const batch of ledger.read(1, ledger.last)) {
      for (const command of decodeLedgerBatch(batch)) plain.hearLedger(shard, command);
    }
  }
  for (const { instrument, journal } of recorded.markets) {
    for (const run of journal.runs()) {
      for await (const { first, count, payload } of journal.read(run.first, run.last)) {
        for (const record of decodeMarketRecords(instrument.number, first, count, payload)) {
          plain.hearMarket(record);
        }
        report.progress(`Adding up ${journal.name}`, first + count - 1, journal.last);
      }
    }
  }
  return plain;
}

/** Providers' accounts too, where no record is missing. */
export function checkAccounts(
  machine: AccountMachine,
  plain: PlainAccounts,
  recorded: Recorded,
  report: Report,
): void {
  for (const account of machine.accounts()) {
    const liquidity = machine.account(account)?.liquidity === true;
    if (liquidity && !recorded.isWhole) continue;
    report.count("accounts");
    for (const message of differences(machine, plain, recorded, account)) {
      report.differs("accountDiffers", `account ${account}`, message);
    }
  }
}

function differences(
  machine: AccountMachine,
  plain: PlainAccounts,
  recorded: Recorded,
  id: AccountId,
): string[] {
  const account = plain.account(id);
  if (account === undefined) return ["no record opens it"];
  const messages: string[] = [];
  const worth = new Map(machine.money.balances(id).map(({ currency, total }) => [currency, BigInt(total)]));
  const lots = new Map<number, number>();
  for (const { market, lots: size, cost } of machine.positions(id)) {
    const { quote = "" } = recorded.instruments.find(({ number }) => number === market) ?? {};
    worth.set(quote, (worth.get(quote) ?? 0n) - cost);
    lots.set(market, (lots.get(market) ?? 0) + size);
  }
  for (const currency of new Set([...worth.keys(), ...account.worth.keys()])) {
    const [folded, added] = [worth.get(currency) ?? 0n, account.worth.get(currency) ?? 0n];
    if (folded === added) continue;
    messages.push(
      `its ${currency} less the cost of its positions is ${folded} units: records add to ${added}`,
    );
  }
  for (const market of new Set([...lots.keys(), ...account.lots.keys()])) {
    const [folded, added] = [lots.get(market) ?? 0, account.lots.get(market) ?? 0];
    if (folded === added) continue;
    messages.push(`its position in market ${market} is ${folded} lots: records add to ${added}`);
  }
  return messages;
}

/** `anew`: clients alone, from the first record on. */
export function compareFolds(
  anew: AccountMachine,
  machine: AccountMachine,
  recorded: Recorded,
  report: Report,
): void {
  for (const account of machine.accounts()) {
    if (machine.account(account)?.liquidity !== false) continue;
    const [first, later] = [anew, machine].map(each => JSON.stringify(ownedBy(each, recorded, account)));
    if (first === later) continue;
    const message = `all records make ${first}, its shard's snapshot and what follows ${later}`;
    report.differs("accountDiffers", `account ${account}`, message);
  }
}
