/**
 * Commands about an account's orders together. A mass cancel takes out all open orders of an account, or
 * those of one side, wherever they are: resting, armed, or beside the book; in the order of their ids. Where
 * there are none it makes no event. It is taken in whichever phase takes cancels.
 */
import type { Book } from "../book/book.ts";
import type { Rejection } from "../rejection.ts";
import type { AccountId, Side } from "../units.ts";
import type { MassCancel } from "./command.ts";
import type { RemovalCause } from "./event.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { Phases } from "./phases.ts";

export class AccountDesk {
  readonly #book: Book;
  readonly #phases: Phases;
  readonly #desk: OrderDesk;

  constructor(book: Book, phases: Phases, desk: OrderDesk) {
    this.#book = book;
    this.#phases = phases;
    this.#desk = desk;
  }

  massCancel({ account, side }: MassCancel): void {
    const refusal = this.#phases.refusal("cancel");
    if (refusal !== undefined) this.#refuse(account, refusal);
    else this.removeAll(account, "massCancel", side);
  }

  /** Takes out an account's open orders, those of one side where it is given. */
  removeAll(account: AccountId, cause: RemovalCause, side?: Side): void {
    for (const id of this.#desk.idsOf(account, side)) this.#desk.remove(id, cause);
  }

  /** Refuses a command that names no order. */
  #refuse(account: AccountId, why: Rejection): void {
    this.#book.log.reject(0, account, 0, 0, 0, why);
  }
}
