/** What the naive market holds, in plain arrays that are searched from their start. */
import type { Instrument } from "../../engine/instrument.ts";
import type { Expiry } from "../../engine/market/expiries.ts";
import { Fence } from "../../engine/market/fence.ts";
import type { RestingOrder } from "../../engine/market/market-machine.ts";
import type { Phase } from "../../engine/market/phase.ts";
import type { AccountId, OrderId, Ticks } from "../../engine/units.ts";
import { MATCHING } from "./naive-auction.ts";
import { byPriority, type Limits, type NaiveOrder, type NaiveWaiting } from "./naive-order.ts";

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
  /** Of every order that ends by itself, in the order in which they came. */
  endings: Expiry[] = [];

  constructor(instrument: Instrument, limits: Limits = { orders: Infinity, levels: Infinity }) {
    this.instrument = instrument;
    this.limits = limits;
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
