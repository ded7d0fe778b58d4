/**
 * What trading costs, as the API shows it. Decimals are strings, times RFC 3339; amounts are in the quote
 * currency of the market, below zero they are earned where they are fees and paid where they are swaps.
 */
import type { FeeBasis } from "../engine/account/charge/fee-tier.ts";

export interface FeeRateView {
  readonly basis: FeeBasis;
  /** Per million or per hundred of the value, per 100,000 units of the base currency, or in all. */
  readonly amount: string;
  /** The least that an order pays in this role. */
  readonly minimum: string;
}

export interface FeeGroupView {
  /** Empty: all markets that no other group names. */
  readonly symbols: readonly string[];
  readonly maker: FeeRateView;
  readonly taker: FeeRateView;
}

export interface FeeTierView {
  readonly number: number;
  readonly name: string;
  /** Volume from which accounts get it by themselves; absent for one that operators give. */
  readonly fromVolume?: string;
  readonly groups: readonly FeeGroupView[];
}

export interface FeeScheduleView {
  readonly volumeCurrency: string;
  /** Days that a volume is counted over, each from 17:00 to 17:00 in New York. */
  readonly volumeDays: number;
  /** By number. */
  readonly items: readonly FeeTierView[];
}

export interface AccountFeesView {
  readonly accountId: string;
  /** Absent where nothing is charged. */
  readonly tier?: FeeTierView;
  /** Whether it follows from the volume; else an operator gave it. */
  readonly byVolume: boolean;
  readonly volumeCurrency: string;
  /** Of the days that have ended. */
  readonly volume: string;
  /** The next tier by volume, and what it still takes. */
  readonly next?: {
    readonly number: number;
    readonly name: string;
    readonly fromVolume: string;
    readonly missingVolume: string;
  };
}

/** A side's points, or what 100,000 units get by them; below zero is paid. */
export interface SwapSidesView {
  readonly long: string;
  readonly short: string;
}

export interface RolloverView {
  readonly time: string;
  /** The one that ends, YYYY-MM-DD. */
  readonly tradeDate: string;
  readonly nights: number;
  /** Three nights or more. */
  readonly triple: boolean;
  /** For 100,000 units of the base currency; absent where there are no points. */
  readonly money?: SwapSidesView;
}

export interface SwapView {
  readonly symbol: string;
  /** Of the money. */
  readonly currency: string;
  readonly tradeDate: string;
  /** When a trade of now settles. */
  readonly valueDate: string;
  /** Pips a night; absent where nothing is paid. */
  readonly points?: SwapSidesView;
  /** What swap-free accounts pay for 100,000 units and a night instead, after so many days. */
  readonly swapFree?: { readonly freeDays: number; readonly amount: string };
  /** The next ones; none in a spot market, where nothing is carried. */
  readonly rollovers: readonly RolloverView[];
}
