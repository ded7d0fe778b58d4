/** Documents that a crash has kept from being written: a shard knows which, and writes them as it starts. */
import type { Changes } from "../../engine/account/shard/outbox.ts";

export type Stored = Omit<Changes, "accounts">;

/** What a shard's next start writes anyway. */
export class Pending {
  readonly #orders: ReadonlySet<number>;
  readonly #transactions: ReadonlySet<string>;
  readonly #transfers: ReadonlySet<string>;
  readonly #revoked: ReadonlySet<string>;

  /** `changes`: of a machine that was restored and has heard everything since. */
  constructor({ orders, transactions, transfers, revocations }: Stored) {
    this.#orders = new Set(orders.map(({ id }) => id));
    this.#transactions = new Set(transactions.map(({ account, id }) => `${account} ${id}`));
    this.#transfers = new Set(transfers.map(({ account, id }) => `${account} ${id}`));
    this.#revoked = new Set(revocations.map(({ account, clientOrderId }) => `${account} ${clientOrderId}`));
  }

  hasOrder(id: number): boolean {
    return this.#orders.has(id);
  }

  hasTransaction(account: string, id: string): boolean {
    return this.#transactions.has(`${account} ${id}`);
  }

  hasTransfer(account: string, id: string): boolean {
    return this.#transfers.has(`${account} ${id}`);
  }

  hasRevoked(account: number, clientOrderId: string): boolean {
    return this.#revoked.has(`${account} ${clientOrderId}`);
  }
}

export const NOTHING_PENDING = new Pending({ orders: [], transactions: [], transfers: [], revocations: [] });
