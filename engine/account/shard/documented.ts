/** What happens to a shard's memory when what was taken from its outbox is stored. */
import { type Changes, mayForget } from "./outbox.ts";
import type { ShardState } from "./shard-state.ts";

/** Forgets what is closed and has not changed since. */
export function forgetDocumented(state: ShardState, changes: Omit<Changes, "accounts">): void {
  const { outbox } = state;
  for (const { id, sequence } of changes.orders) {
    const order = state.orders.get(id);
    if (order === undefined) continue;
    order.documentedSequence = Math.max(order.documentedSequence, sequence);
    if (!mayForget(order)) continue;
    state.orders.delete(id);
    state.known(order.account).ids.delete(order.clientOrderId);
    outbox.closedOrders--;
  }
  for (const transaction of changes.transactions) outbox.forgetTransaction(transaction);
  for (const { account, id, sequence } of changes.transfers) {
    const transfers = state.known(account).purse?.transfers;
    const transfer = transfers?.get(id);
    if (transfer === undefined || transfer.status === "pending" || transfer.sequence > sequence) continue;
    transfers?.delete(id);
    outbox.endedTransfers--;
  }
  for (const revocation of changes.revocations) {
    if (!outbox.forgetRevocation(revocation)) continue;
    state.known(revocation.account).ids.delete(revocation.clientOrderId);
  }
}
