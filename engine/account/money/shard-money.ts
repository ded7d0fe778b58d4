/**
 * How money moves in a shard: one client's cash against the shard's account that the cause names, which is
 * the fast path of fills, or a balanced set of postings. What changes a client's cash and reserved money
 * together is a transaction.
 */
import { isBalanced, type Posting } from "../../ledger/posting.ts";
import { type Cause, COUNTERPARTS, PAID_KINDS } from "../../ledger/transaction.ts";
import { type AccountId, assert, type Money } from "../../units.ts";
import type { Account } from "../account.ts";
import type { ShardState } from "../shard/shard-state.ts";

/** Adds to an account's cash. */
export function moveCash(
  state: ShardState,
  account: Account,
  currency: string,
  amount: bigint,
  cause: Cause,
): void {
  account.balances.set(currency, account.balance(currency) + amount);
  state.books.add(COUNTERPARTS[cause.kind], currency, -amount);
  addMovement(state, account, currency, amount, cause);
}

/** Each account of the set is touched once. */
export function postSet(state: ShardState, postings: readonly Posting[], cause: Cause): void {
  assert(isBalanced(postings), "the postings of a set sum to zero in each currency");
  const accounts = new Set<AccountId>();
  for (const { to, currency, amount } of postings) {
    if (typeof to === "string") {
      state.books.add(to, currency, amount);
      continue;
    }
    const account = state.known(to.account);
    accounts.add(account.id);
    if (to.part === "reserved") account.openPurse.reserve(currency, amount);
    else account.balances.set(currency, account.balance(currency) + amount);
  }
  for (const id of accounts) {
    const account = state.known(id);
    state.touch(account);
    const moved = postings.filter(({ to }) => typeof to !== "string" && to.account === id);
    for (const currency of new Set(moved.map(posting => posting.currency))) {
      const sum = moved.reduce((sum, each) => sum + (each.currency === currency ? each.amount : 0n), 0n);
      addMovement(state, account, currency, sum, cause);
    }
  }
}

function addMovement(
  state: ShardState,
  account: Account,
  currency: string,
  amount: bigint,
  cause: Cause,
): void {
  if (account.liquidity || amount === 0n) return;
  const { kind, market, sequence, part, time, orderId } = cause;
  if (PAID_KINDS.has(kind)) account.watched().pay(currency, amount);
  const from = { kind, market, sequence, part, time, account: account.id, currency, amount: amount as Money };
  state.log.add(account, orderId === undefined ? from : { ...from, orderId });
}
