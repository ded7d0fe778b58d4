/**
 * Rolls a shard's positions over at 17:00 in New York: each trade date once, in order, those that were missed
 * while the venue was away too. What has been done stands in the ledger, so a rollover that a crash
 * interrupted goes on behind its last record. A shard's first rollover charges nothing: it says where to
 * begin. A venue that neither its settings nor a record let charge rolls nothing over.
 */
import type { ChargeSettings } from "../../engine/account/charge/charge-desk.ts";
import { endedSince, tradeDateAt } from "../../engine/calendar/rollover.ts";
import { type AccountId, type Days, milliseconds } from "../../engine/units.ts";
import type { Cancel } from "../../mixins/clock.ts";
import type { RiskShard } from "./risk-shard.ts";

const TICK_MS = 1_000;
/** How far back to look for the last trade date that has ended: longer than a weekend. */
const WEEK_DAYS = 7;
/** Accounts that get their tier in one turn at a start. */
const ACCOUNTS_A_TURN = 1_000;

export class RolloverClock {
  readonly #shard: RiskShard;
  readonly #settings: ChargeSettings;
  readonly #onFailed: (error: unknown) => void;
  #timer: Cancel | undefined;
  #rolling: Promise<void> | undefined;

  constructor(shard: RiskShard, settings: ChargeSettings, onFailed: (error: unknown) => void) {
    this.#shard = shard;
    this.#settings = settings;
    this.#onFailed = onFailed;
  }

  /** Does what was missed, gives each client the tier of its volume, and goes on by the clock. */
  async start(): Promise<void> {
    await this.tick();
    const { machine } = this.#shard;
    const misplaced = machine.charges.misplaced(this.#settings);
    for (let from = 0; from < misplaced.length; from += ACCOUNTS_A_TURN) {
      const turn = misplaced.slice(from, from + ACCOUNTS_A_TURN);
      await Promise.all(turn.map(([account, tier]) => this.#place(account, tier)));
    }
    this.#timer = this.#shard.timers.every(TICK_MS, () => void this.tick().catch(this.#onFailed));
  }

  /** Gives a client's new account the tier that it begins with. */
  async welcome(account: AccountId): Promise<void> {
    const tier = this.#settings.tierFor(0n);
    if (tier === 0 || this.#shard.machine.charges.tierOf(account) !== undefined) return;
    await this.#place(account, tier);
  }

  async stop(): Promise<void> {
    this.#timer?.();
    // What went wrong is told to whoever began it.
    await Promise.allSettled([this.#rolling]);
  }

  /** Rolls over what has ended; one rollover is under way at a time. */
  tick(): Promise<void> {
    this.#rolling ??= this.#rollOver().finally(() => {
      this.#rolling = undefined;
    });
    return this.#rolling;
  }

  async #place(account: AccountId, tier: number): Promise<void> {
    await this.#shard.record({
      kind: "accountTier",
      time: this.#shard.now,
      ...{ account, tier, pinned: false },
    });
  }

  async #rollOver(): Promise<void> {
    const { charges } = this.#shard.machine;
    const { points, swapFree } = this.#settings;
    if (!charges.isSet && points.size === 0 && swapFree.size === 0) return;
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
