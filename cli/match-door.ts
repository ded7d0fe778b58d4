/**
 * The door of `cambist match`: names from outside become the engine's dense numbers here, once, and turn
 * back into names in the events. Every order id is remembered, so that a repeat is refused after its order
 * has closed too: these ids and the accounts' are what grows with the input. A place that was refused has
 * used its id.
 */
import type { AccountId } from "../engine/units.ts";

/** The account of an order that names none. */
const NO_ACCOUNT = "";

/** As `JSON.stringify`, faster for the ids that nearly everybody uses: printable ASCII without " and \. */
function quote(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character < 0x20 || character > 0x7e || character === 0x22 || character === 0x5c) {
      return JSON.stringify(text);
    }
  }
  return `"${text}"`;
}

export class MatchDoor {
  readonly #orders = new Map<string, number>();
  readonly #accounts = new Map<string, number>([[NO_ACCOUNT, 0]]);
  readonly #accountNames = [NO_ACCOUNT];
  /** By the count of an order: its id. */
  readonly #names: string[] = [];

  has(orderId: string): boolean {
    return this.#orders.has(orderId);
  }

  /** Remembers the id of an order that the machine never saw. */
  refuse(orderId: string): void {
    this.#orders.set(orderId, 0);
  }

  /** Remembers the id of the order with the next count, which must be asked for in order. */
  admit(orderId: string, count: number): void {
    this.#orders.set(orderId, count);
    this.#names[count - 1] = orderId;
  }

  /** Count of an order; 0 where the machine knows none of this id. */
  countOf(orderId: string): number {
    return this.#orders.get(orderId) ?? 0;
  }

  /** An order's id as a JSON string, quotes included. */
  nameOf(count: number): string {
    return quote(this.#names[count - 1] ?? "");
  }

  account(accountId: string): AccountId {
    let account = this.#accounts.get(accountId);
    if (account === undefined) {
      account = this.#accounts.size;
      this.#accounts.set(accountId, account);
      this.#accountNames.push(accountId);
    }
    return account as AccountId;
  }

  /** Whether an account has this name. */
  isNamed(account: AccountId, accountId: string): boolean {
    return this.#accounts.get(accountId) === account;
  }

  /** An account's name; undefined for that of orders which name none. */
  accountName(account: AccountId): string | undefined {
    return account === 0 ? undefined : this.#accountNames[account];
  }
}
