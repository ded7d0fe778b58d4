/**
 * What a shard knows of charges beyond its accounts' money: the fee tiers, swap points that were set, how far
 * the rollovers have come; and of an account its tier, its volumes, and what it trades in each market.
 */
import { FEE_TIERS_MAX, VOLUME_DAYS } from "../../limits.ts";
import { type AccountId, assert, type Days, type Milliseconds } from "../../units.ts";
import type { DayVolume } from "./charge.ts";
import type { FeeTier } from "./fee-tier.ts";
import type { SwapPoints } from "./swap.ts";

/** The last trade date that a shard has begun to roll over, and the last account of it; 0: it is done. */
export interface Rolled {
  readonly day: Days;
  readonly through: AccountId;
}

export class ChargeBook {
  readonly #tiers = new Map<number, FeeTier>();
  /** By market; only those that were set by a record. */
  readonly points = new Map<number, SwapPoints>();
  rolled: Rolled = { day: 0 as Days, through: 0 as AccountId };

  define(tier: FeeTier): void {
    assert(tier.number > 0 && !this.#tiers.has(tier.number), "a fee tier is defined once");
    assert(this.#tiers.size < FEE_TIERS_MAX, "fee tiers are limited");
    this.#tiers.set(tier.number, tier);
  }

  /** Undefined for 0, which charges nothing. */
  tier(number: number): FeeTier | undefined {
    if (number === 0) return undefined;
    const tier = this.#tiers.get(number);
    assert(tier !== undefined, "an order's fee tier is defined before it is used");
    return tier;
  }

  has(number: number): boolean {
    return number === 0 || this.#tiers.has(number);
  }

  get hasTiers(): boolean {
    return this.#tiers.size > 0;
  }

  /** By number. */
  tiers(): FeeTier[] {
    return [...this.#tiers.values()].sort((one, other) => one.number - other.number);
  }

  get isEmpty(): boolean {
    return !this.hasTiers && this.points.size === 0 && this.rolled.day === 0;
  }
}

/** What an account trades in a market, whatever it does to its position. */
export interface Activity {
  /** Lots of all its fills, ever. */
  traded: number;
  /** Those of them that a rollover has counted in a day's volume. */
  counted: number;
  /** When its present position was opened, or last turned over; 0 where it is flat. */
  openedAt: Milliseconds;
}

export interface VolumeOfDay {
  readonly day: Days;
  readonly value: bigint;
}

/** Of one account; its tier changes by records only. */
export class AccountCharges {
  tier = 0;
  /** An operator has given it the tier. */
  pinned = false;
  /** Oldest first, of the last VOLUME_DAYS days at most; days without trades are left out. */
  volumes: readonly VolumeOfDay[] = [];
  #activity: Map<number, Activity> | undefined;

  get isEmpty(): boolean {
    return this.tier === 0 && !this.pinned && this.volumes.length === 0 && this.#activity === undefined;
  }

  activity(market: number): Activity {
    this.#activity ??= new Map();
    let activity = this.#activity.get(market);
    if (activity === undefined) {
      activity = { traded: 0, counted: 0, openedAt: 0 as Milliseconds };
      this.#activity.set(market, activity);
    }
    return activity;
  }

  /** By market number. */
  activities(): [number, Activity][] {
    return [...(this.#activity ?? [])].sort(([one], [other]) => one - other);
  }

  /** A fill has made a position of `before` lots one of `after`. */
  follow(market: number, lots: number, before: number, after: number, time: Milliseconds): void {
    const activity = this.activity(market);
    activity.traded += lots;
    if (after === 0) activity.openedAt = 0 as Milliseconds;
    else if (before === 0 || before > 0 !== after > 0) activity.openedAt = time;
  }

  count(day: Days, { traded, value, tier }: DayVolume): void {
    for (const { market, lots } of traded) this.activity(market).counted += lots;
    const recent = this.volumes.filter(each => each.day > day - VOLUME_DAYS);
    this.volumes = value === 0n ? recent : [...recent, { day, value }];
    // An operator may have given it one after the rollover was planned.
    if (!this.pinned) this.tier = tier;
  }

  /** Σ of the days up to and including one that are not older than VOLUME_DAYS. */
  volumeAt(day: Days): bigint {
    return this.volumes.reduce((sum, each) => (each.day > day - VOLUME_DAYS ? sum + each.value : sum), 0n);
  }
}
