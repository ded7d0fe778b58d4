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
import { REJECTIONS, type Rejection } from "../../engine/rejection.ts";
import type { AccountId, Lots, OrderId, Side, Ticks } from "../../engine/units.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
/** `arrival` grows with each time that an order joins a queue. */
type NaiveOrder = Mutable<RestingOrder> & { arrival: number };
type NaiveWaiting = WaitingOrder & { arrival: number };

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
    const trigger = command.terms?.trigger;
    if (trigger !== undefined && (trigger.stopTicks < 1 || trigger.stopTicks > TICKS_MAX)) {
      broken.push("stopPriceOutOfRange");
    }
    if (type === "market" && timeInForce === "GTC" && trigger === undefined)
      broken.push("timeInForceNotAllowed");
    if (postOnly && (type === "market" || timeInForce !== "GTC")) broken.push("postOnlyNotAllowed");
    const rejection = firstOf(broken);
    if (rejection !== undefined)
      return [{ event: "rejected", orderId, account, side, ticks, lots, rejection }];
    const order = { orderId, account, side, ticks, lots, totalLots: lots, postOnly };
    if (trigger === undefined) return this.#enter(order, timeInForce, "accepted");
    const accepted = { event: "accepted", orderId, account, side, ticks, lots } as const;
    return [accepted, ...this.#arm({ ...order, timeInForce, trigger, arrival: ++this.#arrivals })];
  }

  #enter(order: RestingOrder, timeInForce: TimeInForce, first: "accepted" | "triggered"): MarketEvent[] {
    const { orderId, account, side, ticks, lots, postOnly } = order;
    const limit = ticks === 0 ? (side === "buy" ? Infinity : 0) : ticks;
    const broken: Rejection[] = [];
    const makers = this.#makers(side, limit);
    if (postOnly && makers.length > 0) broken.push("postOnlyWouldTrade");
    if (timeInForce === "GTC") {
      if (this.#resting.length >= this.#limits.orders) broken.push("bookFull");
      if (!this.#hasRoom(side, ticks, lots)) broken.push("bookFull");
    }
    const rejection = firstOf(broken);
    if (rejection !== undefined) {
      return first === "triggered"
        ? [{ event: "expired", orderId, account, side, ticks, lots }]
        : [{ event: "rejected", orderId, account, side, ticks, lots, rejection }];
    }
    const events: MarketEvent[] = [{ event: first, orderId, account, side, ticks, lots }];
    const available = makers.reduce((sum, maker) => sum + maker.lots, 0);
    let rest: number = lots;
    if (timeInForce !== "FOK" || available >= lots) rest = this.#trade(events, order, makers, lots);
    if (rest === 0) return events;
    if (timeInForce === "GTC") {
      this.#join({ ...order, lots: rest as Lots });
      events.push({ event: "rested", orderId, account, side, ticks, lots: rest as Lots });
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
    const bid = this.#resting.find(order => order.side === "buy")?.ticks;
    const ask = this.#resting.find(order => order.side === "sell")?.ticks;
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
    const makers = ticks === order.ticks ? [] : this.#makers(side, ticks);
    const keepsPlace = ticks === order.ticks && rest <= order.lots;
    const broken: Rejection[] = [];
    if (command.lots !== 0 && command.lots < this.instrument.minimumLots) broken.push("quantityBelowMinimum");
    if (command.lots > this.instrument.maximumLots) broken.push("quantityAboveMaximum");
    if (command.ticks < 0 || command.ticks > TICKS_MAX) broken.push("priceOutOfRange");
    if (command.terms?.stopTicks !== undefined) broken.push("stopPriceUnexpected");
    if (rest <= 0) broken.push("quantityBelowFilled");
    if (postOnly && makers.length > 0) broken.push("postOnlyWouldTrade");
    if (!keepsPlace && !this.#hasRoom(side, ticks, rest - order.lots)) broken.push("bookFull");
    const rejection = firstOf(broken);
    if (rejection !== undefined) {
      const { ticks: askedTicks, lots } = command;
      return [{ event: "rejected", orderId, account, side, ticks: askedTicks, lots, rejection }];
    }
    const amended = { event: "amended", orderId, account, side, ticks, totalLots } as const;
    const old = { oldTicks: order.ticks, oldLots: order.lots };
    if (keepsPlace) {
      order.lots = rest;
      order.totalLots = totalLots;
      return [{ ...amended, ...old, lots: rest }];
    }
    this.#leave(order);
    const events: MarketEvent[] = [{ ...amended, ...old, lots: makers.length > 0 ? (0 as Lots) : rest }];
    const left = this.#trade(events, order, makers, rest) as Lots;
    if (left === 0) return events;
    this.#join({ orderId, account, side, ticks, lots: left, totalLots, postOnly });
    if (makers.length > 0) events.push({ event: "rested", orderId, account, side, ticks, lots: left });
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
    return [
      { event: "amended", orderId, account, side, ticks, lots, unseen: true, ...old, totalLots: lots },
      ...this.#arm({ ...order, ticks, lots, totalLots: lots, trigger: { ...trigger, stopTicks }, arrival }),
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
    const { orderId, account, side, ticks, lots } = order;
    return [{ event: "cancelled", orderId, account, side, ticks, lots }];
  }

  /** Orders of the other side that one with this limit would trade with, best first. */
  #makers(side: Side, limit: number): NaiveOrder[] {
    return this.#resting.filter(
      maker => maker.side !== side && (side === "buy" ? maker.ticks <= limit : maker.ticks >= limit),
    );
  }

  #trade(
    events: MarketEvent[],
    taker: { orderId: OrderId; account: AccountId; side: Side },
    makers: NaiveOrder[],
    lots: number,
  ): number {
    const { orderId, account, side } = taker;
    let remaining = lots;
    for (const maker of makers) {
      if (remaining === 0) break;
      const traded = Math.min(remaining, maker.lots);
      remaining -= traded;
      this.#lastTicks = maker.ticks;
      maker.lots = (maker.lots - traded) as Lots;
      if (maker.lots === 0) this.#leave(maker);
      events.push({
        event: "traded",
        orderId,
        account,
        side,
        ticks: maker.ticks,
        lots: traded as Lots,
        remaining: remaining as Lots,
        makerOrderId: maker.orderId,
        makerAccount: maker.account,
        makerRemaining: maker.lots,
      });
    }
    return remaining;
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
      return a.arrival - b.arrival;
    });
  }
}

/** Whether a price is as far as an order waits for. */
function isReached(order: WaitingOrder, price: number): boolean {
  const { kind, stopTicks } = order.trigger;
  const rises = kind === "stop" ? order.side === "buy" : order.side === "sell";
  return rises ? price >= stopTicks : price <= stopTicks;
}

function firstOf(broken: Rejection[]): Rejection | undefined {
  return REJECTIONS.map(([name]) => name).find(name => broken.includes(name));
}

function unknownOrder(command: AmendOrder | CancelOrder, ticks: Ticks, lots: Lots): MarketEvent {
  const { orderId, account } = command;
  return { event: "rejected", orderId, account, side: "buy", ticks, lots, rejection: "orderUnknown" };
}
