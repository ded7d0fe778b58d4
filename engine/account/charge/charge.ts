/**
 * What a shard's ledger records about charges: fee tiers, which account has which, swap points, and what
 * each rollover has charged. Amounts are stated, not worked out again: they came from positions and settings
 * of the moment when the shard decided, and a fold adds them up in whatever order markets are heard.
 */
import type { AccountId, Days, Milliseconds, Money } from "../../units.ts";
import type { FeeTier } from "./fee-tier.ts";
import type { SwapPoints } from "./swap.ts";

/** From here on orders may name the tier. */
export interface DefineFeeTier extends FeeTier {
  readonly kind: "feeTier";
  readonly time: Milliseconds;
}

/** The tier of the commands that the account sends from here on; orders keep theirs. */
export interface AssignFeeTier {
  readonly kind: "accountTier";
  readonly time: Milliseconds;
  readonly account: AccountId;
  /** 0: it pays no fees. */
  readonly tier: number;
  /** It stays until the next such record, whatever the account trades. */
  readonly pinned: boolean;
}

/** Points of a market in place of those that the venue is configured with. */
export interface SetSwapPoints extends SwapPoints {
  readonly kind: "swapPoints";
  readonly time: Milliseconds;
  readonly market: number;
}

export const NIGHT_CHARGES = ["swap", "swapFreeFee"] as const;

/** What one position has paid or earned, in the quote currency of its market. */
export interface NightCharge {
  readonly account: AccountId;
  readonly market: number;
  readonly kind: (typeof NIGHT_CHARGES)[number];
  /** Lots that were carried; negative for a short position. */
  readonly position: number;
  readonly nights: number;
  readonly amount: Money;
}

export interface TradedLots {
  readonly market: number;
  readonly lots: number;
}

/** What an account has traded since its last such record, and the tier that it comes to. */
export interface DayVolume {
  readonly account: AccountId;
  readonly traded: readonly TradedLots[];
  /** In the venue's volume currency; recorded, as it came from marks. */
  readonly value: Money;
  readonly tier: number;
}

/**
 * A trade date has ended. A shard takes its accounts in the order of their ids, in as many records as it
 * needs; the last one completes the day.
 */
export interface Rollover {
  readonly kind: "rollover";
  readonly time: Milliseconds;
  readonly day: Days;
  /** All accounts up to this one are done; 0: all are. */
  readonly through: AccountId;
  readonly charges: readonly NightCharge[];
  readonly volumes: readonly DayVolume[];
}

/** Of fees, swaps and the volumes that they depend on. */
export type ChargeCommand = DefineFeeTier | AssignFeeTier | SetSwapPoints | Rollover;
