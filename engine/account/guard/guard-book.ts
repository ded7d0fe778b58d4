/** The guards that bind accounts of a shard, and where the ledger tells of their newest changes. */
import type { Account } from "../account.ts";
import type { Guard, SetGuard } from "./guard.ts";

/** Changes that operators can look up. */
const CHANGES_KEPT = 1_000;
const NONE: readonly Guard[] = [];

export class GuardBook {
  venue: Guard | undefined;
  /** The newest day whose baselines were recorded; 0 for none. */
  day = 0;
  readonly groups = new Map<string, Guard>();
  /** Ledger sequences of the newest changes, ascending. */
  readonly changes: number[] = [];

  /** All that bind an account, its own first. */
  of({ guard, profile, liquidity }: Account): readonly Guard[] {
    const { venue, groups } = this;
    const { group } = profile;
    if (guard === undefined && venue === undefined && groups.size === 0) return NONE;
    const found = guard === undefined ? [] : [guard];
    if (liquidity) return found;
    const ofGroup = group === "" ? undefined : groups.get(group);
    if (ofGroup !== undefined) found.push(ofGroup);
    if (venue !== undefined) found.push(venue);
    return found;
  }

  /** Puts a guard in place, unless it is one account's own, which keeps it itself. */
  set(sequence: number, { scope, group, guard }: SetGuard): void {
    if (scope === "venue") this.venue = guard;
    if (scope === "group") this.groups.set(group, guard);
    this.changes.push(sequence);
    if (this.changes.length > CHANGES_KEPT) this.changes.shift();
  }
}
