/**
 * Tells the document store what changed on clients' accounts: at least once, in order, one batch at a time,
 * after the fact and never on an order's path. What is stored may leave the shard's memory; what is not
 * stays, and the shard refuses new orders before that grows without bound. While the store is away it tries
 * again.
 */
import type { ServiceBroker } from "moleculer";
import type { Changes } from "../../engine/account/shard/outbox.ts";
import { type Cancel, wait } from "../../mixins/clock.ts";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";
import type { AccountRooms } from "./account-rooms.ts";
import { historyBatch } from "./history-batch.ts";
import type { RiskShard } from "./risk-shard.ts";

/** Changes are told to the rooms this often. */
const PUBLISH_MS = 50;
/** Documents are written this often, as each write waits for the disk that the journals wait for too … */
const WRITE_MS = 1_000;
/** … or as soon as so many changed orders and transactions wait. */
const CHANGES_MAX = 4_096;
const RETRY_MS = 1_000;

export class DocumentWriter {
  readonly #broker: ServiceBroker;
  readonly #shard: RiskShard;
  readonly #rooms: AccountRooms;
  /** Taken from the machine and not yet being written, oldest first. */
  #pending: Changes[] = [];
  #timer: Cancel | undefined;
  #writing: Promise<void> | undefined;
  #writtenAt = 0;
  #closed = false;

  constructor(broker: ServiceBroker, shard: RiskShard, rooms: AccountRooms) {
    this.#broker = broker;
    this.#shard = shard;
    this.#rooms = rooms;
  }

  /**
   * Accounts whose document is older than they are: a shard remembers for orders and transactions what is
   * stored, for accounts the document tells it.
   */
  begin(): void {
    const { documents } = runtimeOf(this.#broker);
    const { machine } = this.#shard;
    const clients = [...machine.accounts()].filter(account => machine.account(account)?.liquidity === false);
    const accounts = clients.filter(
      account => (documents.account(String(account))?.version ?? -1) < machine.summary(account).sequence,
    );
    const nothing = { orders: [], transactions: [], revocations: [], transfers: [] };
    if (accounts.length > 0) this.#pending.push({ ...nothing, accounts });
    this.schedule();
  }

  /** Facts came: their rooms and documents are due. */
  schedule(): void {
    const { timers } = this.#shard;
    this.#timer ??= timers.after(PUBLISH_MS, () => {
      this.#timer = undefined;
      this.#take();
      const overdue = timers.monotonic() - this.#writtenAt >= WRITE_MS || this.#size() >= CHANGES_MAX;
      if (overdue && this.#writing === undefined) this.#start();
      else if (!this.#closed && this.#hasNews()) this.schedule();
    });
  }

  /** Resolves when everything that the shard knew at the call is stored. */
  async settled(): Promise<void> {
    this.#take();
    await this.#writing;
    this.#start();
    await this.#writing;
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.();
    await this.settled();
  }

  #size(): number {
    return this.#pending.reduce(
      (sum, { orders, transactions }) => sum + orders.length + transactions.length,
      0,
    );
  }

  #take(): void {
    if (this.#shard.isFailed) return;
    const changes = this.#shard.machine.takeChanges();
    this.#rooms.publish(changes);
    const { orders, transactions, revocations, transfers, accounts } = changes;
    const told = orders.length + transactions.length + revocations.length;
    const news = told + transfers.length + accounts.length;
    if (news > 0) this.#pending.push(changes);
  }

  #start(): void {
    const { machine } = this.#shard;
    const isIdle = this.#pending.length === 0 && machine.money.cut(this.#shard.now) === undefined;
    if (this.#writing !== undefined || isIdle) return;
    this.#writing = this.#cutAndWrite().finally(() => {
      this.#writing = undefined;
      this.#writtenAt = this.#shard.timers.monotonic();
      if (!this.#closed && this.#hasNews()) this.schedule();
    });
  }

  #hasNews(): boolean {
    return this.#pending.length > 0 || this.#shard.machine.transactionsInMemory > 0;
  }

  /** Transactions have their numbers before they are written. */
  async #cutAndWrite(): Promise<void> {
    const cut = this.#shard.machine.money.cut(this.#shard.now);
    if (this.#shard.isFailed) return;
    // A ledger that takes no record has ended the shard, and tells why itself.
    if (cut !== undefined) await this.#shard.record(cut).catch(error => this.#expectFailed(error));
    this.#take();
    const pending = this.#pending;
    this.#pending = [];
    if (pending.length > 0) await this.#write(pending);
  }

  #expectFailed(error: unknown): void {
    if (!this.#shard.isFailed) throw error;
  }

  async #write(pending: readonly Changes[]): Promise<void> {
    const { machine } = this.#shard;
    const batch = historyBatch(machine, runtimeOf(this.#broker).instruments, pending);
    for (;;) {
      try {
        await this.#broker.call("history.save", batch);
        for (const changes of pending) machine.documented(changes);
        return;
      } catch (error) {
        // What is not stored is still in the journals: a shard that stops now will store it after its next
        // start.
        if (this.#closed) return;
        this.#broker.logger.warn("Cannot store documents, trying again", error);
        await wait(this.#shard.timers, RETRY_MS);
      }
    }
  }
}
