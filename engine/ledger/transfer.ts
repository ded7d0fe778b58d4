/**
 * Transfers: money from account to account, all legs or none, at once or in two steps. One that is pending
 * holds what a client gives in its `reserved`; then it is settled (the whole, or a part, the rest goes back),
 * voided by somebody or timed out. The id is its account's and is used once, for ever.
 *
 * Deposits, withdrawals, adjustments, conversions and transfers between accounts are all of this form; what
 * leaves for another shard goes to `transit`, and the other shard credits it by a record of its own.
 */
import type { AccountId, Milliseconds, Money } from "../units.ts";
import type { ShardAccount } from "./ledger-account.ts";
import type { TransactionKind } from "./transaction.ts";

/** An account of the shard's own, or a client's cash. */
export type TransferAccount = ShardAccount | AccountId;

export interface TransferLeg {
  readonly kind: TransactionKind;
  readonly debit: TransferAccount;
  readonly credit: TransferAccount;
  readonly currency: string;
  /** Above zero. */
  readonly amount: Money;
}

export interface TransferMoney {
  readonly kind: "transfer";
  readonly time: Milliseconds;
  /** Whose transfer it is, and whose ids it takes one of. */
  readonly account: AccountId;
  /** ASCII. */
  readonly id: string;
  readonly legs: readonly TransferLeg[];
  /** When a pending one is given up; 0: it is settled at once. */
  readonly timeoutAt: Milliseconds;
  /** What it takes of the account's limits on deposits or withdrawals, in their currency. */
  readonly counted: Money;
  /** The account of another shard that what goes to `transit` is for; 0 for none. */
  readonly destination: AccountId;
  /** Of a conversion: units bought for one sold, before the fee; empty for others. Amounts are the facts. */
  readonly rate: string;
  /** In words of whoever asked for it, ASCII. */
  readonly reference: string;
  /** Who asked for it: a user's id; empty for the venue itself. */
  readonly by: string;
}

/** Posts a pending transfer. */
export interface SettleTransfer {
  readonly kind: "settle";
  readonly time: Milliseconds;
  readonly account: AccountId;
  readonly id: string;
  /** What of its only leg is posted; 0 for all legs as they are. */
  readonly amount: Money;
  readonly by: string;
}

/** Gives a pending transfer up: somebody, or its time. */
interface Ending<Kind> {
  readonly kind: Kind;
  readonly time: Milliseconds;
  readonly account: AccountId;
  readonly id: string;
  readonly reason: string;
  readonly by: string;
}

export type EndTransfer = Ending<"void"> | Ending<"timeOut">;

/** What another shard has debited for an account of this one. */
export interface CreditTransfer {
  readonly kind: "credit";
  readonly time: Milliseconds;
  /** The shard that has debited it, and the record of its ledger; each record is credited once. */
  readonly origin: number;
  readonly originSequence: number;
  readonly account: AccountId;
  readonly currency: string;
  readonly amount: Money;
  readonly reference: string;
}

/** Closes an interval of the transaction log: see `engine/account/money/transaction-log.ts`. */
export interface CutLog {
  readonly kind: "cut";
  readonly time: Milliseconds;
  /** How far the shard has heard each market, by number. */
  readonly cursors: readonly (readonly [market: number, sequence: number])[];
}

export type TransferCommand = TransferMoney | SettleTransfer | EndTransfer | CreditTransfer | CutLog;

/** The index is stored. */
export const TRANSFER_STATUSES = ["pending", "settled", "voided", "timedOut"] as const;
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

/** A transfer as its shard knows it; complete enough to be a document. */
export interface TransferState extends Omit<TransferMoney, "kind" | "time"> {
  readonly status: TransferStatus;
  /** What was posted of the first leg. */
  readonly settledAmount: Money;
  readonly createdAt: Milliseconds;
  readonly updatedAt: Milliseconds;
  /** Of the ledger record that touched it last. */
  readonly sequence: number;
  /** Why it was given up, and by whom it was settled or given up. */
  readonly reason: string;
  readonly endedBy: string;
}

/** The leg that goes to another shard, if there is one. */
export function transitLeg({ legs }: Pick<TransferMoney, "legs">): TransferLeg | undefined {
  return legs.find(({ credit }) => credit === "transit");
}
