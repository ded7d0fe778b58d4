/**
 * Orders that depend on each other. After each thing that has happened to one of a list, the others are
 * adjusted before anything else goes on: OCO's others are removed, OUO's get smaller, what follows an entry
 * grows with its trades, exits get smaller by each other's. One order is adjusted at a time, and what that
 * makes happen is looked at before the next. So between commands the open size of each exit and what exits
 * have traded add up to what the entry has traded.
 *
 * What is read is the log: nobody has to tell this part of anything.
 */
import { type Book, BUY, SELL } from "../book/book.ts";
import type { Instrument } from "../instrument.ts";
import { assert, type Lots, type OrderId, type Ticks } from "../units.ts";
import { numberOf } from "../word-list.ts";
import type { PlaceList } from "./command.ts";
import * as event from "./event.ts";
import { isOver } from "./list-effects.ts";
import { ListRegister, OPEN } from "./list-register.ts";
import { refusalsOf } from "./list-rules.ts";
import type { OrderAmends } from "./order-amends.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { OrderJudge } from "./order-judge.ts";
import { hasEntry, type Leg, movedBody, newList, type OrderList } from "./order-list.ts";
import { type PendingLegs, placeOf } from "./pending-legs.ts";
import type { Reaction } from "./reactions.ts";

const { ACCEPTED, EVENT_STRIDE, EXPIRED, KIND_MASK, PARKED, REJECTED, REMOVED, TRIGGERED, UNSEEN } = event;
const CONTINGENCY = numberOf(event.REMOVAL_CAUSES, "contingency");

export class OrderLists implements Reaction {
  readonly #register: ListRegister;
  readonly #instrument: Instrument;
  readonly #book: Book;
  readonly #pending: PendingLegs;
  readonly #judge: OrderJudge;
  readonly #desk: OrderDesk;
  readonly #amends: OrderAmends;
  /** Legs whose turn to enter has not come; empty between commands. */
  readonly #queue: Leg[] = [];

  constructor(
    instrument: Instrument,
    book: Book,
    pending: PendingLegs,
    judge: OrderJudge,
    desk: OrderDesk,
    amends: OrderAmends,
  ) {
    this.#instrument = instrument;
    this.#book = book;
    this.#pending = pending;
    this.#judge = judge;
    this.#desk = desk;
    this.#amends = amends;
    this.#register = new ListRegister(book, pending.sized, desk);
  }

  /** Those whose orders still depend on each other, by the id of the first, in the order of their time. */
  get lists(): ReadonlyMap<number, OrderList> {
    return this.#register.lists;
  }

  get active(): boolean {
    return this.lists.size !== 0;
  }

  begin(): void {
    this.#register.row = 0;
  }

