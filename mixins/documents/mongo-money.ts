/** Clients' transactions and transfers in MongoDB: what statements are made of. */
import type { Model } from "mongoose";
import type { TransactionView } from "../../models/account.model.ts";
import type { HistoryBatch } from "../../models/history.model.ts";
import {
  type StoredTransaction,
  type StoredTransfer,
  TRANSACTION_SCHEMA,
  TRANSFER_SCHEMA,
} from "../../models/stored-money.model.ts";
import type { TransferView } from "../../models/transfer.model.ts";
import { type MoneyDocuments, newestOf, type TransactionQuery } from "./documents.ts";
import type { Database, MongoConnection } from "./mongo-connection.ts";
import { insertNew, putNewest } from "./mongo-write.ts";
import { cursorInvalid, type Page, type PageQuery } from "./page.ts";

export class MongoMoney implements MoneyDocuments {
  readonly #connection: MongoConnection;
  readonly #transactions: Model<StoredTransaction>;
  readonly #transfers: Model<StoredTransfer>;

  constructor(connection: MongoConnection) {
    this.#connection = connection;
    this.#transactions = connection.model("Transaction", TRANSACTION_SCHEMA);
    this.#transfers = connection.model("Transfer", TRANSFER_SCHEMA);
  }

  /** Where it throws, a part may be stored. */
  async put(database: Database, batch: Pick<HistoryBatch, "transactions" | "transfers">): Promise<void> {
    const transactions = batch.transactions.map(storedTransaction);
    await insertNew(database.collection<StoredTransaction>("transactions"), transactions);
    const newest = newestOf(batch.transfers, ({ accountId, id }) => `${accountId}:${id}`);
    const transfers = [...newest].map(storedTransfer);
    await putNewest(database.collection<StoredTransfer>("transfers"), transfers, "sequence");
  }

  async transactions({ account, limit, cursor, since }: TransactionQuery): Promise<Page<TransactionView>> {
    const shown = cursor === undefined ? undefined : Number(cursor);
    if (shown !== undefined && !Number.isSafeInteger(shown)) throw cursorInvalid();
    const found =
      since === undefined
        ? await this.#range(account, { $lt: shown ?? Number.MAX_SAFE_INTEGER }, -1, limit + 1)
        : await this.#range(account, { $gt: shown ?? since }, 1, limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return found.length > limit && last !== undefined ? { items, nextCursor: last.id } : { items };
  }

  async #range(
    account: string,
    number: Readonly<Record<string, number>>,
    order: 1 | -1,
    limit: number,
  ): Promise<TransactionView[]> {
    const found = await this.#connection.use(() =>
      this.#transactions
        .find({ account: Number(account), number }, { view: 1 })
        .sort({ number: order })
        .limit(limit)
        .lean(),
    );
    return found.map(({ view }) => view);
  }

  async firstSince(account: string, time: number): Promise<number> {
    const [found] = await this.#connection.use(() =>
      this.#transactions
        .find({ account: Number(account), bookedAt: { $gte: time } }, { number: 1 })
        .sort({ bookedAt: 1, number: 1 })
        .limit(1)
        .lean(),
    );
    if (found !== undefined) return found.number;
    const [newest] = await this.#range(account, { $gt: 0 }, -1, 1);
    return Number(newest?.id ?? 0) + 1;
  }

  between(account: string, first: number, end: number, limit: number): Promise<TransactionView[]> {
    return this.#range(account, { $gte: first, $lt: end }, 1, limit);
  }

  async balancesBefore(account: string, id: number): Promise<Map<string, string>> {
    const owner = Number(account);
    const balances = new Map<string, string>();
    await this.#connection.use(async () => {
      for (const currency of (await this.#transactions.distinct("currency", { account: owner })).sort()) {
        const [last] = await this.#transactions
          .find({ account: owner, currency, number: { $lt: id } }, { view: 1 })
          .sort({ number: -1 })
          .limit(1)
          .lean();
        if (last !== undefined) balances.set(currency, last.view.balanceAfter);
      }
    });
    return balances;
  }

  async transfer(account: string, id: string): Promise<TransferView | undefined> {
    const found = await this.#connection.use(() => this.#transfers.findById(`${account}:${id}`).lean());
    return found?.view;
  }

  async transfers({ account, limit, cursor }: PageQuery): Promise<Page<TransferView>> {
    const after = cursor === undefined ? undefined : await this.transfer(account, cursor);
    if (cursor !== undefined && after === undefined) throw cursorInvalid();
    const createdAt = after === undefined ? undefined : Date.parse(after.createdAt);
    const found = await this.#connection.use(() =>
      this.#transfers
        .find(
          {
            account: Number(account),
            ...(after === undefined || createdAt === undefined
              ? {}
              : { $or: [{ createdAt: { $lt: createdAt } }, { createdAt, id: { $lt: after.id } }] }),
          },
          { view: 1 },
        )
        .sort({ createdAt: -1, id: -1 })
        .limit(limit + 1)
        .lean(),
    );
    const items = found.slice(0, limit).map(({ view }) => view);
    const last = items.at(-1);
    return found.length > limit && last !== undefined ? { items, nextCursor: last.id } : { items };
  }
}

function storedTransaction(view: TransactionView): StoredTransaction {
  const { accountId, id, currency } = view;
  const [account, number] = [Number(accountId), Number(id)];
  return {
    _id: `${account}:${number}`,
    account,
    number,
    currency,
    bookedAt: Date.parse(view.bookedAt),
    view,
  };
}

function storedTransfer(view: TransferView): StoredTransfer {
  const { accountId, id, sequence } = view;
  const account = Number(accountId);
  return { _id: `${account}:${id}`, account, id, createdAt: Date.parse(view.createdAt), sequence, view };
}
