/**
 * A provider's way to the venue: the actions that the gateway calls, with the provider as the caller. Client
 * order ids are its start's time in base 36, four random digits and a count: never the same twice, also
 * across restarts.
 */
import { randomInt } from "node:crypto";
import type { ServiceBroker } from "moleculer";
import type { OrderView } from "../../models/order.model.ts";
import type { Principal } from "../principal.ts";

export interface QuoteRequest {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly quantity: string;
  readonly price: string;
  readonly timeInForce: "GTC" | "IOC";
  readonly reference: number;
}

export interface QuoteChange {
  readonly id: string;
  readonly quantity?: string;
  readonly price: string;
  readonly reference: number;
}

export interface OrderDoor {
  nextId(): string;
  place(request: QuoteRequest): Promise<OrderView>;
  amend(change: QuoteChange): Promise<OrderView>;
  cancel(id: string): Promise<OrderView>;
  /** What became of an order whose answer was lost. Throws ORDER_NEVER_ACCEPTED where it never was. */
  resolve(clientOrderId: string): Promise<OrderView>;
}

export class BrokerDoor implements OrderDoor {
  readonly principal: Principal;
  readonly #broker: ServiceBroker;
  readonly #prefix: string;
  #count = 0;

  constructor(broker: ServiceBroker, principal: Principal, now: number) {
    this.#broker = broker;
    this.principal = principal;
    const random = randomInt(36 ** 4)
      .toString(36)
      .padStart(4, "0");
    this.#prefix = `lp-${now.toString(36)}${random}-`;
  }

  nextId(): string {
    this.#count++;
    return this.#prefix + this.#count.toString(36);
  }

  place(request: QuoteRequest): Promise<OrderView> {
    return this.#call("orders.place", { ...request, type: "limit" });
  }

  amend(change: QuoteChange): Promise<OrderView> {
    return this.#call("orders.amend", change);
  }

  cancel(id: string): Promise<OrderView> {
    return this.#call("orders.cancel", { id });
  }

  resolve(clientOrderId: string): Promise<OrderView> {
    return this.#call("orders.resolve", { clientOrderId });
  }

  /** Every order of the provider's that is open. */
  async open(): Promise<OrderView[]> {
    const orders: OrderView[] = [];
    let cursor: string | undefined;
    do {
      const page: { items: OrderView[]; nextCursor?: string } = await this.#call("orders.list", {
        status: "open",
        limit: 500,
        ...(cursor === undefined ? {} : { cursor }),
      });
      orders.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return orders;
  }

  /** Net positions in units of the base currency. */
  async positions(): Promise<Map<string, number>> {
    const [account] = this.principal.accounts;
    const answer: { items: { symbol: string; quantity: string }[] } = await this.#call("accounts.positions", {
      id: String(account),
    });
    return new Map(answer.items.map(({ symbol, quantity }) => [symbol, Number(quantity)]));
  }

  #call<Answer, Params extends object>(action: string, params: Params): Promise<Answer> {
    return this.#broker.call<Answer, Params>(action, params, { meta: { principal: this.principal } });
  }
}
