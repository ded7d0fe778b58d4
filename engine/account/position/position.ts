/**
 * Positions, without rounding. A fill that adds to a position adds its value to the cost. One that reduces it
 * releases cost × closed ÷ total, toward zero (the whole cost when it becomes flat: nothing is ever left
 * behind), and realises its value less that. One that turns it over does both. Whatever the truncation, cash
 * − cost changes by exactly the fill's value, so both sides of a trade always sum to zero.
 *
 * A netting account has one position a market. A hedging account has a ticket for each order that opens, and
 * what reduces closes the ticket that it names, then the oldest: first in, first out. What a reduce-only
 * order fills beyond all tickets, as a cancel came too late, opens one.
 */
import type { OrderIntent } from "../../market/terms.ts";
import { assert, type Milliseconds, type OrderId } from "../../units.ts";
import type { Exposure } from "../account.ts";

export interface Holding {
  /** Short is negative. */
  lots: number;
  /** What the lots cost, in quote money, of their sign. */
  cost: bigint;
}

/** A position of a hedging account. */
export interface Ticket extends Holding {
  /** Of the order that opened it. */
  readonly id: OrderId;
  readonly openedAt: Milliseconds;
  /** By what has been closed of it, in quote money. */
  realised: bigint;
}

/** By the order that opened it, oldest first. */
export type Tickets = Map<OrderId, Ticket>;

/** A fill of an order in a hedging account. */
export interface TicketFill {
  readonly orderId: OrderId;
  readonly intent: OrderIntent;
  /** Closed first, where it is open. */
  readonly ticket: OrderId | undefined;
  /** Positive: bought. */
  readonly lots: number;
  readonly ticks: number;
  readonly time: Milliseconds;
}

/** Takes `closed` lots, of the other sign, out of a holding at a price; returns the realised profit. */
function reduce(holding: Holding, closed: number, price: bigint): bigint {
  const released = releasedBy(holding, Math.abs(closed));
  holding.lots += closed;
  holding.cost -= released;
  return -BigInt(closed) * price - released;
}

/** The cost that so many of a holding's lots take with them. */
export function releasedBy({ lots, cost }: Holding, closed: number): bigint {
  const size = Math.abs(lots);
  return closed === size ? cost : (cost * BigInt(closed)) / BigInt(size);
}

/** Closes two opposite tickets against each other; returns the realised profit, which is the older one's. */
export function closeTicketsBy(
  exposure: Exposure,
  closing: { readonly long: OrderId; readonly short: OrderId; readonly lots: number },
): bigint {
  const { tickets } = exposure;
  const { lots } = closing;
  const [long, short] = [tickets?.get(closing.long), tickets?.get(closing.short)];
  const open = long !== undefined && short !== undefined && tickets !== undefined;
  assert(open && lots > 0 && long.lots >= lots && -short.lots >= lots, "a close-by finds its tickets");
  const realised = reduce(long, -lots, 0n) + reduce(short, lots, 0n);
  exposure.cost += realised;
  for (const ticket of tickets.values()) {
    if (ticket !== long && ticket !== short) continue;
    ticket.realised += realised;
    break;
  }
  for (const ticket of [long, short]) if (ticket.lots === 0) tickets.delete(ticket.id);
  return realised;
}

/** Settles `lots` (positive: bought) at `ticks`; returns the realised profit in quote money. */
export function settlePosition(exposure: Exposure, lots: number, ticks: number): bigint {
  const price = BigInt(ticks) * exposure.instrument.valuePerTickLot;
  const before = exposure.lots;
  const closes = before !== 0 && before > 0 !== lots > 0;
  const closed = closes ? Math.sign(lots) * Math.min(Math.abs(lots), Math.abs(before)) : 0;
  const opened = lots - closed;
  const realised = closed === 0 ? 0n : reduce(exposure, closed, price);
  exposure.cost += BigInt(opened) * price;
  exposure.lots += opened;
  assert(Number.isSafeInteger(exposure.lots), "a position is a safe integer of lot steps");
  return realised;
}

/** The same in a hedging account. */
export function settleTickets(exposure: Exposure, tickets: Tickets, fill: TicketFill): bigint {
  const { orderId: id, intent, lots, ticks, time } = fill;
  const price = BigInt(ticks) * exposure.instrument.valuePerTickLot;
  let [left, realised] = [lots, 0n];
  const close = (ticket: Ticket) => {
    if (ticket.lots > 0 === left > 0) return;
    const closed = Math.sign(left) * Math.min(Math.abs(left), Math.abs(ticket.lots));
    const profit = reduce(ticket, closed, price);
    ticket.realised += profit;
    realised += profit;
    left -= closed;
    if (ticket.lots === 0) tickets.delete(ticket.id);
  };
  if (intent !== "openOnly") {
    const named = fill.ticket === undefined ? undefined : tickets.get(fill.ticket);
    if (named !== undefined) close(named);
    for (const ticket of tickets.values()) {
      if (left === 0) break;
      close(ticket);
    }
  }
  if (left !== 0) {
    const own = tickets.get(id) ?? { id, openedAt: time, realised: 0n, lots: 0, cost: 0n };
    own.lots += left;
    own.cost += BigInt(left) * price;
    tickets.set(id, own);
  }
  exposure.lots += lots;
  exposure.cost += BigInt(lots) * price + realised;
  assert(Number.isSafeInteger(exposure.lots), "a position is a safe integer of lot steps");
  return realised;
}
