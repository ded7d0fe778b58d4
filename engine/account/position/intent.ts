/**
 * What an account's orders are to do to its position in a market: make it larger, smaller, or smaller first.
 * In a netting account a fill always nets, so there only reduce-only is kept count of. In a hedging account
 * an order that says nothing opens a ticket of its own; one that follows an entry and closes no more than it
 * opens closes the entry's ticket.
 */
import type { OrderIntent } from "../../market/terms.ts";
import type { OrderId } from "../../units.ts";
import type { Exposure } from "../account.ts";
import type { Claim } from "../order/claims.ts";
import type { OrderState } from "../order/order.ts";

/** Lots of one side's orders that don't simply open: open ones, and those on their way. */
export interface ReducingLots {
  reduceOnly: number;
  /** Of hedging accounts alone. */
  reduceFirst: number;
  heldReduceOnly: number;
  heldReduceFirst: number;
}

export interface Reducing {
  readonly buy: ReducingLots;
  readonly sell: ReducingLots;
  /** Lots on their way that close a ticket by its name. */
  readonly heldTickets: Map<OrderId, number>;
}

type Meant = Pick<OrderState, "terms" | "list" | "side">;

export function newReducing(): Reducing {
  const none = () => ({ reduceOnly: 0, reduceFirst: 0, heldReduceOnly: 0, heldReduceFirst: 0 });
  return { buy: none(), sell: none(), heldTickets: new Map() };
}

/** What an order of an account with, or without, tickets is to do. */
export function intentOf({ terms, list }: Meant, hedging: boolean): OrderIntent {
  if (terms?.intent !== undefined) return terms.intent;
  if (!hedging) return "reduceFirst";
  return list?.covered === true ? "reduceOnly" : "openOnly";
}

/** The ticket that an order closes before others; undefined for the oldest. */
export function ticketOf({ terms, list }: Meant): OrderId | undefined {
  return terms?.position ?? (list?.covered === true ? list.id : undefined);
}

/** The sums of an exposure, which begin where they are first needed. */
function reducingOf(exposure: Exposure): Reducing {
  exposure.reducing ??= newReducing();
  return exposure.reducing;
}

/** Adds `lots` (negative: takes away) of an open order to the sums over those that reduce. */
export function countIntent(exposure: Exposure, order: Meant, lots: number): void {
  const hedging = exposure.tickets !== undefined;
  if (!hedging && order.terms?.intent !== "reduceOnly") return;
  const intent = intentOf(order, hedging);
  if (intent !== "openOnly") reducingOf(exposure)[order.side][intent] += lots;
}

/** The same for lots of a command on its way. */
export function countHeldIntent(
  exposure: Exposure,
  { side, intent, ticket }: Pick<Claim, "side" | "intent" | "ticket">,
  lots: number,
): void {
  if (intent === undefined || intent === "openOnly" || lots === 0) return;
  if (exposure.tickets === undefined && intent !== "reduceOnly") return;
  const reducing = reducingOf(exposure);
  reducing[side][intent === "reduceOnly" ? "heldReduceOnly" : "heldReduceFirst"] += lots;
  if (ticket === undefined) return;
  const held = (reducing.heldTickets.get(ticket) ?? 0) + lots;
  if (held === 0) reducing.heldTickets.delete(ticket);
  else reducing.heldTickets.set(ticket, held);
}
