/**
 * Which part of a market a command of a shard belongs to: the plain book while that is all there is, else the
 * special book, the orders that wait for a price, for an auction or for an entry, or those that a call has
 * collected. What a command breaks is refused here, before any of them is asked.
 */
import { ACCOUNT, NUMBERS, POST_ONLY_FLAG } from "../book/arena.ts";
import { type RestingOrder, readOrder, type WaitingOrder } from "../book/audit.ts";
import { type Book, BUY, GTC, ONCE, SELL } from "../book/book.ts";
import type { LinkedOrders } from "../book/queues.ts";
import type { SpecialBook } from "../book/special-book.ts";
import { isSpecialAt } from "../book/special-queues.ts";
import { reachesSpecial } from "../book/special-reach.ts";
import type { AccountId, OrderId, Side } from "../units.ts";
import { numberOf } from "../word-list.ts";
import { ClosingCross } from "./closing-cross.ts";
import type { AmendOrder, CancelOrder, PlaceOrder } from "./command.ts";
import { placeOrder } from "./command-shape.ts";
import { EVENT_STRIDE, EXPIRED, REJECTED, REMOVAL_CAUSES, type RemovalCause, TRIGGERED } from "./event.ts";
import { Expiries, endsByItself } from "./expiries.ts";
import type { OrderEntry } from "./order-entry.ts";
import type { OrderJudge } from "./order-judge.ts";
import { orderOf, timeInForceNumber } from "./order-terms.ts";
import { type ParkedOrder, ParkedOrders } from "./parked-orders.ts";
import type { Pegs } from "./pegs.ts";
import type { PendingLegs } from "./pending-legs.ts";
import { isOfAuction } from "./phase-rules.ts";
import type { Phases } from "./phases.ts";
import type { StopOrders } from "./stop-orders.ts";

export class OrderDesk {
  readonly #judge: OrderJudge;
  readonly #book: Book;
  readonly #special: SpecialBook;
  readonly #entry: OrderEntry;
  readonly #stops: StopOrders;
  readonly #phases: Phases;
  readonly #pegs: Pegs;
  readonly #closing: ClosingCross;
  readonly parked: ParkedOrders;
  readonly #pending: PendingLegs;
  /** Which open orders end by themselves. */
  readonly expiries = new Expiries(
    id => this.isOpen(id),
    id => this.remove(id, "expiry"),
  );

  constructor(
    judge: OrderJudge,
    book: Book,
    special: SpecialBook,
    entry: OrderEntry,
    stops: StopOrders,
    phases: Phases,
    pending: PendingLegs,
    pegs: Pegs,
  ) {
    this.#judge = judge;
    this.#book = book;
    this.#special = special;
    this.#entry = entry;
    this.#stops = stops;
    this.#phases = phases;
    this.#pegs = pegs;
    this.#closing = new ClosingCross(book, special);
    this.parked = new ParkedOrders(book.log);
    this.#pending = pending;
  }

