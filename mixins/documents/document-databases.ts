/** How order documents lie in LMDB: what is kept under which key. */
import type { Database, RootDatabase } from "lmdb";
import type { OrderState } from "../../engine/account/order.ts";
import type { AccountDocument, TransactionView } from "../../models/account.model.ts";

export type ClientKey = [account: number, clientOrderId: string];
/** Account, time of creation, order id. */
export type OrderKey = [account: number, time: number, id: number];
export type TransactionKey = [account: number, time: number, sequence: number, id: string];

export interface DocumentDatabases {
  readonly orders: Database<Uint8Array, number>;
  /** An order's id, or 0 for a client order id that was given up for ever. */
  readonly clientIds: Database<number, ClientKey>;
  readonly byAccount: Database<boolean, OrderKey>;
  /** The part of `byAccount` whose orders are open. */
  readonly open: Database<boolean, OrderKey>;
  readonly transactions: Database<TransactionView, TransactionKey>;
  readonly accounts: Database<AccountDocument, number>;
}

export function documentDatabases(root: RootDatabase): DocumentDatabases {
  return {
    orders: root.openDB({ name: "orders", encoding: "binary" }),
    clientIds: root.openDB({ name: "clientOrderIds" }),
    byAccount: root.openDB({ name: "ordersByAccount" }),
    open: root.openDB({ name: "openOrdersByAccount" }),
    transactions: root.openDB({ name: "transactionsByAccount" }),
    accounts: root.openDB({ name: "accounts" }),
  };
}

export function orderKey(order: OrderState): OrderKey {
  return [order.account, order.createdAt, order.id];
}

export function transactionKey({ accountId, time, sequence, id }: TransactionView): TransactionKey {
  return [Number(accountId), Date.parse(time), sequence, id];
}
