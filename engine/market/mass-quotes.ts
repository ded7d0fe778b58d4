/**
 * Mass quotes: an account's levels in place of those of its last mass quote. What is meant to stand at a side
 * and price already keeps its place, a smaller size too; a larger one is amended and loses it; all else is
 * removed. First comes what is removed, by id, then the amends, then the new orders, each in the order of the
 * levels. A level that is refused is told by itself, and what stood there before is removed. One that can't
 * be amended stays as it is.
 *
 * Every level takes the next order id, whether it needs it or not, a refused mass quote's too: so the level
 * tells the id. Each is an order like any other afterwards; here stand only the ids of those that may still
 * be open. Costs: O(levels²) comparisons at most, and the orders' own.
 */
import type { RestingOrder } from "../book/audit.ts";
import type { Book } from "../book/book.ts";
import type { SpecialBook } from "../book/special-book.ts";
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { composeOrderId, countOf, originOf } from "../ids.ts";
import type { Instrument } from "../instrument.ts";
import { MASS_QUOTE_MAX, QUOTING_ACCOUNTS_MAX } from "../limits.ts";
import type { Rejection } from "../rejection.ts";
import { type AccountId, assert, type Lots, type Money, type OrderId, type Ticks } from "../units.ts";
import type { MassQuote, PlaceOrder, Quote } from "./command.ts";
import { amendOrder, placeOrder } from "./command-shape.ts";
import { refusalOfPlace } from "./market-rules.ts";
import { refusalOfNotional } from "./notional.ts";
import type { OrderAmends } from "./order-amends.ts";
import type { OrderDesk } from "./order-desk.ts";

/** In a snapshot: an account that has a quote, and a quote. */
const BYTES_AN_ACCOUNT = 20;
const BYTES_A_QUOTE = 8;

/** A level and, where one stands at its price already, the order that is to become it. */
interface Wanted {
  readonly id: OrderId;
  readonly place: PlaceOrder;
  standing: OrderId | undefined;
}

export class MassQuotes {
  readonly #instrument: Instrument;
  readonly #book: Book;
  readonly #special: SpecialBook;
  readonly #desk: OrderDesk;
  readonly #amends: OrderAmends;
  /** By account: ids of its quotes, of which some may have closed. */
  readonly #quotes = new Map<AccountId, readonly OrderId[]>();

  constructor(
    instrument: Instrument,
    book: Book,
    special: SpecialBook,
    desk: OrderDesk,
    amends: OrderAmends,
  ) {
    this.#instrument = instrument;
    this.#book = book;
    this.#special = special;
    this.#desk = desk;
    this.#amends = amends;
  }

