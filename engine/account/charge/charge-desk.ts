/**
 * What a shard decides about charges: the tier that its commands name, and what a rollover charges. Decisions
 * read positions, marks and settings as they are; what comes of them is a record, and only that is a fact.
 * Liquidity providers neither pay nor earn.
 *
 * Worst case: a rollover looks at every account of the shard at once, so that all are charged for the
 * positions of one moment.
 */

import { tradeDateAt } from "../../calendar/rollover.ts";
import { nightsOf } from "../../calendar/value-date.ts";
import type { Instrument } from "../../instrument.ts";
import { ROLLOVER_ITEMS_MAX } from "../../limits.ts";
import type { AccountId, Days, Milliseconds, Money } from "../../units.ts";
import type { Account } from "../account.ts";
import { convertDown } from "../position/conversion.ts";
import type { ShardState } from "../shard/shard-state.ts";
import type { DayVolume, NightCharge, Rollover, TradedLots } from "./charge.ts";
import type { Rolled } from "./charge-book.ts";
import type { FeeTier } from "./fee-tier.ts";
import { type SwapFreeFee, type SwapPoints, swapFreeFeeOf, swapOf } from "./swap.ts";

/** How a venue charges where no record says otherwise. */
export interface ChargeSettings {
  /** By market number; a market that isn't there has no swaps. */
  readonly points: ReadonlyMap<number, SwapPoints>;
  readonly swapFree: ReadonlyMap<number, SwapFreeFee>;
  /** Currency in which volumes are added up. */
  readonly volumeCurrency: string;
  /** The tier that a volume of VOLUME_DAYS days comes to. */
  readonly tierFor: (volume: bigint) => number;
}

/** Of an account and a market, for a night that is to come. */
export interface NightRates {
  readonly points: SwapPoints | undefined;
  /** In place of the points, where the account is free of swaps. */
  readonly swapFree: SwapFreeFee | undefined;
}

/** By the side of the position. */
export interface Night {
  readonly long: Money;
  readonly short: Money;
}

/** A position, or a ticket of one. */
interface Carried {
  readonly instrument: Instrument;
  readonly lots: number;
  readonly openedAt: Milliseconds;
}

function* carriedBy(account: Account): Generator<Carried> {
  for (const { instrument, lots, tickets } of account.exposures.values()) {
    if (tickets !== undefined) {
      for (const ticket of tickets.values()) yield { instrument, ...ticket };
    } else if (lots !== 0) {
      yield { instrument, lots, openedAt: account.charges.activity(instrument.number).openedAt };
    }
  }
}

export class ChargeDesk {
  readonly #state: ShardState;

  constructor(state: ShardState) {
    this.#state = state;
  }

  /** What the account's next command names; undefined where its trades are free. */
  tierOf(account: AccountId): number | undefined {
    return this.#state.known(account).charges.tier || undefined;
  }

  /** Whether an operator has given it its tier. */
  isPinned(account: AccountId): boolean {
    return this.#state.known(account).charges.pinned;
  }

  /** Undefined where the account's trades are free. */
  feeTier(account: AccountId): FeeTier | undefined {
    return this.#state.charges.tier(this.#state.known(account).charges.tier);
  }

  has(tier: number): boolean {
    return this.#state.charges.has(tier);
  }

  tiers(): FeeTier[] {
    return this.#state.charges.tiers();
  }

  /** Undefined where no record has defined it. */
  definition(tier: number): FeeTier | undefined {
    return this.has(tier) ? this.#state.charges.tier(tier) : undefined;
  }

  /** By market number: points that a record has set. */
  pointsSet(): ReadonlyMap<number, SwapPoints> {
    return this.#state.charges.points;
  }

  /** Whether a record has defined a tier or set points, so that rollovers have something to do. */
  get isSet(): boolean {
    const { charges } = this.#state;
    return charges.hasTiers || charges.points.size > 0;
  }

