/**
 * Records in a shard what operators and the venue's schedule say of charges, one thing at a time: between
 * asking whether a number is free and the record that takes it nothing else is decided. What is known
 * already is not recorded again. The first shard decides for all: a tier or points are told to it, and the
 * others learn them of it, after each change and when they open.
 *
 * Who waits for a turn is bounded by the calls that the gateway lets in.
 */
import { type FeeTier, sameTier } from "../../engine/account/charge/fee-tier.ts";
import type { SwapPoints } from "../../engine/account/charge/swap.ts";
import { FEE_TIERS_MAX } from "../../engine/limits.ts";
import type { AccountId } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { VenueCharges } from "../fee-schedule.ts";
import type { RiskShard } from "./risk-shard.ts";

/** What the first shard knows: every other has to know the same before it charges. */
export interface KnownCharges {
  readonly tiers: readonly FeeTier[];
  readonly points: readonly (readonly [market: number, SwapPoints])[];
}

export class ChargeKeeper {
  readonly settings: VenueCharges;
  readonly #shard: RiskShard;
  #last: Promise<void> = Promise.resolve();

  constructor(shard: RiskShard, settings: VenueCharges) {
    this.#shard = shard;
    this.settings = settings;
  }

  /** Throws FEE_TIER_REUSED where its number has another content, VALIDATION_FAILED beyond the limit. */
  define(tier: FeeTier): Promise<void> {
    return this.#inTurn(() => this.#define(tier));
  }

  setPoints(market: number, points: SwapPoints): Promise<void> {
    return this.#inTurn(() => this.#setPoints(market, points));
  }

  /**
   * Records what the first shard knows when it is this one's turn: whoever tells several shards of several
   * changes at once leaves all of them with the first one's.
   */
  learn(ask: () => Promise<KnownCharges>): Promise<void> {
    return this.#inTurn(async () => {
      const { tiers, points } = await ask();
      for (const tier of tiers) await this.#define(tier);
      for (const [market, each] of points) await this.#setPoints(market, each);
    });
  }

  /** `tier` undefined: by its volume from here on. Throws FEE_TIER_UNKNOWN. */
  assign(account: AccountId, tier: number | undefined): Promise<void> {
    return this.#inTurn(async () => {
      const { machine, now } = this.#shard;
      const { charges } = machine;
      if (tier !== undefined && !charges.has(tier)) {
        throw new Fault("FEE_TIER_UNKNOWN", `Cannot give fee tier as it must be defined: received ${tier}`);
      }
      const pinned = tier !== undefined;
      const given = tier ?? this.settings.tierFor(charges.volume(account));
      if ((charges.tierOf(account) ?? 0) === given && charges.isPinned(account) === pinned) return;
      await this.#shard.record({ kind: "accountTier", time: now, account, tier: given, pinned });
    });
  }

  async #define({ number, name, groups }: FeeTier): Promise<void> {
    const { machine, now } = this.#shard;
    const known = machine.charges.definition(number);
    if (known === undefined) {
      checkRoom(machine.charges.tiers().length);
      await this.#shard.record({ kind: "feeTier", time: now, number, name, groups });
    } else if (!sameTier(known, { number, name, groups })) {
      throw new Fault(
        "FEE_TIER_REUSED",
        `Cannot define fee tier as its number must be new for another content: received ${number}`,
        { number },
      );
    }
  }

  async #setPoints(market: number, { long, short }: SwapPoints): Promise<void> {
    const { machine, now } = this.#shard;
    const known = machine.charges.pointsSet().get(market);
    if (known?.long === long && known.short === short) return;
    await this.#shard.record({ kind: "swapPoints", time: now, market, long, short });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work, work);
    this.#last = done;
    return done;
  }
}

function checkRoom(tiers: number): void {
  if (tiers < FEE_TIERS_MAX) return;
  const message = `A venue has at most ${FEE_TIERS_MAX} fee tiers`;
  throw new Fault("VALIDATION_FAILED", `Cannot define fee tier: ${message}`, {
    fields: [{ field: "number", message }],
  });
}

/** Throws FEE_TIER_REUSED where a tier of the schedule was recorded with another content. */
export async function beginFirst(charges: ChargeKeeper): Promise<void> {
  for (const tier of charges.settings.tiers) await charges.define(tier);
}
