/**
 * What happened in a market, as rows of ten numbers in one growing array, so that the matching path allocates
 * nothing. `EventLog` is written by the book and overwritten by the next command; `market-event.ts` makes
 * objects of it for those who have time. Each event is complete: depth can be folded from events alone.
 */
import { type Rejection, rejectionCode } from "../rejection.ts";

export const EVENT_KINDS = [
  "accepted",
  "rejected",
  "rested",
  "traded",
  "amended",
  "cancelled",
  "expired",
  "armed",
  "triggered",
  "displayed",
  "removed",
  "parked",
  "prevented",
  "restricted",
  "phased",
  "indicative",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const ACCEPTED = 0;
export const REJECTED = 1;
export const RESTED = 2;
export const TRADED = 3;
export const AMENDED = 4;
export const CANCELLED = 5;
export const EXPIRED = 6;
export const ARMED = 7;
export const TRIGGERED = 8;
export const DISPLAYED = 9;
export const REMOVED = 10;
export const PARKED = 11;
export const PREVENTED = 12;
export const RESTRICTED = 13;
export const PHASED = 14;
export const INDICATIVE = 15;

/** Added to a kind where what it tells of is no part of the depth that is shown. */
export const UNSEEN = 32;
/** A kind without what is added to it. */
export const KIND_MASK = 31;

/** Why an open order was removed without its owner asking for that very order; the index is journalled. */
export const REMOVAL_CAUSES = [
  "expiry",
  "endOfDay",
  "auctionEnd",
  "selfTrade",
  "protection",
  "contingency",
  "massCancel",
  "cancelAllAfter",
  "replaced",
  "noReference",
] as const;
export type RemovalCause = (typeof REMOVAL_CAUSES)[number];

/** What a parked order waits for; the index is journalled. */
export const PARKING_REASONS = ["auction", "close", "entry", "reference"] as const;
export type ParkingReason = (typeof PARKING_REASONS)[number];

/** Why a market went to another phase; the index is journalled. */
export const PHASE_CAUSES = ["command", "priceBand", "auctionEnd"] as const;
export type PhaseCause = (typeof PHASE_CAUSES)[number];

/** Numbers in one row. */
export const EVENT_STRIDE = 10;
/**
 * Columns. `order` is the taker's in a trade. What the last four hold depends on the kind, and means nothing
 * where the kind has no use for them:
 *   accepted   ticks = limit (0: market), lots = size
 *   rejected   detail = rejection code, lots and ticks as asked
 *   rested     lots = what now rests
 *   traded     ticks = the maker's price, lots = traded, remaining = taker's rest, detail = maker's order,
 *              makerAccount, makerRemaining; side = the aggressor's
 *   amended    ticks, lots = new limit and what now rests, remaining = what rested before,
 *              detail = old ticks, makerRemaining = new total size
 *   cancelled  ticks = its limit, lots = the rest that left the book
 *   expired    lots = the rest that never entered the book (IOC, FOK, market)
 *   armed      ticks = stop price, lots = what waits for it
 *   triggered  as accepted: the order that waited enters the market
 *   displayed  ticks, lots = what an iceberg now shows there, remaining = what it showed before: its only
 *              event that changes depth
 *   removed    as cancelled, though nobody asked for this very order; detail = cause (REMOVAL_CAUSES)
 *   parked     lots = what waits for something other than a price; detail = what for (PARKING_REASONS)
 *   prevented  as traded, but no trade: both orders are the same trader's; lots = what they didn't trade,
 *              makerRemaining = how it was prevented (SELF_TRADE_MODES of terms.ts); it changes no depth,
 *              what becomes of the two comes right behind it (book/prevention.ts)
 *   restricted account, detail = 1 where its quotes are frozen by its protection, 0 where that has ended; no
 *              order, no side, no price
 *   phased     detail = the phase (PHASES), makerRemaining = cause (PHASE_CAUSES), ticks = the price that
 *              caused it, 0 for none; no order, no account
 *   indicative ticks, lots of an uncrossing now, 0 for none; no order, no account
 */
export const COLUMN = {
  kind: 0,
  order: 1,
  account: 2,
  side: 3,
  ticks: 4,
  lots: 5,
  remaining: 6,
  detail: 7,
  makerAccount: 8,
  makerRemaining: 9,
} as const;

/** The module's own, for speed: see `book/book.ts`. */
const STRIDE = EVENT_STRIDE;

export class EventLog {
  /** Rows, back to back; only the first `length` rows count. */
  rows = new Float64Array(STRIDE * 64);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Appends a row. Sides are 0 buy, 1 sell. */
  push(
    kind: number,
    order: number,
    account: number,
    side: number,
    ticks: number,
    lots: number,
    remaining: number,
    detail: number,
    makerAccount: number,
    makerRemaining: number,
  ): void {
    let at = this.length * STRIDE;
    if (at === this.rows.length) this.#grow();
    const rows = this.rows;
    rows[at++] = kind;
    rows[at++] = order;
    rows[at++] = account;
    rows[at++] = side;
    rows[at++] = ticks;
    rows[at++] = lots;
    rows[at++] = remaining;
    rows[at++] = detail;
    rows[at++] = makerAccount;
    rows[at] = makerRemaining;
    this.length++;
  }

  /** Appends a row of a kind that leaves the last four columns alone; what they hold means nothing. */
  plain(kind: number, order: number, account: number, side: number, ticks: number, lots: number): void {
    let at = this.length * STRIDE;
    if (at === this.rows.length) this.#grow();
    const rows = this.rows;
    rows[at++] = kind;
    rows[at++] = order;
    rows[at++] = account;
    rows[at++] = side;
    rows[at++] = ticks;
    rows[at] = lots;
    this.length++;
  }

  /** Appends a refusal. */
  reject(order: number, account: number, side: number, ticks: number, lots: number, why: Rejection): void {
    this.push(REJECTED, order, account, side, ticks, lots, 0, rejectionCode(why), 0, 0);
  }

  /** Moves the rows from `middle` on in front of those from `first` on. */
  bringForward(first: number, middle: number): void {
    const [from, at, end] = [first * EVENT_STRIDE, middle * EVENT_STRIDE, this.length * EVENT_STRIDE];
    const back = this.rows.slice(from, at);
    this.rows.copyWithin(from, at, end);
    this.rows.set(back, from + end - at);
  }

  /** Makes the row at `index` one of another kind. */
  retitle(index: number, kind: number): void {
    this.rows[index * EVENT_STRIDE] = kind;
  }

  /** Takes out the row at `index`. */
  drop(index: number): void {
    this.rows.copyWithin(index * EVENT_STRIDE, (index + 1) * EVENT_STRIDE, this.length * EVENT_STRIDE);
    this.length--;
  }

  /** Makes the cancel in the row at `index` a removal for a cause. */
  turnIntoRemoval(index: number, cause: number): void {
    const at = index * EVENT_STRIDE;
    this.rows[at] = REMOVED | ((this.rows[at] ?? 0) & UNSEEN);
    this.rows[at + COLUMN.detail] = cause;
  }

  /** Makes the removal in the row at `index` an amend that leaves nothing; `total` is what was filled. */
  turnIntoAmend(index: number, total: number): void {
    const at = index * EVENT_STRIDE;
    const rows = this.rows;
    rows[at] = AMENDED | ((rows[at] ?? 0) & UNSEEN);
    rows[at + COLUMN.remaining] = rows[at + COLUMN.lots] ?? 0;
    rows[at + COLUMN.lots] = 0;
    rows[at + COLUMN.detail] = rows[at + COLUMN.ticks] ?? 0;
    rows[at + COLUMN.makerAccount] = 0;
    rows[at + COLUMN.makerRemaining] = total;
  }

  #grow(): void {
    const larger = new Float64Array(this.rows.length * 2);
    larger.set(this.rows);
    this.rows = larger;
  }
}
