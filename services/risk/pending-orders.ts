/**
 * Orders whose outcome no journal holds yet, by account and client order id: whoever asks for one of them
 * again waits for the same outcome. Bounded by what the links to the markets let through.
 */
import type { OrderState } from "../../engine/account/order/order.ts";
import type { AccountId } from "../../engine/units.ts";

/** What a client order id came to; "closed" is a liquidity provider's order that has left memory. */
export type Outcome = OrderState | "revoked" | "closed";

export class PendingOrders {
  readonly #outcomes = new Map<string, Promise<Outcome>>();

  get size(): number {
    return this.#outcomes.size;
  }

  get(account: AccountId, clientOrderId: string): Promise<Outcome> | undefined {
    return this.#outcomes.get(`${account}:${clientOrderId}`);
  }

  /** The outcome is on its way, until it is there or has failed. */
  add<Known extends Outcome>(
    account: AccountId,
    clientOrderId: string,
    outcome: Promise<Known>,
  ): Promise<Known> {
    const key = `${account}:${clientOrderId}`;
    const kept = outcome.finally(() => this.#outcomes.delete(key));
    this.#outcomes.set(key, kept);
    return kept;
  }
}
