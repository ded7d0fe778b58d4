/**
 * What a shard's owner asks about guards and margins: what its monitor has found, what a close-out does next,
 * what a day begins with, whom which limits bind. It changes nothing; what follows is recorded first.
 */
import type { AccountId, Milliseconds, Money } from "../../units.ts";
import { dayProfitOf } from "../position/day-profit.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { baselineOf, type CloseOutStep, nextStep } from "./close-out.ts";
import { type AccessRight, accessOf, type Baseline, type Guard, type RecordBaselines } from "./guard.ts";
import { type Levels, levelsOf } from "./margin-levels.ts";
import { type Finding, MarginMonitor } from "./margin-monitor.ts";

/** Accounts whose baselines one record holds. */
const BASELINES_A_RECORD = 500;

export interface MarginStanding {
  readonly levels: Levels;
  readonly state: "normal" | "marginCall" | "closeOut";
}

export class Guardian {
  readonly #state: ShardState;
  readonly monitor: MarginMonitor;

  constructor(state: ShardState) {
    this.#state = state;
    this.monitor = new MarginMonitor(state);
  }

  look(at: Milliseconds, accountsMaximum?: number): Finding[] {
    return this.monitor.look(at, accountsMaximum);
  }

  /** How old a side of a mark may be to decide by; 0 for as old as it gets. */
  limitMarkAge(market: number, ageMaximum: Milliseconds): void {
    this.#state.marks.limitAge(market, ageMaximum);
  }

  /** Ledger sequence at which an account's close-out began that has not ended. */
  closingSince(account: AccountId): number | undefined {
    return this.#state.known(account).watch?.closeOut;
  }

  /** Undefined where a mark is missing or too old. */
  nextStep(account: AccountId, at: Milliseconds): CloseOutStep | undefined {
    return nextStep(this.#state, this.#state.known(account), at);
  }

  /** At which levels an account is called and closed out, and whether either has begun. */
  standingOf(account: AccountId): MarginStanding {
    const known = this.#state.known(account);
    const levels = levelsOf(this.#state.guardsOf(known));
    const { closeOut, calledPerMille } = known.watch ?? {};
    const called = calledPerMille === undefined ? "normal" : "marginCall";
    return { levels, state: closeOut === undefined ? called : "closeOut" };
  }

  /** What the day of `at` has won; undefined without its baseline, or without a mark. */
  dayProfit(account: AccountId, at: Milliseconds): Money | undefined {
    return dayProfitOf(this.#state, this.#state.known(account), at);
  }

  /** Markets in which the account has open orders. */
  marketsOfOrders(account: AccountId): number[] {
    return [...new Set([...this.#state.known(account).open.values()].map(({ market }) => market))];
  }

  guards(): { readonly venue: Guard | undefined; readonly groups: ReadonlyMap<string, Guard> } {
    return this.#state.guards;
  }

  guardOf(account: AccountId): Guard | undefined {
    return this.#state.known(account).guard;
  }

  accessOf(account: AccountId): AccessRight {
    return accessOf(this.#state.guardsOf(this.#state.known(account)));
  }

  /** Ledger sequences of the newest changes of guards, ascending. */
  get changes(): readonly number[] {
    return this.#state.guards.changes;
  }

  /**
   * Baselines of the clients that have none of this day yet, in parts of a record each. An account that can't
   * be valued keeps the one before.
   */
  baselines(at: Milliseconds): RecordBaselines[] {
    const day = this.#state.days.of(at);
    if (day <= this.#state.guards.day) return [];
    const baselines: Baseline[] = [];
    for (const account of this.#state.accounts.values()) {
      if (account.liquidity || (account.watch?.baselineDay ?? 0) >= day) continue;
      const baseline = baselineOf(this.#state, account, at);
      if (baseline !== undefined) baselines.push(baseline);
    }
    const parts: RecordBaselines[] = [];
    for (let from = 0; from < baselines.length; from += BASELINES_A_RECORD) {
      const until = from + BASELINES_A_RECORD;
      const last = until >= baselines.length;
      parts.push({ kind: "baselines", time: at, day, last, baselines: baselines.slice(from, until) });
    }
    return parts;
  }
}
