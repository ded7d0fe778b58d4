/** What the venue tells of money that moved, and how it is read. Amounts are decimal strings. */
import { fields, list, oneOf, optionalText, text } from "./fields.ts";

export interface Transaction {
  readonly id: string;
  /** A word of the venue: a new one is shown as it is. */
  readonly kind: string;
  readonly currency: string;
  /** Below zero where money left the account. */
  readonly amount: string;
  /** Of that currency. */
  readonly balanceAfter: string;
  readonly orderId: string | undefined;
  readonly time: string;
  /** Statements go by it: never earlier than that of a smaller id. */
  readonly bookedAt: string;
}

export type TransferStatus = "pending" | "settled" | "voided" | "timedOut";

export interface TransferLeg {
  readonly kind: string;
  /** Number of an account, or the name of one of the venue's. */
  readonly debit: string;
  readonly credit: string;
  readonly currency: string;
  readonly amount: string;
}

/** A payment in or out, a transfer, a conversion: all legs or none. */
export interface Transfer {
  readonly id: string;
  readonly accountId: string;
  readonly status: TransferStatus;
  readonly legs: readonly TransferLeg[];
  readonly destinationId: string | undefined;
  readonly rate: string | undefined;
  readonly reference: string | undefined;
  /** Why it was given up. */
  readonly reason: string | undefined;
  readonly createdAt: string;
}

export type PaymentKind = "deposits" | "withdrawals" | "transfers" | "conversions";

/** The same id again is the same payment, and done once. */
export interface PaymentRequest {
  readonly transferId: string;
  readonly currency: string;
  readonly amount: string;
  readonly reference?: string;
  /** Of a transfer. */
  readonly toAccountId?: string;
  /** Of a conversion. */
  readonly toCurrency?: string;
}

/** In UTC; `to` is the first moment that is no more in it. */
export type Period =
  | { readonly day: string }
  | { readonly month: string }
  | { readonly from: string; readonly to: string };

export interface StatementBalance {
  readonly currency: string;
  readonly opening: string;
  /** By kind of transaction. */
  readonly sums: readonly (readonly [kind: string, amount: string])[];
  readonly closing: string;
}

export interface Statement {
  readonly accountId: string;
  readonly from: string;
  readonly to: string;
  readonly balances: readonly StatementBalance[];
  readonly entries: readonly Transaction[];
}

const STATUSES = ["pending", "settled", "voided", "timedOut"] as const;

export function decodeTransaction(value: unknown): Transaction {
  const source = fields(value, "transaction");
  return {
    id: text(source, "id"),
    kind: text(source, "kind"),
    currency: text(source, "currency"),
    amount: text(source, "amount"),
    balanceAfter: text(source, "balanceAfter"),
    orderId: optionalText(source, "orderId"),
    time: text(source, "time"),
    bookedAt: text(source, "bookedAt"),
  };
}

function decodeLeg(value: unknown): TransferLeg {
  const source = fields(value, "leg");
  return {
    kind: text(source, "kind"),
    debit: text(source, "debit"),
    credit: text(source, "credit"),
    currency: text(source, "currency"),
    amount: text(source, "amount"),
  };
}

export function decodeTransfer(value: unknown): Transfer {
  const source = fields(value, "transfer");
  return {
    id: text(source, "id"),
    accountId: text(source, "accountId"),
    status: oneOf(source, "status", STATUSES),
    legs: list(source.legs, "legs", decodeLeg),
    destinationId: optionalText(source, "destinationId"),
    rate: optionalText(source, "rate"),
    reference: optionalText(source, "reference"),
    reason: optionalText(source, "reason"),
    createdAt: text(source, "createdAt"),
  };
}

function decodeStatementBalance(value: unknown): StatementBalance {
  const source = fields(value, "balance");
  const sums = fields(source.sums ?? {}, "sums");
  return {
    currency: text(source, "currency"),
    opening: text(source, "opening"),
    sums: Object.keys(sums).map(kind => [kind, text(sums, kind)] as const),
    closing: text(source, "closing"),
  };
}

export function decodeStatement(value: unknown): Statement {
  const source = fields(value, "statement");
  return {
    accountId: text(source, "accountId"),
    from: text(source, "from"),
    to: text(source, "to"),
    balances: list(source.balances, "balances", decodeStatementBalance),
    entries: list(source.entries, "entries", decodeTransaction),
  };
}
