/**
 * The documents of the venue as a store that outlives its processes: what was saved is there for every node
 * at once, a larger sequence or version replaces a smaller one.
 */
import type { OrderState } from "../../engine/account/order/order.ts";
import type { AccountDocument } from "../../models/account.model.ts";
import type { HistoryBatch } from "../../models/history.model.ts";
import type { TransferView } from "../../models/transfer.model.ts";

export class DocumentServer {
  readonly #orders = new Map<string, OrderState>();
  /** By account and client order id: the order's id, or "revoked". */
  readonly #clientIds = new Map<string, string>();
  readonly #accounts = new Map<string, AccountDocument>();
  readonly #transfers = new Map<string, TransferView>();

  save(batch: HistoryBatch): void {
    for (const order of batch.orders) {
      const id = String(order.id);
      if ((this.#orders.get(id)?.sequence ?? -1) >= order.sequence) continue;
      this.#orders.set(id, order);
      this.#clientIds.set(`${order.account}:${order.clientOrderId}`, id);
    }
    for (const { accountId, clientOrderId } of batch.revoked) {
      const key = `${accountId}:${clientOrderId}`;
      if (!this.#clientIds.has(key)) this.#clientIds.set(key, "revoked");
    }
    for (const account of batch.accounts) {
      const stored = this.#accounts.get(account.accountId);
      if ((stored?.version ?? -1) < account.version) this.#accounts.set(account.accountId, account);
    }
    for (const transfer of batch.transfers) {
      const key = `${transfer.accountId}:${transfer.id}`;
      if ((this.#transfers.get(key)?.sequence ?? -1) < transfer.sequence) this.#transfers.set(key, transfer);
    }
  }

  orderById(id: string): OrderState | undefined {
    return this.#orders.get(id);
  }

  orderByClientId(account: string, clientOrderId: string): OrderState | "revoked" | undefined {
    const id = this.#clientIds.get(`${account}:${clientOrderId}`);
    return id === undefined || id === "revoked" ? id : this.#orders.get(id);
  }

  account(account: string): AccountDocument | undefined {
    return this.#accounts.get(account);
  }

  transfer(account: string, id: string): TransferView | undefined {
    return this.#transfers.get(`${account}:${id}`);
  }
}
