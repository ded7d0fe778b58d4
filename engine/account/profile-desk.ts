/**
 * Decides whether an account could carry another leverage and margin mode, and knows whose change is on its
 * way to the ledger. From the decision to the record nothing else of the account may be decided that needs
 * margin: so a tighter profile counts from the decision on, a looser one from its record.
 */
import type { Rejection } from "../rejection.ts";
import { type AccountId, assert, type Milliseconds, type Money } from "../units.ts";
import { missing } from "./guard/guard-checks.ts";
import { levelsOf, perMilleOf } from "./guard/margin-levels.ts";
import { marginUsed } from "./position/margin.ts";
import { equityOf } from "./position/valuation.ts";
import type { ChangeProfile } from "./profile.ts";
import type { ShardState } from "./shard/shard-state.ts";

/** Why not, with the account as it would be: money in home currency, levels in per mille. */
export interface ProfileRefusal {
  readonly rejection: Rejection;
  readonly figures?: {
    readonly equity: Money;
    readonly marginUsed: Money;
    readonly perMille: number;
    readonly callPerMille: number;
  };
}

export class ProfileDesk {
  readonly #state: ShardState;
  /** Bounded by the ledger's mailbox. */
  readonly #underWay = new Set<AccountId>();

  constructor(state: ShardState) {
    this.#state = state;
  }

  /** A change is decided and not recorded yet. */
  isChanging(account: AccountId): boolean {
    return this.#underWay.has(account);
  }

  /** Refuses what would put the account's margin level under its call level; orders on their way count. */
  refusal(
    { account: id, leverage, ...profile }: ChangeProfile,
    at: Milliseconds,
  ): ProfileRefusal | undefined {
    const state = this.#state;
    const { conversion, marks } = state;
    const account = state.known(id);
    const { currency, exposures } = account;
    marks.lookFrom(at);
    const used = marginUsed({ currency, exposures, leverage, profile }, conversion);
    const equity = used === 0n ? 0n : equityOf(account, conversion, marks);
    const unknown = used === undefined || equity === undefined ? missing(state, undefined) : undefined;
    marks.lookFrom(undefined);
    if (used === undefined || equity === undefined) return unknown && { rejection: unknown };
    const { call: callPerMille } = levelsOf(state.guardsOf(account));
    const perMille = perMilleOf(equity, used);
    if (perMille >= callPerMille) return undefined;
    const money = { equity: equity as Money, marginUsed: used as Money };
    return { rejection: "marginInsufficient", figures: { ...money, perMille, callPerMille } };
  }

  hold(account: AccountId): void {
    assert(!this.#underWay.has(account), "one change of a profile is under way at a time");
    this.#underWay.add(account);
  }

  /** It is recorded, or never will be. */
  release(account: AccountId): void {
    this.#underWay.delete(account);
  }
}
