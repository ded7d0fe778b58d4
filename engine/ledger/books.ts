/** The balances of a shard's own ledger accounts, by account and currency. */
import { SHARD_ACCOUNTS, type ShardAccount } from "./ledger-account.ts";

export class Books {
  readonly #balances: ReadonlyMap<ShardAccount, Map<string, bigint>> = new Map(
    SHARD_ACCOUNTS.map(account => [account, new Map<string, bigint>()]),
  );

  add(account: ShardAccount, currency: string, amount: bigint): void {
    const balances = this.#balances.get(account);
    balances?.set(currency, (balances.get(currency) ?? 0n) + amount);
  }

  balance(account: ShardAccount, currency: string): bigint {
    return this.#balances.get(account)?.get(currency) ?? 0n;
  }

  /** Every currency that the account has ever had, some at zero. */
  *of(account: ShardAccount): Iterable<readonly [currency: string, amount: bigint]> {
    yield* this.#balances.get(account) ?? [];
  }

  /** Σ over the accounts, per currency. */
  sums(): Map<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const balances of this.#balances.values()) {
      for (const [currency, amount] of balances) sums.set(currency, (sums.get(currency) ?? 0n) + amount);
    }
    return sums;
  }
}