  /** An open order: one that rests, one that waits, or one that a call has collected. */
  order(id: OrderId): RestingOrder | WaitingOrder | undefined {
    const slot = this.#book.queues.find(id);
    if (slot !== 0) return readOrder(this.#book.queues, slot);
    const waiting = this.#stops.triggers.find(id) ?? this.#stops.released(id);
    const parked = this.parked.find(id) ?? this.#pegs.find(id)?.parked;
    return waiting ?? this.#phases.unpriced.get(id) ?? parked ?? this.#pending.find(id);
  }

  isOpen(id: number): boolean {
    return this.#book.queues.find(id) !== 0 || this.order(id as OrderId) !== undefined;
  }

  place(command: PlaceOrder, id: OrderId): void {
    if (this.#judge.passes(command)) {
      const { ticks, lots } = command;
      const side = command.side === "buy" ? BUY : SELL;
      if (!reachesSpecial(this.#book.queues, side, ticks, lots)) {
        const flags = command.postOnly ? side | POST_ONLY_FLAG : side;
        const timeInForce = timeInForceNumber(command.timeInForce);
        this.#book.place(id, command.account, flags, timeInForce, ticks, lots);
        return;
      }
    }
    const lots = this.#judge.sizeOf(command);
    if (lots === command.lots) this.enter(command, id);
    else if (typeof lots === "number") this.enter(placeOrder(command, command, lots), id);
    else {
      const side = command.side === "buy" ? BUY : SELL;
      this.#book.log.reject(id, command.account, side, command.ticks, command.lots, lots);
    }
  }

  /** Enters an order that no rule refuses; of its total size so much has been filled before. */
  enter(command: PlaceOrder, id: OrderId, filled = 0): void {
    this.#enter(command, id, filled);
    if (endsByItself(command.timeInForce) && this.isOpen(id)) this.expiries.expect(command, id);
  }

  #enter(command: PlaceOrder, id: OrderId, filled: number): void {
    const { terms } = command;
    const timeInForce = terms?.budget === undefined ? timeInForceNumber(command.timeInForce) : ONCE;
    const order = orderOf(command, id, filled);
    if (terms?.peg !== undefined) this.#pegs.place(order, terms.peg);
    else if (isOfAuction(command.timeInForce) && this.#phases.parks(command.timeInForce)) {
      this.parked.place(order, command.timeInForce);
    } else if (terms?.trigger === undefined) this.#trade(order, timeInForce);
    else this.#stops.place(order, command.timeInForce, terms.trigger);
  }

  /** Enters an order as the phase has it. */
  #trade(order: RestingOrder, timeInForce: number): void {
    if (this.#phases.crosses) this.#closing.place(order, timeInForce);
    else if (order.ticks === 0 && !this.#special.matching) this.#phases.unpriced.collect(order);
    else this.#entry.place(order, timeInForce);
  }

  /** Enters an order that was parked until its call. */
  enterCall({ timeInForce: _, ...order }: ParkedOrder): void {
    const { log } = this.#book;
    const row = log.length;
    this.#trade(order, GTC);
    log.retitle(row, log.rows[row * EVENT_STRIDE] === REJECTED ? EXPIRED : TRIGGERED);
  }

  cancel(command: CancelOrder): void {
    if (!this.#special.matching && this.refuseInPhase(command)) return;
    if (command.onlyIf !== undefined && this.#refuseByFills(command)) return;
    this.takeOut(command.orderId, command.account);
  }

  /** Ids of an account's open orders wherever they are, those of one side where it is given, in order. */
  idsOf(account: AccountId, side?: Side): OrderId[] {
    const { accounts } = this.#book.queues;
    const ids: OrderId[] = [];
    if (side !== "sell") accounts.collect(account, BUY, ids);
    if (side !== "buy") accounts.collect(account, SELL, ids);
    const { triggers, queue } = this.#stops;
    const beside = [
      this.#phases.unpriced.values(),
      this.parked.orders(),
      this.#pending.orders(),
      this.#pegs.parked(),
    ];
    for (const waiting of [triggers.known(), queue, ...beside]) {
      for (const order of waiting) {
        if (order.account === account && order.side === (side ?? order.side)) ids.push(order.orderId);
      }
    }
    return ids.sort((one, other) => one - other);
  }

  /** Cancels an order wherever it is; refuses where the account has none of this id. */
  takeOut(orderId: OrderId, account: AccountId): void {
    const { queues } = this.#book;
    const slot = queues.find(orderId);
    if (slot === 0) {
      const unpriced = this.#phases.unpriced.get(orderId);
      const armed = this.#stops.triggers.find(orderId) ?? this.#stops.withdraw(orderId);
      const parked = this.parked.find(orderId);
      const pegged = this.#pegs.find(orderId)?.parked;
      if (pegged?.account === account) this.#pegs.cancel(pegged);
      else if (unpriced?.account === account) this.#phases.unpriced.cancel(unpriced);
      else if (parked?.account === account) this.parked.cancel(parked);
      else if (this.#pending.find(orderId)?.account === account) this.#pending.cancel(orderId);
      else if (armed?.account === account) this.#stops.cancel(armed);
      else this.#book.cancel(orderId, account);
    } else if (queues.arena.numbers[(slot << NUMBERS) + ACCOUNT] !== account) {
      this.#book.log.reject(orderId, account, BUY, 0, 0, "orderUnknown");
    } else if (isSpecialAt(queues, slot)) this.#special.cancel(slot);
    else this.#book.takeOut(slot);
  }

  /** Whose an open order is. */
  #accountOf(id: OrderId): AccountId | undefined {
    const { queues } = this.#book;
    const slot = queues.find(id);
    if (slot === 0) return this.order(id)?.account;
    return queues.arena.numbers[(slot << NUMBERS) + ACCOUNT] as AccountId;
  }

  /** Takes out an open order that nobody asked to cancel by itself; false where there is none of this id. */
  remove(id: number, cause: RemovalCause): boolean {
    const account = this.#accountOf(id as OrderId);
    if (account === undefined) return false;
    const row = this.#book.log.length;
    this.takeOut(id as OrderId, account);
    this.#book.log.turnIntoRemoval(row, numberOf(REMOVAL_CAUSES, cause));
    return true;
  }

  /** A market order in a call depends on others of its list; false where there is none of this id. */
  linkUnpriced(id: OrderId, linked: LinkedOrders): boolean {
    const { unpriced } = this.#phases;
    if (unpriced.get(id) === undefined) return false;
    unpriced.link(id, linked);
    return true;
  }

  /** Changes the size of a market order in a call; undefined where there is none of this id. */
  resizeUnpriced(id: OrderId, change: number): boolean | undefined {
    const order = this.#phases.unpriced.get(id);
    return order && this.#phases.unpriced.resize(order, change);
  }

  /** Refuses a cancel of an order that has traded, or hasn't; whether it did. */
  #refuseByFills({ orderId, account, onlyIf }: CancelOrder): boolean {
    const order = this.order(orderId);
    if (order === undefined || order.account !== account) return false;
    const isNew = order.lots === order.totalLots;
    if (isNew === (onlyIf === "new")) return false;
    const side = order.side === "sell" ? SELL : BUY;
    const why = isNew ? "orderNotPartlyFilled" : "orderNotNew";
    this.#book.log.reject(orderId, account, side, 0, 0, why);
    return true;
  }

  /** Refuses what the phase forbids; whether it did. */
  refuseInPhase(command: CancelOrder | AmendOrder): boolean {
    const { orderId, account, kind } = command;
    const unpriced = this.#phases.unpriced.get(orderId);
    const own = this.order(orderId)?.account === account;
    const refusal = kind === "amend" && unpriced !== undefined ? "phaseForbids" : this.#phases.refusal(kind);
    if (!own || refusal === undefined) return false;
    const [ticks, lots] = kind === "amend" ? [command.ticks, command.lots] : [0, 0];
    const side = this.order(orderId)?.side === "sell" ? SELL : BUY;
    this.#book.log.reject(orderId, account, side, ticks, lots, refusal);
    return true;
  }
}
