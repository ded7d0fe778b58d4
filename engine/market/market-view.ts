/** What a market shows of its state; reading changes nothing. The book must not change while it is read. */

import {
  type DepthLevel,
  type RestingOrder,
  readDepth,
  readOrders,
  type WaitingOrder,
} from "../book/audit.ts";
import { BUY, SELL } from "../book/book.ts";
import type { Followed } from "../calendar/due-commands.ts";
import type { OrderId, Ticks } from "../units.ts";
import type { Expiry } from "./expiries.ts";
import type { Admission } from "./fence.ts";
import type { MarketParts } from "./market-parts.ts";
import type { OutsidePrices } from "./outside-prices.ts";
import type { ParkedOrder } from "./parked-orders.ts";
import type { PeggedOrder } from "./peg-price.ts";
import type { PendingOrder } from "./pending-legs.ts";
import type { Phase } from "./phase.ts";
import type { Equilibrium } from "./uncross.ts";

export class MarketView {
  protected readonly parts: MarketParts;

  constructor(parts: MarketParts) {
    this.parts = parts;
  }

  /** Whether a command of a shard may be applied now. */
  admits(shard: number, epoch: number, number: number): Admission {
    return this.parts.fence.admits(shard, epoch, number);
  }

  lastNumber(shard: number): number {
    return this.parts.fence.lastNumber(shard);
  }

  epochOf(shard: number): number {
    return this.parts.fence.epochOf(shard);
  }

  /** Epoch of the owner that the journal records last. */
  get ownerEpoch(): number {
    return this.parts.fence.ownerEpoch;
  }

  /** Best price of each side in ticks; 0 where it is empty. */
  get bestBid(): Ticks {
    return this.parts.book.queues.bestTicks(BUY) as Ticks;
  }

  get bestAsk(): Ticks {
    return this.parts.book.queues.bestTicks(SELL) as Ticks;
  }

  /** Price of the last trade; 0 before the first. */
  get lastTicks(): Ticks {
    return this.parts.book.lastTicks as Ticks;
  }

  depth(levelsMax: number): { bids: DepthLevel[]; asks: DepthLevel[] } {
    const { queues } = this.parts.book;
    return {
      bids: readDepth(queues, BUY, levelsMax),
      asks: readDepth(queues, SELL, levelsMax),
    };
  }

  /** Resting orders in priority order, bids first. */
  orders(): Iterable<RestingOrder> {
    return readOrders(this.parts.book.queues);
  }

  /** Orders that wait for their trigger, in the order in which they were armed. */
  armed(): Iterable<WaitingOrder> {
    return this.parts.stops.triggers.orders();
  }

  /** Market orders that a call has collected, by time. */
  unpriced(): Iterable<RestingOrder> {
    return this.parts.phases.unpriced.values();
  }

  /** Pegged orders, those that rest too, in the order in which they came. */
  pegged(): Iterable<PeggedOrder> {
    return this.parts.pegs.orders();
  }

  /** Orders that wait for an auction, in the order in which they will enter it. */
  parked(): Iterable<ParkedOrder> {
    return this.parts.desk.parked.orders();
  }

  /** Orders of lists that wait for their entry to trade, by id. */
  pending(): Iterable<PendingOrder> {
    return this.parts.pending.orders();
  }

  /** An open order: one that rests or one that waits. */
  order(id: OrderId): RestingOrder | WaitingOrder | undefined {
    return this.parts.desk.order(id);
  }

  /** When and how an open order ends by itself; undefined where it lasts until it is cancelled. */
  expiry(id: OrderId): Expiry | undefined {
    return this.parts.desk.expiries.find(id);
  }

  /** What the market was told from outside: mark and reference price, 0 for none. */
  get outside(): Readonly<OutsidePrices> {
    return this.parts.outside;
  }

  get phase(): Phase {
    return this.parts.phases.phase;
  }

  /** Price and volume of an uncrossing now; undefined where nothing would trade, or the market matches. */
  indicative(): Equilibrium | undefined {
    return this.parts.phases.indicative();
  }

  /** How far the market has followed its calendar. */
  get followed(): Followed | undefined {
    return this.parts.schedule.followed;
  }

  /** No later than when something is due of which a `clock` must tell the machine; infinity for nothing. */
  get nextDue(): number {
    return this.parts.timers.next;
  }
}
