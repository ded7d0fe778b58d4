/** A balanced set of postings: what one account gets in it, others give, in each currency. */
import type { Money } from "../units.ts";
import type { LedgerAccount } from "./ledger-account.ts";

export interface Posting {
  readonly to: LedgerAccount;
  readonly currency: string;
  /** What the account gets; negative: what it gives. */
  readonly amount: Money;
}

/** Whether the amounts of each currency sum to zero. Quadratic in the few postings of a set. */
export function isBalanced(postings: readonly Posting[]): boolean {
  return postings.every(({ currency }) => {
    let sum = 0n;
    for (const posting of postings) if (posting.currency === currency) sum += posting.amount;
    return sum === 0n;
  });
}

/** `amount` from one account to another. */
export function payment(
  from: LedgerAccount,
  to: LedgerAccount,
  currency: string,
  amount: bigint,
): readonly Posting[] {
  return [
    { to: from, currency, amount: -amount as Money },
    { to, currency, amount: amount as Money },
  ];
}
