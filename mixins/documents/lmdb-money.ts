/**
 * Clients' transactions and transfers on disk: the part of the document store that statements are made of.
 *
 * Invariants: transactions of an account are numbered from 1 without a hole, and never booked earlier than
 * those before them; so a time is found by halving. A transfer's larger `sequence` replaces a smaller one.
 * Both may be written again. A transfer's id leads to one transfer of its account, for ever.
 */
import type { TransactionView } from "../../models/account.model.ts";
import type { HistoryBatch } from "../../models/history.model.ts";
import type { TransferView } from "../../models/transfer.model.ts";
import { type DocumentDatabases, type TransferKey, transactionKey } from "./document-databases.ts";
import { type MoneyDocuments, newestOf, type TransactionQuery } from "./documents.ts";
import { cursorInvalid, type Page, type PageQuery } from "./page.ts";

export class LmdbMoney implements MoneyDocuments {
  readonly #stored: DocumentDatabases;

  constructor(stored: DocumentDatabases) {
    this.#stored = stored;
  }

  /** Within a batch of the store. */
  put({ transactions, transfers }: HistoryBatch, writes: Promise<unknown>[]): void {
    for (const transaction of transactions) {
      const [account, id] = transactionKey(transaction);
      writes.push(this.#stored.transactions.put([account, id], transaction));
      writes.push(this.#stored.byCurrency.put([account, transaction.currency, id], true));
    }
    for (const transfer of newestOf(transfers, ({ accountId, id }) => `${accountId}:${id}`)) {
      const key: TransferKey = [Number(transfer.accountId), transfer.id];
      const stored = this.#stored.transfers.get(key);
      if (stored !== undefined && stored.sequence >= transfer.sequence) continue;
      writes.push(this.#stored.transfers.put(key, transfer));
      if (stored !== undefined) continue;
      writes.push(
        this.#stored.transfersByTime.put([key[0], Date.parse(transfer.createdAt), transfer.id], true),
      );
    }
  }

  transactions(query: TransactionQuery): Page<TransactionView> {
    const { limit, cursor, since } = query;
    const account = Number(query.account);
    const shown = cursor === undefined ? undefined : Number(cursor);
    if (shown !== undefined && !Number.isSafeInteger(shown)) throw cursorInvalid();
    const items =
      since === undefined
        ? this.#range(account, (shown ?? Number.MAX_SAFE_INTEGER) - 1, -1, limit + 1)
        : this.#range(account, (shown ?? since) + 1, 1, limit + 1);
    const last = items[limit - 1];
    return items.length > limit && last !== undefined
      ? { items: items.slice(0, limit), nextCursor: last.id }
      : { items };
  }

  #range(account: number, from: number, step: 1 | -1, limit: number): TransactionView[] {
    const range =
      step === 1
        ? { start: [account, from], end: [account + 1] }
        : { start: [account, from], end: [account], reverse: true };
    return [...this.#stored.transactions.getRange({ ...range, limit })].map(({ value }) => value);
  }

  /** Id of the newest transaction; 0 where there is none. */
  newest(account: string): number {
    const [last] = this.#range(Number(account), Number.MAX_SAFE_INTEGER, -1, 1);
    return Number(last?.id ?? 0);
  }

  firstSince(account: string, time: number): number {
    let [low, high] = [1, this.newest(account) + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = this.#stored.transactions.get([Number(account), middle]);
      if (found !== undefined && Date.parse(found.bookedAt) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  between(account: string, first: number, end: number, limit: number): TransactionView[] {
    const owner = Number(account);
    const range = { start: [owner, first], end: [owner, end], limit };
    return [...this.#stored.transactions.getRange(range)].map(({ value }) => value);
  }

  balancesBefore(account: string, id: number): Map<string, string> {
    const owner = Number(account);
    const balances = new Map<string, string>();
    for (const currency of this.#currencies(owner)) {
      const range = { start: [owner, currency, id - 1], end: [owner, currency], reverse: true, limit: 1 };
      const [key] = this.#stored.byCurrency.getKeys(range);
      const last = key && this.#stored.transactions.get([owner, key[2]]);
      if (last !== undefined) balances.set(currency, last.balanceAfter);
    }
    return balances;
  }

  *#currencies(account: number): Iterable<string> {
    let start: (number | string)[] = [account];
    for (;;) {
      const [key] = this.#stored.byCurrency.getKeys({ start, end: [account + 1], limit: 1 });
      if (key === undefined) return;
      yield key[1];
      start = [account, key[1], Number.MAX_SAFE_INTEGER];
    }
  }

  transfer(account: string, id: string): TransferView | undefined {
    return this.#stored.transfers.get([Number(account), id]);
  }

  transfers({ account, limit, cursor }: PageQuery): Page<TransferView> {
    const owner = Number(account);
    const after = cursor === undefined ? undefined : this.transfer(account, cursor);
    if (cursor !== undefined && after === undefined) throw cursorInvalid();
    const start = after === undefined ? [owner + 1] : [owner, Date.parse(after.createdAt), after.id];
    const items: TransferView[] = [];
    for (const [of, , id] of this.#stored.transfersByTime.getKeys({ start, end: [owner], reverse: true })) {
      const transfer = of === owner && id !== cursor ? this.transfer(account, id) : undefined;
      if (transfer === undefined) continue;
      const last = items.at(-1);
      if (items.length === limit && last !== undefined) return { items, nextCursor: last.id };
      items.push(transfer);
    }
    return { items };
  }
}
