/**
 * The market as one would explain it: one plain array of resting orders, kept in priority order by sorting,
 * searched from its start. Slow and obviously right; the fast machine must make the same events and hash.
 */
import { composeOrderId, marketOrigin } from "../../engine/ids.ts";
import type { Instrument } from "../../engine/instrument.ts";
import type {
  AmendOrder,
  CancelOrder,
  MarketCommand,
  PlaceOrder,
  TimeInForce,
} from "../../engine/market/command.ts";
import { Fence } from "../../engine/market/fence.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import { hashMarket } from "../../engine/market/market-hash.ts";
import type { RestingOrder, WaitingOrder } from "../../engine/market/market-machine.ts";
import type { Phase } from "../../engine/market/phase.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { AccountId, Lots, OrderId, Ticks } from "../../engine/units.ts";
import { forbids, MATCHING, naiveUncross } from "./naive-auction.ts";
import {
  brokenAmend,
  brokenTerms,
  byPriority,
  cancelledEvent,
  changedBy,
  collected,
  displayed,
  firstOf,
  hasRoom,
  isEligible,
  isReached,
  type Limits,
  type NaiveOrder,
  type NaiveWaiting,
  pricesOf,
  rejectedAmend,
  TICKS_MAX,
  tradedEvent,
  unknownOrder,
  unseen,
} from "./naive-order.ts";

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
  #phase: Phase = "continuous";
  #unpriced: NaiveOrder[] = [];

  constructor(instrument: Instrument, limits: Limits = { orders: Infinity, levels: Infinity }) {
    this.instrument = instrument;
    this.#limits = limits;
  }

  apply(command: MarketCommand): MarketEvent[] {
    this.#sequence++;
    if (command.kind === "shardEpoch") this.#fence.recordShard(command.shard, command.epoch);
    else if (command.kind === "phase") return this.#change(command.phase);
    else if (command.kind === "owner") this.#fence.recordOwner(command.epoch);
    else if (command.kind === "place" || command.kind === "amend" || command.kind === "cancel") {
      this.#fence.pass(command.shard, command.number);
      const events =
        command.kind === "place"
          ? this.#place(command)
          : command.kind === "amend"
            ? this.#amend(command)
            : this.#cancel(command);
      if (this.#matches()) this.#release(events);
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
    return hashMarket(
      this.#sequence,
      this.#named,
      this.#fence,
      this.#resting,
      ...([this.#lastTicks, this.#armed, this.#phase, this.#unpriced] as const),
    );
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
    if (forbids(this.#phase, "place", command)) broken.push("phaseForbids");
    if (type === "market" && timeInForce === "GTC" && trigger === undefined)
      broken.push("timeInForceNotAllowed");
    if (postOnly && (type === "market" || timeInForce !== "GTC")) broken.push("postOnlyNotAllowed");
    const rejection = firstOf(broken);
    if (rejection !== undefined)
      return [{ event: "rejected", orderId, account, side, ticks, lots, rejection }];
    const order = { orderId, account, side, ticks, lots, totalLots: lots, postOnly, ...special };
    if (trigger === undefined && type === "market" && !this.#matches()) {
      this.#unpriced.push({ ...order, arrival: 0 });
      return collected(order);
    }
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
      if (!hasRoom(this.#resting, this.#limits.levels, side, ticks, lots)) broken.push("bookFull");
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
    const reached = pricesOf(this.#resting, this.#lastTicks, order.trigger.source).some(price =>
      isReached(order, price),
    );
    if (this.#matches() && reached) return this.#fire(order);
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
  /** Enters what the events of a command release, and what that releases. */
  #release(events: MarketEvent[], resumed = false): void {
    const queue: NaiveWaiting[] = [];
    let past = resumed && this.#lastTicks > 0 ? [this.#lastTicks] : [];
    let seen = events;
    for (;;) {
      const released = this.#armed.filter(order => {
        const now = pricesOf(this.#resting, this.#lastTicks, order.trigger.source, seen);
        if (order.trigger.source === "last") now.push(...past);
        return now.some(price => isReached(order, price));
      });
      past = [];
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

  #matches(): boolean {
    return MATCHING.includes(this.#phase);
  }

  #change(phase: Phase): MarketEvent[] {
    const matched = this.#matches();
    this.#phase = phase;
    const events: MarketEvent[] = [{ event: "phased", phase, cause: "command", ticks: 0 as Ticks }];
    if (!matched && (this.#matches() || phase === "post-close")) {
      const partakes = (order: NaiveOrder) => order.minimumLots === undefined && !order.allOrNone;
      const orders = [...this.#unpriced, ...this.#resting.filter(partakes)];
      this.#lastTicks = naiveUncross(events, orders, this.#lastTicks);
      this.#resting = this.#resting.filter(order => order.lots > 0);
      for (const { orderId, account, side, ticks, lots } of this.#unpriced) {
        if (lots > 0) events.push({ event: "expired", orderId, account, side, ticks, lots, unseen: true });
      }
      this.#unpriced = [];
    }
    if (this.#matches()) this.#release(events, !matched);
    return events;
  }

  /** A refusal by the phase, or a cancel of an order without a price. */
  #inPhase(command: AmendOrder | CancelOrder): MarketEvent[] | undefined {
    const { orderId, account, kind } = command;
    const all: RestingOrder[] = [...this.#resting, ...this.#armed, ...this.#unpriced];
    const order = all.find(other => other.orderId === orderId && other.account === account);
    if (order === undefined) return undefined;
    const { side } = order;
    const unpriced = this.#unpriced.some(other => other.orderId === orderId);
    if (forbids(this.#phase, kind) || (kind === "amend" && unpriced)) {
      const { ticks, lots } = kind === "amend" ? command : { ticks: 0 as Ticks, lots: 0 as Lots };
      return [{ event: "rejected", orderId, account, side, ticks, lots, rejection: "phaseForbids" }];
    }
    if (!unpriced) return undefined;
    this.#unpriced = this.#unpriced.filter(other => other.orderId !== orderId);
    return [
      { event: "cancelled", orderId, account, side, ticks: 0 as Ticks, lots: order.lots, unseen: true },
    ];
  }

  #amend(command: AmendOrder): MarketEvent[] {
    const done = this.#inPhase(command);
    if (done !== undefined) return done;
    const waiting = this.#waiting(command.orderId, command.account);
    if (waiting !== undefined) return this.#amendWaiting(waiting, command);
    const order = this.#owned(command.orderId, command.account);
    if (order === undefined) return [unknownOrder(command, command.ticks, command.lots)];
    const { orderId, account, side, postOnly } = order;
    const { changed, keepsPlace } = changedBy(command, order);
    const { ticks, totalLots, lots: rest, minimumLots } = changed;
    const mayGet = keepsPlace || rest <= 0 ? 0 : this.#obtainable(changed, rest);
    const broken = brokenAmend(command, order, this.instrument);
    if (command.terms?.stopTicks !== undefined) broken.push("stopPriceUnexpected");
    if (totalLots > (order.displayLots ?? totalLots) * 1_000) broken.push("displayQuantityOutOfRange");
    if (rest > 0 && (minimumLots ?? 0) > rest) broken.push("minimumQuantityOutOfRange");
    if (rest <= 0) broken.push("quantityBelowFilled");
    if (postOnly && mayGet > 0) broken.push("postOnlyWouldTrade");
    if (!keepsPlace && !hasRoom(this.#resting, this.#limits.levels, side, ticks, rest - order.lots))
      broken.push("bookFull");
    const rejection = firstOf(broken);
    if (rejection !== undefined) return [rejectedAmend(command, order, rejection)];
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
    const broken = brokenAmend(command, order, this.instrument);
    const asked = command.terms?.minimumLots;
    const minimumLots = asked ?? order.minimumLots;
    if ((minimumLots ?? 0) > lots) broken.push("minimumQuantityOutOfRange");
    const { displayLots = lots } = order;
    if (displayLots > lots || lots > displayLots * 1_000) broken.push("displayQuantityOutOfRange");
    if (order.ticks === 0 && command.ticks !== 0) broken.push("priceUnexpected");
    if (stopTicks < 1 || stopTicks > TICKS_MAX) broken.push("stopPriceOutOfRange");
    const rejection = firstOf(broken);
    if (rejection !== undefined) return [rejectedAmend(command, order, rejection)];
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
    const done = this.#inPhase(command);
    if (done !== undefined) return done;
    const waiting = this.#waiting(command.orderId, command.account);
    if (waiting !== undefined) {
      this.#armed = this.#armed.filter(other => other !== waiting);
      return [cancelledEvent(waiting)];
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
    let remaining = lots;
    if (!this.#matches()) return remaining;
    for (;;) {
      const maker = this.#resting.find(order => isEligible(order, taker, remaining));
      if (maker === undefined) return remaining;
      const traded = Math.min(remaining, maker.shownLots ?? maker.lots) as Lots;
      remaining -= traded;
      this.#lastTicks = maker.ticks;
      maker.lots = (maker.lots - traded) as Lots;
      events.push(tradedEvent(taker, maker, traded, remaining as Lots));
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
    this.#resting.sort(byPriority);
  }
}
