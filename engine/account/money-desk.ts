/** What may be asked of a shard about money: balances, and the sums that must be zero. */
import type { AccountId, Money } from "../units.ts";
import { type Clearing, clearingOf, totals } from "./shard-check.ts";
import type { ShardState } from "./shard-state.ts";
import { balancesOf, type CurrencyBalance } from "./valuation.ts";

export class MoneyDesk {
  readonly #state: ShardState;

  constructor(state: ShardState) {
    this.#state = state;
  }

  balances(account: AccountId): CurrencyBalance[] {
    return balancesOf(this.#state.known(account), this.#state.conversion);
  }

  /** Σ all ledger accounts per currency, clients' and the shard's own: each is zero. */
  totals(): Map<string, Money> {
    return totals(this.#state);
  }

  /** What fills have moved with what positions cost, and what is on its way between shards, per currency. */
  clearing(): Map<string, Clearing> {
    return clearingOf(this.#state);
  }
}
