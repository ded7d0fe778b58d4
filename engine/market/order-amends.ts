/**
 * Amends: to which part of a market one belongs, and what it breaks there. One that changes nothing but when
 * the order ends leaves the order where it is.
 */
import { ACCOUNT, NUMBERS } from "../book/arena.ts";
import { type RestingOrder, readOrder } from "../book/audit.ts";
import { type Book, BUY, SELL } from "../book/book.ts";
import type { SpecialBook } from "../book/special-book.ts";
import { isSeen } from "../book/special-queues.ts";
import { amendReachesSpecial } from "../book/special-reach.ts";
import type { Instrument, NotionalLimits } from "../instrument.ts";
import type { Rejection } from "../rejection.ts";
import type { AmendOrder } from "./command.ts";
import { AMENDED, EVENT_STRIDE, REJECTED, UNSEEN } from "./event.ts";
import { changesExpiryOnly, refusalOfAmend } from "./market-rules.ts";
import { refusalOfNotional } from "./notional.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { StopOrders } from "./stop-orders.ts";

export class OrderAmends {
  readonly #instrument: Instrument;
  readonly #book: Book;
  readonly #special: SpecialBook;
  readonly #stops: StopOrders;
  readonly #desk: OrderDesk;

  constructor(instrument: Instrument, book: Book, special: SpecialBook, stops: StopOrders, desk: OrderDesk) {
    this.#instrument = instrument;
    this.#book = book;
    this.#special = special;
    this.#stops = stops;
    this.#desk = desk;
  }

  amend(command: AmendOrder): void {
    const { queues, log } = this.#book;
    const { triggers } = this.#stops;
    const { orderId, account, ticks, lots, terms } = command;
    const slot = queues.find(orderId);
    if (!this.#special.matching && this.#desk.refuseInPhase(command)) return;
    const plain = slot !== 0 && this.#special.matching && !amendReachesSpecial(queues, slot, ticks, lots);
    const order = plain ? undefined : this.#desk.order(orderId);
    const owner = plain ? queues.arena.numbers[(slot << NUMBERS) + ACCOUNT] : order?.account;
    if (owner !== account) {
      log.reject(orderId, account, BUY, ticks, lots, "orderUnknown");
      return;
    }
    const expiry = terms?.expireAt === undefined ? undefined : this.#desk.expiries.find(orderId);
    const armed = slot === 0 ? triggers.find(orderId) : undefined;
    const { notional } = this.#instrument;
    const late = notional && this.#refusalOfValue(notional, command, order ?? readOrder(queues, slot));
    const refusal =
      refusalOfAmend(this.#instrument, command, order, expiry) ?? (plain || slot === 0 ? late : undefined);
    if (refusal !== undefined) {
      const { side } = order ?? readOrder(queues, slot);
      log.reject(orderId, account, side === "sell" ? SELL : BUY, ticks, lots, refusal);
      return;
    }
    const row = log.length;
    const parked = slot === 0 ? this.#desk.parked.find(orderId) : undefined;
    if (expiry !== undefined && changesExpiryOnly(command)) this.#logSame(order ?? readOrder(queues, slot));
    else if (armed !== undefined) this.#stops.amend(armed, command);
    else if (parked !== undefined) this.#desk.parked.amend(parked, command);
    else if (plain) this.#book.amend(slot, ticks, lots);
    else this.#special.amend(slot, { ticks, lots, minimumLots: terms?.minimumLots ?? 0, refusal: late });
    const refused = log.rows[row * EVENT_STRIDE] === REJECTED;
    if (expiry === undefined || terms?.expireAt === undefined || refused) return;
    if (this.#desk.isOpen(orderId)) this.#desk.expiries.add({ ...expiry, expireAt: terms.expireAt });
  }

  /** Whether an order is worth too little or too much after an amend. */
  #refusalOfValue(
    notional: NotionalLimits,
    { ticks, lots }: AmendOrder,
    order: RestingOrder,
  ): Rejection | undefined {
    if (ticks === 0 && lots === 0) return undefined;
    const [limit, total] = [ticks || order.ticks, lots || order.totalLots];
    return refusalOfNotional(notional, this.#book, order.side, limit, total);
  }

  /** Tells of an amend that has changed nothing but when the order ends. */
  #logSame(order: RestingOrder): void {
    const { orderId, account, ticks, lots, totalLots } = order;
    const side = order.side === "sell" ? SELL : BUY;
    const kind = "trigger" in order || !isSeen(order) ? AMENDED | UNSEEN : AMENDED;
    this.#book.log.push(kind, orderId, account, side, ticks, lots, lots, ticks, 0, totalLots);
  }
}
