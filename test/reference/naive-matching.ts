/** How orders of the naive market enter, trade and come to rest. */
import type { TimeInForce } from "../../engine/market/command.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { RestingOrder } from "../../engine/market/market-machine.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { Lots, OrderId, Ticks } from "../../engine/units.ts";
import { bandOf, furthest } from "./naive-bands.ts";
import {
  displayed,
  firstOf,
  hasRoom,
  isEligible,
  isSameTrader,
  type NaiveOrder,
  preventedEvent,
  removedEvents,
  tradedEvent,
  unseen,
} from "./naive-order.ts";
import { Purse, slides, slipped } from "./naive-prices.ts";
import { NaiveState } from "./naive-state.ts";

/** What became of an order that entered. */
export interface Entry {
  /** What is left of it, and its size after what was taken off it. */
  rest: number;
  total: number;
  /** Whether it ends where it met its own trader. */
  ended: boolean;
  /** The price outside a band at which it would have gone on. */
  breach?: Ticks;
}

/** What would become of an order; the prices at which it would trade. */
interface Foreseen {
  traded: number;
  taken: number;
  acts: boolean;
  prices: number[];
}

export abstract class NaiveMatching extends NaiveState {
  /** A price outside a band starts a call. */
  abstract startCall(ticks: Ticks): MarketEvent[];

  /** What the taker of now has traded with each order. */
  run = new Map<OrderId, number>();

  /** How much more of an order the taker of now may have: all, where lists have no say. */
  allowed(_order: NaiveOrder): number {
    return Number.POSITIVE_INFINITY;
  }

  /** Whether the taker of now came with a sum of money. */
  budgeted = false;

  /** What decides how much is taken, while a size is worked out. */
  purse: Purse | undefined;

  enter(
    asked: RestingOrder,
    timeInForce: TimeInForce,
    first: "accepted" | "triggered",
    follows = false,
  ): MarketEvent[] {
    const wanted = this.priced(asked);
    if (wanted === undefined) {
      const { orderId, account, side, ticks, lots } = asked;
      const same = { orderId, account, side, ticks, lots };
      return [
        { event: first, ...same },
        { event: "expired", ...same },
      ];
    }
    const order = this.bounded(wanted);
    const moved = follows && order.ticks !== wanted.ticks;
    const { orderId, account, side, ticks, lots, postOnly } = order;
    const broken: Rejection[] = [];
    const { traded, prices } = this.foresee(order, lots);
    if (postOnly && traded > 0) broken.push("postOnlyWouldTrade");
    const lasts = ["GTC", "DAY", "GTD"].includes(timeInForce);
    if (lasts) {
      if (this.resting.length >= this.limits.orders) broken.push("bookFull");
      if (!hasRoom(this.resting, this.limits.levels, side, ticks, lots)) broken.push("bookFull");
    }
    const fails = timeInForce === "FOK" && (traded < lots || this.endsInCall(prices));
    const beyond = !fails && this.refuses(prices) ? "priceBandBreached" : undefined;
    const rejection = beyond ?? (lasts ? firstOf(broken) : undefined);
    if (rejection !== undefined) {
      return first === "triggered"
        ? [{ event: "expired", orderId, account, side, ticks: wanted.ticks, lots }]
        : [{ event: "rejected", orderId, account, side, ticks: wanted.ticks, lots, rejection }];
    }
    const events: MarketEvent[] = [{ event: first, orderId, account, side, ticks, lots }];
    const idle = { rest: lots, total: order.totalLots, ended: false };
    const { rest, total, ended, breach }: Entry = fails ? idle : this.trade(events, order, lots);
    if (breach !== undefined) events.push(...this.startCall(breach));
    if (rest === 0) return events;
    const stopped = moved || (follows && breach !== undefined);
    if (lasts && rest >= (order.minimumLots ?? 0) && !ended && !stopped) {
      this.rest(events, { ...order, totalLots: total as Lots }, rest as Lots, true);
    } else if (breach !== undefined && this.gathers(order, timeInForce)) {
      const { selfTrade: _, ...kept } = order;
      this.unpriced.push({ ...kept, lots: rest as Lots, totalLots: total as Lots, arrival: 0 });
      events.push({ event: "rested", orderId, account, side, ticks, lots: rest as Lots, unseen: true });
    } else {
      events.push({ event: "expired", orderId, account, side, ticks, lots: rest as Lots });
    }
    return events;
  }

