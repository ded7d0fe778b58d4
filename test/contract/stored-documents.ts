/** Documents as tests store them: orders, transactions, transfers and accounts of account 1001. */
import type { OrderState } from "../../engine/account/order/order.ts";
import { accountId, lots, milliseconds, money, orderId, ticks } from "../../engine/units.ts";
import type { AccountDocument, TransactionView } from "../../models/account.model.ts";
import type { HistoryBatch } from "../../models/history.model.ts";
import type { TransferView } from "../../models/transfer.model.ts";

export const START = 1_700_000_000_000;

export function order(id: number, changes: Partial<OrderState> = {}): OrderState {
  const time = milliseconds(START + id);
  return {
    id: orderId(id),
    clientOrderId: `client-${id}`,
    account: accountId(1001),
    market: 1,
    side: "buy",
    type: "limit",
    timeInForce: "GTC",
    postOnly: false,
    liquidity: false,
    lots: lots(1),
    ticks: ticks(110_500),
    filledLots: lots(0),
    filledValue: 0n,
    status: "open",
    fills: [],
    sequence: 1,
    createdAt: time,
    updatedAt: time,
    requestedLots: lots(1),
    requestedTicks: ticks(110_500),
    ...changes,
  };
}

/** One with a fill whose figures no double holds. */
export function filledOrder(id: number): OrderState {
  const size = lots(Number.MAX_SAFE_INTEGER);
  return order(id, {
    lots: size,
    filledLots: size,
    requestedLots: size,
    filledValue: 2n ** 96n + 1n,
    status: "filled",
    sequence: 9,
    fills: [
      {
        ...{ sequence: 9, time: milliseconds(START), ticks: ticks(110_500), lots: size, role: "taker" },
        counterOrderId: orderId(7),
        fee: money(-(2n ** 80n) - 1n),
      },
    ],
    fees: { tier: 1, makerLots: 3, makerValue: 2n ** 70n, paid: -(2n ** 80n) - 1n },
  });
}

/** Three are booked within each millisecond. */
export function transaction(sequence: number, changes: Partial<TransactionView> = {}): TransactionView {
  const time = new Date(START + Math.floor(sequence / 3)).toISOString();
  return {
    id: String(sequence),
    accountId: "1001",
    kind: "deposit",
    currency: "USD",
    amount: "1.00",
    balanceAfter: `${sequence}.00`,
    sequence,
    time,
    bookedAt: time,
    ...changes,
  };
}

export function transfer(id: string, changes: Partial<TransferView> = {}): TransferView {
  const time = new Date(START).toISOString();
  return {
    id,
    accountId: "1001",
    status: "pending",
    legs: [
      {
        ...{ kind: "deposit", debit: "external", credit: "1001", currency: "USD" },
        amount: "123456789012345678901234567890.12345678",
      },
    ],
    settledAmount: "0.00",
    createdAt: time,
    updatedAt: time,
    sequence: 1,
    ...changes,
  };
}

export function account(version: number, total: string, accountId = "1001"): AccountDocument {
  return { accountId, version, balances: [{ currency: "USD", total }], positions: [] };
}

export function batch(parts: Partial<HistoryBatch>): HistoryBatch {
  return { orders: [], transactions: [], transfers: [], accounts: [], revoked: [], ...parts };
}
