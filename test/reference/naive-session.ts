/** Orders of the naive market that wait for an auction, its phases, and trading at the closing price. */
import type { AmendOrder, PlaceOrder, TimeInForce } from "../../engine/market/command.ts";
import type { PhaseCause } from "../../engine/market/event.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { RestingOrder } from "../../engine/market/market-machine.ts";
import type { Phase } from "../../engine/market/phase.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { Lots, OrderId, Ticks } from "../../engine/units.ts";
import { COLLECTING, naiveEquilibrium, naiveUncross, type Partaker, WAITING } from "./naive-auction.ts";
import {
  collected,
  displayed,
  firstOf,
  hasRoom,
  isShown,
  type NaiveOrder,
  rejectedAmend,
} from "./naive-order.ts";
import { NaiveTime } from "./naive-time.ts";

const NOTHING = { ticks: 0 as Ticks, lots: 0 as Lots };

function partakes(order: NaiveOrder): boolean {
  return order.minimumLots === undefined && !order.allOrNone;
}

function allows({ side, ticks }: RestingOrder, price: number): boolean {
  return ticks === 0 || (side === "buy" ? ticks >= price : ticks <= price);
}

export abstract class NaiveSession extends NaiveTime {
  /** Who takes part in an uncrossing, with how much. */
  abstract capped(orders: NaiveOrder[]): Partaker[];

  /** Enters a new order that waits for no price. */
  begin(
    order: RestingOrder,
    timeInForce: TimeInForce,
    first: "accepted" | "triggered" = "accepted",
  ): MarketEvent[] {
    const forAuction = timeInForce === "ATO" || timeInForce === "ATC" || timeInForce === "GFA";
    if (forAuction && WAITING[timeInForce]?.includes(this.phase)) {
      const { orderId, account, side, ticks, lots } = order;
      this.parked.push({ ...order, timeInForce });
      const reason = timeInForce === "ATC" ? "close" : "auction";
      return [
        { event: "accepted", orderId, account, side, ticks, lots },
        { event: "parked", orderId, account, side, ticks, lots, unseen: true, reason },
      ];
    }
    const entering = forAuction ? "GTC" : timeInForce;
    if (this.phase === "closing-price-cross") return this.cross(order, entering, first);
    if (order.ticks > 0 || this.matches()) return this.enter(order, entering, first);
    const { selfTrade: _, ...kept } = order;
    this.unpriced.push({ ...kept, arrival: 0 });
    return collected(order, first);
  }

  /** Trades at the last price, or not. */
  cross(order: RestingOrder, timeInForce: TimeInForce, first: "accepted" | "triggered"): MarketEvent[] {
    const { orderId, account, side, ticks } = order;
    const what = { orderId, account, side, ticks };
    const rests = ticks > 0 && timeInForce !== "IOC" && timeInForce !== "FOK";
    const full = this.resting.length >= this.limits.orders;
    if (rests && (full || !hasRoom(this.resting, this.limits.levels, side, ticks, order.lots))) {
      const refused = { ...what, lots: order.lots };
      if (first === "triggered") return [{ event: "expired", ...refused }];
      return [{ event: "rejected", ...refused, rejection: "bookFull" }];
    }
    const events: MarketEvent[] = [{ event: first, ...what, lots: order.lots }];
    this.run = new Map();
    const price = this.lastTicks as Ticks;
    let left = order.lots;
    for (const maker of [...this.resting]) {
      const fits = maker.side !== side && partakes(maker) && allows(maker, price) && allows(order, price);
      if (price === 0 || left === 0 || !fits) continue;
      const lots = Math.min(left, maker.lots, this.allowed(maker)) as Lots;
      if (lots === 0) continue;
      this.run.set(maker.orderId, lots);
      const shown = maker.shownLots ?? maker.lots;
      left = (left - lots) as Lots;
      maker.lots = (maker.lots - lots) as Lots;
      events.push({
        ...{ event: "traded", orderId, account, side, ticks: price, lots, remaining: left, unseen: true },
        ...{ makerOrderId: maker.orderId, makerAccount: maker.account, makerRemaining: maker.lots },
      });
      const stillShown = Math.min(shown, maker.lots) as Lots;
      if (maker.shownLots !== undefined) maker.shownLots = stillShown;
      if (isShown(maker)) events.push(displayed(maker, stillShown, shown));
    }
    this.resting = this.resting.filter(({ lots }) => lots > 0);
    if (left > 0 && rests) this.rest(events, order, left, true);
    else if (left > 0) events.push({ event: "expired", ...what, lots: left });
    return events;
  }

  amendParked(order: RestingOrder & { timeInForce: TimeInForce }, command: AmendOrder): MarketEvent[] {
    const { orderId, account, side } = order;
    const broken: Rejection[] = this.brokenChange(command, order);
    if (command.terms?.peg !== undefined) broken.push("pegNotAllowed");
    broken.push(...this.brokenWorth(command, order));
    if (order.ticks === 0 && command.ticks !== 0) broken.push("priceUnexpected");
    if (command.terms?.stopTicks !== undefined) broken.push("stopPriceUnexpected");
    if (command.terms?.trail !== undefined) broken.push("trailNotAllowed");
    const rejection = firstOf(broken);
    if (rejection !== undefined) return [rejectedAmend(command, order, rejection)];
    const ticks = command.ticks === 0 ? order.ticks : command.ticks;
    const lots = command.lots === 0 ? order.lots : command.lots;
    const changed = { ...order, ticks, lots, totalLots: lots };
    const others = this.parked.filter(other => other !== order);
    const keeps = ticks === order.ticks && lots <= order.lots;
    this.parked = keeps
      ? this.parked.map(other => (other === order ? changed : other))
      : [...others, changed];
    const old = { oldTicks: order.ticks, oldLots: order.lots };
    return [{ event: "amended", orderId, account, side, ticks, lots, unseen: true, ...old, totalLots: lots }];
  }