  /** An order at the limit that it enters at; undefined where it can't enter at any. */
  priced({ slippageTicks, slide, ...order }: RestingOrder): RestingOrder | undefined {
    if (slippageTicks !== undefined) {
      const ticks = slipped(this.resting, order.side, slippageTicks);
      return ticks === undefined ? undefined : { ...order, ticks };
    }
    if (!slide) return order;
    const limits = slides(this.resting, order);
    const ticks = limits.find(limit => this.foresee({ ...order, ticks: limit }, order.lots).traded === 0);
    return { ...order, ticks: ticks ?? order.ticks };
  }

  /** An order at the limit that the instrument's range leaves it. */
  bounded(order: RestingOrder): RestingOrder {
    const ticks = furthest(this.instrument, order.side, this.foresee(order, order.lots).prices);
    return ticks === undefined ? order : { ...order, ticks };
  }

  /** Whether a call takes what is left of an order that has started it and doesn't rest. */
  gathers({ ticks, minimumLots }: RestingOrder, timeInForce: TimeInForce): boolean {
    return timeInForce === "IOC" && ticks === 0 && minimumLots === undefined && !this.budgeted;
  }

  /** Whether trades at these prices are refused, or end in a call. */
  refuses(prices: readonly number[]): boolean {
    return this.callMs() === undefined && this.breaches(prices);
  }

  endsInCall(prices: readonly number[]): boolean {
    return this.callMs() !== undefined && this.breaches(prices);
  }

  /** Whether one of these trades would be outside a band. */
  breaches(
    prices: readonly number[],
    { last, anchor } = { last: this.lastTicks, anchor: this.anchorTicks },
  ): boolean {
    const bands = [
      bandOf(this.instrument, "static", this.referenceTicks || anchor),
      bandOf(this.instrument, "dynamic", last),
    ];
    return prices.some(price => bands.some(({ low, high }) => price < low || price > high));
  }

  /** The size that a market order has for so much money, or why it can't have one. */
  sizeFor(asked: RestingOrder, money: bigint): Lots | Rejection {
    const { minimumLots, maximumLots, valuePerTickLot } = this.instrument;
    const order = this.priced(asked);
    if (order === undefined) return "budgetTooSmall";
    this.purse = new Purse(order.side, money, valuePerTickLot);
    const { traded, taken } = this.foresee(order, Number.MAX_SAFE_INTEGER);
    this.purse = undefined;
    if (traded === 0 || traded + taken < minimumLots) return "budgetTooSmall";
    return traded + taken > maximumLots ? "quantityAboveMaximum" : ((traded + taken) as Lots);
  }

  /**
   * What an order would trade if it entered now, and whether anything would happen; nothing would for an
   * all-or-none order that would not get all.
   */
  foresee(order: RestingOrder, lots: number): Foreseen {
    const [resting, lastTicks, arrivals] = [this.resting, this.lastTicks, this.arrivals];
    const { anchorTicks } = this;
    const trades = this.trades.length;
    this.resting = resting.map(other => ({ ...other }));
    const events: MarketEvent[] = [];
    const { total } = this.match(events, { ...order, totalLots: lots as Lots }, lots);
    [this.resting, this.lastTicks, this.arrivals] = [resting, lastTicks, arrivals];
    this.trades.length = trades;
    this.anchorTicks = anchorTicks;
    const prices = events.flatMap(event => (event.event === "traded" ? [event.ticks] : []));
    const traded = events.reduce((sum, event) => sum + (event.event === "traded" ? event.lots : 0), 0);
    if (order.allOrNone && traded < lots) return { traded: 0, taken: 0, acts: false, prices: [] };
    return { traded, taken: lots - total, acts: events.length > 0, prices };
  }

  trade(events: MarketEvent[], taker: RestingOrder, lots: number): Entry {
    const fails = taker.allOrNone && !this.getsAll(taker, lots);
    const stopping = this.callMs() !== undefined;
    return fails
      ? { rest: lots, total: taker.totalLots, ended: false }
      : this.match(events, taker, lots, stopping);
  }

  /** Whether an order could trade whole, within the bands. */
  getsAll(taker: RestingOrder, lots: number): boolean {
    const { traded, prices } = this.foresee(taker, lots);
    return traded === lots && !this.endsInCall(prices);
  }

