/** Why a market refuses an order or an amend: rules, the phase, and, asked beforehand, the book. */
import { type RestingOrder, readOrder, type WaitingOrder } from "../book/audit.ts";
import { type Book, GTC } from "../book/book.ts";
import type { SpecialBook } from "../book/special-book.ts";
import type { Instrument } from "../instrument.ts";
import type { Rejection } from "../rejection.ts";
import type { AccountId, Lots, OrderId } from "../units.ts";
import type { AmendOrder, ListLeg, OrderBody, PlaceOrder } from "./command.ts";
import type { Expiry } from "./expiries.ts";
import { isPlainAndValid, refusalOfAmend, refusalOfPlace } from "./market-rules.ts";
import { judgedTicks, refusalOfNotional } from "./notional.ts";
import type { OrderEntry } from "./order-entry.ts";
import { leavesPrice } from "./order-list.ts";
import { orderOf, timeInForceNumber } from "./order-terms.ts";
import type { PeggedOrder } from "./peg-price.ts";
import type { Pegs } from "./pegs.ts";
import type { PendingLegs } from "./pending-legs.ts";
import { isOfAuction } from "./phase-rules.ts";
import type { Phases } from "./phases.ts";
import type { StopOrders } from "./stop-orders.ts";

const NO_ID = 0 as OrderId;

export class OrderJudge {
  readonly #instrument: Instrument;
  readonly #limitsNotional: boolean;
  readonly #book: Book;
  readonly #special: SpecialBook;
  readonly #entry: OrderEntry;
  readonly #stops: StopOrders;
  readonly #phases: Phases;
  readonly #pending: PendingLegs;
  readonly #pegs: Pegs;
  readonly #frozen: ReadonlySet<number>;

  /** `frozen`: accounts whose new orders are refused. */
  constructor(
    instrument: Instrument,
    book: Book,
    special: SpecialBook,
    entry: OrderEntry,
    stops: StopOrders,
    phases: Phases,
    pending: PendingLegs,
    pegs: Pegs,
    frozen: ReadonlySet<number>,
  ) {
    this.#instrument = instrument;
    this.#limitsNotional = instrument.notional !== undefined;
    this.#book = book;
    this.#special = special;
    this.#entry = entry;
    this.#stops = stops;
    this.#phases = phases;
    this.#pending = pending;
    this.#pegs = pegs;
    this.#frozen = frozen;
  }

  /** Why an order is refused, whatever the market holds. */
  refusalOfTerms(command: PlaceOrder): Rejection | undefined {
    return refusalOfPlace(this.#instrument, command, command.time);
  }

  /** Whether an order is a plain one that nothing refuses, but perhaps the book. */
  passes(command: PlaceOrder): boolean {
    const { matching, guard } = this.#special;
    const limited = this.#limitsNotional || guard !== undefined;
    if (!matching || limited || !isPlainAndValid(this.#instrument, command)) return false;
    return this.#frozenOut(command.account) === undefined;
  }

  /** The size of a placed order, which a budget may have to give it, or why it is refused. */
  sizeOf(command: PlaceOrder): Lots | Rejection {
    const free = this.#special.matching && !isOfAuction(command.timeInForce);
    const forbidden = free ? undefined : this.#phases.refusal("place", command);
    const refusal = forbidden ?? this.#frozenOut(command.account) ?? this.refusalOfTerms(command);
    if (refusal !== undefined) return refusal;
    const { terms, side, ticks } = command;
    const budget = terms?.budget;
    const lots = budget === undefined ? command.lots : this.#entry.sizeFor(orderOf(command, NO_ID), budget);
    const { notional } = this.#instrument;
    const { guard } = this.#special;
    if ((notional === undefined && guard === undefined) || typeof lots === "string") return lots;
    const worth = notional && refusalOfNotional(notional, this.#book, side, ticks, lots);
    // A pegged order's limit is its cap, which is no price.
    return worth ?? (terms?.peg === undefined ? guard?.refusalOfLimit(ticks) : undefined) ?? lots;
  }

  #frozenOut(account: AccountId): Rejection | undefined {
    return this.#frozen.size !== 0 && this.#frozen.has(account) ? "protectionTripped" : undefined;
  }

  /** Whether an exit's distance leaves it a price, as far as its entry's is known. */
  reaches({ side, ticks, terms }: OrderBody, exit: ListLeg): boolean {
    const limit = ticks || (terms?.trigger?.stopTicks ?? 0);
    return leavesPrice(this.#instrument, exit, judgedTicks(this.#book, side, limit));
  }

  /** Why an order would be refused now, the book's own reasons included. */
  refusalNow(command: PlaceOrder): Rejection | undefined {
    const lots = this.sizeOf(command);
    if (typeof lots === "string") return lots;
    const { terms } = command;
    if (terms?.trigger !== undefined) return this.#stops.isFull ? "bookFull" : undefined;
    if (isOfAuction(command.timeInForce) && this.#phases.parks(command.timeInForce)) return undefined;
    if (timeInForceNumber(command.timeInForce) !== GTC || terms?.slide) return undefined;
    const order = orderOf(command, NO_ID);
    return terms?.peg === undefined ? this.#special.refusal(order) : this.#pegs.refusal(order, terms.peg);
  }

  /** Why an order, else that of a slot, may not have the worth or the limit that an amend gives it. */
  refusalOfValue(
    { ticks, lots }: AmendOrder,
    slot: number,
    known: RestingOrder | undefined,
    pegged: PeggedOrder | undefined,
  ): Rejection | undefined {
    const { notional } = this.#instrument;
    const { guard } = this.#special;
    if ((notional === undefined && guard === undefined) || (ticks === 0 && lots === 0)) return undefined;
    const late = pegged === undefined ? guard?.refusalOfLimit(ticks) : undefined;
    if (notional === undefined) return late;
    const order = known ?? readOrder(this.#book.queues, slot);
    const [limit, total] = [ticks || (pegged?.capTicks ?? order.ticks), lots || order.totalLots];
    return refusalOfNotional(notional, this.#book, order.side, limit, total) ?? late;
  }

  refusalOfAmend(
    command: AmendOrder,
    order: RestingOrder | WaitingOrder | undefined,
    expiry: Expiry | undefined,
    pegged: PeggedOrder | undefined,
  ) {
    const { orderId, lots } = command;
    const judged = order === undefined ? undefined : (this.#pending.whole(orderId) ?? order);
    const refusal = refusalOfAmend(this.#instrument, command, judged, expiry, pegged !== undefined);
    if (refusal !== undefined || lots === 0) return refusal;
    return this.#pending.sized.has(orderId) ? "quantityFollowsEntry" : undefined;
  }
}
