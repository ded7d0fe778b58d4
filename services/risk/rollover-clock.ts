/**
 * Rolls a shard's positions over at 17:00 in New York: each trade date once, in order, those that were missed
 * while the venue was away too. What has been done stands in the ledger, so a rollover that a crash
 * interrupted goes on behind its last record. A shard's first rollover charges nothing: it says where to
 * begin.
 */
import type { ChargeSettings } from "../../engine/account/charge-desk.ts";
import type { FeeTier } from "../../engine/account/fee-tier.ts";
import { endedSince, tradeDateAt } from "../../engine/calendar/rollover.ts";
import { type AccountId, type Days, milliseconds } from "../../engine/units.ts";
import type { RiskShard } from "./risk-shard.ts";

const TICK_MS = 1_000;
/** How far back to look for the last trade date that has ended: longer than a weekend. */
const WEEK_DAYS = 7;

export class RolloverClock {
  readonly #shard: RiskShard;
  readonly #settings: ChargeSettings;
  readonly #onFailed: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #rolling: Promise<void> | undefined;

  constructor(shard: RiskShard, settings: ChargeSettings, onFailed: (error: unknown) => void) {
    this.#shard = shard;
    this.#settings = settings;
    this.#onFailed = onFailed;
  }

  /** Defines the tiers that the ledger doesn't know, does what was missed, and goes on by the clock. */
  async start(tiers: readonly FeeTier[]): Promise<void> {
    const { machine } = this.#shard;
    for (const { number, name, groups } of tiers) {
      if (machine.charges.has(number)) continue;
      await this.#shard.record({ kind: "feeTier", time: this.#shard.now, number, name, groups });
    }
    await this.tick();
    this.#timer = setInterval(() => void this.tick().catch(this.#onFailed), TICK_MS);
  }

  /** Gives a client's new account the tier that it begins with. */
  async welcome(account: AccountId): Promise<void> {
    const { machine, now } = this.#shard;
    const tier = this.#settings.tierFor(0n);
    if (tier === 0 || machine.charges.tierOf(account) !== undefined) return;
    await this.#shard.record({ kind: "accountTier", time: now, account, tier, pinned: false });
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#rolling;
  }

  /** Rolls over what has ended; one rollover is under way at a time. */
  tick(): Promise<void> {
    this.#rolling ??= this.#rollOver().finally(() => {
      this.#rolling = undefined;
    });
    return this.#rolling;
  }

  async #rollOver(): Promise<void> {
    const { charges } = this.#shard.machine;
    if (charges.rolled.day === 0) await this.#begin();
    for (let day = this.#due(); day !== undefined; day = this.#due()) {
      for (const record of charges.planRollover(day, this.#shard.now, this.#settings)) {
        await this.#shard.record(record);
      }
    }
  }

  /** The trade date that is under way, else the next that has ended. */
  #due(): Days | undefined {
    const { rolled } = this.#shard.machine.charges;
    return rolled.through === 0 ? endedSince(rolled.day, this.#shard.now, 1)[0] : rolled.day;
  }

  async #begin(): Promise<void> {
    const { now } = this.#shard;
    const today = tradeDateAt(now);
    const ended = endedSince((today - WEEK_DAYS) as Days, milliseconds(now), WEEK_DAYS).at(-1);
    const day = ended ?? today;
    const through = 0 as AccountId;
    await this.#shard.record({ kind: "rollover", time: now, day, through, charges: [], volumes: [] });
  }
}
