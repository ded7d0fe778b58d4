/**
 * What a ledger's records about transfers change. All amounts are in the records, so they add up in whatever
 * order a shard hears its ledger and its markets. That money is there, an id is new and a limit is kept is
 * decided before a record is written: see `money-desk.ts`.
 */
import type { LedgerAccount } from "../../ledger/ledger-account.ts";
import type { PaymentKind } from "../../ledger/payment-limits.ts";
import { type Posting, payment } from "../../ledger/posting.ts";
import type { Cause } from "../../ledger/transaction.ts";
import {
  type CreditTransfer,
  type EndTransfer,
  type SettleTransfer,
  type TransferAccount,
  type TransferCommand,
  type TransferLeg,
  type TransferMoney,
  type TransferState,
  type TransferStatus,
  transitLeg,
} from "../../ledger/transfer.ts";
import { assert, type Milliseconds, type Money, unreachable } from "../../units.ts";
import type { ShardState } from "../shard/shard-state.ts";

/** Parts of a record that one leg may move: two accounts of clients. */
const PARTS_A_LEG = 2;

export function foldTransferCommand(state: ShardState, sequence: number, command: TransferCommand): void {
  switch (command.kind) {
    case "transfer":
      transfer(state, sequence, command);
      return;
    case "settle":
      settle(state, sequence, command);
      return;
    case "void":
      end(state, sequence, command, "voided");
      return;
    case "timeOut":
      end(state, sequence, command, "timedOut");
      return;
    case "credit":
      credit(state, sequence, command);
      return;
    case "cut":
      state.log.cut({ sequence, time: command.time, cursors: command.cursors });
      state.numberTransactions();
      return;
    default:
      unreachable(command);
  }
}

/** What a transfer counts against: of a deposit, or of a withdrawal; undefined for neither. */
export function countedAs({ legs }: Pick<TransferMoney, "legs">): PaymentKind | undefined {
  const kind = legs[0]?.kind;
  return kind === "deposit" || kind === "withdrawal" ? kind : undefined;
}

function transfer(state: ShardState, sequence: number, command: TransferMoney): void {
  const { kind: _kind, time, ...stated } = command;
  const account = state.known(command.account);
  const { transfers, payments } = account.openPurse;
  assert(!transfers.has(command.id), "a transfer's id is used once");
  const isPending = command.timeoutAt !== 0;
  assert(!isPending || transitLeg(command) === undefined, "what leaves the shard leaves at once");
  const counts = countedAs(command);
  if (counts !== undefined) payments.add(counts, time, command.counted);
  state.touch(account);
  for (const [index, leg] of command.legs.entries()) {
    assert(leg.amount > 0n && leg.debit !== leg.credit, "a transfer moves money from one account to another");
    for (const each of [leg.debit, leg.credit]) if (typeof each !== "string") state.known(each);
    assert(!isPending || typeof leg.debit === "string" || leg.debit === account.id, "a debit is one's own");
    if (!isPending) postLeg(state, leg, leg.amount, causeOf(leg, index, sequence, time));
    else if (leg.debit === account.id) reserve(state, leg, leg.amount, causeOf(leg, index, sequence, time));
  }
  keep(state, {
    ...stated,
    status: isPending ? "pending" : "settled",
    settledAmount: (isPending ? 0n : (command.legs[0]?.amount ?? 0n)) as Money,
    createdAt: time,
    updatedAt: time,
    sequence,
    reason: "",
    endedBy: "",
  });
}

function causeOf({ kind }: TransferLeg, index: number, sequence: number, time: Milliseconds): Cause {
  return { kind, market: undefined, sequence, part: PARTS_A_LEG * index, time };
}

/** `cash` of a client, or the shard's account. */
function ledgerAccount(account: TransferAccount): LedgerAccount {
  return typeof account === "string" ? account : { account, part: "cash" };
}

function postLeg(state: ShardState, leg: TransferLeg, amount: bigint, cause: Cause): void {
  state.post(payment(ledgerAccount(leg.debit), ledgerAccount(leg.credit), leg.currency, amount), cause);
}

/** Takes cash into what is reserved, or with a negative amount back. */
function reserve(state: ShardState, leg: TransferLeg, amount: bigint, cause: Cause): void {
  const { debit: account, currency } = leg;
  if (typeof account === "string") return;
  state.post(payment({ account, part: "cash" }, { account, part: "reserved" }, currency, amount), cause);
}

function pendingOf(state: ShardState, { account, id }: EndTransfer | SettleTransfer): TransferState {
  const transfer = state.known(account).purse?.transfers.get(id);
  assert(transfer?.status === "pending", "only a pending transfer is ended");
  return transfer;
}

function settle(state: ShardState, sequence: number, command: SettleTransfer): void {
  const { time, amount: asked, by } = command;
  const before = pendingOf(state, command);
  const [first] = before.legs;
  assert(first !== undefined, "a transfer has legs");
  assert(asked === 0n || before.legs.length === 1, "only a transfer of one leg is settled in part");
  assert(asked >= 0n && asked <= first.amount, "a part is not larger than the whole");
  const settledAmount = asked === 0n ? first.amount : asked;
  for (const [index, leg] of before.legs.entries()) {
    const cause = causeOf(leg, index, sequence, time);
    const amount = index === 0 ? settledAmount : leg.amount;
    if (leg.debit !== before.account) {
      postLeg(state, leg, amount, cause);
      continue;
    }
    const { account, currency } = { account: before.account, currency: leg.currency };
    const postings: Posting[] = [
      { to: { account, part: "reserved" }, currency, amount: -leg.amount as Money },
      { to: { account, part: "cash" }, currency, amount: (leg.amount - amount) as Money },
      { to: ledgerAccount(leg.credit), currency, amount },
    ];
    state.post(postings, cause);
  }
  state.touch(state.known(before.account));
  keep(state, { ...before, status: "settled", settledAmount, updatedAt: time, sequence, endedBy: by });
}

function end(state: ShardState, sequence: number, command: EndTransfer, status: TransferStatus): void {
  const { time, reason, by } = command;
  const before = pendingOf(state, command);
  const account = state.known(before.account);
  for (const [index, leg] of before.legs.entries()) {
    if (leg.debit === before.account) {
      reserve(state, leg, -leg.amount, causeOf(leg, index, sequence, time));
    }
  }
  const counts = countedAs(before);
  if (counts !== undefined) account.openPurse.payments.remove(counts, before.createdAt, before.counted);
  state.touch(account);
  keep(state, { ...before, status, updatedAt: time, sequence, reason, endedBy: by });
}

function credit(state: ShardState, sequence: number, command: CreditTransfer): void {
  const { origin, originSequence, account, currency, amount, time } = command;
  assert(origin !== state.shard && origin < state.shards, "what is credited comes from another shard");
  assert(originSequence > state.creditedOf(origin), "each debit of another shard is credited once");
  assert(amount > 0n, "a credit is positive");
  state.credited.set(origin, originSequence);
  const cause = { kind: "transfer", market: undefined, sequence, part: 0, time } as const;
  state.post(payment("transit", { account, part: "cash" }, currency, amount), cause);
}

function keep(state: ShardState, transfer: TransferState): void {
  const { openPurse: purse, id } = state.known(transfer.account);
  purse.transfers.set(transfer.id, transfer);
  if (transfer.status === "pending") state.transferring.add(id);
  else if (purse.pending === 0) state.transferring.delete(id);
  state.outbox.changeTransfer(transfer);
}
