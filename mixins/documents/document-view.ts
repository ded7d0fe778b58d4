/** The order documents as they lie there, for those who only look. A store of before may lack a part. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { isOpen, type OrderState } from "../../engine/account/order/order.ts";
import { decodeOrder } from "../../engine/account/order/order-record.ts";
import type { AccountDocument, TransactionView } from "../../models/account.model.ts";
import type { TransferView } from "../../models/transfer.model.ts";
import {
  DATABASES_MAX,
  type DocumentDatabases,
  documentDatabases,
  orderKey,
  transactionKey,
} from "./document-databases.ts";

export class DocumentView {
  readonly #root: RootDatabase;
  readonly #stored: Partial<DocumentDatabases>;

  private constructor(root: RootDatabase) {
    this.#root = root;
    this.#stored = documentDatabases(root);
  }

  /** Undefined where there are none. */
  static async open(directory: string): Promise<DocumentView | undefined> {
    const path = join(directory, "orders");
    try {
      await access(join(path, "data.mdb"));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
    return new DocumentView(open({ path, maxDbs: DATABASES_MAX, noSubdir: false, readOnly: true }));
  }

  order(id: number): OrderState | undefined {
    const bytes = this.#stored.orders?.get(id);
    return bytes === undefined ? undefined : decodeOrder(bytes);
  }

  /** The order's bytes as stored. */
  orderBytes(id: number): Uint8Array | undefined {
    return this.#stored.orders?.get(id);
  }

  /** What a client order id leads to: an order's id, or 0 where it was given up. */
  clientOrder(account: number, clientOrderId: string): number | undefined {
    return this.#stored.clientIds?.get([account, clientOrderId]);
  }

  /** Whether the lists by account have the order where they should, and only there. */
  isListed(order: OrderState): boolean {
    const key = orderKey(order);
    const open = this.#stored.open?.get(key) === true;
    return this.#stored.byAccount?.get(key) === true && open === isOpen(order);
  }

  transaction(view: TransactionView): TransactionView | undefined {
    return this.#stored.transactions?.get(transactionKey(view));
  }

  transfer(account: number, id: string): TransferView | undefined {
    return this.#stored.transfers?.get([account, id]);
  }

  account(account: number): AccountDocument | undefined {
    return this.#stored.accounts?.get(account);
  }

  orderIds(): Iterable<number> {
    return this.#stored.orders?.getKeys() ?? [];
  }

  accountIds(): Iterable<number> {
    return this.#stored.accounts?.getKeys() ?? [];
  }

  /** How many transactions each account has. */
  transactionCounts(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const [account] of this.#stored.transactions?.getKeys() ?? []) {
      counts.set(account, (counts.get(account) ?? 0) + 1);
    }
    return counts;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}
