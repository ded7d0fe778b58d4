/**
 * Stored documents against what the records make: every order with its fills, every transaction, every
 * account's balances and positions, every id given up. A document that a crash has kept from being written
 * is no difference: the shard's next start writes it, and knows which it is.
 *
 * Orders that have ended are compared as the fold comes by them, and forgotten; so memory holds the open
 * ones, and of the others their ids (about 40 bytes each).
 */
import type { AccountMachine } from "../../engine/account/account-machine.ts";
import { isOpen, type OrderState } from "../../engine/account/order/order.ts";
import { encodeOrder } from "../../engine/account/order/order-record.ts";
import { ByteWriter } from "../../engine/bytes.ts";
import type { DocumentView } from "../../mixins/documents/document-view.ts";
import type { AccountDocument, TransactionView } from "../../models/account.model.ts";
import type { TransferView } from "../../models/transfer.model.ts";
import { viewTransaction } from "../orders/account-view.ts";
import { viewTransfer } from "../orders/transfer-view.ts";
import { NOTHING_PENDING, type Pending, type Stored } from "./pending.ts";
import type { Recorded } from "./recorded.ts";
import type { Report } from "./report.ts";
import { ownedBy } from "./shard-replay.ts";

export class DocumentCheck {
  readonly #documents: DocumentView;
  readonly #recorded: Recorded;
  readonly #report: Report;
  readonly #live: boolean;
  readonly #orders = new Set<number>();
  readonly #accounts = new Set<number>();
  /** Transactions of each account that are stored and are what was recorded. */
  readonly #transactions = new Map<number, number>();
  readonly #writer = new ByteWriter();

  /** `live`: the venue runs, so that a document may be newer than what was heard. */
  constructor(documents: DocumentView, recorded: Recorded, report: Report, live = false) {
    this.#live = live;
    this.#documents = documents;
    this.#recorded = recorded;
    this.#report = report;
  }

  /** Compares what will not change any more, and lets the machine forget it. */
  hear(machine: AccountMachine, pending: Pending): void {
    const changes = machine.takeChanges();
    const ended = changes.orders.filter(order => !isOpen(order));
    const transfers = changes.transfers.filter(({ status }) => status !== "pending");
    this.#compareStored({ ...changes, orders: ended, transfers }, pending);
    machine.documented(changes);
  }

  /** What has changed since a machine was restored, all of which a living shard says is stored. */
  hearStored(machine: AccountMachine): void {
    const changes = machine.takeChanges();
    this.#compareStored(changes, NOTHING_PENDING);
    for (const account of changes.accounts) {
      this.#compareAccount(account, ownedBy(machine, this.#recorded, account));
    }
  }

