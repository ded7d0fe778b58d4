/** What one account's owner is told, compared with what is recorded at that moment. */
import { isOpen } from "../../engine/account/order/order.ts";
import { accountId } from "../../engine/units.ts";
import type { OrderView } from "../../models/order.model.ts";
import type { Truth } from "./truth.ts";
import { Violation } from "./violation.ts";

export class AnswerCheck {
  readonly #truth: Truth;
  readonly #account: number;
  /** Of a provider nobody remembers what has closed. */
  readonly #forgets: boolean;

  constructor(truth: Truth, account: number, forgets: boolean) {
    this.#truth = truth;
    this.#account = account;
    this.#forgets = forgets;
  }

  /** An answer about an order says what is recorded, or was when it was said. True where it is open. */
  order(told: OrderView): boolean {
    const { id, clientOrderId, status, sequence } = told;
    const name = `${clientOrderId} of ${this.#account}`;
    const recorded = this.#truth.outcome(this.#account, clientOrderId);
    if (recorded === undefined && this.#forgets) return false;
    if (recorded === "revoked")
      throw new Violation("resolve", `${name} is ${status}, and was never accepted`);
    if (recorded === undefined) throw new Violation("nothing lost", `${name} is ${status}, and not recorded`);
    if (String(recorded.id) !== id) {
      throw new Violation("nothing twice", `${name} is order ${id}, and order ${recorded.id}`);
    }
    if (recorded.sequence < sequence) throw new Violation("nothing lost", `${name} changes at ${sequence}`);
    if (recorded.sequence === sequence && recorded.status !== status) {
      throw new Violation("nothing lost", `${name} is ${status}, and recorded as ${recorded.status}`);
    }
    return isOpen(recorded);
  }

  /** It was never accepted, and never will be. */
  never(clientOrderId: string): void {
    const recorded = this.#truth.outcome(this.#account, clientOrderId);
    if (recorded === "revoked") return;
    const found = recorded === undefined ? "not recorded as such" : `order ${recorded.id}`;
    throw new Violation(
      "resolve",
      `${clientOrderId} of ${this.#account} was never accepted, and is ${found}`,
    );
  }

  /** An order that was told of is known for ever. */
  unknown(id: string): void {
    if (this.#forgets) return;
    throw new Violation("nothing lost", `order ${id} of ${this.#account} was told of, and is not known`);
  }

  /** A client order id stands for one order, and this owner uses each for one. */
  another(clientOrderId: string): void {
    if (this.#forgets) return;
    throw new Violation("nothing twice", `${clientOrderId} of ${this.#account} is said to be another order`);
  }

  transfer(id: string): void {
    const known = this.#truth.shardOf(this.#account).money.transfer(accountId(this.#account), id);
    if (known === undefined)
      throw new Violation("nothing lost", `transfer ${id} was told, and is not recorded`);
  }
}
