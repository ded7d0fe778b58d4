/** What the naive market holds, in plain arrays that are searched from their start. */
import type { Instrument } from "../../engine/instrument.ts";
import type { AmendOrder, TimeInForce } from "../../engine/market/command.ts";
import type { Expiry } from "../../engine/market/expiries.ts";
import { Fence } from "../../engine/market/fence.ts";
import type { RestingOrder } from "../../engine/market/market-machine.ts";
import type { Phase } from "../../engine/market/phase.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { AccountId, Lots, OrderId, Side, Ticks } from "../../engine/units.ts";
import { MATCHING } from "./naive-auction.ts";
import { byPriority, type Limits, type NaiveOrder, type NaiveWaiting } from "./naive-order.ts";
import { bestShown, brokenNotional } from "./naive-prices.ts";

export class NaiveState {
  readonly instrument: Instrument;
  readonly limits: Limits;
  readonly fence = new Fence();
  /** In priority order, bids first. */
  resting: NaiveOrder[] = [];
  sequence = 0;
  named = 0;
  arrivals = 0;
  lastTicks = 0;
  /** Prices of all trades that orders may wait for: those of an uncrossing are one. */
  trades: number[] = [];
  markTicks = 0 as Ticks;
  referenceTicks = 0 as Ticks;
  /** Orders that wait for their trigger, in the order in which they were armed. */
  stops: NaiveWaiting[] = [];
  phase: Phase = "continuous";
  unpriced: NaiveOrder[] = [];
  /** In the order in which they enter their auction. */
  parked: (RestingOrder & { timeInForce: TimeInForce })[] = [];
  /** Whether a person has taken it out of its calendar's hands; nobody sends it a calendar. */
  held = false;
  /** Price and volume last told in a call. */
  told = { ticks: 0 as Ticks, lots: 0 as Lots };
  /** Of every order that ends by itself, in the order in which they came. */
  endings: Expiry[] = [];

  constructor(instrument: Instrument, limits: Limits = { orders: Infinity, levels: Infinity }) {
    this.instrument = instrument;
    this.limits = limits;
  }

  /** The price at which an order's worth is judged. */
  judgedAt(side: Side, limit: number): number | undefined {
    if (limit !== 0) return limit;
    return bestShown(this.resting, side === "buy" ? "sell" : "buy") ?? (this.lastTicks || undefined);
  }

  /** What is wrong with an order's worth after an amend of its size or its limit. */
  brokenWorth({ ticks, lots }: AmendOrder, order: RestingOrder): Rejection[] {
    if (ticks === 0 && lots === 0) return [];
    const price = this.judgedAt(order.side, ticks === 0 ? order.ticks : ticks);
    return brokenNotional(this.instrument, price, lots === 0 ? order.totalLots : lots);
  }

  matches(): boolean {
    return MATCHING.includes(this.phase);
  }

  owned(orderId: OrderId, account: AccountId): NaiveOrder | undefined {
    return this.resting.find(order => order.orderId === orderId && order.account === account);
  }

  waiting(orderId: OrderId, account: AccountId): NaiveWaiting | undefined {
    return this.stops.find(order => order.orderId === orderId && order.account === account);
  }

  leave(order: NaiveOrder): void {
    this.resting = this.resting.filter(other => other !== order);
  }

  join(order: RestingOrder): void {
    this.resting.push({ ...order, arrival: ++this.arrivals });
    this.resting.sort(byPriority);
  }
}
