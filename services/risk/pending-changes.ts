/** What waits to be stored: made one, as each thing is stored as it is now, and divided into batches. */
import type { Changes } from "../../engine/account/shard/outbox.ts";

/** Orders or transactions of one batch. */
const BATCH_MAX = 16_384;

/** Later ones take the place of earlier ones. */
export function mergeChanges(pending: readonly Changes[]): Changes {
  const [only] = pending;
  if (pending.length === 1 && only !== undefined) return only;
  const orders = new Map(pending.flatMap(changes => changes.orders.map(order => [order.id, order])));
  const transfers = new Map(
    pending.flatMap(changes =>
      changes.transfers.map(transfer => [`${transfer.account}:${transfer.id}`, transfer]),
    ),
  );
  return {
    orders: [...orders.values()],
    transactions: pending.flatMap(({ transactions }) => transactions),
    revocations: pending.flatMap(({ revocations }) => revocations),
    transfers: [...transfers.values()],
    accounts: [...new Set(pending.flatMap(({ accounts }) => accounts))],
  };
}

/** The same, at most BATCH_MAX of each kind together. */
export function* splitChanges(changes: Changes): Iterable<Changes> {
  const { orders, transactions, revocations, transfers, accounts } = changes;
  const all = [orders, transactions, revocations, transfers, accounts];
  const length = Math.max(...all.map(each => each.length));
  for (let from = 0; from < length; from += BATCH_MAX) {
    const until = from + BATCH_MAX;
    yield {
      orders: orders.slice(from, until),
      transactions: transactions.slice(from, until),
      revocations: revocations.slice(from, until),
      transfers: transfers.slice(from, until),
      accounts: accounts.slice(from, until),
    };
  }
}
