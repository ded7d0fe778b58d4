/**
 * Cancel and place as one command. The new order always takes the next id. `allow`: each happens by itself,
 * and what is refused is told for itself. `stop`: both or neither; where either would be refused, the one
 * event is `rejected` for the new order, and the old one stands as it did, in its place. The new order is
 * judged as if the old one had gone: it may take the old one's room, and doesn't meet it. An order that was
 * accepted and expired has not been refused. One that has traded more than its shard knew is not replaced.
 *
 * The old order is taken out, the new one tried, and if that is refused, which changes nothing, the old one
 * put back before the one that stood behind it. Where the old one waits outside the book it is left until the
 * new one is in, and its removal told first: neither meets the other there. Costs: constant.
 */
import { FLAGS, LEVEL, LINKS, NEXT, NUMBERS, SELL_FLAG } from "../book/arena.ts";
import { readOrder } from "../book/audit.ts";
import { type Book, BUY, SELL } from "../book/book.ts";
import { enterSpecial } from "../book/special-queues.ts";
import { type Rejection, rejectionName } from "../rejection.ts";
import { assert, type Lots, type OrderId } from "../units.ts";
import { numberOf } from "../word-list.ts";
import type { CancelOrder, PlaceOrder, ReplaceOrder } from "./command.ts";
import { cancelOrder, placeOrder } from "./command-shape.ts";
import { COLUMN, EVENT_STRIDE, REJECTED, REMOVAL_CAUSES } from "./event.ts";
import type { OrderDesk } from "./order-desk.ts";

const REPLACED = numberOf(REMOVAL_CAUSES, "replaced");

export class Replacement {
  readonly #book: Book;
  readonly #desk: OrderDesk;

  constructor(book: Book, desk: OrderDesk) {
    this.#book = book;
    this.#desk = desk;
  }

  /** `id`: of the new order. */
  replace(command: ReplaceOrder, id: OrderId): void {
    const { onFailure, filledLots } = command;
    const place = placeOrder(command, command.order);
    const cancel = cancelOrder(command, command.orderId);
    if (onFailure === "allow") {
      this.#cancel(cancel);
      this.#desk.place(place, id);
    } else if (filledLots !== undefined && this.#hasTraded(command, filledLots)) {
      this.#refuse(place, id, "orderHasTraded");
    } else if (this.#book.queues.find(command.orderId) !== 0) this.#swapResting(cancel, place, id);
    else this.#swapWaiting(cancel, place, id);
  }

  /** Whether more of the account's order has traded than this; false where it has no such order. */
  #hasTraded({ orderId, account }: ReplaceOrder, filledLots: Lots): boolean {
    const old = this.#desk.order(orderId);
    return old?.account === account && old.totalLots - old.lots !== filledLots;
  }

  #swapResting(cancel: CancelOrder, place: PlaceOrder, id: OrderId): void {
    const { log } = this.#book;
    const putBack = this.#rememberPlace(cancel.orderId);
    const first = log.length;
    const refusal = this.#cancel(cancel);
    if (refusal !== undefined) {
      log.length = first;
      this.#refuse(place, id, refusal);
      return;
    }
    const row = log.length;
    this.#desk.place(place, id);
    if (this.#refusalAt(row) === undefined) return;
    log.bringForward(first, row);
    log.length -= row - first;
    putBack();
  }

  #swapWaiting(cancel: CancelOrder, place: PlaceOrder, id: OrderId): void {
    const { log } = this.#book;
    const old = this.#desk.order(cancel.orderId);
    const first = log.length;
    this.#desk.parked.aside = cancel.orderId;
    if (old?.account === cancel.account) this.#desk.place(place, id);
    this.#desk.parked.aside = 0;
    const row = log.length;
    if (row > first && this.#refusalAt(first) !== undefined) return;
    const refusal = this.#cancel(cancel);
    if (refusal === undefined) log.bringForward(first, row);
    else {
      assert(row === first, "where an order may be placed another may be cancelled");
      log.length = first;
      this.#refuse(place, id, refusal);
    }
  }

  /** Cancels as a part of this; what refuses it. */
  #cancel(cancel: CancelOrder): Rejection | undefined {
    const { log } = this.#book;
    const row = log.length;
    this.#desk.cancel(cancel);
    const refusal = this.#refusalAt(row);
    if (refusal === undefined) log.turnIntoRemoval(row, REPLACED);
    return refusal;
  }

  #refusalAt(row: number): Rejection | undefined {
    const { rows } = this.#book.log;
    const at = row * EVENT_STRIDE;
    return rows[at] === REJECTED ? rejectionName(rows[at + COLUMN.detail] ?? 0) : undefined;
  }

  #refuse({ account, side, ticks, lots }: PlaceOrder, id: OrderId, why: Rejection): void {
    this.#book.log.reject(id, account, side === "sell" ? SELL : BUY, ticks, lots, why);
  }

  /** What puts an order that rests back where it stands now, after nothing but it has left. */
  #rememberPlace(id: OrderId): () => void {
    const { queues } = this.#book;
    const { numbers, links } = queues.arena;
    const slot = queues.find(id);
    const order = readOrder(queues, slot);
    const side = (links[(slot << LINKS) + FLAGS] ?? 0) & SELL_FLAG;
    const next = links[(slot << LINKS) + NEXT] ?? 0;
    const isLast = next === links[(slot << LINKS) + LEVEL];
    const behind = isLast ? 0 : (numbers[next << NUMBERS] ?? 0);
    return () => {
      enterSpecial(queues, side, order, order.lots, order.shownLots);
      if (behind !== 0) queues.moveBefore(queues.find(id), queues.find(behind));
    };
  }
}
