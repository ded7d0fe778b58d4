/**
 * Orders of lists that wait for their entry's trades: they are in no book and in no call. Whoever looks for
 * an open order by its id finds them here; what becomes of them is the list's to decide (`order-lists.ts`),
 * which reads from the log what is done here.
 */
import type { RestingOrder, WaitingOrder } from "../book/audit.ts";
import { type Book, BUY, SELL } from "../book/book.ts";
import type { Lots, Ticks } from "../units.ts";
import { numberOf } from "../word-list.ts";
import type { AmendOrder, OrderBody, PlaceOrder } from "./command.ts";
import { placeOrder } from "./command-shape.ts";
import { AMENDED, CANCELLED, PARKED, PARKING_REASONS, UNSEEN } from "./event.ts";
import type { Leg } from "./order-list.ts";
import { changedTrigger, orderOf } from "./order-terms.ts";

const ENTRY = numberOf(PARKING_REASONS, "entry");

/** An order that waits for an entry; with its trigger, if it has one. Its prices may not be known yet. */
export type PendingOrder = RestingOrder & Partial<Pick<WaitingOrder, "trigger">> & Pick<OrderBody, "type">;

/** A leg as the command that it would be by itself. */
export function placeOf(leg: Leg, body: OrderBody): PlaceOrder {
  const { account } = leg.list;
  const common = { time: 0 as PlaceOrder["time"], shard: 0, number: 0, liquidity: false, reference: 0 };
  return placeOrder({ account, ...common }, body);
}

export class PendingLegs {
  /** Orders whose size is their entry's to decide, wherever they are. */
  readonly sized = new Set<number>();
  readonly #legs = new Map<number, Leg>();
  readonly #book: Book;

  constructor(book: Book) {
    this.#book = book;
  }

  get size(): number {
    return this.#legs.size;
  }

  /** All of them by id. */
  orders(): PendingOrder[] {
    return [...this.#legs.values()].map(orderOfLeg).sort((one, other) => one.orderId - other.orderId);
  }

  find(id: number): PendingOrder | undefined {
    const leg = this.#legs.get(id);
    return leg && orderOfLeg(leg);
  }

  /** One that waits, with all that it may come to. */
  whole(id: number): PendingOrder | undefined {
    const leg = this.#legs.get(id);
    return leg && { ...orderOfLeg(leg), lots: leg.body.lots };
  }

  /** Puts a leg here, as a snapshot has it. */
  add(leg: Leg): void {
    leg.state = "pending";
    this.#legs.set(leg.orderId, leg);
  }

  /** A leg begins to wait with so many lots. */
  park(leg: Leg, lots: number): void {
    leg.waiting = lots as Lots;
    this.add(leg);
    const { orderId, body, list } = leg;
    const side = body.side === "sell" ? SELL : BUY;
    const at = [orderId, list.account, side, body.ticks, lots] as const;
    this.#book.log.push(PARKED | UNSEEN, ...at, 0, ENTRY, 0, 0);
  }

  /** A leg waits no longer. */
  take(leg: Leg): void {
    this.#legs.delete(leg.orderId);
  }

  cancel(id: number): void {
    const leg = this.#legs.get(id);
    if (leg === undefined) return;
    this.#legs.delete(id);
    const { body, list, waiting } = leg;
    const side = body.side === "sell" ? SELL : BUY;
    this.#book.log.plain(CANCELLED | UNSEEN, id, list.account, side, body.ticks, waiting);
  }

  /** Gives one that waits another limit, stop price or trail. From then on it follows no distance. */
  amend(id: number, command: AmendOrder): void {
    const leg = this.#legs.get(id);
    if (leg === undefined) return;
    const { body, waiting, filled } = leg;
    const ticks = command.ticks === 0 ? body.ticks : command.ticks;
    this.tell(leg, ticks, waiting, waiting + filled);
    const old = body.terms?.trigger;
    const trigger = old && changedTrigger(old, command);
    if (ticks !== body.ticks || trigger !== old) leg.distance = undefined;
    leg.body =
      trigger === undefined ? { ...body, ticks } : { ...body, ticks, terms: { ...body.terms, trigger } };
  }

  /** Tells that one that waits has another limit, rest or total size. */
  tell(leg: Leg, ticks: Ticks, lots: number, total: number): void {
    const { orderId, body, list, waiting } = leg;
    const side = body.side === "sell" ? SELL : BUY;
    const before = [waiting, body.ticks, 0, total] as const;
    this.#book.log.push(AMENDED | UNSEEN, orderId, list.account, side, ticks, lots, ...before);
  }
}

function orderOfLeg(leg: Leg): PendingOrder {
  const { body, orderId, waiting, filled } = leg;
  const order = orderOf(placeOf(leg, body), orderId);
  const sized = { ...order, type: body.type, lots: waiting, totalLots: (waiting + filled) as Lots };
  const trigger = body.terms?.trigger;
  return trigger === undefined ? sized : { ...sized, trigger };
}

/** A body with another limit and, where it waits for a price, another stop price. */
export function repriced(body: OrderBody, ticks: Ticks, stopTicks: Ticks | undefined): OrderBody {
  const trigger = body.terms?.trigger;
  if (trigger === undefined || stopTicks === undefined) return { ...body, ticks };
  return { ...body, ticks, terms: { ...body.terms, trigger: { ...trigger, stopTicks } } };
}
