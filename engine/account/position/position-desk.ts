/**
 * What may be asked of a shard about positions: as they are, what closes one, which orders stand in the way,
 * what an order would do to the margin, and which reduce-only orders could close more than there is.
 *
 * A reduce-only order is let through only where it can't turn the position over. A position may shrink under
 * it later, by a fill of another order or a close-out; then the newest excess is cancelled as soon as that
 * fill is heard. So a reduce-only order turns a position over only if it fills between that fill and its own
 * cancel, both of them on their way to the same market.
 */
import type { AccountId, Lots, Milliseconds, OrderId, Side } from "../../units.ts";
import type { Account, Exposure } from "../account.ts";
import type { OrderRequest } from "../command.ts";
import { closable } from "../order/aim-checks.ts";
import { stakeWithLinked } from "../order/counting.ts";
import type { Holds } from "../order/holds.ts";
import { type Order, type OrderState, remainingLots } from "../order/order.ts";
import type { RiskDesk } from "../order/risk-desk.ts";
import { ProfileDesk } from "../profile-desk.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { CloseByDesk } from "./close-by-desk.ts";
import { intentOf, ticketOf } from "./intent.ts";
import { type PositionState, positionsOf } from "./position-state.ts";
import { type OrderPreview, previewOrder } from "./preview.ts";

/** An order that would close a position whole. */
export interface Closing {
  readonly side: Side;
  readonly lots: Lots;
}

export class PositionDesk {
  readonly #state: ShardState;
  readonly #desk: RiskDesk;
  /** Two tickets against each other. */
  readonly closeBys: CloseByDesk;
  /** Changes of leverage and profile. */
  readonly profiles: ProfileDesk;

  constructor(state: ShardState, desk: RiskDesk, holds: Holds) {
    this.#state = state;
    this.#desk = desk;
    this.closeBys = new CloseByDesk(state, holds);
    this.profiles = new ProfileDesk(state);
  }

  /** By market number, a hedging account's tickets of one market oldest first. */
  positions(id: AccountId): PositionState[] {
    const { conversion, marks } = this.#state;
    return positionsOf(this.#state.known(id), conversion, marks);
  }

  /** Undefined where there is no such position; a hedging account's is named by its ticket. */
  closing(id: AccountId, market: number, ticket: OrderId | undefined): Closing | undefined {
    const { lots, tickets } = this.#state.known(id).peek(this.#state.instrument(market));
    if ((tickets === undefined) !== (ticket === undefined)) return undefined;
    const held = ticket === undefined ? lots : (tickets?.get(ticket)?.lots ?? 0);
    if (held === 0) return undefined;
    return { side: held > 0 ? "sell" : "buy", lots: Math.abs(held) as Lots };
  }

  /**
   * Exits to cancel so that so many lots may be closed, newest first: reduce-only orders and those that
   * follow an entry. Other orders stay, and may leave no room.
   */
  inTheWay(id: AccountId, market: number, ticket: OrderId | undefined, asked: Closing): OrderState[] {
    const account = this.#state.known(id);
    const exposure = account.peek(this.#state.instrument(market));
    const { open, position } = closable(account, exposure, { side: asked.side, ticket });
    const leaving: Order[] = [];
    let excess = open + asked.lots - position;
    for (const order of newestFirst(account, exposure, asked.side)) {
      if (excess <= 0) break;
      const exits =
        intentOf(order, exposure.tickets !== undefined) === "reduceOnly" || (order.list?.leg ?? 0) > 0;
      const named = ticketOf(order);
      if (!exits || (ticket !== undefined && named !== undefined && named !== ticket)) continue;
      leaving.push(order);
      excess -= stakeLeaving(order, leaving);
    }
    return leaving;
  }

  preview(request: OrderRequest, at?: Milliseconds): OrderPreview {
    return previewOrder(this.#state, this.#desk, request, at);
  }

  /** Looks at all that reduce, as after a start. */
  watchAll(): void {
    for (const account of this.#state.accounts.values()) {
      for (const exposure of account.exposures.values()) {
        if (exposure.reducing !== undefined) this.#state.shrunk.set(exposure, account);
      }
    }
  }

  /** Reduce-only orders to cancel, of the positions that have traded since the last call. */
  takeExcess(): OrderState[] {
    const { shrunk } = this.#state;
    if (shrunk.size === 0) return [];
    const excess = [...shrunk].flatMap(([exposure, account]) => excessOf(account, exposure));
    shrunk.clear();
    return excess;
  }
}

const SIDES: readonly Side[] = ["buy", "sell"];

/** An account's orders of one side of a market that are there or wait for a price, newest first. */
function newestFirst(account: Account, { instrument }: Exposure, side: Side): Order[] {
  const orders: Order[] = [];
  for (const order of account.open.values()) {
    if (order.market !== instrument.number || order.side !== side || order.awaits === "entry") continue;
    orders.push(order);
  }
  return orders.sort((one, other) => other.createdAt - one.createdAt || other.id - one.id);
}

/** What an order counts that leaves; linked ones count together, once all of them leave. */
function stakeLeaving(order: Order, leaving: readonly Order[]): number {
  const { linked } = order;
  if (linked === undefined) return remainingLots(order);
  return linked.every(each => leaving.includes(each)) ? stakeWithLinked(order).lots : 0;
}

function excessOf(account: Account, exposure: Exposure): Order[] {
  const { tickets } = exposure;
  return SIDES.flatMap(side => {
    const orders = newestFirst(account, exposure, side);
    const reducing = orders.filter(order => intentOf(order, tickets !== undefined) === "reduceOnly");
    if (reducing.length === 0) return [];
    const sign = side === "buy" ? -1 : 1;
    if (tickets === undefined) return beyond(reducing, Math.max(0, sign * exposure.lots));
    let position = 0;
    for (const { lots } of tickets.values()) position += Math.max(0, sign * lots);
    const excess = new Set(beyond(reducing, position));
    for (const named of new Set(reducing.map(ticketOf))) {
      if (named === undefined) continue;
      const own = Math.max(0, sign * (tickets.get(named)?.lots ?? 0));
      const ofTicket = reducing.filter(order => ticketOf(order) === named && !excess.has(order));
      for (const order of beyond(ofTicket, own)) excess.add(order);
    }
    return [...excess];
  });
}

/** The newest of these orders without which the others are for no more than so many lots. */
function beyond(orders: readonly Order[], most: number): Order[] {
  const units = new Map<readonly Order[] | Order, readonly Order[]>();
  for (const order of orders) units.set(order.linked ?? order, order.linked ?? [order]);
  let total = 0;
  for (const [first] of units.values()) if (first !== undefined) total += stakeWithLinked(first).lots;
  const leaving: Order[] = [];
  for (const unit of units.values()) {
    const [first] = unit;
    if (total <= most || first === undefined) break;
    total -= stakeWithLinked(first).lots;
    leaving.push(...unit);
  }
  return leaving;
}
