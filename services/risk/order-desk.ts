/**
 * Orders of a shard's accounts: idempotent by (account, clientOrderId) whatever became of the first copy,
 * decided by the machine, refused durably or passed on to the market. A caller hears the outcome that a
 * journal holds.
 */

import type { OrderRequest, RefuseAmend } from "../../engine/account/command.ts";
import type { Explanation } from "../../engine/account/guard/explanation.ts";
import type { Answer } from "../../engine/account/order/answer.ts";
import { isOpen, newOrder, type OrderState } from "../../engine/account/order/order.ts";
import type { AmendRequest } from "../../engine/account/order/request.ts";
import type { ReadAmend } from "../../engine/form/order-form.ts";
import { CLOSED_ORDERS_IN_MEMORY_MAX } from "../../engine/limits.ts";
import type { Rejection } from "../../engine/rejection.ts";
import { type AccountId, assert, type Milliseconds, type OrderId } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { ExplanationView } from "../../models/explanation.model.ts";
import { viewExplanation } from "./explanation-view.ts";
import type { Outcome, PendingOrders } from "./pending-orders.ts";
import type { RiskShard } from "./risk-shard.ts";

/** An order as asked, with the door's own refusal where its price or size could not be read. */
export interface Placing {
  readonly request: OrderRequest;
  readonly refused?: Rejection;
  /** It closes its account out: what the owner may do is no matter. */
  readonly forced?: true;
}

export class OrderDesk {
  readonly #shard: RiskShard;
  readonly #shardNumber: number;
  readonly #pending: PendingOrders;

  constructor(shard: RiskShard, shardNumber: number, pending: PendingOrders) {
    this.#shard = shard;
    this.#shardNumber = shardNumber;
    this.#pending = pending;
  }

  /** Commands on their way. */
  get pending(): number {
    return this.#pending.size;
  }

  /** The outcome in memory, to be waited for where it is on its way; undefined where memory knows nothing. */
  known(account: AccountId, clientOrderId: string): Promise<Outcome> | Outcome | undefined {
    const waiting = this.#pending.get(account, clientOrderId);
    if (waiting !== undefined) return waiting;
    const outcome = this.#shard.machine.outcome(account, clientOrderId);
    assert(outcome !== "pending", "an order that is on its way has someone waiting for it");
    return outcome;
  }

  /** Places an order that neither memory nor disk knows. */
  place(placing: Placing): Promise<OrderState> {
    const { account, clientOrderId } = placing.request;
    return this.#pending.add(account, clientOrderId, this.#place(placing));
  }

