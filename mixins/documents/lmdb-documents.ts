/**
 * Clients' orders, transactions, balances and positions on disk, in LMDB: read without a wait, found by id,
 * by client order id, and per account, newest first. What is not read costs no memory of the process,
 * however many there are.
 *
 * Invariants: a batch is one LMDB transaction, synced to disk when `save` resolves. Batches are written one
 * after another. A larger `sequence` of an order, or `version` of an account, replaces a smaller one, never
 * the other way, so a batch may be written again. A client order id leads to one order of its account or
 * says "revoked", for ever. Worst case: a list of closed orders reads past the open ones; one batch holds
 * the next one back by its sync to disk; pages of the file that were read count as resident until the system
 * wants the memory.
 */
import { mkdir } from "node:fs/promises";
import { open, type RootDatabase } from "lmdb";
import { isOpen, type OrderState } from "../../engine/account/order/order.ts";
import { decodeOrder, encodeOrder } from "../../engine/account/order/order-record.ts";
import { ByteWriter } from "../../engine/bytes.ts";
import type { AccountDocument } from "../../models/account.model.ts";
import type { HistoryBatch } from "../../models/history.model.ts";
import { Fault } from "../fault.ts";
import { committed } from "../lmdb-commit.ts";
import {
  type ClientKey,
  DATABASES_MAX,
  type DocumentDatabases,
  documentDatabases,
  orderKey,
} from "./document-databases.ts";
import { type Documents, newestAccounts, newestOf, type OrderQuery, SAVES_WAITING_MAX } from "./documents.ts";
import { LmdbMoney } from "./lmdb-money.ts";
import { cursorInvalid, type Page } from "./page.ts";

/** Stands for an order id where a client order id was given up for ever. */
const REVOKED = 0;

export class LmdbDocuments implements Documents {
  readonly #root: RootDatabase;
  readonly #stored: DocumentDatabases;
  readonly money: LmdbMoney;
  readonly #writer = new ByteWriter();
  #waiting = 0;
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(root: RootDatabase) {
    this.#root = root;
    this.#stored = documentDatabases(root);
    this.money = new LmdbMoney(this.#stored);
  }

  static async open(directory: string): Promise<LmdbDocuments> {
    const path = `${directory}/orders`;
    await mkdir(path, { recursive: true, mode: 0o700 });
    // Without overlappingSync a commit is on disk before it is said to be done.
    return new LmdbDocuments(open({ path, maxDbs: DATABASES_MAX, overlappingSync: false, noSubdir: false }));
  }

  /** Writes all of the batch or none of it; durable when it resolves. May be repeated. */
  async save(batch: HistoryBatch): Promise<void> {
    if (this.#waiting >= SAVES_WAITING_MAX) {
      throw new Fault("MAILBOX_FULL", `Cannot save documents as ${SAVES_WAITING_MAX} batches wait already`);
    }
    this.#waiting++;
    const saved = this.#tail.then(() => this.#write(batch));
    // Only the order matters to the next batch: this one's failure is told to this one's caller.
    const ended = () => {
      this.#waiting--;
    };
    this.#tail = saved.then(ended, ended);
    await saved;
  }

  async #write(batch: HistoryBatch): Promise<void> {
    const writes: Promise<unknown>[] = [];
    const transaction = this.#root.batch(() => {
      for (const order of newestOf(batch.orders, ({ id }) => id)) this.#put(order, writes);
      for (const { accountId, clientOrderId } of batch.revoked) {
        const key: ClientKey = [Number(accountId), clientOrderId];
        if (this.#stored.clientIds.get(key) === undefined)
          writes.push(this.#stored.clientIds.put(key, REVOKED));
      }
      for (const account of newestAccounts(batch.accounts)) {
        const key = Number(account.accountId);
        const stored = this.#stored.accounts.get(key);
        if ((stored?.version ?? -1) < account.version) writes.push(this.#stored.accounts.put(key, account));
      }
      this.money.put(batch, writes);
    });
    await committed(transaction, writes);
  }

  #put(order: OrderState, writes: Promise<unknown>[]): void {
    const { id } = order;
    const stored = this.#order(id);
    if (stored !== undefined && stored.sequence >= order.sequence) return;
    const key = orderKey(order);
    writes.push(this.#stored.orders.put(id, encodeOrder(this.#writer, order)));
    if (stored === undefined) {
      writes.push(this.#stored.clientIds.put([key[0], order.clientOrderId], id));
      writes.push(this.#stored.byAccount.put(key, true));
    }
    if (isOpen(order)) writes.push(this.#stored.open.put(key, true));
    else if (stored !== undefined && isOpen(stored)) writes.push(this.#stored.open.remove(key));
  }

  get orderCount(): number {
    return this.#stored.orders.getCount();
  }

  orderById(id: string): OrderState | undefined {
    const number = Number(id);
    return Number.isSafeInteger(number) ? this.#order(number) : undefined;
  }

  orderByClientId(account: string, clientOrderId: string): OrderState | "revoked" | undefined {
    const id = this.#stored.clientIds.get([Number(account), clientOrderId]);
    if (id === undefined) return undefined;
    return id === REVOKED ? "revoked" : this.#order(id);
  }

  list(query: OrderQuery): Page<OrderState> {
    const { account, status, limit, cursor } = query;
    const after = cursor === undefined ? undefined : this.orderById(cursor);
    if (cursor !== undefined && String(after?.account) !== account) throw cursorInvalid();
    const index = status === "open" ? this.#stored.open : this.#stored.byAccount;
    const items: OrderState[] = [];
    const range = {
      start: after === undefined ? [Number(account) + 1] : orderKey(after),
      end: [Number(account)],
    };
    for (const [owner, , id] of index.getKeys({ ...range, reverse: true })) {
      if (owner !== Number(account) || id === Number(cursor)) continue;
      const order = this.#order(id);
      if (order === undefined || (status === "closed" && isOpen(order))) continue;
      const last = items.at(-1);
      if (items.length === limit && last !== undefined) return { items, nextCursor: String(last.id) };
      items.push(order);
    }
    return { items };
  }

  account(account: string): AccountDocument | undefined {
    return this.#stored.accounts.get(Number(account));
  }

  accountVersions(accounts: readonly string[]): Map<string, number> {
    const stored = accounts.map(id => [id, this.account(id)?.version] as const);
    return new Map(stored.flatMap(([id, version]) => (version === undefined ? [] : [[id, version]])));
  }

  #order(id: number): OrderState | undefined {
    const bytes = this.#stored.orders.get(id);
    return bytes === undefined ? undefined : decodeOrder(bytes);
  }

  async close(): Promise<void> {
    await this.#tail;
    await this.#root.close();
  }
}
