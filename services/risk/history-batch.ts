/**
 * What a shard's changes are as documents. The same for a shard that lives and for one that is made anew from
 * its journals, so that documents can be rebuilt and compared.
 */
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import type { Changes } from "../../engine/account/shard/outbox.ts";
import type { Instrument } from "../../engine/instrument.ts";
import type { HistoryBatch } from "../../models/history.model.ts";
import { viewAccountDocument, viewTransaction } from "../orders/account-view.ts";
import { viewTransfer } from "../orders/transfer-view.ts";

/** What changed several times is written once, as it is now. */
export function historyBatch(
  machine: AccountMachine,
  instruments: readonly Instrument[],
  pending: readonly Changes[],
): HistoryBatch {
  const newest = new Map(pending.flatMap(({ orders }) => orders.map(order => [order.id, order])));
  const touched = new Set(pending.flatMap(({ accounts }) => accounts));
  return {
    orders: [...newest.values()],
    transactions: pending.flatMap(({ transactions }) => transactions.map(viewTransaction)),
    transfers: pending.flatMap(({ transfers }) => transfers.map(viewTransfer)),
    accounts: [...touched].map(account => viewAccountDocument(machine, instruments, account)),
    revoked: pending.flatMap(({ revocations }) =>
      revocations.map(({ account, clientOrderId }) => ({ accountId: String(account), clientOrderId })),
    ),
  };
}
