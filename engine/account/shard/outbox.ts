/**
 * What a shard has to tell the document store, at least once: clients' orders as they change, money that
 * moved, transfers, revoked ids. Things stay here until they are known to be stored, so what is in memory is
 * bounded by the one who stores: the shard refuses new orders at CLOSED_ORDERS_IN_MEMORY_MAX. Liquidity
 * providers' orders and money never appear.
 */
import type { Transaction } from "../../ledger/transaction.ts";
import type { TransferState } from "../../ledger/transfer.ts";
import type { AccountId, Milliseconds } from "../../units.ts";
import { copyOrder, isOpen, type Order, type OrderState } from "../order/order.ts";

/** A client order id that was never accepted and never will be. */
export interface Revocation {
  readonly account: AccountId;
  readonly clientOrderId: string;
  readonly time: Milliseconds;
  /** Of the ledger. */
  readonly sequence: number;
}

export interface Changes {
  /** Copies: whole orders as of now. */
  readonly orders: readonly OrderState[];
  readonly transactions: readonly Transaction[];
  readonly revocations: readonly Revocation[];
  /** Whole transfers as of now. */
  readonly transfers: readonly TransferState[];
  /** Client accounts that any fact has touched. */
  readonly accounts: readonly AccountId[];
}

export class Outbox {
  /** Each once: an order knows whether it is among them. */
  #changed: Order[] = [];
  readonly #touched = new Set<AccountId>();
  #newTransactions: Transaction[] = [];
  #newRevocations: Revocation[] = [];
  readonly #transactions = new Map<string, Transaction>();
  readonly #revocations = new Map<number, Revocation>();
  readonly #changedTransfers = new Map<string, TransferState>();
  /** Clients' closed orders that are still in memory. */
  closedOrders = 0;
  /** Likewise of transfers. */
  endedTransfers = 0;

  /** Closed orders, ended transfers and revoked ids that wait to be stored. */
  get closedInMemory(): number {
    return this.closedOrders + this.endedTransfers + this.#revocations.size;
  }

  get transactionsInMemory(): number {
    return this.#transactions.size;
  }

  touch(account: AccountId): void {
    this.#touched.add(account);
  }

  change(order: Order): void {
    if (order.changed) return;
    order.changed = true;
    this.#changed.push(order);
  }

  changeTransfer(transfer: TransferState): void {
    if (transfer.status !== "pending") this.endedTransfers++;
    this.#changedTransfers.set(`${transfer.account}:${transfer.id}`, transfer);
  }

  addTransaction(transaction: Transaction): void {
    this.#transactions.set(keyOf(transaction), transaction);
    this.#newTransactions.push(transaction);
    this.#touched.add(transaction.account);
  }

  addRevocation(revocation: Revocation): void {
    this.#revocations.set(revocation.sequence, revocation);
    this.#newRevocations.push(revocation);
  }

  /** Everything new since the last call. */
  take(): Changes {
    for (const order of this.#changed) order.changed = false;
    const changes: Changes = {
      orders: this.#changed.map(copyOrder),
      transactions: this.#newTransactions,
      revocations: this.#newRevocations,
      transfers: [...this.#changedTransfers.values()],
      accounts: [...this.#touched],
    };
    this.#changed = [];
    this.#touched.clear();
    this.#changedTransfers.clear();
    this.#newTransactions = [];
    this.#newRevocations = [];
    return changes;
  }

  forgetTransaction(transaction: Transaction): void {
    this.#transactions.delete(keyOf(transaction));
  }

  /** False where it was forgotten before. */
  forgetRevocation(revocation: Revocation): boolean {
    return this.#revocations.delete(revocation.sequence);
  }

  transactions(): Iterable<Transaction> {
    return this.#transactions.values();
  }

  revocations(): Iterable<Revocation> {
    return this.#revocations.values();
  }
}

function keyOf({ account, id }: Transaction): string {
  return `${account}:${id}`;
}

/** A closed order whose newest state is stored needs no memory any more. */
export function mayForget(order: Order): boolean {
  return !isOpen(order) && order.documentedSequence >= order.sequence;
}