  /** Gives a market order of a call another size; a larger one comes behind all others. */
  resizeUnpriced(order: NaiveOrder, totalLots: Lots): MarketEvent {
    const { orderId, account, side, ticks, lots: oldLots } = order;
    const lots = (oldLots + totalLots - order.totalLots) as Lots;
    const changed = { ...order, lots, totalLots };
    const others = this.unpriced.filter(other => other !== order);
    const stays = this.unpriced.map(other => (other === order ? changed : other));
    this.unpriced = lots > oldLots ? [...others, changed] : stays;
    const old = { oldLots, oldTicks: ticks, totalLots };
    return { event: "amended", orderId, account, side, ticks, lots, unseen: true, ...old };
  }

  /** Enters what was parked for a call. */
  enterCall(): MarketEvent[] {
    const entering = this.parked.filter(order => !WAITING[order.timeInForce]?.includes(this.phase));
    this.parked = this.parked.filter(order => !entering.includes(order));
    return entering.flatMap(({ timeInForce: _, ...order }) => {
      const [first, ...rest] = this.begin(order, "GTC");
      const { orderId, account, side, ticks, lots } = order;
      const event = first?.event === "rejected" ? "expired" : "triggered";
      return [{ event, orderId, account, side, ticks, lots }, ...rest];
    });
  }

  endDay(): MarketEvent[] {
    const parked = (id: OrderId) => this.parked.some(({ orderId }) => orderId === id);
    const ending = this.expiries().filter(
      ({ orderId, timeInForce }) => timeInForce === "DAY" || parked(orderId),
    );
    return ending.flatMap(({ orderId }) => this.remove(orderId, "endOfDay"));
  }

  change(phase: Phase): MarketEvent[] {
    this.held = ["paused", "halted", "cancel-only", "close-only"].includes(phase);
    const events = this.go(phase, "command");
    this.release(events, events.length);
    return events;
  }

  override startCall(ticks: Ticks): MarketEvent[] {
    const after = this.phase;
    this.pause();
    const events = this.go("volatility-auction", "priceBand", ticks);
    this.call = { until: this.moment + (this.callMs() ?? 0), after };
    return events;
  }

  override endCall(): MarketEvent[] {
    return this.call === undefined ? [] : this.go(this.call.after, "auctionEnd");
  }

  go(phase: Phase, cause: PhaseCause, ticks = 0 as Ticks): MarketEvent[] {
    const before = this.phase;
    const matched = this.matches();
    this.phase = phase;
    this.call = undefined;
    this.told = NOTHING;
    const events: MarketEvent[] = [{ event: "phased", phase, cause, ticks }];
    const crosses = before === "closing-price-cross";
    const ends = !crosses && (phase === "post-close" || phase === "closing-price-cross");
    if (!matched && (this.matches() || ends)) this.uncross(events);
    if (phase === "post-close") events.push(...this.endDay());
    if (COLLECTING.includes(phase)) events.push(...this.enterCall());
    if (!matched && this.matches()) this.resume();
    return events;
  }

  uncross(events: MarketEvent[]): void {
    const orders = [...this.unpriced, ...this.resting.filter(partakes)];
    this.lastTicks = naiveUncross(events, this.capped(orders), this.lastTicks);
    const traded = events.some(({ event }) => event === "traded");
    if (traded) this.anchorTicks = this.lastTicks;
    const bands = this.instrument.priceLimits?.bands;
    if (traded && bands?.static && bands.auctionMs !== undefined) this.referenceTicks = NOTHING.ticks;
    if (traded && this.matches()) this.trades.push(this.lastTicks);
    this.resting = this.resting.filter(order => order.lots > 0);
    this.unpriced = this.unpriced.filter(order => order.lots > 0);
    for (const { orderId, timeInForce } of this.expiries()) {
      const waits = this.parked.some(order => order.orderId === orderId);
      if (timeInForce !== "DAY" && timeInForce !== "GTD" && !waits) {
        events.push(...this.remove(orderId, "auctionEnd"));
      }
    }
    for (const { orderId, account, side, ticks, lots } of this.unpriced) {
      events.push({ event: "expired", orderId, account, side, ticks, lots, unseen: true });
    }
    this.unpriced = [];
  }

  /** In a call, price and volume of an uncrossing now, where they are news. */
  tellIndicative(): MarketEvent[] {
    if (!COLLECTING.includes(this.phase)) return [];
    const orders = [...this.unpriced, ...this.resting.filter(partakes)];
    const { ticks, lots } = naiveEquilibrium(this.capped(orders), this.lastTicks) ?? NOTHING;
    if (ticks === this.told.ticks && lots === this.told.lots) return [];
    this.told = { ticks, lots };
    return [{ event: "indicative", ticks, lots }];
  }
}

/** What is wrong with an order for an auction only. */
export function brokenForAuction({ timeInForce, terms = {} }: PlaceOrder): Rejection[] {
  if (!(timeInForce in WAITING)) return [];
  const odd = Object.keys(terms).some(name => name !== "hidden" && name !== "selfTrade");
  return odd ? ["timeInForceNotAllowed"] : [];
}
