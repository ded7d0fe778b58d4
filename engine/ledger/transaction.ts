/** Money that moved on a client's account, as its owner sees it: one closed list of kinds. */
import type { AccountId, Milliseconds, Money, OrderId } from "../units.ts";
import type { ShardAccount } from "./ledger-account.ts";

/** The index is stored: new kinds come last. */
export const TRANSACTION_KINDS = [
  "deposit",
  "trade",
  "withdrawal",
  "transfer",
  "fee",
  "rebate",
  "swap",
  "swapFreeFee",
  "conversion",
  "conversionFee",
  "adjustment",
  "protection",
] as const;
export type TransactionKind = (typeof TRANSACTION_KINDS)[number];

/** The shard's account that is the other side where a kind moves one client's cash by itself. */
export const COUNTERPARTS: Readonly<Record<TransactionKind, ShardAccount>> = {
  deposit: "issuer",
  trade: "clearing",
  withdrawal: "external",
  transfer: "transit",
  fee: "fees",
  rebate: "fees",
  swap: "swaps",
  swapFreeFee: "fees",
  conversion: "conversion",
  conversionFee: "fees",
  adjustment: "house",
  protection: "house",
};

/** Kinds that make an account neither richer nor poorer by trading: what a day has lost leaves them out. */
export const PAID_KINDS: ReadonlySet<TransactionKind> = new Set([
  ...(["deposit", "withdrawal", "transfer", "adjustment", "protection"] as const),
]);

/** The record, and the part of it, that moved money. */
export interface Cause {
  readonly kind: TransactionKind;
  /** The market whose record it is; undefined for the ledger's. */
  readonly market: number | undefined;
  readonly sequence: number;
  /** Counts what moved within the record, alike in every shard. */
  readonly part: number;
  readonly time: Milliseconds;
  readonly orderId?: OrderId;
}

/** Money that moved on a client's account: its cash and what is reserved of it, taken together. */
export interface Movement extends Cause {
  readonly account: AccountId;
  readonly currency: string;
  readonly amount: Money;
}

/** A movement that a cut has put in its place: see `engine/account/money/transaction-log.ts`. */
export interface Transaction extends Movement {
  /** 1, 2, 3 … per account, without a hole. */
  readonly id: number;
  /** Of that currency, after this one and all with smaller ids. */
  readonly balanceAfter: Money;
  /** Time of the cut: never goes down from id to id, as `time` may. */
  readonly bookedAt: Milliseconds;
}
