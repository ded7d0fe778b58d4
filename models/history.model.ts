/** What shards give the document store, and pages of what it gives back. */
import type { OrderState } from "../engine/account/order/order.ts";
import type { AccountDocument, TransactionView } from "./account.model.ts";
import type { TransferView } from "./transfer.model.ts";

export interface RevokedId {
  readonly accountId: string;
  readonly clientOrderId: string;
}

/** Stored in one transaction, durable when the call resolves; storing it again changes nothing. */
export interface HistoryBatch {
  readonly orders: readonly OrderState[];
  readonly transactions: readonly TransactionView[];
  readonly transfers: readonly TransferView[];
  /** Balances and positions of the accounts that anything has touched. */
  readonly accounts: readonly AccountDocument[];
  /** Client order ids that were never accepted and never will be. */
  readonly revoked: readonly RevokedId[];
}
