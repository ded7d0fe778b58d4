/**
 * The documents' port: clients' orders, transactions, transfers, balances and positions, users and profiles.
 * Embedded they lie in LMDB and NeDB, in a cluster in MongoDB.
 *
 * Invariants: a larger `sequence` of an order or a transfer, or `version` of an account, replaces a smaller
 * one, never the other way, and a transaction stays as it was first written; so a batch may be written
 * again, whole or in part. A client order id leads to one order of its account or says "revoked", for ever.
 * Transactions of an account are numbered from 1 without a hole, and never booked earlier than those before
 * them. Where a store is away, every method throws NOT_READY: nobody is told that there is nothing.
 */
import type { OrderState } from "../../engine/account/order/order.ts";
import type { AccountDocument, TransactionView } from "../../models/account.model.ts";
import type { HistoryBatch } from "../../models/history.model.ts";
import type { ProfileDocument } from "../../models/profile.model.ts";
import type { TransferView } from "../../models/transfer.model.ts";
import type { Role, UserAccount, UserDocument } from "../../models/user.model.ts";
import { Fault } from "../fault.ts";
import type { Page, PageQuery } from "./page.ts";

/** At once where the store is in this process, later where it isn't: who asks waits for a promise only. */
export type Awaitable<Value> = Value | Promise<Value>;

export interface OrderQuery extends PageQuery {
  readonly status?: "open" | "closed" | undefined;
}

export interface TransactionQuery extends PageQuery {
  /** Oldest first, those with a larger id than this. */
  readonly since?: number | undefined;
}

/** Batches of one store that may wait to be written. */
export const SAVES_WAITING_MAX = 64;

export interface Documents {
  readonly money: MoneyDocuments;
  /** Durable when it resolves; where it throws, a part may be stored. Throws MAILBOX_FULL. */
  save(batch: HistoryBatch): Promise<void>;
  orderById(id: string): Awaitable<OrderState | undefined>;
  orderByClientId(account: string, clientOrderId: string): Awaitable<OrderState | "revoked" | undefined>;
  /** Orders of an account, newest first. The cursor is the id of the last order shown. */
  list(query: OrderQuery): Awaitable<Page<OrderState>>;
  /** Balances and positions of an account. */
  account(account: string): Awaitable<AccountDocument | undefined>;
  /** Of those accounts that have a document, its version. */
  accountVersions(accounts: readonly string[]): Awaitable<ReadonlyMap<string, number>>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

/** What statements are made of. */
export interface MoneyDocuments {
  /** Transactions of an account, newest first; with `since` oldest first. The cursor is the last id shown. */
  transactions(query: TransactionQuery): Awaitable<Page<TransactionView>>;
  /** Id of the first transaction booked at `time` or later; the newest + 1 where there is none. */
  firstSince(account: string, time: number): Awaitable<number>;
  /** Transactions from one id to before another, oldest first. */
  between(account: string, first: number, end: number, limit: number): Awaitable<TransactionView[]>;
  /** The last balance of each currency before a transaction, by currency. */
  balancesBefore(account: string, id: number): Awaitable<Map<string, string>>;
  transfer(account: string, id: string): Awaitable<TransferView | undefined>;
  /** Transfers of an account, newest first. The cursor is the id of the last one shown. */
  transfers(query: PageQuery): Awaitable<Page<TransferView>>;
}

/** The first account id that is given out. */
export const ACCOUNT_FIRST = 1_001;
/** Accounts that one user may have. */
export const ACCOUNTS_PER_USER_MAX = 10;

export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly role: Role;
}

/** No account number is ever given to two users; a crash may leave one unused. */
export interface UserDocuments {
  /** Called once before all else; a store that is away is waited for later, by each call. */
  connect(): Promise<void>;
  byEmail(email: string): Promise<UserDocument | undefined>;
  byId(id: string): Promise<UserDocument | undefined>;
  profile(id: string): Promise<ProfileDocument | undefined>;
  /** A new user with one account that is still to be opened; durable. Throws EMAIL_TAKEN. */
  insert(user: NewUser, now: number): Promise<UserDocument>;
  /** These accounts of a user are open. */
  setOpened(id: string, opened: readonly number[]): Promise<void>;
  /** What its owner calls an account. */
  nameAccount(id: string, account: number, name: string): Promise<void>;
  /** A further account, still to be opened; durable. Undefined where the user has as many as he may. */
  addAccount(id: string, chosen: Pick<UserAccount, "name" | "terms">): Promise<number | undefined>;
  /** Ends all refresh tokens too. */
  setPassword(id: string, passwordHash: string): Promise<void>;
}

export function emailTaken(): Fault {
  return new Fault("EMAIL_TAKEN", "Cannot register as 'email' must not be registered already");
}

/** One document an order or a transfer, the newest: a batch may have several. */
export function newestOf<Item extends { readonly sequence: number }>(
  items: readonly Item[],
  keyOf: (item: Item) => number | string,
): Iterable<Item> {
  const newest = new Map<number | string, Item>();
  for (const item of items) {
    const key = keyOf(item);
    if ((newest.get(key)?.sequence ?? -1) < item.sequence) newest.set(key, item);
  }
  return newest.values();
}

export function newestAccounts(accounts: readonly AccountDocument[]): Iterable<AccountDocument> {
  const newest = new Map<string, AccountDocument>();
  for (const account of accounts) {
    if ((newest.get(account.accountId)?.version ?? -1) < account.version)
      newest.set(account.accountId, account);
  }
  return newest.values();
}
