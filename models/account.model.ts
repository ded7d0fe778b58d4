/**
 * Accounts, balances, positions and transactions as the API shows them. Decimals are strings, times RFC 3339.
 */

import type { TransactionKind } from "../engine/ledger/transaction.ts";

export interface AccountView {
  readonly id: string;
  /** Home currency; the amounts below are in it. */
  readonly currency: string;
  readonly balance: string;
  readonly equity: string;
  readonly marginUsed: string;
  readonly freeMargin: string;
  readonly leverage: number;
  /** Grows with every fact that touches the account. */
  readonly sequence: number;
}

export interface BalanceView {
  readonly currency: string;
  readonly total: string;
  readonly reserved: string;
  readonly available: string;
}

export interface PositionView {
  readonly symbol: string;
  /** Units of the base currency; short is negative. */
  readonly quantity: string;
  readonly averagePrice: string;
  /** In the account's currency; absent while a mark for the conversion is missing. */
  readonly unrealisedProfit?: string;
}

export interface TransactionView {
  readonly id: string;
  readonly accountId: string;
  readonly kind: TransactionKind;
  readonly currency: string;
  readonly amount: string;
  readonly balanceAfter: string;
  readonly orderId?: string;
  readonly sequence: number;
  readonly time: string;
}
