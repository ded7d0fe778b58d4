/**
 * Commands about an account's orders together: mass cancels and mass quotes, dead-man timers, protection. A
 * mass cancel takes out all open orders of an account, or those of one side, wherever they are: resting,
 * armed, or beside the book; in the order of their ids. Where there are none it makes no event. It is taken
 * in whichever phase takes cancels; a mass quote where its orders would be; timers and protections in all.
 */
import type { Book } from "../book/book.ts";
import type { SpecialBook } from "../book/special-book.ts";
import type { ByteReader, ByteWriter } from "../bytes.ts";
import type { Instrument } from "../instrument.ts";
import type { Rejection } from "../rejection.ts";
import { type AccountId, type OrderId, type Side, unreachable } from "../units.ts";
import type { CancelAllAfter, MassCancel, MassQuote, ResetProtection, SetProtection } from "./command.ts";
import { DeadMan } from "./dead-man.ts";
import type { RemovalCause } from "./event.ts";
import { MassQuotes } from "./mass-quotes.ts";
import type { OrderAmends } from "./order-amends.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { Phases } from "./phases.ts";
import { Protection } from "./protection.ts";

export class AccountDesk {
  readonly protection: Protection;
  readonly deadMan: DeadMan;
  readonly quotes: MassQuotes;
  readonly #book: Book;
  readonly #phases: Phases;
  readonly #desk: OrderDesk;
  readonly #frozen: ReadonlySet<number>;

  /** `frozen`: whose new orders are refused; protection decides of it. */
  constructor(
    instrument: Instrument,
    book: Book,
    special: SpecialBook,
    phases: Phases,
    desk: OrderDesk,
    amends: OrderAmends,
    frozen: Set<number>,
  ) {
    this.#book = book;
    this.#phases = phases;
    this.#desk = desk;
    this.#frozen = frozen;
    this.protection = new Protection(book.log, frozen, account => this.removeAll(account, "protection"));
    this.deadMan = new DeadMan(account => this.removeAll(account, "cancelAllAfter"));
    this.quotes = new MassQuotes(instrument, book, special, desk, amends);
  }

  obey(command: MassCancel | CancelAllAfter | SetProtection | ResetProtection): void {
    const { account } = command;
    const refusal = this.#refusal(command);
    if (refusal !== undefined) {
      this.#refuse(account, refusal);
      return;
    }
    switch (command.kind) {
      case "massCancel":
        this.removeAll(account, "massCancel", command.side);
        break;
      case "cancelAllAfter":
        this.deadMan.set(command);
        break;
      case "protect":
        this.protection.set(command);
        break;
      case "resetProtection":
        this.protection.reset(account);
        break;
      default:
        unreachable(command);
    }
  }

  /** `first`: the id of the first quote. */
  quote(command: MassQuote, first: OrderId): void {
    const { account } = command;
    const frozen = this.#frozen.has(account) ? "protectionTripped" : undefined;
    const forbidden = this.#phases.refusal("place", this.quotes.probe(command));
    const refusal = forbidden ?? frozen ?? this.quotes.refusal(command);
    if (refusal === undefined) this.quotes.quote(command, first);
    else this.#refuse(account, refusal);
  }

  /** Takes out an account's open orders, those of one side where it is given. */
  removeAll(account: AccountId, cause: RemovalCause, side?: Side): void {
    for (const id of this.#desk.idsOf(account, side)) this.#desk.remove(id, cause);
  }

  write(writer: ByteWriter): void {
    this.protection.write(writer);
    this.quotes.write(writer);
    this.deadMan.write(writer);
  }

  /** After the orders, which quotes are. */
  read(reader: ByteReader): void {
    this.protection.read(reader);
    this.quotes.read(reader);
    this.deadMan.read(reader);
  }

  check(): void {
    this.protection.check();
    this.deadMan.check();
  }

  #refusal(command: MassCancel | CancelAllAfter | SetProtection | ResetProtection): Rejection | undefined {
    switch (command.kind) {
      case "massCancel":
        return this.#phases.refusal("cancel");
      case "cancelAllAfter":
        return this.deadMan.refusal(command);
      case "protect":
        return this.protection.refusal(command);
      default:
        return undefined;
    }
  }

  /** Refuses a command that names no order. */
  #refuse(account: AccountId, why: Rejection): void {
    this.#book.log.reject(0, account, 0, 0, 0, why);
  }
}
