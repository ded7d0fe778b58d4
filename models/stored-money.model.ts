/**
 * Transactions, transfers, and what accounts own, as MongoDB keeps them. Money is text, as in the views that
 * these hold whole; the fields beside a view are those that it is found and ordered by.
 */
import { Schema } from "mongoose";
import type { AccountDocument, TransactionView } from "./account.model.ts";
import type { TransferView } from "./transfer.model.ts";

export interface StoredTransaction {
  /** `account:number` */
  readonly _id: string;
  readonly account: number;
  /** 1, 2, 3 … per account. */
  readonly number: number;
  readonly currency: string;
  /** Milliseconds since 1970. */
  readonly bookedAt: number;
  readonly view: TransactionView;
}

export interface StoredTransfer {
  /** `account:id` */
  readonly _id: string;
  readonly account: number;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** A larger one replaces a smaller one. */
  readonly sequence: number;
  readonly view: TransferView;
}

export interface StoredAccount {
  /** The account's number. */
  readonly _id: number;
  /** A larger one replaces a smaller one. */
  readonly version: number;
  readonly balances: AccountDocument["balances"];
  readonly positions: AccountDocument["positions"];
}

const OPTIONS = { versionKey: false, autoIndex: false, autoCreate: false, bufferCommands: false } as const;
const TEXT = { type: String, required: true } as const;
const NUMBER = { type: Number, required: true } as const;

/** Fields of a view that may be absent are named like the others and never filled in. */
function texts(...names: readonly string[]) {
  return Object.fromEntries(names.map(name => [name, String]));
}

const TRANSACTION_VIEW = new Schema<TransactionView>(
  {
    ...texts("id", "accountId", "kind", "currency", "amount", "balanceAfter", "orderId"),
    sequence: Number,
    ...texts("time", "bookedAt"),
  },
  { _id: false, id: false },
);

export const TRANSACTION_SCHEMA = new Schema<StoredTransaction>(
  { _id: TEXT, account: NUMBER, number: NUMBER, currency: TEXT, bookedAt: NUMBER, view: TRANSACTION_VIEW },
  { ...OPTIONS, collection: "transactions" },
);
TRANSACTION_SCHEMA.index({ account: 1, number: 1 });
TRANSACTION_SCHEMA.index({ account: 1, bookedAt: 1, number: 1 });
TRANSACTION_SCHEMA.index({ account: 1, currency: 1, number: -1 });

const LEG = new Schema(texts("kind", "debit", "credit", "currency", "amount"), { _id: false, id: false });
const TRANSFER_VIEW = new Schema<TransferView>(
  {
    ...texts("id", "accountId", "status"),
    legs: [LEG],
    ...texts("settledAmount", "timeoutAt", "rate", "destinationId", "reference", "askedBy", "endedBy"),
    ...texts("reason", "createdAt", "updatedAt"),
    sequence: Number,
  },
  { _id: false, id: false },
);

export const TRANSFER_SCHEMA = new Schema<StoredTransfer>(
  { _id: TEXT, account: NUMBER, id: TEXT, createdAt: NUMBER, sequence: NUMBER, view: TRANSFER_VIEW },
  { ...OPTIONS, id: false, collection: "transfers" },
);
TRANSFER_SCHEMA.index({ account: 1, createdAt: -1, id: -1 });

const BALANCE = new Schema(texts("currency", "total"), { _id: false });
const POSITION = new Schema(texts("symbol", "quantity", "averagePrice", "cost"), { _id: false });

export const ACCOUNT_SCHEMA = new Schema<StoredAccount>(
  { _id: NUMBER, version: NUMBER, balances: [BALANCE], positions: [POSITION] },
  { ...OPTIONS, collection: "accounts" },
);
