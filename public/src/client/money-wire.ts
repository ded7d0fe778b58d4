/** What the venue tells of money that moved, and how it is read. Amounts are decimal strings. */
import { fields, optionalText, text } from "./fields.ts";

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
}

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
  };
}