  /**
   * Trades with the first order whose conditions and the taker's are met, as long as there is one, and, if
   * it is `stopping`, as long as its price is within the bands.
   */
  match(events: MarketEvent[], taker: RestingOrder, lots: number, stopping = false): Entry {
    const entry: Entry = { rest: lots, total: taker.totalLots as number, ended: false };
    const [last, anchor] = [this.lastTicks, this.anchorTicks];
    this.run = new Map();
    if (!this.matches()) return entry;
    for (;;) {
      const restAt = (ticks: Ticks) => this.purse?.lotsAt(ticks) ?? entry.rest;
      const most = (order: NaiveOrder) => Math.min(restAt(order.ticks), this.allowed(order));
      const maker = this.resting.find(order => isEligible(order, taker, most(order)));
      if (maker === undefined) return entry;
      const traded = Math.min(most(maker), maker.shownLots ?? maker.lots) as Lots;
      if (isSameTrader(taker, maker)) {
        this.prevent(events, taker, maker, traded, entry);
        if (entry.ended) return entry;
        if (taker.selfTrade?.mode === "decrement") this.purse?.take(maker.ticks, traded);
        continue;
      }
      if (stopping && this.breaches([maker.ticks], { last, anchor }))
        return { ...entry, breach: maker.ticks };
      this.purse?.take(maker.ticks, traded);
      entry.rest -= traded;
      this.run.set(maker.orderId, (this.run.get(maker.orderId) ?? 0) + traded);
      this.lastTicks = maker.ticks;
      if (this.anchorTicks === 0) this.anchorTicks = maker.ticks;
      this.trades.push(maker.ticks);
      maker.lots = (maker.lots - traded) as Lots;
      events.push(tradedEvent(taker, maker, traded, entry.rest as Lots));
      this.afterTrade(events, maker, traded);
    }
  }

  /** Two orders of one trader meet: what the taker's mode says becomes of both. */
  prevent(events: MarketEvent[], taker: RestingOrder, maker: NaiveOrder, lots: Lots, entry: Entry): void {
    const mode = taker.selfTrade?.mode ?? "expireTaker";
    const { side, ticks } = maker;
    if (mode === "decrement") {
      entry.rest -= lots;
      entry.total -= lots;
    }
    events.push(preventedEvent(taker, maker, lots, entry.rest as Lots, mode));
    entry.ended = mode === "expireTaker" || mode === "expireBoth";
    if (mode === "expireMaker" || mode === "expireBoth" || (mode === "decrement" && lots === maker.lots)) {
      this.leave(maker);
      events.push(...removedEvents(maker, "selfTrade"));
    } else if (mode === "decrement") {
      const [orderId, account, oldLots] = [maker.orderId, maker.account, maker.lots];
      maker.lots = (maker.lots - lots) as Lots;
      maker.totalLots = (maker.totalLots - lots) as Lots;
      const size = { ticks, lots: maker.lots, oldTicks: ticks, oldLots, totalLots: maker.totalLots };
      events.push({ event: "amended", orderId, account, side, ...size, ...unseen(maker) });
      this.afterTrade(events, maker, lots);
    }
    if (mode !== "decrement") return;
    const own = { orderId: taker.orderId, account: taker.account, side: taker.side, ticks: taker.ticks };
    if (entry.rest === 0) events.push({ event: "expired", ...own, lots });
    else {
      const none = { lots: 0 as Lots, oldLots: 0 as Lots, oldTicks: taker.ticks };
      events.push({ event: "amended", ...own, ...none, totalLots: entry.total as Lots, unseen: true });
    }
  }

  afterTrade(events: MarketEvent[], maker: NaiveOrder, traded: Lots): void {
    const { orderId, account, side, ticks, lots, displayLots, shownLots } = maker;
    if (displayLots !== undefined && shownLots !== undefined) {
      const left = (shownLots - traded) as Lots;
      maker.shownLots = left === 0 ? (Math.min(displayLots, lots) as Lots) : left;
      events.push(displayed(maker, maker.shownLots, shownLots));
      if (left === 0 && lots > 0) {
        this.leave(maker);
        this.join(maker);
      }
    }
    if (lots === 0) this.leave(maker);
    else if (lots < (maker.minimumLots ?? 0)) {
      this.leave(maker);
      events.push({ event: "expired", orderId, account, side, ticks, lots, unseen: true });
    }
  }

  rest(events: MarketEvent[], order: RestingOrder, lots: Lots, tell: boolean): void {
    const { orderId, account, side, ticks, displayLots } = order;
    const shown = displayLots === undefined ? {} : { shownLots: Math.min(displayLots, lots) as Lots };
    this.join({ ...order, lots, ...shown });
    if (tell) events.push({ event: "rested", orderId, account, side, ticks, lots, ...unseen(order) });
    if (shown.shownLots !== undefined) events.push(displayed(order, shown.shownLots, 0 as Lots));
  }
}
