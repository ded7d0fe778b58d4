/** What a trading day has won, in home money: equity less what it began with and what was paid in since. */
import type { Milliseconds, Money } from "../../units.ts";
import type { Account } from "../account.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { type Conversion, convertDown } from "./conversion.ts";
import { equityOf } from "./valuation.ts";

/** Paid in less paid out since the newest baseline; undefined where a mark is missing. */
export function paidSince({ watch, currency: home }: Account, conversion: Conversion): bigint | undefined {
  let paid = 0n;
  for (const [currency, amount] of watch?.paidSince() ?? []) {
    const rate = conversion.rate(currency, home);
    if (rate === undefined) return undefined;
    paid += convertDown(amount, rate);
  }
  return paid;
}

/** Realised and open profit of the day of `at`; undefined without its baseline, or without a mark. */
export function dayProfitOf(state: ShardState, account: Account, at: Milliseconds): Money | undefined {
  const { watch } = account;
  if (watch === undefined || watch.baselineDay !== state.days.of(at)) return undefined;
  const equity = equityOf(account, state.conversion, state.marks);
  const paid = paidSince(account, state.conversion);
  if (equity === undefined || paid === undefined) return undefined;
  return (equity - watch.baseline - paid) as Money;
}
