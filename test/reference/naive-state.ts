/** What the naive market holds, in plain arrays that are searched from their start. */
import type { Instrument } from "../../engine/instrument.ts";
import type { AmendOrder, TimeInForce } from "../../engine/market/command.ts";
import type { RemovalCause } from "../../engine/market/event.ts";
import type { Expiry } from "../../engine/market/expiries.ts";
import { Fence } from "../../engine/market/fence.ts";
import type { ProtectionLimits } from "../../engine/market/fill-window.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { RestingOrder } from "../../engine/market/market-machine.ts";
import type { Phase } from "../../engine/market/phase.ts";
import type { Peg } from "../../engine/market/terms.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { AccountId, Lots, OrderId, Side, Ticks } from "../../engine/units.ts";
import { MATCHING } from "./naive-auction.ts";
import { bandOf } from "./naive-bands.ts";
import {
  byPriority,
  displayed,
  type Limits,
  type NaiveOrder,
  type NaiveWaiting,
  unseen,
} from "./naive-order.ts";
import { bestShown, brokenNotional } from "./naive-prices.ts";

export interface NaivePeg {
  readonly orderId: OrderId;
  readonly peg: Peg;
  readonly capTicks: Ticks;
  readonly parked: RestingOrder | undefined;
}

/** What an account may trade as maker, and what it has traded since that was said or reset. */
export interface NaiveGuard {
  readonly account: AccountId;
  readonly limits: ProtectionLimits;
  fills: { time: number; lots: number; isBuy: boolean }[];
}

export class NaiveState {
  readonly instrument: Instrument;
  readonly limits: Limits;
  readonly fence = new Fence();
  /** In priority order, bids first. */
  resting: NaiveOrder[] = [];
  sequence = 0;
  /** Time of the command that is applied, and of what happens: before it, of what is due. */
  now = 0;
  moment = 0;
  named = 0;
  arrivals = 0;
  lastTicks = 0;
  /** Prices of all trades that orders may wait for: those of an uncrossing are one. */
  trades: number[] = [];
  markTicks = 0 as Ticks;
  referenceTicks = 0 as Ticks;
  /** Of the last uncrossing, else of the first trade. */
  anchorTicks = 0;
  /** Orders that wait for their trigger, in the order in which they were armed. */
  stops: NaiveWaiting[] = [];
  /** Released by a price, not entered yet. */
  released: NaiveWaiting[] = [];
  guards: NaiveGuard[] = [];
  frozen: AccountId[] = [];
  /** What each account quoted last, open or not, and when its dead-man timer fires. */
  quotes: { account: AccountId; ids: OrderId[] }[] = [];
  timers: { account: AccountId; time: number }[] = [];
  phase: Phase = "continuous";
  /** When a call ends that a price band has started, and the phase that it has interrupted. */
  call: { until: number; after: Phase } | undefined;
  /** In the order in which they came; those that have ended too. */
  pegs: NaivePeg[] = [];
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

  /** How long a call lasts that a price band starts; undefined where it refuses instead. */
  callMs(): number | undefined {
    return this.instrument.priceLimits?.bands?.auctionMs;
  }

  /** What is wrong with a limit. */
  brokenLimit(ticks: number): Rejection[] {
    if (this.callMs() !== undefined) return [];
    const { low, high } = bandOf(this.instrument, "static", this.referenceTicks || this.anchorTicks);
    return ticks !== 0 && (ticks < low || ticks > high) ? ["priceOutsideBand"] : [];
  }

  /** What is wrong with an order's worth after an amend of its size or its limit, and with that limit. */
  brokenWorth({ ticks, lots }: AmendOrder, order: RestingOrder): Rejection[] {
    if (ticks === 0 && lots === 0) return [];
    const price = this.judgedAt(order.side, ticks === 0 ? order.ticks : ticks);
    const worth = brokenNotional(this.instrument, price, lots === 0 ? order.totalLots : lots);
    return [...worth, ...this.brokenLimit(ticks)];
  }

  /** Pegged orders that are in no book. */
  parkedPegs(): RestingOrder[] {
    return this.pegs.flatMap(({ parked }) => parked ?? []);
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

  open(): RestingOrder[] {
    return [
      ...this.resting,
      ...this.stops,
      ...this.released,
      ...this.unpriced,
      ...this.parked,
      ...this.parkedPegs(),
    ];
  }

  removeAll(account: AccountId, cause: RemovalCause, side?: Side): MarketEvent[] {
    const own = this.open().filter(order => order.account === account);
    const meant = own.filter(order => side === undefined || order.side === side);
    return meant.sort((a, b) => a.orderId - b.orderId).flatMap(order => this.takeOut(order, cause));
  }

  /** Takes an open order out; cancelled by its owner where there is no cause. */
  takeOut(order: RestingOrder, cause?: RemovalCause): MarketEvent[] {
    const { orderId, account, side, ticks, lots, shownLots } = order;
    const rests = this.resting.some(other => other.orderId === orderId);
    this.resting = this.resting.filter(other => other.orderId !== orderId);
    this.stops = this.stops.filter(other => other.orderId !== orderId);
    this.released = this.released.filter(other => other.orderId !== orderId);
    this.unpriced = this.unpriced.filter(other => other.orderId !== orderId);
    this.parked = this.parked.filter(other => other.orderId !== orderId);
    if (!rests) this.pegs = this.pegs.filter(other => other.orderId !== orderId);
    const what = {
      orderId,
      account,
      side,
      ticks,
      lots,
      ...(rests ? unseen(order) : { unseen: true as const }),
    };
    const gone: MarketEvent =
      cause === undefined ? { event: "cancelled", ...what } : { event: "removed", ...what, cause };
    return rests && shownLots !== undefined ? [gone, displayed(order, 0 as Lots, shownLots)] : [gone];
  }
}
