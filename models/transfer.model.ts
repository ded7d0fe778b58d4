/** Transfers and statements as the API shows them. Decimals are strings, times RFC 3339. */
import type { TransactionKind } from "../engine/ledger/transaction.ts";
import type { TransferStatus } from "../engine/ledger/transfer.ts";
import type { TransactionView } from "./account.model.ts";

export interface TransferLegView {
  readonly kind: TransactionKind;
  /** Number of a client's account, or the name of one of the venue's. */
  readonly debit: string;
  readonly credit: string;
  readonly currency: string;
  readonly amount: string;
}

export interface TransferView {
  /** As it was asked for, unique for its account. */
  readonly id: string;
  readonly accountId: string;
  readonly status: TransferStatus;
  readonly legs: readonly TransferLegView[];
  /** What was posted of the first leg. */
  readonly settledAmount: string;
  /** When it is given up unless it is settled. */
  readonly timeoutAt?: string;
  /** Of a conversion: units bought for one sold, before the fee. */
  readonly rate?: string;
  /** Account of another shard that it goes to. */
  readonly destinationId?: string;
  readonly reference?: string;
  /** Users who asked for it, and who settled it or gave it up. */
  readonly askedBy?: string;
  readonly endedBy?: string;
  /** Why it was given up. */
  readonly reason?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly sequence: number;
}

/** Of one currency in a statement: opening + Σ entries = closing. */
export interface StatementBalance {
  readonly currency: string;
  readonly opening: string;
  /** Σ entries by kind. */
  readonly sums: Readonly<Partial<Record<TransactionKind, string>>>;
  readonly closing: string;
}

export interface StatementView {
  readonly accountId: string;
  /** Entries booked from here … */
  readonly from: string;
  /** … to before here. */
  readonly to: string;
  readonly balances: readonly StatementBalance[];
  readonly entries: readonly TransactionView[];
}
