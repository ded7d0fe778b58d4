/**
 * What a risk shard's own ledger records: cash, settings, markets used and refusals. Everything else that an
 * account goes through is in the markets' journals. These commands are facts: they are applied once appended,
 * never before.
 */

import type { TransferCommand } from "../ledger/transfer.ts";
import type { OrderType, TimeInForce } from "../market/command.ts";
import type { OrderTerms } from "../market/terms.ts";
import type { Rejection } from "../rejection.ts";
import type { AccountId, Lots, Milliseconds, Money, OrderId, Side, Ticks } from "../units.ts";
import type { ChargeCommand } from "./charge/charge.ts";
import type { Explanation } from "./guard/explanation.ts";
import type { GuardCommand } from "./guard/guard.ts";
import type { MarginCommand } from "./guard/margin-command.ts";
import type { ClosePositionsBy } from "./position/close-by.ts";
import type { AccountKind, AccountProfile, ProfileCommand } from "./profile.ts";

/** An order as a caller asks for it, before it has an id. */
export interface OrderRequest {
  readonly account: AccountId;
  readonly clientOrderId: string;
  /** The market's number in the venue. */
  readonly market: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly lots: Lots;
  /** Limit price; 0 for a market order. */
  readonly ticks: Ticks;
  /** True for a liquidity provider's order: no document, bounded memory of its ids. */
  readonly liquidity: boolean;
  /** Sequence of the reference quote that a liquidity quote was made from; 0 for none. */
  readonly reference: number;
  /** What the order has beyond limit and size; left out where it is plain. */
  readonly terms?: OrderTerms | undefined;
  /** As asked, where it is no whole number of lots (then 0) and the order is refused for it. */
  readonly quantityText?: string;
  /** As asked, where it is no whole number of ticks (then 0) and the order is refused for it. */
  readonly priceText?: string;
  /** The terms as asked, in one canonical text, where one of them cannot be read. */
  readonly termsText?: string;
}

/** The shard has a new owner; `epoch` fences the old one off in every market. */
export interface RecordLedgerOwner {
  readonly kind: "owner";
  readonly time: Milliseconds;
  readonly epoch: number;
}

export interface OpenAccount {
  readonly kind: "open";
  readonly time: Milliseconds;
  readonly account: AccountId;
  /** Home currency: margin and equity are counted in it. */
  readonly currency: string;
  /** A position's value over the margin that it takes: 1 or more. */
  readonly leverage: number;
  readonly liquidity: boolean;
  /** First deposit, in the home currency; 0 for none. */
  readonly deposit: Money;
  /** Left out: universal, demo, netting, nobody's sub-account. */
  readonly as?: AccountKind;
  /** Left out: the default one. */
  readonly profile?: AccountProfile;
}

export interface DepositMoney {
  readonly kind: "deposit";
  readonly time: Milliseconds;
  readonly account: AccountId;
  readonly currency: string;
  readonly amount: Money;
  /** The depositor's own name for it, ASCII. */
  readonly reference: string;
}

/** The shard refused an order: no market ever sees it, and it stays refused. */
export interface RefuseOrder {
  readonly kind: "refuse";
  readonly time: Milliseconds;
  readonly orderId: OrderId;
  readonly rejection: Rejection;
  readonly request: OrderRequest;
  /** Left out where the request itself says it all. */
  readonly explanation?: Explanation;
}

/** The shard refused to amend an order, which stays as it was. */
export interface RefuseAmend {
  readonly kind: "refuseAmend";
  readonly time: Milliseconds;
  readonly account: AccountId;
  readonly market: number;
  readonly orderId: OrderId;
  readonly rejection: Rejection;
  readonly explanation: Explanation;
}

/** An order id that was "never accepted, and never will be". */
export interface RevokeOrder {
  readonly kind: "revoke";
  readonly time: Milliseconds;
  readonly account: AccountId;
  readonly clientOrderId: string;
}

/** The shard uses this market from here on, so its next owner has to fence it. */
export interface ListMarket {
  readonly kind: "listMarket";
  readonly time: Milliseconds;
  readonly market: number;
}

/** What an account may do: everything, only make positions smaller, nothing but cancel. */
export const TRADING_STATES = ["active", "reducing", "halted"] as const;
export type TradingState = (typeof TRADING_STATES)[number];

/** The kill switch. Of an account's own and its shard's the stricter holds. */
export interface RestrictTrading {
  readonly kind: "restrict";
  readonly time: Milliseconds;
  /** 0 for all accounts of the shard. */
  readonly account: AccountId;
  readonly state: TradingState;
  /** Why, in words of whoever decided it; at most 255 ASCII characters. */
  readonly reason: string;
}

/** Limits of an account beyond those of every account, each 0 for none. */
export interface AccountLimits {
  readonly openOrdersMaximum: number;
  /** Σ of the markets' worst exposures, in home money. */
  readonly notionalMaximum: Money;
  /** Orders of accounts of one group are kept from trading with each other. */
  readonly selfTradeGroup: number;
}

export interface LimitAccount extends AccountLimits {
  readonly kind: "limit";
  readonly time: Milliseconds;
  readonly account: AccountId;
}

/** Of the shard's owner, its markets, and accounts as such. */
export type AccountCommand =
  | RecordLedgerOwner
  | ListMarket
  | OpenAccount
  | DepositMoney
  | RestrictTrading
  | LimitAccount;

/** Of orders and amends that no market ever sees. */
export type RefusalCommand = RefuseOrder | RefuseAmend | RevokeOrder;

/** Each family has its own files for types, bytes (`…-record.ts`) and what it changes (`…-fold.ts`). */
export type LedgerCommand =
  | AccountCommand
  | RefusalCommand
  | GuardCommand
  | MarginCommand
  | ProfileCommand
  | TransferCommand
  | ChargeCommand
  | ClosePositionsBy;
