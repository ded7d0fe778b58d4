/**
 * Accounts, balances, positions and transactions as the API shows them. Decimals are strings, times RFC 3339.
 */

import type { MarginStanding } from "../engine/account/guard/guardian.ts";
import type { Environment, MarginMode, PositionMode, Wallet } from "../engine/account/profile.ts";
import type { TransactionKind } from "../engine/ledger/transaction.ts";

export interface AccountView {
  readonly id: string;
  /** Home currency; the amounts below are in it. */
  readonly currency: string;
  readonly balance: string;
  readonly equity: string;
  readonly marginUsed: string;
  readonly freeMargin: string;
  /** Won since 17:00 in New York, open positions included; absent while there is no baseline or mark. */
  readonly dayProfit?: string;
  readonly leverage: number;
  /** Per cent of equity over margin used below which it is called, and below which it is closed out. */
  readonly marginCallLevel: string;
  readonly closeOutLevel: string;
  readonly marginState: MarginStanding["state"];
  readonly wallet: Wallet;
  readonly environment: Environment;
  readonly positionMode: PositionMode;
  readonly marginBasis: MarginMode["basis"];
  readonly marginCombination: MarginMode["combination"];
  readonly swapFree: boolean;
  /** How well its owner is known; limits of payments go by it. */
  readonly kycLevel: number;
  /** The account that it is a sub-account of. */
  readonly parentId?: string;
  /** Grows with every fact that touches the account. */
  readonly sequence: number;
}

export interface BalanceView {
  readonly currency: string;
  readonly total: string;
  /** Tied up by orders, margin and pending transfers; with `available` it is the total. */
  readonly locked: string;
  readonly available: string;
}

/** What an order would do if it were sent now. Amounts in `currency`; absent while a mark is missing. */
export interface OrderPreviewView {
  /** The account's home currency. */
  readonly currency: string;
  /** Why it would be refused; absent where it would not. */
  readonly rejection?: string;
  readonly equity?: string;
  readonly marginBefore?: string;
  readonly marginAfter?: string;
  readonly freeMarginBefore?: string;
  readonly freeMarginAfter?: string;
  /** Largest quantity that would be let through now; zero for none. */
  readonly largestQuantity: string;
  /** What buying and selling the quantity at once would lose at the best prices. */
  readonly spreadCost?: string;
  /** What its trades would be charged: as taker, as maker, or the dearer where it may be both. */
  readonly commission?: string;
  /** What the quantity would get for a night, held long or short; negative: pay. None in a spot market. */
  readonly swapLong?: string;
  readonly swapShort?: string;
}

export interface PositionView {
  readonly symbol: string;
  /** Units of the base currency; short is negative. */
  readonly quantity: string;
  readonly averagePrice: string;
  /** In the account's currency; absent while a mark for the conversion is missing. */
  readonly unrealisedProfit?: string;
  /** The same in the quote currency, and in pips with one decimal place; absent while there is no mark. */
  readonly unrealisedProfitQuote?: string;
  readonly pips?: string;
  /** In the quote currency: by what has been closed of it since it was opened. */
  readonly realisedProfit: string;
  /** In a hedging account each order that opens has a position of its own: its id, and when it opened it. */
  readonly id?: string;
  readonly openedAt?: string;
}

/** Two positions of a hedging account that were closed against each other. */
export interface CloseByView {
  readonly requestId: string;
  readonly symbol: string;
  /** Ids of the two. */
  readonly long: string;
  readonly short: string;
  /** Closed of each. */
  readonly quantity: string;
  /** The quote currency; what both have won is in it. */
  readonly currency: string;
  readonly realisedProfit: string;
  readonly time: string;
}

export interface TransactionView {
  /** 1, 2, 3 … per account, without a hole. */
  readonly id: string;
  readonly accountId: string;
  readonly kind: TransactionKind;
  readonly currency: string;
  readonly amount: string;
  readonly balanceAfter: string;
  readonly orderId?: string;
  readonly sequence: number;
  readonly time: string;
  /** Never earlier than that of a smaller id; statements go by it. */
  readonly bookedAt: string;
}

/** What an account owns, as its newest fact left it: kept as a document, one an account. */
export interface AccountDocument {
  readonly accountId: string;
  /** Facts that have touched the account: a larger one replaces a smaller one. */
  readonly version: number;
  /** By currency. */
  readonly balances: readonly { readonly currency: string; readonly total: string }[];
  /** By market; what each cost is in its quote currency. */
  readonly positions: readonly {
    readonly symbol: string;
    readonly quantity: string;
    readonly averagePrice: string;
    readonly cost: string;
  }[];
}
