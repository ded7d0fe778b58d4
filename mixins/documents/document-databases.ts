/** How documents of orders and money lie in LMDB: what is kept under which key. */
import type { Database, RootDatabase } from "lmdb";
import type { OrderState } from "../../engine/account/order/order.ts";
import type { AccountDocument, TransactionView } from "../../models/account.model.ts";
import type { TransferView } from "../../models/transfer.model.ts";

export type ClientKey = [account: number, clientOrderId: string];
/** Account, time of creation, order id. */
export type OrderKey = [account: number, time: number, id: number];
export type TransactionKey = [account: number, id: number];
export type CurrencyKey = [account: number, currency: string, id: number];
export type TransferKey = [account: number, id: string];
/** Account, time of creation, id. */
export type TransferTimeKey = [account: number, time: number, id: string];

/** Databases that one store may have. */
export const DATABASES_MAX = 16;

export interface DocumentDatabases {
  readonly orders: Database<Uint8Array, number>;
  /** An order's id, or 0 for a client order id that was given up for ever. */
  readonly clientIds: Database<number, ClientKey>;
  readonly byAccount: Database<boolean, OrderKey>;
  /** The part of `byAccount` whose orders are open. */
  readonly open: Database<boolean, OrderKey>;
  readonly transactions: Database<TransactionView, TransactionKey>;
  /** Which of an account's transactions are in a currency. */
  readonly byCurrency: Database<boolean, CurrencyKey>;
  readonly transfers: Database<TransferView, TransferKey>;
  readonly transfersByTime: Database<boolean, TransferTimeKey>;
  readonly accounts: Database<AccountDocument, number>;
}

export function documentDatabases(root: RootDatabase): DocumentDatabases {
  return {
    orders: root.openDB({ name: "orders", encoding: "binary" }),
    clientIds: root.openDB({ name: "clientOrderIds" }),
    byAccount: root.openDB({ name: "ordersByAccount" }),
    open: root.openDB({ name: "openOrdersByAccount" }),
    transactions: root.openDB({ name: "transactions" }),
    byCurrency: root.openDB({ name: "transactionsByCurrency" }),
    transfers: root.openDB({ name: "transfers" }),
    transfersByTime: root.openDB({ name: "transfersByTime" }),
    accounts: root.openDB({ name: "accounts" }),
  };
}

export function orderKey(order: OrderState): OrderKey {
  return [order.account, order.createdAt, order.id];
}

export function transactionKey({ accountId, id }: TransactionView): TransactionKey {
  return [Number(accountId), Number(id)];
}
