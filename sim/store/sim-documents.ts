/** The documents as one process reaches them: the cluster's documents over the simulated store. */
import type { OrderState } from "../../engine/account/order/order.ts";
import type { Documents, MoneyDocuments } from "../../mixins/documents/documents.ts";
import type { Page } from "../../mixins/documents/page.ts";
import { Fault } from "../../mixins/fault.ts";
import type { AccountDocument } from "../../models/account.model.ts";
import type { HistoryBatch } from "../../models/history.model.ts";
import type { Process } from "../kernel/process.ts";
import type { DocumentServer } from "./document-server.ts";
import type { StoreLink } from "./store-link.ts";

export class SimDocuments implements Documents {
  readonly money: MoneyDocuments;
  readonly #link: StoreLink;
  readonly #server: DocumentServer;
  readonly #process: Process;

  constructor(link: StoreLink, server: DocumentServer, process: Process) {
    this.#link = link;
    this.#server = server;
    this.#process = process;
    // Nobody here asks for statements or lists.
    this.money = {
      transactions: () => ({ items: [] }),
      firstSince: () => 0,
      between: () => [],
      balancesBefore: () => new Map(),
      transfer: (account, id) => this.#ask(() => server.transfer(account, id)),
      transfers: () => ({ items: [] }),
    };
  }

  save(batch: HistoryBatch): Promise<void> {
    return this.#ask(() => this.#server.save(batch));
  }

  orderById(id: string): Promise<OrderState | undefined> {
    return this.#ask(() => this.#server.orderById(id));
  }

  orderByClientId(account: string, clientOrderId: string): Promise<OrderState | "revoked" | undefined> {
    return this.#ask(() => this.#server.orderByClientId(account, clientOrderId));
  }

  list(): Page<OrderState> {
    return { items: [] };
  }

  account(account: string): Promise<AccountDocument | undefined> {
    return this.#ask(() => this.#server.account(account));
  }

  accountVersions(accounts: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#ask(() => {
      const known = accounts.map(id => [id, this.#server.account(id)?.version] as const);
      return new Map(known.flatMap(([id, version]) => (version === undefined ? [] : [[id, version]])));
    });
  }

  async close(): Promise<void> {}

  async #ask<Answer>(perform: () => Answer): Promise<Answer> {
    try {
      return await this.#link.ask(this.#process, "documents", perform);
    } catch (error) {
      throw new Fault("NOT_READY", "Cannot use documents as their store is away: try again", {}, error);
    }
  }
}
