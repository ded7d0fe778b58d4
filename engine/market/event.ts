/**
 * What happened in a market, as rows of ten numbers in one growing array, so that the matching path allocates
 * nothing. `EventLog` is written by the book and overwritten by the next command; `decodeEvents` makes
 * objects of it for those who have time. Each event is complete: depth can be folded from events alone.
 */
import { type Rejection, rejectionCode, rejectionName } from "../rejection.ts";
import type { AccountId, Lots, OrderId, Side, Ticks } from "../units.ts";
import { unreachable } from "../units.ts";

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

/** Added to a kind where what it tells of is no part of the depth that is shown. */
export const UNSEEN = 16;
/** A kind without what is added to it. */
export const KIND_MASK = 15;

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
 * event
 *              that changes depth
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

  /** Makes the row at `index` one of another kind. */
  retitle(index: number, kind: number): void {
    this.rows[index * EVENT_STRIDE] = kind;
  }

  #grow(): void {
    const larger = new Float64Array(this.rows.length * 2);
    larger.set(this.rows);
    this.rows = larger;
  }
}

interface OfOrder {
  readonly orderId: OrderId;
  readonly account: AccountId;
  readonly side: Side;
  /** True where it is no part of the depth that is shown; of a trade, its maker. */
  readonly unseen?: true;
}

type PlainEvent = "accepted" | "rested" | "cancelled" | "expired" | "armed" | "triggered";

export type MarketEvent =
  | (OfOrder & { readonly event: "displayed"; ticks: Ticks; lots: Lots; oldLots: Lots })
  | (OfOrder & { readonly event: PlainEvent; ticks: Ticks; lots: Lots })
  | (OfOrder & { readonly event: "rejected"; ticks: Ticks; lots: Lots; rejection: Rejection })
  | (OfOrder & {
      readonly event: "traded";
      ticks: Ticks;
      lots: Lots;
      remaining: Lots;
      makerOrderId: OrderId;
      makerAccount: AccountId;
      makerRemaining: Lots;
    })
  | (OfOrder & {
      readonly event: "amended";
      ticks: Ticks;
      lots: Lots;
      oldTicks: Ticks;
      oldLots: Lots;
      totalLots: Lots;
    });

/** One row as an object. */
export function decodeEvent(rows: Float64Array, index: number): MarketEvent {
  const at = index * EVENT_STRIDE;
  const column = (name: keyof typeof COLUMN) => rows[at + COLUMN[name]] ?? 0;
  const kind = column("kind");
  const event = EVENT_KINDS[kind & KIND_MASK] ?? "rejected";
  const ofOrder = {
    orderId: column("order") as OrderId,
    account: column("account") as AccountId,
    side: (column("side") === 0 ? "buy" : "sell") as Side,
    ticks: column("ticks") as Ticks,
    lots: column("lots") as Lots,
    ...((kind & UNSEEN) === 0 ? undefined : { unseen: true as const }),
  };
  switch (event) {
    case "accepted":
    case "rested":
    case "cancelled":
    case "expired":
    case "armed":
    case "triggered":
      return { event, ...ofOrder };
    case "displayed":
      return { event, ...ofOrder, oldLots: column("remaining") as Lots };
    case "rejected":
      return { event, ...ofOrder, rejection: rejectionName(column("detail")) };
    case "traded":
      return {
        event,
        ...ofOrder,
        remaining: column("remaining") as Lots,
        makerOrderId: column("detail") as OrderId,
        makerAccount: column("makerAccount") as AccountId,
        makerRemaining: column("makerRemaining") as Lots,
      };
    case "amended":
      return {
        event,
        ...ofOrder,
        oldTicks: column("detail") as Ticks,
        oldLots: column("remaining") as Lots,
        totalLots: column("makerRemaining") as Lots,
      };
    default:
      return unreachable(event);
  }
}

export function decodeEvents(log: EventLog): MarketEvent[] {
  return Array.from({ length: log.length }, (_, index) => decodeEvent(log.rows, index));
}
