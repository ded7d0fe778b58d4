/** A transfer as the API shows it. */
import type { TransferState } from "../../engine/ledger/transfer.ts";
import type { TransferView } from "../../models/transfer.model.ts";
import { formatMoney } from "./money-text.ts";
import { timeText } from "./order-view.ts";

export function viewTransfer(transfer: TransferState): TransferView {
  const { destination, timeoutAt, rate, reference, by, endedBy, reason } = transfer;
  return {
    id: transfer.id,
    accountId: String(transfer.account),
    status: transfer.status,
    legs: transfer.legs.map(({ kind, debit, credit, currency, amount }) => {
      return { kind, debit: String(debit), credit: String(credit), currency, amount: formatMoney(amount) };
    }),
    settledAmount: formatMoney(transfer.settledAmount),
    ...(timeoutAt === 0 ? {} : { timeoutAt: timeText(timeoutAt) }),
    ...(rate === "" ? {} : { rate }),
    ...(destination === 0 ? {} : { destinationId: String(destination) }),
    ...(reference === "" ? {} : { reference }),
    ...(by === "" ? {} : { askedBy: by }),
    ...(endedBy === "" ? {} : { endedBy }),
    ...(reason === "" ? {} : { reason }),
    createdAt: timeText(transfer.createdAt),
    updatedAt: timeText(transfer.updatedAt),
    sequence: transfer.sequence,
  };
}