  /** Enters a list whose orders get these ids, or refuses all of them. */
  place(command: PlaceList, ids: readonly OrderId[]): void {
    const why = refusalsOf(this.#judge, this.lists.size, command);
    if (why !== undefined) {
      for (const [index, { side, ticks, lots }] of command.legs.entries()) {
        const sign = side === "sell" ? SELL : BUY;
        const rejection = why[index] ?? "listInvalid";
        this.#book.log.reject(ids[index] ?? 0, command.account, sign, ticks, lots, rejection);
      }
      return;
    }
    const list = newList(command, ids);
    this.#register.keep(list);
    this.#queue.push(...list.legs);
    if (!hasEntry(list.contingency)) return;
    for (const leg of this.#queue.splice(0)) {
      if (leg === list.legs[0]) this.#enterFirst(leg);
      else this.#park(leg);
    }
  }

  /** Puts back what a snapshot holds, once all its orders are where they were. */
  restore(list: OrderList): void {
    this.#register.keep(list);
    this.#register.link(list);
    for (const leg of list.legs) {
      if (leg.state === "pending") this.#pending.add(leg);
      assert(leg.state === "closed" || this.#desk.order(leg.orderId)?.account === list.account, OPEN);
    }
  }

  check(): void {
    assert(this.#queue.length === 0, "lists are adjusted within the command");
    let pending = 0;
    for (const { legs } of this.lists.values()) {
      for (const { state, orderId } of legs) {
        if (state === "pending") pending++;
        assert(state === "closed" || this.#desk.order(orderId) !== undefined, OPEN);
      }
    }
    assert(pending === this.#pending.size, "who waits for an entry is of a list");
    this.#register.check(id => this.#desk.order(id)?.lots ?? 0);
  }

  react(): boolean {
    this.#register.look();
    for (const list of this.#register.touched) if (this.#adjust(list, false)) return true;
    for (const list of this.#register.touched) {
      if (this.#adjust(list, true)) return true;
      this.#register.touched.delete(list);
      if (isOver(list)) this.#register.forget(list);
    }
    const leg = this.#queue.shift();
    if (leg !== undefined) this.#enterFirst(leg);
    return leg !== undefined;
  }

  /** Enters a leg that waited for nothing but its turn. */
  #enterFirst(leg: Leg): void {
    const { log } = this.#book;
    const { orderId, body, list } = leg;
    const side = body.side === "sell" ? SELL : BUY;
    const lots = leg.ending ? 0 : body.lots + leg.change;
    leg.change = 0;
    this.#register.touched.add(list);
    if (lots <= 0) {
      leg.state = "closed";
      leg.ending = false;
      log.plain(ACCEPTED, orderId, list.account, side, body.ticks, body.lots);
      const at = [orderId, list.account, side, body.ticks, body.lots] as const;
      log.push(REMOVED | UNSEEN, ...at, 0, CONTINGENCY, 0, 0);
      return;
    }
    leg.state = "open";
    const row = log.length;
    this.#desk.enter(placeOf(leg, { ...body, lots: lots as Lots }), orderId);
    if (log.rows[row * EVENT_STRIDE] !== REJECTED) return;
    log.length = row;
    for (const kind of [ACCEPTED, EXPIRED]) log.plain(kind, orderId, list.account, side, body.ticks, lots);
  }

  /** A leg begins to wait for the entry's trades. */
  #park(leg: Leg): void {
    const { orderId, body, list } = leg;
    const side = body.side === "sell" ? SELL : BUY;
    this.#book.log.plain(ACCEPTED, orderId, list.account, side, body.ticks, body.lots);
    this.#pending.park(leg, body.lots);
    this.#desk.expiries.expect(body, orderId);
  }

  /**
   * Adjusts one leg, false where none needs it. All shrink before any grows, so none trades with too much.
   */
  #adjust(list: OrderList, grows: boolean): boolean {
    const [entry] = list.legs;
    const mayGrow = hasEntry(list.contingency) && entry?.state !== "closed";
    for (const leg of list.legs) {
      if (leg.state === "closed" || leg.state === "queued" || (mayGrow && leg === entry)) continue;
      if (leg.ending) {
        this.#remove(leg);
        return true;
      }
      if (leg.dry) {
        leg.dry = false;
        if (mayGrow || leg.change > 0) this.#pending.park(leg, 0);
        else leg.state = "closed";
        return true;
      }
      const open = leg.state === "open";
      if (!grows && (!open || leg.change >= 0)) continue;
      if (open ? this.#adjustOpen(leg, mayGrow, grows) : this.#adjustPending(leg, mayGrow)) return true;
    }
    return false;
  }

  #remove(leg: Leg): void {
    leg.state = "closed";
    leg.ending = false;
    leg.change = 0;
    const removed = this.#desk.remove(leg.orderId, "contingency");
    assert(removed, OPEN);
  }

  /** Lets a leg that waits for the entry in, or out where nothing more can come. */
  #adjustPending(leg: Leg, mayGrow: boolean): boolean {
    const lots = Math.max(0, leg.change);
    leg.change = 0;
    if (lots === 0 && mayGrow) return false;
    if (lots === 0) {
      this.#remove(leg);
      return true;
    }
    const { log } = this.#book;
    const body = movedBody(this.#instrument, leg) ?? leg.body;
    const changed = leg.waiting !== lots || body.ticks !== leg.body.ticks;
    if (changed) this.#pending.tell(leg, body.ticks, lots, leg.filled + lots);
    leg.body = body;
    this.#pending.take(leg);
    leg.state = "open";
    const row = log.length;
    this.#desk.enter(placeOf(leg, { ...body, lots: lots as Lots }), leg.orderId, leg.filled);
    const at = row * EVENT_STRIDE;
    const next = (log.rows[at + EVENT_STRIDE] ?? 0) & KIND_MASK;
    if (log.rows[at] === REJECTED) log.retitle(row, EXPIRED);
    else if (body.terms?.trigger !== undefined || (log.length > row + 1 && next === PARKED)) log.drop(row);
    else log.retitle(row, TRIGGERED);
    return true;
  }

  #adjustOpen(leg: Leg, mayGrow: boolean, moving: boolean): boolean {
    const { change, orderId } = leg;
    const body = moving ? movedBody(this.#instrument, leg) : undefined;
    if (change === 0 && body === undefined) return false;
    leg.change = 0;
    if (body !== undefined) leg.body = body;
    const order = this.#desk.order(orderId);
    assert(order !== undefined, OPEN);
    if (order.lots + change <= 0) {
      if (mayGrow) this.#suspend(leg);
      else this.#remove(leg);
      return true;
    }
    const waits = "trigger" in order;
    const released = !waits && leg.body.terms?.trigger !== undefined;
    const moves = body !== undefined && !released;
    if (change === 0 && !moves) return false;
    const ticks = moves ? body.ticks : (0 as Ticks);
    const stopTicks = moves ? body.terms?.trigger?.stopTicks : undefined;
    if (!this.#amends.resize(order, change, ticks, stopTicks)) this.#remove(leg);
    return true;
  }

  /** Takes out a leg that has nothing left, of which more may come. */
  #suspend(leg: Leg): void {
    const { log } = this.#book;
    const row = log.length;
    this.#desk.remove(leg.orderId, "contingency");
    log.turnIntoAmend(row, leg.filled);
    this.#pending.park(leg, 0);
  }
}
