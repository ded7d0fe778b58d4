/**
 * Commands of a shard's accounts that are more than one plain order: a replace, a list, quotes, and those
 * that take many orders out at once. As with single orders, each client order id is used once, a refusal of
 * the shard is recorded before it is told, and a caller hears what a journal holds.
 */

import type { OrderRequest } from "../../engine/account/command.ts";
import type { Explanation } from "../../engine/account/guard/explanation.ts";
import type { Answer } from "../../engine/account/order/answer.ts";
import { quoteOrderId } from "../../engine/account/order/entering.ts";
import type { OrderState } from "../../engine/account/order/order.ts";
import {
  type LegRequest,
  type ListRequest,
  type QuotesRequest,
  type ReplaceRequest,
  requestOfLeg,
} from "../../engine/account/order/request.ts";
import type { ShardCommand } from "../../engine/market/command.ts";
import type { Rejection } from "../../engine/rejection.ts";
import { type AccountId, assert } from "../../engine/units.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { PendingOrders } from "./pending-orders.ts";
import type { RiskShard } from "./risk-shard.ts";

/** What a command says beside who sends it, when and under which number. */
type Said<Kind extends ShardCommand["kind"]> = Omit<
  Extract<ShardCommand, { kind: Kind }>,
  "time" | "shard" | "number" | "account" | "liquidity" | "reference" | "feeTier"
>;

export class CommandDesk {
  readonly #shard: RiskShard;
  readonly #shardNumber: number;
  readonly #orders: OrderDesk;
  readonly #pending: PendingOrders;

  constructor(shard: RiskShard, shardNumber: number, orders: OrderDesk, pending: PendingOrders) {
    this.#shard = shard;
    this.#shardNumber = shardNumber;
    this.#orders = orders;
    this.#pending = pending;
  }

  /** A command that needs no margin: it takes orders out, or says when that is to be done. */
  tell<Kind extends ShardCommand["kind"]>(
    account: AccountId,
    market: number,
    said: Said<Kind>,
    reference = 0,
  ): Promise<Answer> {
    return this.#shard.outcomeOf(market, this.#send(account, market, said, reference));
  }

  /** Another order in place of an open one; its outcome is the new order's. */
  replace(asked: ReplaceRequest): Promise<{ order: OrderState; replaced: OrderState }> {
    const { account, clientOrderId } = asked.request;
    const outcome = this.#replace(asked);
    const order = outcome.then(both => both.order);
    this.#watch(account, [clientOrderId], [order]);
    return outcome;
  }

  async #replace(stated: ReplaceRequest): Promise<{ order: OrderState; replaced: OrderState }> {
    this.#orders.admit(stated.request.account);
    const { desk, explainer } = this.#shard.machine;
    const asked = { ...stated, request: this.#orders.sent(stated.request) };
    const { request, order, onFailure } = asked;
    const at = this.#shard.now;
    const decision = desk.decideReplace(asked, at);
    if (typeof decision === "string") {
      const why = explainer.replace(asked, at);
      return { order: await this.#orders.refuse(request, decision, why), replaced: order };
    }
    const { account, market, liquidity: _known, reference, ...body } = request;
    const said: Said<"replace"> = {
      kind: "replace",
      orderId: order.id,
      onFailure,
      ...(onFailure === "stop" ? { filledLots: order.filledLots } : undefined),
      order: { ...body, reserved: decision.reserved },
    };
    const number = this.#send(account, market, said, reference);
    desk.holdReplace(number, asked);
    const answer = await this.#shard.outcomeOf(market, number);
    const entered = answer.orders.find(each => each.clientOrderId === request.clientOrderId);
    assert(entered !== undefined, "a market answers a replace with the new order");
    return { order: entered, replaced: answer.orders.find(each => each.id === order.id) ?? order };
  }

  /** All legs, in their order: accepted together or refused together. */
  async placeList(request: ListRequest, refused?: ReadonlyMap<number, Rejection>): Promise<OrderState[]> {
    const outcome = this.#placeList(request, refused);
    const names = request.legs.map(({ clientOrderId }) => clientOrderId);
    const legs = names.map((_name, leg) => outcome.then(orders => orderAt(orders, leg)));
    this.#watch(request.account, names, legs);
    return outcome;
  }

  async #placeList(stated: ListRequest, refused?: ReadonlyMap<number, Rejection>): Promise<OrderState[]> {
    this.#orders.admit(stated.account);
    const { desk, explainer } = this.#shard.machine;
    const request = { ...stated, legs: stated.legs.map(leg => this.#sentLeg(stated.account, leg)) };
    const { account, market, contingency, legs, reference } = request;
    if (refused !== undefined) return this.#refuseList(request, leg => refused.get(leg) ?? "listInvalid");
    const at = this.#shard.now;
    const decision = desk.decideList(request, at);
    if (typeof decision === "string") {
      return this.#refuseList(request, () => decision, explainer.list(request, at));
    }
    const bodies = legs.map((leg, index) => {
      const reserved = decision.reserved[index];
      assert(reserved !== undefined, "each leg has its reservation");
      return { ...leg, reserved };
    });
    const said: Said<"list"> = { kind: "list", contingency, legs: bodies };
    const number = this.#send(account, market, said, reference);
    desk.holdList(number, request);
    const { orders } = await this.#shard.outcomeOf(market, number);
    return legs.map(leg => {
      const order = orders.find(each => each.clientOrderId === leg.clientOrderId);
      assert(order !== undefined, "a market answers a list with each of its legs");
      return order;
    });
  }

  #sentLeg(account: AccountId, leg: LegRequest): LegRequest {
    const terms = this.#shard.machine.desk.termsFor(account, leg.terms);
    return terms === undefined ? leg : { ...leg, terms };
  }

  #refuseList(
    request: ListRequest,
    why: (leg: number) => Rejection,
    explanation?: Explanation,
  ): Promise<OrderState[]> {
    const { liquidity, reference } = request;
    const common = { account: request.account, market: request.market, liquidity, reference };
    return Promise.all(
      request.legs.map((leg, index) =>
        this.#orders.refuse(requestOfLeg(common, leg), why(index), explanation),
      ),
    );
  }

