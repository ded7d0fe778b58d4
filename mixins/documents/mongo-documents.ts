/**
 * Clients' orders, transactions, balances and positions in MongoDB, of all nodes of a cluster.
 *
 * MongoDB is used without transactions, which not every server of its protocol has: each document is written
 * by itself, so a batch that fails half way is there in part, and is written again. Admitted worst case: a
 * read that meets a former primary, cut off a moment ago, may be older than what the new one has.
 */
import type { Model } from "mongoose";
import { isOpen, type OrderState } from "../../engine/account/order/order.ts";
import { decodeOrder, encodeOrder } from "../../engine/account/order/order-record.ts";
import { ByteWriter } from "../../engine/bytes.ts";
import type { AccountDocument } from "../../models/account.model.ts";
import type { HistoryBatch, RevokedId } from "../../models/history.model.ts";
import { ACCOUNT_SCHEMA, type StoredAccount } from "../../models/stored-money.model.ts";
import {
  ORDER_SCHEMA,
  REVOCATION_SCHEMA,
  type StoredOrder,
  type StoredRevocation,
} from "../../models/stored-order.model.ts";
import { Fault } from "../fault.ts";
import { type Documents, newestAccounts, newestOf, type OrderQuery, SAVES_WAITING_MAX } from "./documents.ts";
import { LOOK_UP_MS, type MongoConnection } from "./mongo-connection.ts";
import { MongoMoney } from "./mongo-money.ts";
import { insertNew, putNewest } from "./mongo-write.ts";
import { cursorInvalid, type Page } from "./page.ts";

export class MongoDocuments implements Documents {
  readonly money: MongoMoney;
  readonly #connection: MongoConnection;
  readonly #orders: Model<StoredOrder>;
  readonly #revocations: Model<StoredRevocation>;
  readonly #accounts: Model<StoredAccount>;
  readonly #writer = new ByteWriter();
  readonly #saving = new Set<Promise<void>>();

  constructor(connection: MongoConnection) {
    this.#connection = connection;
    this.#orders = connection.model("Order", ORDER_SCHEMA);
    this.#revocations = connection.model("Revocation", REVOCATION_SCHEMA);
    this.#accounts = connection.model("Account", ACCOUNT_SCHEMA);
    this.money = new MongoMoney(connection);
  }

  async save(batch: HistoryBatch): Promise<void> {
    if (this.#saving.size >= SAVES_WAITING_MAX) {
      throw new Fault("MAILBOX_FULL", `Cannot save documents as ${SAVES_WAITING_MAX} batches wait already`);
    }
    const saved = this.#write(batch);
    this.#saving.add(saved);
    try {
      await saved;
    } finally {
      this.#saving.delete(saved);
    }
  }

  #write({ orders, revoked, accounts, transactions, transfers }: HistoryBatch): Promise<void> {
    const stored = [...newestOf(orders, ({ id }) => id)].map(order => this.#stored(order));
    const owned = [...newestAccounts(accounts)].map(storedAccount);
    return this.#connection.store(async database => {
      await putNewest(database.collection<StoredOrder>("orders"), stored, "sequence");
      await insertNew(database.collection<StoredRevocation>("revocations"), revoked.map(storedRevocation));
      await this.money.put(database, { transactions, transfers });
      await putNewest(database.collection<StoredAccount>("accounts"), owned, "version");
    });
  }

  #stored(order: OrderState): StoredOrder {
    const { id, account, clientOrderId, createdAt, sequence } = order;
    const bytes = Buffer.from(encodeOrder(this.#writer, order));
    return { _id: id, account, clientOrderId, createdAt, open: isOpen(order), sequence, bytes };
  }

  async orderById(id: string): Promise<OrderState | undefined> {
    const number = Number(id);
    if (!Number.isSafeInteger(number)) return undefined;
    const found = await this.#connection.use(
      () => this.#orders.findById(number, { bytes: 1 }).lean(),
      LOOK_UP_MS,
    );
    return found === null ? undefined : decodeOrder(found.bytes);
  }

  async orderByClientId(account: string, clientOrderId: string): Promise<OrderState | "revoked" | undefined> {
    const [order, revocation] = await this.#connection.use(
      () =>
        Promise.all([
          this.#orders.findOne({ account: Number(account), clientOrderId }, { bytes: 1 }).lean(),
          this.#revocations.findById(`${account}:${clientOrderId}`).lean(),
        ]),
      LOOK_UP_MS,
    );
    if (order !== null) return decodeOrder(order.bytes);
    return revocation === null ? undefined : "revoked";
  }

  async list({ account, status, limit, cursor }: OrderQuery): Promise<Page<OrderState>> {
    const owner = Number(account);
    return this.#connection.use(async () => {
      const after = cursor === undefined ? undefined : await this.#place(owner, cursor);
      const found = await this.#orders
        .find(
          {
            account: owner,
            ...(status === undefined ? {} : { open: status === "open" }),
            ...(after === undefined
              ? {}
              : {
                  $or: [
                    { createdAt: { $lt: after.createdAt } },
                    { createdAt: after.createdAt, _id: { $lt: after._id } },
                  ],
                }),
          },
          { bytes: 1 },
        )
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean();
      const items = found.slice(0, limit).map(({ bytes }) => decodeOrder(bytes));
      const last = items.at(-1);
      return found.length > limit && last !== undefined ? { items, nextCursor: String(last.id) } : { items };
    });
  }

  /** Where a list goes on: behind this order, which must be the account's. */
  async #place(account: number, cursor: string): Promise<Pick<StoredOrder, "_id" | "createdAt">> {
    const id = Number(cursor);
    const fields = { account: 1, createdAt: 1 } as const;
    const after = Number.isSafeInteger(id) ? await this.#orders.findById(id, fields).lean() : null;
    if (after?.account !== account) throw cursorInvalid();
    return after;
  }

  async account(account: string): Promise<AccountDocument | undefined> {
    const found = await this.#connection.use(() => this.#accounts.findById(Number(account)).lean());
    if (found === null) return undefined;
    const { _id, version, balances, positions } = found;
    return { accountId: String(_id), version, balances, positions };
  }

  async accountVersions(accounts: readonly string[]): Promise<Map<string, number>> {
    const found = await this.#connection.use(() =>
      this.#accounts.find({ _id: { $in: accounts.map(Number) } }, { version: 1 }).lean(),
    );
    return new Map(found.map(({ _id, version }) => [String(_id), version]));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#saving);
    await this.#connection.close();
  }
}

function storedRevocation({ accountId, clientOrderId }: RevokedId): StoredRevocation {
  return { _id: `${accountId}:${clientOrderId}` };
}

function storedAccount({ accountId, version, balances, positions }: AccountDocument): StoredAccount {
  return { _id: Number(accountId), version, balances, positions };
}
