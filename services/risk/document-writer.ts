/**
 * Tells the document store what changed on clients' accounts: at least once, in order, one batch at a time,
 * after the fact and never on an order's path. What is stored may leave the shard's memory; what is not
 * stays, and the shard refuses new orders before that grows without bound. While the store is away it tries
 * again, keeps one copy of each order however often it changes, and whoever would wait for what is stored is
 * told so.
 */
import type { ServiceBroker } from "moleculer";
import type { Changes } from "../../engine/account/shard/outbox.ts";
import type { AccountId } from "../../engine/units.ts";
import { type Cancel, wait } from "../../mixins/clock.ts";
import { Fault } from "../../mixins/fault.ts";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";
import type { AccountRooms } from "./account-rooms.ts";
import { historyBatch } from "./history-batch.ts";
import { mergeChanges, splitChanges } from "./pending-changes.ts";
import type { RiskShard } from "./risk-shard.ts";

/** Changes are told to the rooms this often. */
const PUBLISH_MS = 50;
/** Documents are written this often, as each write waits for the disk that the journals wait for too … */
const WRITE_MS = 1_000;
/** … or as soon as so many changed orders and transactions wait. */
const CHANGES_MAX = 4_096;
const RETRY_MS = 1_000;
/** Takings that may wait before they are made one: more than there are between two writes. */
const PENDING_MAX = 64;
/** Who waits for documents to be written waits so long. */
const SETTLED_MS = 5_000;
/** Accounts whose documents are compared together. */
const ACCOUNTS_COMPARED = 1_000;

export class DocumentWriter {
  readonly #broker: ServiceBroker;
  readonly #shard: RiskShard;
  readonly #rooms: AccountRooms;
  /** Taken from the machine and not yet being written, oldest first. */
  #pending: Changes[] = [];
  /** Clients' accounts whose documents may be older than they are. */
  #uncompared: AccountId[] = [];
  /** Who waits for documents to be stored, and would rather hear that their store is away. */
  readonly #waiting = new Set<(away: Fault) => void>();
  /** Since the newest attempt failed. */
  #away: Fault | undefined;
  #written = 0;
  #timer: Cancel | undefined;
  #writing: Promise<void> | undefined;
  #writtenAt = 0;
  #closed = false;

  constructor(broker: ServiceBroker, shard: RiskShard, rooms: AccountRooms) {
    this.#broker = broker;
    this.#shard = shard;
    this.#rooms = rooms;
  }

  /** Batches stored so far: the shard's memory forgets nothing in between. */
  get written(): number {
    return this.#written;
  }

  /**
   * Accounts whose document is older than they are get a new one: a shard remembers for orders and
   * transactions what is stored, for accounts the document tells it.
   */
  begin(): void {
    const { machine } = this.#shard;
    this.#uncompared = [...machine.accounts()].filter(id => machine.account(id)?.liquidity === false);
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

  /** Resolves when everything that the shard knew at the call is stored. Throws NOT_READY. */
  async settled(): Promise<void> {
    this.#take();
    await this.#orAway(this.#writing);
    this.#start();
    await this.#orAway(this.#writing);
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    this.leave();
    this.#take();
    await this.#writing;
    this.#start();
    await this.#writing;
  }

  /** Writes nothing more than what is under way: whoever has the shard next finds the rest in its state. */
  leave(): void {
    this.#closed = true;
    this.#timer?.();
  }

  #orAway(writing: Promise<void> | undefined): Promise<void> {
    if (writing === undefined) return Promise.resolve();
    if (this.#away !== undefined) return Promise.reject(this.#away);
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      const cancel = this.#shard.timers.after(SETTLED_MS, () => reject(storeAway()));
      const end = () => {
        cancel();
        this.#waiting.delete(reject);
      };
      writing.finally(end).then(resolve, reject);
    });
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
    if (this.#pending.length > PENDING_MAX) this.#pending = [mergeChanges(this.#pending)];
  }

  #start(): void {
    const { machine } = this.#shard;
    const isTold = this.#pending.length === 0 && this.#uncompared.length === 0;
    if (this.#writing !== undefined || (isTold && machine.money.cut(this.#shard.now) === undefined)) return;
    this.#writing = this.#cutAndWrite().finally(() => {
      this.#writing = undefined;
      this.#writtenAt = this.#shard.timers.monotonic();
      if (!this.#closed && this.#hasNews()) this.schedule();
    });
  }

  #hasNews(): boolean {
    const isTold = this.#pending.length === 0 && this.#uncompared.length === 0;
    return !isTold || this.#shard.machine.transactionsInMemory > 0;
  }

  /** Transactions have their numbers before they are written. */
  async #cutAndWrite(): Promise<void> {
    const cut = this.#shard.machine.money.cut(this.#shard.now);
    if (this.#shard.isFailed) return;
    // A ledger that takes no record has ended the shard, and tells why itself.
    if (cut !== undefined) await this.#shard.record(cut).catch(error => this.#expectFailed(error));
    while (this.#uncompared.length > 0) if (!(await this.#untilDone(() => this.#compare()))) return;
    this.#take();
    const pending = this.#pending;
    this.#pending = [];
    if (pending.length > 0) await this.#write(mergeChanges(pending));
  }

  #expectFailed(error: unknown): void {
    if (!this.#shard.isFailed && !this.#closed) throw error;
  }

  async #compare(): Promise<void> {
    const { machine } = this.#shard;
    const compared = this.#uncompared.slice(0, ACCOUNTS_COMPARED);
    const stored = await runtimeOf(this.#broker).documents.accountVersions(compared.map(String));
    const accounts = compared.filter(id => (stored.get(String(id)) ?? -1) < machine.summary(id).sequence);
    const nothing = { orders: [], transactions: [], revocations: [], transfers: [] };
    if (accounts.length > 0) this.#pending.push({ ...nothing, accounts });
    this.#uncompared = this.#uncompared.slice(compared.length);
  }

  async #write(pending: Changes): Promise<void> {
    const { machine } = this.#shard;
    const { documents, instruments } = runtimeOf(this.#broker);
    for (const changes of splitChanges(pending)) {
      const batch = historyBatch(machine, instruments, [changes]);
      if (!(await this.#untilDone(() => documents.save(batch)))) return;
      machine.documented(changes);
      this.#written++;
    }
  }

  /** False where the shard stops before: what is not stored is in the journals, for its next start. */
  async #untilDone(work: () => Promise<void>): Promise<boolean> {
    for (;;) {
      try {
        await work();
        if (this.#away !== undefined) this.#broker.logger.info("Documents are stored again");
        this.#away = undefined;
        return true;
      } catch (error) {
        this.#tellAway(error);
        if (this.#closed) return false;
        await wait(this.#shard.timers, RETRY_MS);
      }
    }
  }

  #tellAway(error: unknown): void {
    if (this.#away === undefined) this.#broker.logger.warn("Cannot store documents, trying again", error);
    this.#away = storeAway(error);
    for (const tell of this.#waiting) tell(this.#away);
    this.#waiting.clear();
  }
}

function storeAway(cause?: unknown): Fault {
  return new Fault("NOT_READY", "Cannot read documents as their store is away: try again", {}, cause);
}
