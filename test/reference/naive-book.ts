/**
 * The market as one would explain it: one plain array of resting orders, kept in priority order by sorting,
 * searched from its start. Slow and obviously right; the fast machine must make the same events and the same
 * hash.
 */
import { composeOrderId, marketOrigin } from "../../engine/ids.ts";
import type { Instrument } from "../../engine/instrument.ts";
import type {
  AmendOrder,
  CancelOrder,
  MarketCommand,
  PlaceOrder,
  TimeInForce,
  TriggerSource,
} from "../../engine/market/command.ts";
import type { MarketEvent } from "../../engine/market/event.ts";
import { Fence } from "../../engine/market/fence.ts";
import { hashMarket } from "../../engine/market/market-hash.ts";
import type { RestingOrder, WaitingOrder } from "../../engine/market/market-machine.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { AccountId, Lots, OrderId, Side, Ticks } from "../../engine/units.ts";
import {
  brokenTerms,
  displayed,
  firstOf,
  isReached,
  isShown,
  type NaiveOrder,
  type NaiveWaiting,
  unknownOrder,
  unseen,
} from "./naive-order.ts";

interface Limits {
  readonly orders: number;
  readonly levels: number;
}

const TICKS_MAX = 2_147_483_647;

export class NaiveMarket {
  readonly instrument: Instrument;
  readonly #limits: Limits;
  readonly #fence = new Fence();
  #resting: NaiveOrder[] = [];
  #sequence = 0;
  #named = 0;
  #arrivals = 0;
  #lastTicks = 0;
  #armed: NaiveWaiting[] = [];

  constructor(instrument: Instrument, limits: Limits = { orders: Infinity, levels: Infinity }) {
    this.instrument = instrument;
    this.#limits = limits;
  }

  apply(command: MarketCommand): MarketEvent[] {
    this.#sequence++;
    if (command.kind === "shardEpoch") this.#fence.recordShard(command.shard, command.epoch);
    else if (command.kind === "owner") this.#fence.recordOwner(command.epoch);
    else {
      this.#fence.pass(command.shard, command.number);
      const events =
        command.kind === "place"
          ? this.#place(command)
          : command.kind === "amend"
            ? this.#amend(command)
            : this.#cancel(command);
      this.#release(events);
      return events;
    }
    return [];
  }

  /** Resting orders in priority order, bids first. */
  orders(): RestingOrder[] {
    return this.#resting.map(({ arrival: _, ...order }) => order);
  }

  /** Orders that wait for their trigger, in the order in which they were armed. */
  armed(): WaitingOrder[] {
    return this.#armed.map(({ arrival: _, ...order }) => order);
  }