  /** "Never accepted, and never will be": recorded before it is said. */
  async revoke(account: AccountId, clientOrderId: string): Promise<void> {
    const recorded = this.#shard.record({ kind: "revoke", time: this.#shard.now, account, clientOrderId });
    await this.#pending.add(
      account,
      clientOrderId,
      recorded.then((): Outcome => "revoked"),
    );
  }

  async amend(account: AccountId, id: OrderId, asked: ReadAmend, reference: number): Promise<OrderState> {
    const order = this.openOrder(account, id);
    this.awaitProfile(account);
    const { machine } = this.#shard;
    const { lots, ticks, terms } = asked;
    const at = this.#shard.now;
    const decision = machine.decideAmend(order, lots, ticks, terms, at);
    if (typeof decision === "string")
      throw await this.#refuseAmend({ order, lots, ticks, terms }, decision, at);
    const link = this.#shard.link(order.market);
    const number = link.send({
      kind: "amend",
      time: this.#shard.now,
      shard: this.#shardNumber,
      number: link.next,
      account,
      liquidity: order.liquidity,
      reference,
      orderId: id,
      ...asked,
      reserved: decision.reserved,
    });
    machine.holdAmend(order.market, number, id, lots, ticks, terms);
    return changedOrder(await this.#shard.outcomeOf(order.market, number), id);
  }

  async cancel(account: AccountId, id: OrderId): Promise<OrderState> {
    const order = this.openOrder(account, id);
    const link = this.#shard.link(order.market);
    const number = link.send({
      kind: "cancel",
      time: this.#shard.now,
      shard: this.#shardNumber,
      number: link.next,
      account,
      liquidity: order.liquidity,
      reference: 0,
      orderId: id,
    });
    return changedOrder(await this.#shard.outcomeOf(order.market, number), id);
  }

  async #place(placing: Placing): Promise<OrderState> {
    const { machine } = this.#shard;
    this.admit(placing.forced === true ? undefined : placing.request.account);
    const request = this.sent(placing.request);
    if (placing.refused !== undefined) return this.refuse(request, placing.refused);
    const at = this.#shard.now;
    const decision = machine.desk.decideOrder(request, at, undefined, placing.forced);
    if (typeof decision === "string") {
      return this.refuse(request, decision, machine.explainer.order(request, at));
    }
    const link = this.#shard.link(request.market);
    const number = link.send({
      kind: "place",
      time: this.#shard.now,
      shard: this.#shardNumber,
      number: link.next,
      account: request.account,
      liquidity: request.liquidity,
      reference: request.reference,
      feeTier: machine.charges.tierOf(request.account),
      clientOrderId: request.clientOrderId,
      side: request.side,
      type: request.type,
      timeInForce: request.timeInForce,
      postOnly: request.postOnly,
      lots: request.lots,
      ticks: request.ticks,
      reserved: decision.reserved,
      terms: request.terms,
    });
    machine.desk.holdOrder(number, request);
    const { order } = await this.#shard.outcomeOf(request.market, number);
    assert(order !== undefined, "a market answers a placed order with its state");
    return order;
  }

  /** A request as it is sent: with the group of its account. */
  sent(request: OrderRequest): OrderRequest {
    const terms = this.#shard.machine.desk.termsFor(request.account, request.terms);
    return terms === undefined ? request : { ...request, terms };
  }

  /** Throws NOT_READY while a change of the account's profile is on its way to the ledger. */
  awaitProfile(account: AccountId): void {
    if (!this.#shard.machine.holdings.profiles.isChanging(account)) return;
    throw new Fault("NOT_READY", "Cannot decide as the account's profile is being changed: try again");
  }

  /** Throws NOT_READY, also while too many closed orders wait to be stored. No account: what is forced. */
  admit(account: AccountId | undefined): void {
    if (account !== undefined) this.awaitProfile(account);
    const { closedInMemory, transactionsInMemory } = this.#shard.machine;
    if (Math.max(closedInMemory, transactionsInMemory) >= CLOSED_ORDERS_IN_MEMORY_MAX) {
      throw new Fault("NOT_READY", "Cannot place order as closed orders must be stored first: try again");
    }
  }

  /** Records that the shard has refused an order; then tells it. */
  async refuse(request: OrderRequest, rejection: Rejection, explanation?: Explanation): Promise<OrderState> {
    const time: Milliseconds = this.#shard.now;
    const orderId = this.#shard.machine.takeRefusalId();
    const why = explanation === undefined ? {} : { explanation };
    await this.#shard.record({ kind: "refuse", time, orderId, rejection, request, ...why });
    const order = this.#shard.machine.order(orderId);
    const forgotten = newOrder(orderId, request.market, 0, time, request);
    return order ?? { ...forgotten, status: "rejected", rejection, ...why };
  }

  /** Records that the shard has refused an amend; what a provider is refused explains itself to nobody. */
  async #refuseAmend(asked: AmendRequest, rejection: Rejection, time: Milliseconds): Promise<Fault> {
    const { order } = asked;
    if (order.liquidity) return refusedAmend(rejection);
    const { machine } = this.#shard;
    const explanation = machine.explainer.amend(asked, time);
    const { account, market, id: orderId } = order;
    const command: RefuseAmend = {
      ...{ kind: "refuseAmend", time, account, market, orderId },
      ...{ rejection, explanation },
    };
    const id = `l${this.#shardNumber}-${await this.#shard.record(command)}`;
    const instrumentOf = (number: number) => this.#shard.instrument(number);
    const about = { id, account, outcome: rejection, time, instrument: instrumentOf(market), explanation };
    return refusedAmend(rejection, viewExplanation(about, instrumentOf));
  }

  /** The order in memory, which must be the account's and open. */
  openOrder(account: AccountId, id: OrderId): OrderState {
    const order = this.#shard.machine.order(id);
    if (order === undefined || order.account !== account) throw orderUnknown(String(id));
    if (!isOpen(order)) throw notOpen(id);
    return order;
  }
}

export function orderUnknown(id: string): Fault {
  return new Fault("ORDER_UNKNOWN", `Cannot find order as its id must be one of yours: received ${id}`);
}

export function notOpen(id: OrderId): Fault {
  return new Fault("ORDER_NOT_OPEN", `Cannot change order as it must be open: received ${id}`);
}

export function refusedAmend(rejection: Rejection, explanation?: ExplanationView): Fault {
  return new Fault("AMEND_REJECTED", `Cannot amend order as its new terms were refused: ${rejection}`, {
    rejection,
    ...(explanation === undefined ? {} : { explanation }),
  });
}

/** The order after an amend or a cancel, or the fault that its refusal deserves. */
function changedOrder({ order, rejection }: Answer, id: OrderId): OrderState {
  if (rejection === "orderUnknown" || order === undefined) throw notOpen(id);
  if (rejection !== undefined) throw refusedAmend(rejection);
  return order;
}
