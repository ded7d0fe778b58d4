/**
 * The checks of a decision that ask what an order is for: whether the account's wallet takes it at all, and
 * whether its intent can be kept.
 *
 * A reduce-only order may close no more than the position of its market less all orders of its side, open or
 * on their way, that may close it before; in a hedging account less all that reduce, and of a ticket that it
 * names less all that name it. An open-only order of a netting account is of the position's own side. Both
 * are asked when the order is decided: what its fills meet is another matter, for which see `position.ts`
 * and `reduce-watch.ts`.
 */
import { TICKETS_PER_ACCOUNT_MAX } from "../../limits.ts";
import type { Rejection } from "../../rejection.ts";
import type { OrderId, Side } from "../../units.ts";
import type { Account, Exposure } from "../account.ts";
import { input } from "../guard/explanation.ts";
import { ticketOf } from "../position/intent.ts";
import type { Claim } from "./claims.ts";
import { remainingLots } from "./order.ts";
import type { Case } from "./wish.ts";

/** Wallet, intent and ticket: whether the account can take such an order. */
export function kindRefusal({ account, instrument, wish, notes }: Case): Rejection | undefined {
  const { wallet, positions } = account.kind;
  const spot = instrument.settlement === "spot";
  if (wallet !== "universal" && (wallet === "spot") !== spot) {
    notes?.say("wallet", []);
    return "walletNotAllowed";
  }
  for (const { intent, ticket, lots, side } of wish.claims) {
    if (intent === undefined && ticket === undefined) continue;
    const hedges = positions === "hedging" && !spot;
    const names = ticket !== undefined;
    if (spot || (names && (!hedges || intent === undefined || intent === "openOnly"))) {
      notes?.say("intent", []);
      return "intentNotAllowed";
    }
    if (!names || lots === 0) continue;
    const held = account.peek(instrument).tickets?.get(ticket)?.lots ?? 0;
    if (side === "buy" ? held < 0 : held > 0) continue;
    notes?.say("ticket", [input("position", held)]);
    return "positionUnknown";
  }
  return undefined;
}

/** Whether it keeps to what it says that it is for, and opens no more tickets than there may be. */
export function aimRefusal(asked: Case): Rejection | undefined {
  const { account, instrument, wish, notes } = asked;
  const exposure = account.peek(instrument);
  if (
    asked.state.closeBys.underWay.has(exposure) &&
    !(wish.claims.length > 0 && wish.claims.every(opensAlone))
  ) {
    notes?.say("closeBy", []);
    return "positionBusy";
  }
  for (const claim of wish.claims) {
    if (claim.lots === 0) continue;
    if (claim.intent === "reduceOnly") {
      const { open, position } = closable(account, exposure, claim);
      if (open + claim.lots <= position) continue;
      const figures = [input("openLots", open), input("position", position), input("quantity", claim.lots)];
      notes?.say("closesOnly", figures, input("position", Math.max(0, position)));
      return "positionWouldIncrease";
    }
    if (claim.intent === "openOnly" && exposure.tickets === undefined) {
      if (claim.side === "buy" ? exposure.lots >= 0 : exposure.lots <= 0) continue;
      notes?.say("opensOnly", [input("position", exposure.lots), input("quantity", claim.lots)]);
      return "positionWouldReduce";
    }
  }
  return exposure.tickets === undefined ? undefined : ticketsRefusal(asked);
}

/** Whatever becomes of it, the tickets that there are stay as they are. */
function opensAlone({ intent }: Claim): boolean {
  return intent === "openOnly";
}

function ticketsRefusal({ account, wish, notes }: Case): Rejection | undefined {
  if (wish.orders <= 0 || wish.claims.every(({ intent }) => intent === "reduceOnly")) return undefined;
  let tickets = 0;
  for (const exposure of account.exposures.values()) tickets += exposure.tickets?.size ?? 0;
  const orders = account.open.size + account.heldOrders.size + wish.orders;
  if (tickets + orders <= TICKETS_PER_ACCOUNT_MAX) return undefined;
  const figures = [input("tickets", tickets), input("orders", orders)];
  notes?.say("tickets", figures, input("ticketsMaximum", TICKETS_PER_ACCOUNT_MAX));
  return "ticketsLimit";
}

/** Whether all that is claimed can only make a position of a margin market smaller. */
export function onlyReduces(account: Account, exposure: Exposure, claim: Claim): boolean {
  if (exposure.tickets !== undefined && claim.intent !== "reduceOnly") return claim.lots === 0;
  const { open, position } = closable(account, exposure, claim);
  return open + claim.lots === 0 || open + claim.lots <= position;
}

/** What may close already, and what there is to close, for a claim of a margin market. */
export function closable(
  account: Account,
  exposure: Exposure,
  { side, ticket }: Pick<Claim, "side" | "ticket">,
): { readonly open: number; readonly position: number } {
  const { tickets, reducing } = exposure;
  if (tickets === undefined) {
    return side === "buy"
      ? { open: exposure.openBuys + exposure.heldBuys, position: -exposure.lots }
      : { open: exposure.openSells + exposure.heldSells, position: exposure.lots };
  }
  const sums = reducing?.[side];
  let open = 0;
  if (sums !== undefined) {
    open = sums.reduceOnly + sums.heldReduceOnly + sums.reduceFirst + sums.heldReduceFirst;
  }
  const sign = side === "buy" ? -1 : 1;
  let position = 0;
  for (const { lots } of tickets.values()) position += Math.max(0, sign * lots);
  if (ticket === undefined) return { open, position };
  const named = closingTicket(account, exposure, side, ticket);
  const own = Math.max(0, sign * (tickets.get(ticket)?.lots ?? 0));
  // The tighter of the two: what is left of the ticket, and of all that the side may close.
  return own - named <= position - open ? { open: named, position: own } : { open, position };
}

/** Lots of orders, open or on their way, that name a ticket. */
function closingTicket(account: Account, exposure: Exposure, side: Side, ticket: OrderId): number {
  let lots = exposure.reducing?.heldTickets.get(ticket) ?? 0;
  for (const order of account.open.values()) {
    const here = order.market === exposure.instrument.number && order.side === side;
    if (!here || ticketOf(order) !== ticket || order.awaits === "entry") continue;
    lots += remainingLots(order);
  }
  return lots;
}