  hash(): string {
    return hashMarket(this.#sequence, this.#named, this.#fence, this.#resting, this.#lastTicks, this.#armed);
  }

  #place(command: PlaceOrder): MarketEvent[] {
    const { account, side, ticks, lots, type, timeInForce, postOnly } = command;
    const orderId = composeOrderId(++this.#named, marketOrigin(this.instrument.number));
    const broken: Rejection[] = [];
    if (lots < this.instrument.minimumLots) broken.push("quantityBelowMinimum");
    if (lots > this.instrument.maximumLots) broken.push("quantityAboveMaximum");
    if (type === "limit" && ticks === 0) broken.push("priceMissing");
    if (type === "market" && ticks !== 0) broken.push("priceUnexpected");
    if (ticks < 0 || ticks > TICKS_MAX) broken.push("priceOutOfRange");
    const { trigger, ...special } = command.terms ?? {};
    broken.push(...brokenTerms(command, this.instrument));
    if (type === "market" && timeInForce === "GTC" && trigger === undefined)
      broken.push("timeInForceNotAllowed");
    if (postOnly && (type === "market" || timeInForce !== "GTC")) broken.push("postOnlyNotAllowed");
    const rejection = firstOf(broken);
    if (rejection !== undefined)
      return [{ event: "rejected", orderId, account, side, ticks, lots, rejection }];
    const order = { orderId, account, side, ticks, lots, totalLots: lots, postOnly, ...special };
    if (trigger === undefined) return this.#enter(order, timeInForce, "accepted");
    const accepted = { event: "accepted", orderId, account, side, ticks, lots } as const;
    return [accepted, ...this.#arm({ ...order, timeInForce, trigger, arrival: ++this.#arrivals })];
  }

  #enter(order: RestingOrder, timeInForce: TimeInForce, first: "accepted" | "triggered"): MarketEvent[] {
    const { orderId, account, side, ticks, lots, postOnly } = order;
    const broken: Rejection[] = [];
    const mayGet = this.#obtainable(order, lots);
    if (postOnly && mayGet > 0) broken.push("postOnlyWouldTrade");
    if (timeInForce === "GTC") {
      if (this.#resting.length >= this.#limits.orders) broken.push("bookFull");
      if (!this.#hasRoom(side, ticks, lots)) broken.push("bookFull");
    }
    const rejection = timeInForce === "GTC" ? firstOf(broken) : undefined;
    if (rejection !== undefined) {
      return first === "triggered"
        ? [{ event: "expired", orderId, account, side, ticks, lots }]
        : [{ event: "rejected", orderId, account, side, ticks, lots, rejection }];
    }
    const events: MarketEvent[] = [{ event: first, orderId, account, side, ticks, lots }];
    const rest = timeInForce === "FOK" && mayGet < lots ? lots : this.#trade(events, order, lots);
    if (rest === 0) return events;
    if (timeInForce === "GTC" && rest >= (order.minimumLots ?? 0)) {
      this.#rest(events, order, rest as Lots, true);
    } else {
      events.push({ event: "expired", orderId, account, side, ticks, lots: rest as Lots });
    }
    return events;
  }

  #arm(order: NaiveWaiting): MarketEvent[] {
    if (this.#prices(order.trigger.source).some(price => isReached(order, price))) return this.#fire(order);
    this.#armed.push(order);
    this.#armed.sort((a, b) => a.arrival - b.arrival);
    const { orderId, account, side, lots, trigger } = order;
    return [{ event: "armed", orderId, account, side, ticks: trigger.stopTicks, lots }];
  }

  #fire(order: NaiveWaiting): MarketEvent[] {
    const { arrival: _, trigger: __, timeInForce, ...plain } = order;
    const once = timeInForce === "GTC" && order.ticks === 0 ? "IOC" : timeInForce;
    return this.#enter(plain, once, "triggered");
  }

  /**
   * What a source has shown: of trades the last one unless `events` has some, of the others the price now.
   */
  #prices(source: TriggerSource, events?: MarketEvent[]): number[] {
    if (source === "last") {
      if (events === undefined) return this.#lastTicks === 0 ? [] : [this.#lastTicks];
      return events.flatMap(event => (event.event === "traded" ? [event.ticks] : []));
    }
    const bid = this.#resting.find(order => order.side === "buy" && isShown(order))?.ticks;
    const ask = this.#resting.find(order => order.side === "sell" && isShown(order))?.ticks;
    if (source === "mid") return bid === undefined || ask === undefined ? [] : [(bid + ask) / 2];
    const price = source === "bid" ? bid : ask;
    return price === undefined ? [] : [price];
  }

  /** Enters what the events of a command release, and what that releases. */
  #release(events: MarketEvent[]): void {
    const queue: NaiveWaiting[] = [];
    let seen = events;
    for (;;) {
      const released = this.#armed.filter(order =>
        this.#prices(order.trigger.source, seen).some(price => isReached(order, price)),
      );
      this.#armed = this.#armed.filter(order => !released.includes(order));
      const stop = (order: NaiveWaiting) => order.trigger.stopTicks;
      const sells = released.filter(order => order.side === "sell").sort((a, b) => stop(b) - stop(a));
      const buys = released.filter(order => order.side === "buy").sort((a, b) => stop(a) - stop(b));
      queue.push(...sells, ...buys);
      const next = queue.shift();
      if (next === undefined) return;
      seen = this.#fire(next);
      events.push(...seen);
    }
  }

  #amend(command: AmendOrder): MarketEvent[] {
    const waiting = this.#waiting(command.orderId, command.account);
    if (waiting !== undefined) return this.#amendWaiting(waiting, command);
    const order = this.#owned(command.orderId, command.account);
    if (order === undefined) return [unknownOrder(command, command.ticks, command.lots)];
    const { orderId, account, side, postOnly } = order;
    const filled = order.totalLots - order.lots;
    const totalLots = command.lots === 0 ? order.totalLots : command.lots;
    const ticks = command.ticks === 0 ? order.ticks : command.ticks;
    const rest = (totalLots - filled) as Lots;
    const asked = command.terms?.minimumLots;
    const minimumLots = asked ?? order.minimumLots;
    const conditional = minimumLots !== undefined || order.allOrNone;
    const keepsPlace = ticks === order.ticks && rest <= order.lots && !conditional;
    const terms = minimumLots === undefined ? {} : { minimumLots };
    const changed = { ...order, ticks, totalLots, lots: rest, ...terms };
    const mayGet = keepsPlace || rest <= 0 ? 0 : this.#obtainable(changed, rest);
    const broken: Rejection[] = [];
    if (command.lots !== 0 && command.lots < this.instrument.minimumLots) broken.push("quantityBelowMinimum");
    if (command.lots > this.instrument.maximumLots) broken.push("quantityAboveMaximum");
    if (command.ticks < 0 || command.ticks > TICKS_MAX) broken.push("priceOutOfRange");
    if (command.terms?.stopTicks !== undefined) broken.push("stopPriceUnexpected");
    if (totalLots > (order.displayLots ?? totalLots) * 1_000) broken.push("displayQuantityOutOfRange");
    if (asked !== undefined && order.minimumLots === undefined) broken.push("minimumQuantityNotAllowed");
    if (asked !== undefined && asked < 1) broken.push("minimumQuantityOutOfRange");
    if (rest > 0 && (minimumLots ?? 0) > rest) broken.push("minimumQuantityOutOfRange");
    if (rest <= 0) broken.push("quantityBelowFilled");
    if (postOnly && mayGet > 0) broken.push("postOnlyWouldTrade");
    if (!keepsPlace && !this.#hasRoom(side, ticks, rest - order.lots)) broken.push("bookFull");
    const rejection = firstOf(broken);
    if (rejection !== undefined) {
      const { ticks: askedTicks, lots } = command;
      return [{ event: "rejected", orderId, account, side, ticks: askedTicks, lots, rejection }];
    }
    const amended = { event: "amended", orderId, account, side, ticks, totalLots, ...unseen(order) } as const;
    const old = { oldTicks: order.ticks, oldLots: order.lots };
    const events: MarketEvent[] = [{ ...amended, ...old, lots: mayGet > 0 ? (0 as Lots) : rest }];
    if (keepsPlace) {
      order.lots = rest;
      order.totalLots = totalLots;
      if (order.shownLots !== undefined) {
        const shown = Math.min(order.shownLots, rest) as Lots;
        if (shown !== order.shownLots) events.push(displayed(order, shown, order.shownLots));
        order.shownLots = shown;
      }
      return events;
    }
    if (order.shownLots !== undefined) events.push(displayed(order, 0 as Lots, order.shownLots));
    this.#leave(order);
    const left = (mayGet > 0 ? this.#trade(events, changed, rest) : rest) as Lots;
    if (left === 0) return events;
    if (left < (minimumLots ?? 0)) {
      return [...events, { event: "expired", orderId, account, side, ticks, lots: left }];
    }
    this.#rest(events, changed, left, mayGet > 0);
    return events;
  }

  #amendWaiting(order: NaiveWaiting, command: AmendOrder): MarketEvent[] {
    const { orderId, account, side, trigger } = order;
    const stopTicks = command.terms?.stopTicks ?? trigger.stopTicks;
    const ticks = command.ticks === 0 ? order.ticks : command.ticks;
    const lots = command.lots === 0 ? order.lots : command.lots;
    const broken: Rejection[] = [];
    if (command.lots !== 0 && command.lots < this.instrument.minimumLots) broken.push("quantityBelowMinimum");
    if (command.lots > this.instrument.maximumLots) broken.push("quantityAboveMaximum");
    const asked = command.terms?.minimumLots;
    const minimumLots = asked ?? order.minimumLots;
    if (asked !== undefined && order.minimumLots === undefined) broken.push("minimumQuantityNotAllowed");
    if (asked !== undefined && asked < 1) broken.push("minimumQuantityOutOfRange");
    if ((minimumLots ?? 0) > lots) broken.push("minimumQuantityOutOfRange");
    const { displayLots = lots } = order;
    if (displayLots > lots || lots > displayLots * 1_000) broken.push("displayQuantityOutOfRange");
    if (order.ticks === 0 && command.ticks !== 0) broken.push("priceUnexpected");
    if (command.ticks < 0 || command.ticks > TICKS_MAX) broken.push("priceOutOfRange");
    if (stopTicks < 1 || stopTicks > TICKS_MAX) broken.push("stopPriceOutOfRange");
    const rejection = firstOf(broken);
    if (rejection !== undefined) {
      const { ticks: askedTicks, lots: asked } = command;
      return [{ event: "rejected", orderId, account, side, ticks: askedTicks, lots: asked, rejection }];
    }
    this.#armed = this.#armed.filter(other => other !== order);
    const keeps = stopTicks === trigger.stopTicks && lots <= order.lots;
    const arrival = keeps ? order.arrival : ++this.#arrivals;
    const old = { oldTicks: order.ticks, oldLots: order.lots };
    const changed = { ...order, ticks, lots, totalLots: lots, trigger: { ...trigger, stopTicks }, arrival };
    const terms = minimumLots === undefined ? {} : { minimumLots };
    return [
      { event: "amended", orderId, account, side, ticks, lots, unseen: true, ...old, totalLots: lots },
      ...this.#arm({ ...changed, ...terms }),
    ];
  }

  #cancel(command: CancelOrder): MarketEvent[] {
    const waiting = this.#waiting(command.orderId, command.account);
    if (waiting !== undefined) {
      this.#armed = this.#armed.filter(other => other !== waiting);
      const { orderId, account, side, ticks, lots } = waiting;
      return [{ event: "cancelled", orderId, account, side, ticks, lots, unseen: true }];
    }
    const order = this.#owned(command.orderId, command.account);
    if (order === undefined) return [unknownOrder(command, 0 as Ticks, 0 as Lots)];
    this.#leave(order);
    const { orderId, account, side, ticks, lots, shownLots } = order;
    const cancelled = { event: "cancelled", orderId, account, side, ticks, lots, ...unseen(order) } as const;
    return shownLots === undefined ? [cancelled] : [cancelled, displayed(order, 0 as Lots, shownLots)];
  }

  /** What an order would get if it entered now; 0 for an all-or-none order that would not get all. */
  #obtainable(order: RestingOrder, lots: number): number {
    const [resting, lastTicks, arrivals] = [this.#resting, this.#lastTicks, this.#arrivals];
    this.#resting = resting.map(other => ({ ...other }));
    const rest = this.#match([], order, lots);
    [this.#resting, this.#lastTicks, this.#arrivals] = [resting, lastTicks, arrivals];
    return order.allOrNone && rest > 0 ? 0 : lots - rest;
  }

  #trade(events: MarketEvent[], taker: RestingOrder, lots: number): number {
    return taker.allOrNone && this.#obtainable(taker, lots) < lots ? lots : this.#match(events, taker, lots);
  }

  /** Trades with the first order whose conditions and the taker's are met, as long as there is one. */
  #match(events: MarketEvent[], taker: RestingOrder, lots: number): number {
    const { orderId, account, side, ticks: limit } = taker;
    let remaining = lots;
    for (;;) {
      const maker = this.#resting.find(order => {
        const traded = Math.min(remaining, order.shownLots ?? order.lots);
        const reachable = limit === 0 || (side === "buy" ? order.ticks <= limit : order.ticks >= limit);
        if (order.side === side || !reachable || traded === 0) return false;
        if (traded < (taker.minimumLots ?? 0) || traded < (order.minimumLots ?? 0)) return false;
        return !order.allOrNone || traded === order.lots;
      });
      if (maker === undefined) return remaining;
      const traded = Math.min(remaining, maker.shownLots ?? maker.lots) as Lots;
      remaining -= traded;
      this.#lastTicks = maker.ticks;
      maker.lots = (maker.lots - traded) as Lots;
      events.push({
        event: "traded",
        orderId,
        account,
        side,
        ticks: maker.ticks,
        lots: traded,
        remaining: remaining as Lots,
        makerOrderId: maker.orderId,
        makerAccount: maker.account,
        makerRemaining: maker.lots,
        ...unseen(maker),
      });
      this.#afterTrade(events, maker, traded);
    }
  }

  #afterTrade(events: MarketEvent[], maker: NaiveOrder, traded: Lots): void {
    const { orderId, account, side, ticks, lots, displayLots, shownLots } = maker;
    if (displayLots !== undefined && shownLots !== undefined) {
      const left = (shownLots - traded) as Lots;
      maker.shownLots = left === 0 ? (Math.min(displayLots, lots) as Lots) : left;
      events.push(displayed(maker, maker.shownLots, shownLots));
      if (left === 0 && lots > 0) {
        this.#leave(maker);
        this.#join(maker);
      }
    }
    if (lots === 0) this.#leave(maker);
    else if (lots < (maker.minimumLots ?? 0)) {
      this.#leave(maker);
      events.push({ event: "expired", orderId, account, side, ticks, lots, unseen: true });
    }
  }

  #rest(events: MarketEvent[], order: RestingOrder, lots: Lots, tell: boolean): void {
    const { orderId, account, side, ticks, displayLots } = order;
    const shown = displayLots === undefined ? {} : { shownLots: Math.min(displayLots, lots) as Lots };
    this.#join({ ...order, lots, ...shown });
    if (tell) events.push({ event: "rested", orderId, account, side, ticks, lots, ...unseen(order) });
    if (shown.shownLots !== undefined) events.push(displayed(order, shown.shownLots, 0 as Lots));
  }

  #hasRoom(side: Side, ticks: number, lots: number): boolean {
    const own = this.#resting.filter(order => order.side === side);
    const levels = new Set(own.map(order => order.ticks));
    const sum = own.reduce((total, order) => total + BigInt(order.lots), BigInt(lots));
    return (
      sum <= BigInt(Number.MAX_SAFE_INTEGER) &&
      (levels.has(ticks as Ticks) || levels.size < this.#limits.levels)
    );
  }

  #owned(orderId: OrderId, account: AccountId): NaiveOrder | undefined {
    return this.#resting.find(order => order.orderId === orderId && order.account === account);
  }

  #waiting(orderId: OrderId, account: AccountId): NaiveWaiting | undefined {
    return this.#armed.find(order => order.orderId === orderId && order.account === account);
  }

  #leave(order: NaiveOrder): void {
    this.#resting = this.#resting.filter(other => other !== order);
  }

  #join(order: RestingOrder): void {
    this.#resting.push({ ...order, arrival: ++this.#arrivals });
    this.#resting.sort((a, b) => {
      if (a.side !== b.side) return a.side === "buy" ? -1 : 1;
      if (a.ticks !== b.ticks) return a.side === "buy" ? b.ticks - a.ticks : a.ticks - b.ticks;
      if (a.hidden !== b.hidden) return a.hidden ? 1 : -1;
      return a.arrival - b.arrival;
    });
  }
}