  /** Puts quotes in place of those before: what the market let in, changed, refused or took out. */
  async quote(request: QuotesRequest): Promise<readonly OrderState[] | Rejection> {
    const outcome = this.#quote(request);
    // A level may be refused without an order of its own: then nobody will ask for it by name.
    const names = request.quotes.map((_quote, level) => quoteOrderId(request.clientOrderId, level));
    for (const name of names) {
      const level = outcome.then(orders => {
        const found =
          typeof orders === "string" ? undefined : orders.find(each => each.clientOrderId === name);
        return found ?? ("closed" as const);
      });
      this.#watch(request.account, [name], [level]);
    }
    return outcome;
  }

  async #quote(request: QuotesRequest): Promise<readonly OrderState[] | Rejection> {
    this.#orders.admit(request.account);
    const { desk } = this.#shard.machine;
    const decision = desk.decideQuotes(request, this.#shard.now);
    if (typeof decision === "string") return decision;
    const { account, market, clientOrderId, postOnly, quotes, reference } = request;
    const { reserved } = decision;
    const said: Said<"massQuote"> = { kind: "massQuote", clientOrderId, postOnly, quotes, reserved };
    const number = this.#send(account, market, said, reference);
    desk.holdQuotes(number, request);
    const answer = await this.#shard.outcomeOf(market, number);
    return answer.orders.length === 0 && answer.rejection !== undefined ? answer.rejection : answer.orders;
  }

  #send(
    account: AccountId,
    market: number,
    said: Said<ShardCommand["kind"]>,
    reference: OrderRequest["reference"],
  ): number {
    const { machine, now } = this.#shard;
    const liquidity = machine.account(account)?.liquidity ?? false;
    const feeTier = machine.charges.tierOf(account);
    const link = this.#shard.link(market);
    const common = { time: now, shard: this.#shardNumber, number: link.next, account, liquidity };
    return link.send({ ...said, ...common, reference, feeTier } as ShardCommand);
  }

  #watch(
    account: AccountId,
    names: readonly string[],
    outcomes: readonly Promise<OrderState | "closed">[],
  ): void {
    for (const [index, name] of names.entries()) {
      const outcome = outcomes[index];
      // Who asked first hears of a failure; nobody else need be waiting.
      if (outcome !== undefined) this.#pending.add(account, name, outcome).catch(() => undefined);
    }
  }
}

function orderAt(orders: readonly OrderState[], leg: number): OrderState {
  const order = orders[leg];
  assert(order !== undefined, "a list has an order for each leg");
  return order;
}
