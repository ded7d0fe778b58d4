/**
 * What a fill does to an account's money and position. On margin it nets, or goes to the tickets that the
 * order's intent names, and moves what it realises; in a spot market both assets change hands.
 */
import type { Cause } from "../../ledger/transaction.ts";
import type { Ticks } from "../../units.ts";
import type { Account, Exposure } from "../account.ts";
import type { Order } from "../order/order.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { intentOf, ticketOf } from "./intent.ts";
import { settlePosition, settleTickets, type Tickets } from "./position.ts";

/** `bought`: lots, negative where they were sold. Returns the realised profit in quote money. */
export function settleFill(
  state: ShardState,
  account: Account,
  order: Order,
  bought: number,
  ticks: Ticks,
  cause: Cause,
): bigint {
  const exposure = account.exposure(state.instrument(order.market));
  const { instrument, tickets } = exposure;
  if (instrument.settlement === "spot") {
    const size = BigInt(bought);
    state.move(account, instrument.quote, -size * BigInt(ticks) * instrument.valuePerTickLot, cause);
    state.move(account, instrument.base, size * instrument.baseMoneyPerLot, {
      ...cause,
      part: cause.part + 1,
    });
    return 0n;
  }
  const before = exposure.lots;
  const realised =
    tickets === undefined
      ? settlePosition(exposure, bought, ticks)
      : settleOfOrder(exposure, tickets, order, bought, ticks, cause);
  if (exposure.reducing !== undefined) state.shrunk.set(exposure, account);
  if (realised !== 0n) state.move(account, instrument.quote, realised, cause);
  if (!account.liquidity) keepRealised(account, exposure, before, realised);
  return realised;
}

function settleOfOrder(
  exposure: Exposure,
  tickets: Tickets,
  order: Order,
  lots: number,
  ticks: Ticks,
  { time }: Cause,
): bigint {
  const fill = { orderId: order.id, intent: intentOf(order, true), ticket: ticketOf(order) };
  return settleTickets(exposure, tickets, { ...fill, lots, ticks, time });
}

/** Sums for views; a position that is flat, or has turned over, begins anew. */
export function keepRealised(account: Account, exposure: Exposure, before: number, realised: bigint): void {
  const { instrument, lots, tickets } = exposure;
  const ends = tickets === undefined ? lots === 0 || lots > 0 !== before > 0 : tickets.size === 0;
  if (ends) exposure.realised = 0n;
  else if (realised !== 0n) exposure.realised += realised;
  if (realised === 0n) return;
  account.realised ??= new Map();
  account.realised.set(instrument.quote, (account.realised.get(instrument.quote) ?? 0n) + realised);
}
