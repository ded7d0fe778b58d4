/**
 * An adapter of moleculer-db over the order documents of the node's port: what its mixin calls for `get`, and
 * nothing else. Orders change by batches that name their sequence (`Documents.save`), never one field at a
 * time, so every method that would write or search by a free query refuses with the reason.
 */
import type { ServiceBroker } from "moleculer";
import type { OrderState } from "../../engine/account/order/order.ts";
import { runtimeOf } from "../runtime/runtime.ts";
import type { Documents } from "./documents.ts";

interface Identified {
  _id?: string;
  id?: string | number;
}

function unsupported(method: string): Promise<never> {
  return Promise.reject(
    new Error(`Cannot call '${method}' as order documents are read by key and written by batches only`),
  );
}

export class OrderAdapter {
  #broker: ServiceBroker | undefined;

  init(broker: ServiceBroker): void {
    this.#broker = broker;
  }

  /** The documents are opened and closed with the node's other ports. */
  connect(): Promise<void> {
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    return Promise.resolve();
  }

  async findById(id: string): Promise<OrderState | null> {
    return (await this.#documents.orderById(id)) ?? null;
  }

  async findByIds(ids: readonly string[]): Promise<OrderState[]> {
    const documents = this.#documents;
    const orders = await Promise.all(ids.map(id => documents.orderById(id)));
    return orders.filter(order => order !== undefined);
  }

  entityToObject(entity: OrderState): OrderState {
    return { ...entity };
  }

  /** Orders are kept under their own id: there is no second one to rename. */
  beforeSaveTransformID(entity: Identified): Identified {
    return entity;
  }

  afterRetrieveTransformID(entity: Identified): Identified {
    return entity;
  }

  find = () => unsupported("find");
  findOne = () => unsupported("findOne");
  count = () => unsupported("count");
  insert = () => unsupported("insert");
  insertMany = () => unsupported("insertMany");
  updateMany = () => unsupported("updateMany");
  updateById = () => unsupported("updateById");
  removeMany = () => unsupported("removeMany");
  removeById = () => unsupported("removeById");
  clear = () => unsupported("clear");

  get #documents(): Documents {
    if (this.#broker === undefined)
      throw new Error("Invariant: an adapter is given its broker before it is used");
    return runtimeOf(this.#broker).documents;
  }
}
