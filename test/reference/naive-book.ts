/**
 * The market as one would explain it: one plain array of resting orders, kept in priority order by sorting,
 * searched from its start. Slow and obviously right; the fast machine must make the same events and hash.
 * Each layer of it is a class in a file of its own, one upon the other: state, matching, stops, amends.
 */

import type { MarketCommand, PlaceOrder, SetPrice, ShardCommand } from "../../engine/market/command.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import { hashMarket } from "../../engine/market/market-hash.ts";
import type { RestingOrder, WaitingOrder } from "../../engine/market/market-machine.ts";
import type { OrderTerms } from "../../engine/market/terms.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { Lots, OrderId } from "../../engine/units.ts";
import { forbids } from "./naive-auction.ts";
import { NaiveLists } from "./naive-lists.ts";
import { brokenTerms, firstOf, TICKS_MAX } from "./naive-order.ts";
import { brokenNotional, brokenPrice } from "./naive-prices.ts";
import { brokenForAuction } from "./naive-session.ts";
import { brokenExpiry } from "./naive-time.ts";
import { brokenTrigger } from "./naive-triggers.ts";

export class NaiveMarket extends NaiveLists {
  apply(command: MarketCommand): MarketEvent[] {
    this.sequence++;
    this.now = command.time;
    const before = this.keepTime(command);
    this.moment = command.time;
    return [...before, ...this.do(command)];
  }

  do(command: MarketCommand): MarketEvent[] {
    if (command.kind === "shardEpoch") this.fence.recordShard(command.shard, command.epoch);
    else if (command.kind === "phase") return this.change(command.phase);
    else if (command.kind === "owner") this.fence.recordOwner(command.epoch);
    else if (command.kind === "price") return this.tell(command);
    else if (command.kind === "endOfDay") {
      const events = this.endDay();
      this.release(events);
      return events;
    } else if (command.kind === "clock") {
      const events = this.tellIndicative();
      this.release(events);
      return events;
    } else if ("shard" in command) {
      this.fence.pass(command.shard, command.number);
      const events = this.obey(command);
      if (command.kind === "amend" && !events.some(({ event }) => event === "rejected")) {
        this.postpone(command);
      }
      this.release(events);
      return events;
    }
    return [];
  }

  tell({ which, ticks }: SetPrice): MarketEvent[] {
    const events: MarketEvent[] = [];
    if (which === "mark") this.markTicks = ticks;
    else this.referenceTicks = ticks;
    this.release(events);
    return events;
  }

  obey(command: ShardCommand): MarketEvent[] {
    switch (command.kind) {
      case "place":
        return this.place(command);
      case "amend":
        return this.amend(command);
      case "cancel":
        return this.cancel(command);
      case "replace":
        return this.replace(command);
      case "list":
        return this.placeList(command);
      case "massCancel":
        return this.massCancel(command);
      case "massQuote":
        return this.massQuote(command);
      case "cancelAllAfter":
        return this.cancelAllAfter(command);
      case "protect":
        return this.protect(command);
      case "resetProtection":
        return this.resetProtection(command);
    }
  }

  /** Resting orders in priority order, bids first. */
  orders(): RestingOrder[] {
    return this.resting.map(({ arrival: _, ...order }) => order);
  }

  /** Orders that wait for their trigger, in the order in which they were armed. */
  armed(): WaitingOrder[] {
    return this.stops.map(({ arrival: _, looked: __, ...order }) => order);
  }

  hash(): string {
    const { sequence, named, fence, resting, lastTicks, stops, phase, unpriced } = this;
    const waiting = {
      armed: stops,
      unpriced,
      expiries: this.expiries(),
      outside: this,
      parked: this.parked,
      pegs: this.openPegs(),
      told: this.told,
      ...this.accounts(),
      schedule: { followed: undefined, held: this.held },
      lists: this.lists,
      anchorTicks: this.instrument.priceLimits?.bands?.static === undefined ? 0 : this.anchorTicks,
    };
    const day = {
      next: this.call?.until ?? Infinity,
      interrupted: this.call?.after ?? "continuous",
    } as const;
    return hashMarket({ day, sequence, orders: named, fence, resting, lastTicks, phase, ...waiting });
  }

  place(command: PlaceOrder): MarketEvent[] {
    const { account, side, ticks, lots } = command;
    const orderId = this.nextId();
    const broken = this.brokenPlace(command);
    if (forbids(this.phase, "place", command)) broken.push("phaseForbids");
    if (this.frozen.includes(account)) broken.push("protectionTripped");
    const size = firstOf(broken) ?? this.worthOf(this.asked(command, orderId), command.terms);
    if (typeof size === "string")
      return [{ event: "rejected", orderId, account, side, ticks, lots, rejection: size }];
    this.remember(orderId, command);
    this.budgeted = command.terms?.budget !== undefined;
    const events = this.admit({ ...command, lots: size }, orderId, 0, "accepted");
    this.budgeted = false;
    return events;
  }

  brokenPlace(command: PlaceOrder): Rejection[] {
    const { ticks, lots, type, terms } = command;
    const broken: Rejection[] = [];
    const budget = terms?.budget;
    if (budget === undefined && lots < this.instrument.minimumLots) broken.push("quantityBelowMinimum");
    if (budget === undefined && lots > this.instrument.maximumLots) broken.push("quantityAboveMaximum");
    const follows = terms?.trigger?.limitOffset !== undefined;
    const pegged = terms?.peg !== undefined;
    if (type === "limit" && ticks === 0 && !follows && !pegged) broken.push("priceMissing");
    if (type === "market" && ticks !== 0) broken.push("priceUnexpected");
    if (ticks < 0 || ticks > TICKS_MAX) broken.push("priceOutOfRange");
    broken.push(...brokenTerms(command, this.instrument), ...brokenTrigger(command), ...brokenPrice(command));
    broken.push(...brokenForAuction(command), ...brokenExpiry(command));
    return broken;
  }

  asked({ account, side, ticks, lots, postOnly, terms }: PlaceOrder, orderId: OrderId): RestingOrder {
    const { trigger: _, expireAt: __, budget: ___, peg: ____, ...special } = terms ?? {};
    return { orderId, account, side, ticks, lots, totalLots: lots, postOnly, ...special };
  }

  /** Lets an order in, of whose total size so much was filled before. */
  admit(
    command: PlaceOrder,
    orderId: OrderId,
    filled: number,
    first: "accepted" | "triggered",
  ): MarketEvent[] {
    const { account, side, ticks, lots, timeInForce } = command;
    const trigger = command.terms?.trigger;
    const order = { ...this.asked(command, orderId), totalLots: (lots + filled) as Lots };
    const peg = command.terms?.peg;
    if (peg !== undefined) return this.placePegged(order, peg, first);
    if (trigger === undefined) return this.begin(order, timeInForce, first);
    const accepted = { event: "accepted", orderId, account, side, ticks, lots } as const;
    const armed = this.arm({ ...order, timeInForce, trigger, arrival: ++this.arrivals });
    return first === "accepted" ? [accepted, ...armed] : armed;
  }

  /** The size of a placed order, or what is wrong with it, its worth and its limit; of a peg, it is a cap. */
  worthOf(order: RestingOrder, terms: OrderTerms = {}): Lots | Rejection {
    const { budget, peg } = terms;
    const lots = budget === undefined ? order.lots : this.sizeFor(order, budget);
    if (typeof lots === "string") return lots;
    const worth = brokenNotional(this.instrument, this.judgedAt(order.side, order.ticks), lots);
    return firstOf(peg === undefined ? [...worth, ...this.brokenLimit(order.ticks)] : worth) ?? lots;
  }
}