  /** Clients whose volume comes to another tier than theirs, and which; by number. */
  misplaced({ tierFor }: ChargeSettings): [AccountId, number][] {
    return this.#accountsAfter(0).flatMap(({ id, charges }): [AccountId, number][] => {
      const tier = tierFor(charges.volumeAt(this.rolled.day));
      return charges.pinned || charges.tier === tier ? [] : [[id, tier]];
    });
  }

  /** In the venue's volume currency, over the last VOLUME_DAYS days that have rolled over. */
  volume(account: AccountId): bigint {
    return this.#state.known(account).charges.volumeAt(this.rolled.day);
  }

  get rolled(): Rolled {
    return this.#state.charges.rolled;
  }

  rates(account: AccountId, market: number, settings: ChargeSettings): NightRates {
    const { swapFree } = this.#state.known(account).profile;
    return {
      points: swapFree ? undefined : this.points(market, settings),
      swapFree: swapFree ? settings.swapFree.get(market) : undefined,
    };
  }

  points(market: number, settings: ChargeSettings): SwapPoints | undefined {
    return this.#state.charges.points.get(market) ?? settings.points.get(market);
  }

  /**
   * Home money that a position of so many lots would get for one night; negative: pay. Free days of swap-free
   * accounts are over. Undefined in a spot market, and where the quote currency can't be converted.
   */
  perNight(id: AccountId, market: number, lots: number, settings: ChargeSettings): Night | undefined {
    const instrument = this.#state.instrument(market);
    if (instrument.settlement === "spot") return undefined;
    const { points, swapFree } = this.rates(id, market, settings);
    const amountOf = (size: number) => {
      if (points !== undefined) return swapOf(instrument, size, points, 1);
      if (swapFree === undefined) return 0n;
      return swapFreeFeeOf(instrument, size, swapFree, { days: swapFree.freeDays + 1, nights: 1 });
    };
    const [long, short] = [amountOf(lots), amountOf(-lots)];
    const rate = this.#state.conversion.rate(instrument.quote, this.#state.known(id).currency);
    return rate && { long: convertDown(long, rate) as Money, short: convertDown(short, rate) as Money };
  }

  /** The records that roll a trade date over, or what is left of it, to be appended in this order. */
  planRollover(day: Days, time: Milliseconds, settings: ChargeSettings): Rollover[] {
    const { rolled } = this;
    const after = rolled.day === day ? rolled.through : 0;
    const records: Rollover[] = [];
    let [charges, volumes]: [NightCharge[], DayVolume[]] = [[], []];
    const nights = new Map<number, number>();
    for (const account of this.#accountsAfter(after)) {
      if (charges.length + volumes.length >= ROLLOVER_ITEMS_MAX) {
        const through = (account.id - 1) as AccountId;
        records.push({ kind: "rollover", time, day, through, charges, volumes });
        [charges, volumes] = [[], []];
      }
      for (const carried of carriedBy(account)) {
        const charge = this.#chargeOf(account, carried, day, nights, settings);
        if (charge !== undefined) charges.push(charge);
      }
      const volume = this.#volumeOf(account, day, settings);
      if (volume !== undefined) volumes.push(volume);
    }
    records.push({ kind: "rollover", time, day, through: 0 as AccountId, charges, volumes });
    return records;
  }

  #accountsAfter(id: number): Account[] {
    return [...this.#state.accounts.values()]
      .filter(account => account.id > id && !account.liquidity)
      .sort((one, other) => one.id - other.id);
  }

  #chargeOf(
    account: Account,
    { instrument, lots, openedAt }: Carried,
    day: Days,
    known: Map<number, number>,
    settings: ChargeSettings,
  ): NightCharge | undefined {
    const market = instrument.number;
    const nights = known.get(market) ?? nightsOf(instrument, day);
    known.set(market, nights);
    const { points, swapFree } = this.rates(account.id, market, settings);
    let amount = 0n;
    if (points !== undefined) amount = swapOf(instrument, lots, points, nights);
    else if (swapFree !== undefined) {
      const days = day - tradeDateAt(openedAt);
      amount = swapFreeFeeOf(instrument, lots, swapFree, { days, nights });
    }
    if (amount === 0n) return undefined;
    const kind = points === undefined ? "swapFreeFee" : "swap";
    return { account: account.id, market, kind, position: lots, nights, amount: amount as Money };
  }

  /** Undefined where the account has traded nothing new and keeps its tier. */
  #volumeOf(account: Account, day: Days, settings: ChargeSettings): DayVolume | undefined {
    const { charges } = account;
    const traded: TradedLots[] = [];
    let value = 0n;
    for (const [market, activity] of charges.activities()) {
      const lots = activity.traded - activity.counted;
      const worth = lots > 0 ? this.#worthOf(this.#state.instrument(market), lots, settings) : undefined;
      // What can't be converted yet is counted on a later day.
      if (worth === undefined) continue;
      traded.push({ market, lots });
      value += worth;
    }
    const tier = charges.pinned ? charges.tier : settings.tierFor(charges.volumeAt(day) + value);
    if (traded.length === 0 && tier === charges.tier) return undefined;
    return { account: account.id, traded, value: value as Money, tier };
  }

  #worthOf(
    { base, baseMoneyPerLot }: Instrument,
    lots: number,
    settings: ChargeSettings,
  ): bigint | undefined {
    const rate = this.#state.conversion.rate(base, settings.volumeCurrency);
    return rate && convertDown(BigInt(lots) * baseMoneyPerLot, rate);
  }
}
