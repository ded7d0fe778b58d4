/**
 * Orders of a shard's accounts: idempotent by (account, clientOrderId) whatever became of the first copy, decided by
 * the machine, refused durably or passed on to the market. A caller hears the outcome that a journal holds.
 */
import type { OrderRequest } from "../../engine/account/command.ts";
import { isOpen, type OrderState } from "../../engine/account/order.ts";
import { composeOrderId, shardOrigin } from "../../engine/ids.ts";
import { CLOSED_ORDERS_IN_MEMORY_MAX } from "../../engine/limits.ts";
import type { MarketRecord } from "../../engine/market/record.ts";
import type { Rejection } from "../../engine/rejection.ts";
import { type AccountId, assert, type Lots, type Milliseconds, type OrderId, type Ticks } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { RiskShard } from "./risk-shard.ts";

/** An order as asked, with the door's own refusal where its price or size could not be read. */
export interface Placing {
  readonly request: OrderRequest;
  readonly refused?: Rejection;
}

export interface Placed {
  readonly order: OrderState;
  /** The first outcome, told again. */
  readonly repeated: boolean;
}

export class OrderDesk {
  readonly #shard: RiskShard;
  readonly #shardNumber: number;
  /** Orders whose outcome no journal holds yet, by account and client id. */
  readonly #pending = new Map<string, Promise<OrderState>>();

  constructor(shard: RiskShard, shardNumber: number) {
    this.#shard = shard;
    this.#shardNumber = shardNumber;
  }

  /** Commands on their way. */
  get pending(): number {
    return this.#pending.size;
  }

  /** The outcome in memory, waited for where it is on its way; undefined where memory knows nothing. */
  async known(account: AccountId, clientOrderId: string): Promise<OrderState | "revoked" | undefined> {
    const waiting = this.#pending.get(`${account}:${clientOrderId}`);
    if (waiting !== undefined) return waiting;
    const outcome = this.#shard.machine.outcome(account, clientOrderId);
    assert(outcome !== "pending", "an order that is on its way has someone waiting for it");
    return outcome;
  }

  /** Places an order that neither memory nor disk knows. */
  place(placing: Placing): Promise<OrderState> {
    const { account, clientOrderId } = placing.request;
    const key = `${account}:${clientOrderId}`;
    const outcome = this.#place(placing).finally(() => this.#pending.delete(key));
    this.#pending.set(key, outcome);
    return outcome;
  }

  /** "Never accepted, and never will be": recorded before it is said. */
  async revoke(account: AccountId, clientOrderId: string): Promise<void> {
    const key = `${account}:${clientOrderId}`;
    const done = this.#shard.record({ kind: "revoke", time: this.#shard.now, account, clientOrderId });
    const revoked = done.then(() => {
      throw new Fault("CLIENT_ORDER_ID_REVOKED", `Cannot place order as '${clientOrderId}' was declared never accepted`);
    });
    revoked.catch(() => undefined);
    this.#pending.set(key, revoked);
    await done.finally(() => this.#pending.delete(key));
  }

  async amend(account: AccountId, id: OrderId, lots: Lots, ticks: Ticks): Promise<OrderState> {
    const order = this.#openOrder(account, id);
    const { machine } = this.#shard;
    const decision = machine.decideAmend(order, lots, ticks);
    if (typeof decision === "string") throw refusedAmend(decision);
    const number = this.#shard.link(order.market).send({
      kind: "amend",
      time: this.#shard.now,
      shard: this.#shardNumber,
      account,
      liquidity: order.liquidity,
      reference: 0,
      orderId: id,
      lots,
      ticks,
      reserved: decision.reserved,
    });
    machine.holdAmend(order.market, number, id, lots, ticks);
    const record = await this.#shard.outcomeOf(order.market, number);
    throwWhereRefused(record);
    return this.#after(id, order);
  }

  async cancel(account: AccountId, id: OrderId, reference = 0): Promise<OrderState> {
    const order = this.#openOrder(account, id);
    const number = this.#shard.link(order.market).send({
      kind: "cancel",
      time: this.#shard.now,
      shard: this.#shardNumber,
      account,
      liquidity: order.liquidity,
      reference,
      orderId: id,
    });
    const record = await this.#shard.outcomeOf(order.market, number);
    if (record.events.some(event => event.event === "rejected")) throw notOpen(id);
    return this.#after(id, order);
  }

  async #place(placing: Placing): Promise<OrderState> {
    const { request } = placing;
    const { machine } = this.#shard;
    if (machine.closedInMemory >= CLOSED_ORDERS_IN_MEMORY_MAX) {
      throw new Fault("NOT_READY", "Cannot place order as closed orders must be stored first: try again");
    }
    const decision = placing.refused ?? machine.decide(request);
    if (typeof decision === "string") return this.#refuse(request, decision);
    const link = this.#shard.link(request.market);
    const { market: _market, ...asked } = request;
    const number = link.send({
      kind: "place",
      time: this.#shard.now,
      shard: this.#shardNumber,
      ...asked,
      reserved: decision.reserved,
    });
    machine.hold(request.market, number, request, decision.reserved);
    const record = await this.#shard.outcomeOf(request.market, number);
    return this.#placedBy(record, request);
  }

  async #refuse(request: OrderRequest, rejection: Rejection): Promise<OrderState> {
    const time: Milliseconds = this.#shard.now;
    const orderId = composeOrderId(this.#shard.nextRefusal(), shardOrigin(this.#shardNumber));
    await this.#shard.record({ kind: "refuse", time, orderId, rejection, request });
    const order = this.#shard.machine.order(orderId);
    assert(order !== undefined, "a refusal that was recorded is known");
    return order;
  }

  #placedBy(record: MarketRecord, request: OrderRequest): OrderState {
    const order = this.#shard.machine.outcome(request.account, request.clientOrderId);
    if (order !== undefined && typeof order !== "string") return order;
    throw new Fault("OUTCOME_UNKNOWN", "Cannot show the order as it has left memory: ask for it by its id", {
      sequence: record.sequence,
    });
  }

  #openOrder(account: AccountId, id: OrderId): OrderState {
    const order = this.#shard.machine.order(id);
    if (order === undefined || order.account !== account) {
      throw new Fault("ORDER_UNKNOWN", `Cannot find order as its id must be one of yours: received ${id}`);
    }
    if (!isOpen(order)) throw notOpen(id);
    return order;
  }

  #after(id: OrderId, before: OrderState): OrderState {
    return this.#shard.machine.order(id) ?? before;
  }
}

function notOpen(id: OrderId): Fault {
  return new Fault("ORDER_NOT_OPEN", `Cannot change order as it must be open: received ${id}`);
}

function refusedAmend(rejection: Rejection): Fault {
  return new Fault("AMEND_REJECTED", `Cannot amend order as its new terms were refused: ${rejection}`, { rejection });
}

function throwWhereRefused(record: MarketRecord): void {
  for (const event of record.events) {
    if (event.event !== "rejected") continue;
    if (event.rejection === "orderUnknown") throw notOpen(event.orderId);
    throw refusedAmend(event.rejection);
  }
}
