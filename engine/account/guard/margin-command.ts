/** What a ledger records about an account whose margin has run short: calls, close-outs, protection. */
import type { AccountId, Lots, Milliseconds, Money, OrderId, Side } from "../../units.ts";
import type { Explanation } from "./explanation.ts";

/** The level has fallen below the call level, has fallen on, or has recovered. The index is stored. */
export const CALL_EVENTS = ["enter", "extend", "leave"] as const;
export type CallEvent = (typeof CALL_EVENTS)[number];

/** Largest level that is told, in per mille. */
export const PER_MILLE_MAX = 1_000_000_000;

export interface RecordMarginCall {
  readonly kind: "marginCall";
  readonly time: Milliseconds;
  readonly account: AccountId;
  readonly event: CallEvent;
  /** Equity over margin used, in per mille, rounded down; 0 for an equity below nothing. */
  readonly perMille: number;
  readonly equity: Money;
  readonly marginUsed: Money;
}

/** A close-out has begun, takes one step, or has ended. The index is stored. */
export const CLOSE_OUT_EVENTS = ["begin", "reduce", "end"] as const;
export type CloseOutEvent = (typeof CLOSE_OUT_EVENTS)[number];

/** What a step closes: an ordinary market order that is sent once the step is recorded. */
export interface Reduction {
  readonly market: number;
  /** Of the order: the side that closes. */
  readonly side: Side;
  readonly lots: Lots;
  /** Of a hedging account: what it closes. */
  readonly ticket?: OrderId;
}

export interface RecordCloseOut {
  readonly kind: "closeOut";
  readonly time: Milliseconds;
  readonly account: AccountId;
  readonly event: CloseOutEvent;
  /** Only of a step. */
  readonly reduction?: Reduction;
  /** The figures that led to it. */
  readonly explanation: Explanation;
}

/** The venue's own account pays what a closed-out account owes beyond all that it has. */
export interface ProtectBalance {
  readonly kind: "protectBalance";
  readonly time: Milliseconds;
  readonly account: AccountId;
  /** In the account's home currency. */
  readonly amount: Money;
}

export type MarginCommand = RecordMarginCall | RecordCloseOut | ProtectBalance;