  #compareStored({ orders, transactions, transfers, revocations }: Stored, pending: Pending): void {
    for (const order of orders) this.#compareOrder(order, pending);
    for (const transaction of transactions) this.#compareTransaction(viewTransaction(transaction), pending);
    for (const transfer of transfers) this.#compareTransfer(viewTransfer(transfer), pending);
    for (const { account, clientOrderId } of revocations) {
      this.#compareRevoked(account, clientOrderId, pending);
    }
  }

  /** The machine has heard everything: its open orders and its accounts. */
  finish(machine: AccountMachine, pending: Pending): void {
    this.hear(machine, pending);
    for (const account of machine.accounts()) {
      if (machine.account(account)?.liquidity !== false) continue;
      for (const order of machine.openOrders(account)) this.#compareOrder(order, pending);
      this.#compareAccount(account, ownedBy(machine, this.#recorded, account));
    }
  }

  /** All shards have been heard: what is stored beyond that was never recorded. */
  checkUnknown(): void {
    if (this.#live) return;
    for (const id of this.#documents.orderIds()) {
      if (!this.#orders.has(id)) this.#unknown(`order ${id}`);
    }
    for (const id of this.#documents.accountIds()) {
      if (!this.#accounts.has(id)) this.#unknown(`account ${id}`);
    }
    for (const [account, stored] of this.#documents.transactionCounts()) {
      const known = this.#transactions.get(account) ?? 0;
      if (stored <= known) continue;
      this.#unknown(
        `account ${account}`,
        `${stored - known} of its ${stored} stored transactions are of no record`,
      );
    }
  }

  #unknown(subject: string, message = "it is stored, and no record makes it"): void {
    this.#report.differs("documentUnknown", subject, message);
  }

  #absent(subject: string, message: string, isPending: boolean): void {
    if (isPending) this.#report.count("pendingDocuments");
    else this.#report.differs("documentMissing", subject, message);
  }

  #compareOrder(order: OrderState, pending: Pending): void {
    const { id, account, clientOrderId } = order;
    const subject = `order ${id}`;
    this.#orders.add(id);
    this.#report.count("orders");
    const stored = this.#documents.order(id);
    if (stored === undefined) {
      this.#absent(
        subject,
        `the order ${clientOrderId} of account ${account} is not stored`,
        pending.hasOrder(id),
      );
      return;
    }
    if (this.#live && stored.sequence > order.sequence) return;
    if (stored.sequence < order.sequence && pending.hasOrder(id)) {
      this.#report.count("pendingDocuments");
      return;
    }
    const fields = this.#differingFields(order, stored);
    if (fields.length > 0) {
      this.#report.differs(
        "documentDiffers",
        subject,
        `stored otherwise than recorded: ${fields.join(", ")}`,
      );
    }
    if (this.#documents.clientOrder(account, clientOrderId) !== id) {
      this.#report.differs(
        "documentDiffers",
        subject,
        `its client order id ${clientOrderId} does not lead to it`,
      );
    }
    if (!this.#documents.isListed(stored)) {
      this.#report.differs("documentDiffers", subject, `the lists of account ${account} have it wrong`);
    }
  }

  /** None where the two are the same bytes; the names of what the two say otherwise. */
  #differingFields(order: OrderState, stored: OrderState): string[] {
    const recorded = Buffer.from(encodeOrder(this.#writer, order));
    if (recorded.equals(encodeOrder(this.#writer, stored))) return [];
    const text = (value: unknown) =>
      JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part)) ?? "nothing";
    const left = new Map<string, unknown>(Object.entries(order));
    const right = new Map<string, unknown>(Object.entries(stored));
    const named: string[] = [];
    for (const name of new Set([...left.keys(), ...right.keys()])) {
      const [first, second] = [text(left.get(name)), text(right.get(name))];
      if (first !== second && !DERIVED.has(name)) named.push(`${name} ${second}, not ${first}`);
    }
    return named.length > 0 ? named : ["their bytes"];
  }

  #compareTransaction(recorded: TransactionView, pending: Pending): void {
    const { id, accountId } = recorded;
    const subject = `transaction ${id} of account ${accountId}`;
    this.#report.count("transactions");
    const stored = this.#documents.transaction(recorded);
    if (stored === undefined) {
      const { kind, amount, currency } = recorded;
      const message = `the ${kind} of ${amount} ${currency} on account ${accountId} is not stored`;
      this.#absent(subject, message, pending.hasTransaction(accountId, id));
      return;
    }
    this.#transactions.set(Number(accountId), (this.#transactions.get(Number(accountId)) ?? 0) + 1);
    const [first, second] = [recorded, stored].map(each => JSON.stringify(each));
    if (first === second) return;
    this.#report.differs("documentDiffers", subject, `stored as ${second}, recorded as ${first}`);
  }

  #compareTransfer(recorded: TransferView, pending: Pending): void {
    const { id, accountId } = recorded;
    const subject = `transfer ${id} of account ${accountId}`;
    const stored = this.#documents.transfer(Number(accountId), id);
    if (stored === undefined || stored.sequence < recorded.sequence) {
      this.#absent(subject, "how it ended is not stored", pending.hasTransfer(accountId, id));
      return;
    }
    const [first, second] = [recorded, stored].map(each => JSON.stringify(each));
    if (first === second || (this.#live && stored.sequence > recorded.sequence)) return;
    this.#report.differs("documentDiffers", subject, `stored as ${second}, recorded as ${first}`);
  }

  #compareRevoked(account: number, clientOrderId: string, pending: Pending): void {
    const stored = this.#documents.clientOrder(account, clientOrderId);
    if (stored === 0) return;
    const subject = `client order id ${clientOrderId} of account ${account}`;
    if (stored === undefined) {
      const isPending = pending.hasRevoked(account, clientOrderId);
      this.#absent(subject, "it was given up, and that is not stored", isPending);
      return;
    }
    this.#report.differs("documentDiffers", subject, `it was given up, and leads to order ${stored}`);
  }

  /** An older document is written again at the next start, which compares the versions. */
  #compareAccount(account: number, recorded: AccountDocument): void {
    this.#accounts.add(account);
    const stored = this.#documents.account(account);
    if (stored === undefined || stored.version < recorded.version) {
      this.#report.count("pendingDocuments");
      return;
    }
    const [first, second] = [JSON.stringify(recorded), JSON.stringify(stored)];
    if (first === second) return;
    this.#report.differs(
      "documentDiffers",
      `account ${account}`,
      `stored as ${second}, recorded as ${first}`,
    );
  }
}

/** What a living order has beside its facts. */
const DERIVED: ReadonlySet<string> = new Set(["linked", "documentedSequence", "countedTicks"]);
