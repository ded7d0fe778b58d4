/**
 * Tells the document store what changed on clients' accounts: at least once, in order, one batch at a time,
 * after the fact and never on an order's path. What is stored may leave the shard's memory; what is not
 * stays, and the shard refuses new orders before that grows without bound. While the store is away it tries
 * again.
 */
import type { ServiceBroker } from "moleculer";
import type { Changes } from "../../engine/account/outbox.ts";
import type { HistoryBatch } from "../../models/history.model.ts";
import { viewTransaction } from "../orders/account-view.ts";
import { documentOrder } from "../orders/order-view.ts";
import type { AccountRooms } from "./account-rooms.ts";
import type { RiskShard } from "./risk-shard.ts";

/** Changes are gathered this long, so that an order which opens and closes at once is written once. */
const GATHER_MS = 50;
const RETRY_MS = 1_000;

export class DocumentWriter {
  readonly #broker: ServiceBroker;
  readonly #shard: RiskShard;
  readonly #rooms: AccountRooms;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(broker: ServiceBroker, shard: RiskShard, rooms: AccountRooms) {
    this.#broker = broker;
    this.#shard = shard;
    this.#rooms = rooms;
  }

  /** Facts came: their documents are due. */
  schedule(): void {
    if (this.#timer !== undefined || this.#writing !== undefined || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#start();
    }, GATHER_MS);
  }

  /** Resolves when everything that the shard knew at the call is stored. */
  async settled(): Promise<void> {
    await this.#writing;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#start();
    await this.#writing;
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.settled();
  }

  #start(): void {
    const changes = this.#shard.machine.takeChanges();
    this.#rooms.publish(changes);
    const { orders, transactions, revocations } = changes;
    if (orders.length + transactions.length + revocations.length === 0) return;
    this.#writing = this.#write(changes).finally(() => {
      this.#writing = undefined;
      this.schedule();
    });
  }

  async #write(changes: Changes): Promise<void> {
    const batch: HistoryBatch = {
      orders: changes.orders.map(order => documentOrder(this.#shard.instrument(order.market), order)),
      transactions: changes.transactions.map(viewTransaction),
      revoked: changes.revocations.map(({ account, clientOrderId }) => ({
        accountId: String(account),
        clientOrderId,
      })),
    };
    for (;;) {
      try {
        await this.#broker.call("history.save", batch);
        this.#shard.machine.documented(changes);
        return;
      } catch (error) {
        // What is not stored is still in the journals: a shard that stops now will store it after its next
        // start.
        if (this.#closed) return;
        this.#broker.logger.warn("Cannot store documents, trying again", error);
        await new Promise(resolve => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