  /** Why a mass quote is refused as a whole. */
  refusal({ account, quotes }: MassQuote): Rejection | undefined {
    if (quotes.length === 0 || quotes.length > MASS_QUOTE_MAX) return "quotesInvalid";
    if (this.#quotes.size < QUOTING_ACCOUNTS_MAX || this.#quotes.has(account)) return undefined;
    for (const other of this.#quotes.keys()) if (this.openOf(other).length === 0) this.#quotes.delete(other);
    return this.#quotes.size < QUOTING_ACCOUNTS_MAX ? undefined : "accountsLimit";
  }

  /** `first`: the id of the first level. */
  quote(command: MassQuote, first: OrderId): void {
    const { account, quotes } = command;
    const old = this.openOf(account).flatMap(id => this.#desk.order(id) ?? []);
    const wanted: Wanted[] = quotes.map((quote, level) => ({
      id: composeOrderId(countOf(first) + level, originOf(first)),
      place: placeOf(command, quote),
      standing: undefined,
    }));
    for (const level of wanted) level.standing = this.#take(old, level.place);
    for (const { orderId } of old) this.#desk.remove(orderId, "replaced");
    for (const level of wanted) if (level.standing !== undefined) this.#change(command, level);
    for (const { id, place, standing } of wanted) if (standing === undefined) this.#desk.place(place, id);
    const ids = wanted.map(({ id, standing }) => standing ?? id).filter(id => this.#isOpen(id));
    ids.sort((one, other) => one - other);
    if (ids.length === 0) this.#quotes.delete(account);
    else this.#quotes.set(account, ids);
  }

  /** Ids of an account's quotes that are open, in their order. */
  openOf(account: AccountId): OrderId[] {
    return (this.#quotes.get(account) ?? []).filter(id => this.#isOpen(id));
  }

  /** The quotes that are open, by account. */
  entries(): [AccountId, OrderId[]][] {
    const accounts = [...this.#quotes.keys()].sort((one, other) => one - other);
    const all = accounts.map((account): [AccountId, OrderId[]] => [account, this.openOf(account)]);
    return all.filter(([, ids]) => ids.length !== 0);
  }

  write(writer: ByteWriter): void {
    const entries = this.entries();
    writer.u32(entries.length);
    for (const [account, ids] of entries) {
      writer.f64(account);
      writer.u32(ids.length);
      for (const id of ids) writer.f64(id);
    }
  }

  /** After the orders. */
  read(reader: ByteReader): void {
    let before = -1;
    for (let left = reader.count(BYTES_AN_ACCOUNT); left > 0; left--) {
      const account = reader.whole() as AccountId;
      const count = reader.count(BYTES_A_QUOTE);
      const ids = Array.from({ length: count }, () => reader.whole() as OrderId);
      assert(account > before, "accounts stand in their order");
      before = account;
      assert(count > 0 && count <= MASS_QUOTE_MAX, "an account has as many quotes as one may have");
      assert(
        ids.every((id, at) => this.#desk.order(id)?.account === account && id > (ids[at - 1] ?? 0)),
        "a quote is an open order of its account",
      );
      this.#quotes.set(account, ids);
    }
  }

  /** An order as any level of a mass quote is one. */
  probe(command: MassQuote): PlaceOrder {
    return placeOf(command, { side: "buy", lots: 0 as Lots, ticks: 0 as Ticks });
  }

  #isOpen(id: OrderId): boolean {
    return this.#book.queues.find(id) !== 0 || this.#desk.order(id) !== undefined;
  }

  /** Takes out of `old` the order that may become a level. */
  #take(old: RestingOrder[], place: PlaceOrder): OrderId | undefined {
    const { side, ticks, lots, postOnly } = place;
    const { notional } = this.#instrument;
    if (refusalOfPlace(this.#instrument, place, place.time) !== undefined) return undefined;
    if (notional && refusalOfNotional(notional, this.#book, side, ticks, lots) !== undefined)
      return undefined;
    if (this.#special.guard?.refusalOfLimit(ticks) !== undefined) return undefined;
    const at = old.findIndex(order => {
      const isThere = order.side === side && order.ticks === ticks && order.postOnly === postOnly;
      return isThere && order.totalLots - order.lots + lots <= this.#instrument.maximumLots;
    });
    return at < 0 ? undefined : old.splice(at, 1)[0]?.orderId;
  }

  /** Gives an order that stands a level's size; where it has traded away meanwhile, there is none. */
  #change(command: MassQuote, level: Wanted): void {
    const order = level.standing === undefined ? undefined : this.#desk.order(level.standing);
    if (order === undefined) {
      level.standing = undefined;
      return;
    }
    const { orderId, lots, totalLots } = order;
    if (level.place.lots === lots) return;
    const total = (totalLots - lots + level.place.lots) as Lots;
    const { reserved } = command;
    this.#amends.amend(amendOrder(command, { orderId, lots: total, ticks: 0 as Ticks, reserved }));
  }
}

/** A level as the order that it would be by itself. */
export function placeOf(command: MassQuote, quote: Quote): PlaceOrder {
  const { clientOrderId, postOnly } = command;
  const { side, lots, ticks } = quote;
  const plain = { type: "limit", timeInForce: "GTC", reserved: 0n as Money } as const;
  return placeOrder(command, { clientOrderId, side, postOnly, lots, ticks, ...plain });
}
