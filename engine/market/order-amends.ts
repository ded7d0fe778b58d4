/**
 * Amends: to which part of a market one belongs, and what it breaks there. One that changes nothing but when
 * the order ends leaves the order where it is; one to a total that is filled already takes it out.
 */
import { ACCOUNT, NUMBERS, REST, TOTAL } from "../book/arena.ts";
import { type RestingOrder, readOrder } from "../book/audit.ts";
import { type Book, BUY, SELL } from "../book/book.ts";
import type { SpecialBook } from "../book/special-book.ts";
import { isSeen } from "../book/special-queues.ts";
import { amendReachesSpecial } from "../book/special-reach.ts";
import type { Rejection } from "../rejection.ts";
import type { Lots, Milliseconds, Money, Ticks } from "../units.ts";
import type { AmendOrder } from "./command.ts";
import { AMENDED, EVENT_STRIDE, REJECTED, UNSEEN } from "./event.ts";
import { changesExpiryOnly } from "./market-rules.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { OrderJudge } from "./order-judge.ts";
import type { Pegs } from "./pegs.ts";
import type { PendingLegs } from "./pending-legs.ts";
import type { StopOrders } from "./stop-orders.ts";

export class OrderAmends {
  readonly #judge: OrderJudge;
  readonly #book: Book;
  readonly #special: SpecialBook;
  readonly #stops: StopOrders;
  readonly #pegs: Pegs;
  readonly #desk: OrderDesk;
  readonly #pending: PendingLegs;

  constructor(
    judge: OrderJudge,
    book: Book,
    special: SpecialBook,
    stops: StopOrders,
    desk: OrderDesk,
    pending: PendingLegs,
    pegs: Pegs,
  ) {
    this.#judge = judge;
    this.#book = book;
    this.#special = special;
    this.#stops = stops;
    this.#pegs = pegs;
    this.#desk = desk;
    this.#pending = pending;
  }

  amend(command: AmendOrder): void {
    const { queues, log } = this.#book;
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
    const pegged = plain ? undefined : this.#pegs.find(orderId);
    const late = this.#judge.refusalOfValue(command, slot, order, pegged);
    const early = this.#judge.refusalOfAmend(command, order, expiry, pegged);
    const closes = early === undefined && lots !== 0 && lots <= this.#filled(slot, order);
    if (closes) {
      this.#desk.takeOut(orderId, account);
      return;
    }
    const refusal = early ?? (plain || (slot === 0 && pegged === undefined) ? late : undefined);
    if (refusal !== undefined) {
      log.reject(
        orderId,
        account,
        (order ?? readOrder(queues, slot)).side === "sell" ? SELL : BUY,
        ticks,
        lots,
        refusal,
      );
      return;
    }
    const row = log.length;
    if (expiry !== undefined && changesExpiryOnly(command)) this.#logSame(order ?? readOrder(queues, slot));
    else if (plain) this.#book.amend(slot, ticks, lots);
    else this.#change(slot, command, late);
    const refused = log.rows[row * EVENT_STRIDE] === REJECTED;
    if (expiry === undefined || terms?.expireAt === undefined || refused) return;
    if (this.#desk.isOpen(orderId)) this.#desk.expiries.add({ ...expiry, expireAt: terms.expireAt });
  }

  /** What an order has traded: of a slot, where the order is not known. */
  #filled(slot: number, order: RestingOrder | undefined): number {
    if (order !== undefined) return order.totalLots - order.lots;
    const { numbers } = this.#book.queues.arena;
    return (numbers[(slot << NUMBERS) + TOTAL] ?? 0) - (numbers[(slot << NUMBERS) + REST] ?? 0);
  }

  /** Amends an order wherever it is; no rule refuses it. */
  #change(slot: number, command: AmendOrder, refusal?: Rejection): void {
    const { orderId, ticks, lots, terms } = command;
    const waits = slot === 0;
    const armed = waits ? this.#stops.triggers.find(orderId) : undefined;
    const parked = waits ? this.#desk.parked.find(orderId) : undefined;
    const pegged = this.#pegs.find(orderId);
    if (pegged !== undefined) this.#pegs.amend(pegged, command, refusal);
    else if (!waits)
      this.#special.amend(slot, { ticks, lots, minimumLots: terms?.minimumLots ?? 0, refusal });
    else if (armed !== undefined) this.#stops.amend(armed, command);
    else if (parked !== undefined) this.#desk.parked.amend(parked, command);
    else this.#pending.amend(orderId, command);
  }

  /**
   * Makes an open order larger or smaller by itself, and gives it another limit or stop price (0 or undefined
   * leaves it). False, and nothing has happened, where the book refuses that.
   */
  resize(order: RestingOrder, change: number, ticks: Ticks, stopTicks: Ticks | undefined): boolean {
    const { orderId, account } = order;
    const { log, queues } = this.#book;
    const released = this.#stops.released(orderId);
    if (released !== undefined) {
      this.#stops.resizeReleased(released, (order.lots + change) as Lots);
      return true;
    }
    const resized = this.#desk.resizeUnpriced(orderId, change);
    if (resized !== undefined) return resized;
    if ("trigger" in order && (order.minimumLots ?? 0) > order.lots + change) return false;
    const row = log.length;
    const lots = (change === 0 ? 0 : order.totalLots + change) as Lots;
    const common = { time: 0 as Milliseconds, shard: 0, number: 0, liquidity: false, reference: 0 };
    const sizes = { orderId, account, lots, ticks, reserved: 0n as Money };
    const terms = stopTicks === undefined ? {} : { stopTicks };
    this.#change(queues.find(orderId), { kind: "amend", ...common, ...sizes, terms });
    if (log.rows[row * EVENT_STRIDE] !== REJECTED) return true;
    log.drop(row);
    return false;
  }

  /** Tells of an amend that has changed nothing but when the order ends. */
  #logSame(order: RestingOrder): void {
    const { orderId, account, ticks, lots, totalLots } = order;
    const side = order.side === "sell" ? SELL : BUY;
    const waits = this.#book.queues.find(orderId) === 0;
    const kind = waits || !isSeen(order) ? AMENDED | UNSEEN : AMENDED;
    this.#book.log.push(kind, orderId, account, side, ticks, lots, lots, ticks, 0, totalLots);
  }
}
