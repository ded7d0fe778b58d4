/**
 * Orders of the naive market that depend on each other. What each exit should be open for is reckoned anew
 * from what all have traded, whenever something has happened to one of its list.
 */
import type { AmendOrder, OrderBody, PlaceList, PlaceOrder } from "../../engine/market/command.ts";
import type { RemovalCause } from "../../engine/market/event.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { RestingOrder } from "../../engine/market/market-machine.ts";
import type { Leg, OrderList } from "../../engine/market/order-list.ts";
import type { OrderTerms } from "../../engine/market/terms.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { Lots, Milliseconds, OrderId, Ticks } from "../../engine/units.ts";

import { forbids, type Partaker } from "./naive-auction.ts";
import * as rules from "./naive-list-rules.ts";
import {
  brokenAmend,
  firstOf,
  hasRoom,
  type NaiveOrder,
  rejectedAmend,
  TICKS_MAX,
  unknownOrder,
} from "./naive-order.ts";
import { NaiveSession } from "./naive-session.ts";
import { brokenTrail } from "./naive-triggers.ts";

export abstract class NaiveLists extends NaiveSession {
  lists: OrderList[] = [];
  /** Legs that have yet to enter, and lists that have yet to be adjusted. */
  turns: Leg[] = [];
  touched: OrderList[] = [];
  /** Legs that wait for their entry. */
  awaiting: { readonly orderId: OrderId }[] = [];

  abstract brokenPlace(command: PlaceOrder): Rejection[];
  abstract asked(command: PlaceOrder, orderId: OrderId): RestingOrder;
  abstract worthOf(order: RestingOrder, terms?: OrderTerms): Lots | Rejection;
  abstract admit(
    command: PlaceOrder,
    orderId: OrderId,
    filled: number,
    first: "accepted" | "triggered",
  ): MarketEvent[];

  legs(): Leg[] {
    return this.lists.flatMap(list => list.legs);
  }

  legOf(orderId: OrderId): Leg | undefined {
    return this.legs().find(leg => leg.orderId === orderId);
  }

  override open(): RestingOrder[] {
    return [...super.open(), ...this.pending()];
  }

  isParked({ orderId }: Leg): boolean {
    return this.awaiting.some(other => other.orderId === orderId);
  }

  pending(): RestingOrder[] {
    const pending = this.legs().filter(leg => this.isParked(leg));
    return pending.map(rules.pendingOrder).sort((a, b) => a.orderId - b.orderId);
  }

  /** Lists are left out: what may be undone takes an order out and no more. */
  override copy(): object {
    const { lists: _, turns: __, touched: ___, ...others } = super.copy() as NaiveLists;
    return others;
  }

  override allowed(order: NaiveOrder): number {
    return rules.allowed(this.legOf(order.orderId), order, this.run);
  }

  /** Better orders of a list leave less to others. */
  override capped(orders: NaiveOrder[]): Partaker[] {
    const runs = { buy: new Map<OrderId, number>(), sell: new Map<OrderId, number>() };
    return orders.map(order => {
      const run = runs[order.side];
      const most = Math.min(order.lots, rules.allowed(this.legOf(order.orderId), order, run));
      run.set(order.orderId, most);
      return { order, most };
    });
  }

  placeList(command: PlaceList): MarketEvent[] {
    const { account, legs, contingency } = command;
    const ids = legs.map(() => this.nextId());
    const alone = legs.map((leg, index) =>
      this.whyNot(command, rules.standIn(leg), rules.follows(command, index)),
    );
    const why = rules.withDistances(command, alone, this);
    if (!rules.shaped(command) || why.some(reason => reason !== undefined)) {
      return legs.map(({ side, ticks, lots }, index) => ({
        ...{ event: "rejected", orderId: ids[index] as OrderId, account, side, ticks, lots },
        rejection: why[index] ?? "listInvalid",
      }));
    }
    const list = rules.newList(command, ids);
    this.lists.push(list);
    for (const leg of list.legs) this.remember(leg.orderId, rules.asPlace(leg.body, account));
    if (contingency === "OCO" || contingency === "OUO") {
      this.turns.push(...list.legs);
      return [];
    }
    const [entry, ...others] = list.legs;
    if (entry === undefined) throw new Error("A list has an entry");
    const events = this.takeTurn(entry);
    for (const leg of others) {
      const { orderId, body } = leg;
      const { side, ticks, lots } = body;
      events.push({ event: "accepted", orderId, account, side, ticks, lots }, ...this.park(leg, lots));
    }
    return events;
  }

  whyNot(list: PlaceList, leg: OrderBody, follows: boolean): Rejection | undefined {
    const { account, time } = list;
    const command = rules.asPlace(leg, account, time);
    const broken = this.brokenPlace(command);
    if (follows) return firstOf(broken);
    if (forbids(this.phase, "place", command)) broken.push("phaseForbids");
    if (this.frozen.includes(account)) broken.push("protectionTripped");
    const order = this.asked(command, 0 as OrderId);
    const { lots, postOnly, timeInForce, terms } = leg;
    const size = firstOf(broken) ?? this.worthOf(order, terms);
    if (typeof size === "string") return size;
    const rests = ["GTC", "DAY", "GTD"].includes(timeInForce) && terms?.trigger === undefined;
    if (!rests || terms?.slide) return undefined;
    const { side, ticks } = this.bounded(order);
    const { traded, prices } = this.foresee({ ...order, ticks }, lots);
    if (this.refuses(prices)) broken.push("priceBandBreached");
    if (postOnly && traded > 0) broken.push("postOnlyWouldTrade");
    if (this.resting.length >= this.limits.orders) broken.push("bookFull");
    if (!hasRoom(this.resting, this.limits.levels, side, ticks, lots)) broken.push("bookFull");
    return firstOf(broken);
  }

  park(leg: Leg, lots: Lots): MarketEvent[] {
    const { orderId, body, list } = leg;
    const { side, ticks } = body;
    leg.state = "pending";
    leg.waiting = lots;
    this.awaiting.push({ orderId });
    return [
      { event: "parked", orderId, account: list.account, side, ticks, lots, unseen: true, reason: "entry" },
    ];
  }

  /** An order's turn to enter has come: smaller by what others have traded, or not at all any more. */
  takeTurn(leg: Leg): MarketEvent[] {
    const { orderId, body, list } = leg;
    const lots = (body.lots + leg.change) as Lots;
    const { side, ticks } = body;
    const order = { orderId, account: list.account, side, ticks, lots: body.lots };
    leg.change = 0;
    this.touch(list);
    if (leg.ending || lots <= 0) {
      leg.state = "closed";
      leg.ending = false;
      return [
        { event: "accepted", ...order },
        { event: "removed", ...order, unseen: true, cause: "contingency" },
      ];
    }
    leg.state = "open";
    const command = rules.asPlace({ ...body, lots }, list.account);
    const events = this.admit(command, orderId, 0, "accepted");
    if (events[0]?.event !== "rejected") return events;
    return [
      { event: "accepted", ...order, lots },
      { event: "expired", ...order, lots },
    ];
  }

  override adjust(events: MarketEvent[]): void {
    this.adjusting = true;
    for (;;) {
      for (; this.noted < events.length; this.noted++) this.note(events[this.noted] as MarketEvent);
      // First everything is made as small as it has to be, so that nothing trades with what is too much.
      const smaller = this.touched.map(each => () => this.step(each, false));
      const shrunk = rules.firstDone(smaller);
      if (shrunk !== undefined) {
        events.push(...shrunk);
        continue;
      }
      const [list] = this.touched;
      if (list !== undefined) {
        const done = this.step(list, true);
        if (done !== undefined) events.push(...done);
        else {
          this.touched.shift();
          if (rules.isOver(list)) this.lists = this.lists.filter(other => other !== list);
        }
        continue;
      }
      const leg = this.turns.shift();
      if (leg === undefined) break;
      events.push(...this.takeTurn(leg));
    }
    this.adjusting = false;
  }

  touch(list: OrderList): void {
    if (!this.touched.includes(list)) this.touched.push(list);
  }

  note(event: MarketEvent): void {
    if (event.event === "traded") {
      const { orderId, makerOrderId, ticks, lots, remaining, makerRemaining } = event;
      const [taker, maker] = [this.legOf(orderId), this.legOf(makerOrderId)];
      for (const [leg, left] of [[taker, remaining] as const, [maker, makerRemaining] as const]) {
        if (leg === undefined) continue;
        rules.noteFill(leg, ticks, lots, left);
        this.touch(leg.list);
      }
      return;
    }
    if (event.event === "prevented" && event.mode === "decrement") {
      rules.noteLoss(this.legOf(event.orderId), event.lots);
      rules.noteLoss(this.legOf(event.makerOrderId), event.lots);
    }
    const leg = "orderId" in event ? this.legOf(event.orderId) : undefined;
    if (leg === undefined) return;
    this.touch(leg.list);
    if (event.event === "cancelled" || event.event === "expired" || event.event === "removed") {
      if (leg.state === "closed") return;
      leg.state = "closed";
      leg.dry = false;
      if (leg.list.contingency !== "OCO") return;
      for (const other of leg.list.legs) if (other.state !== "closed") other.ending = true;
    } else if (event.event === "amended" || event.event === "armed") {
      rules.notePrice(leg, event.event, event.ticks);
    }
  }

  /** The events of the first thing that a list has yet to do; undefined where it has nothing to do. */
  step(list: OrderList, grows: boolean): MarketEvent[] | undefined {
    const entry = rules.entryOf(list);
    const mayGrow = entry !== undefined && entry.state !== "closed";
    for (const leg of list.legs) {
      if (leg.state === "closed" || leg.state === "queued" || leg === entry) continue;
      if (leg.ending) return this.end(leg);
      const due = rules.dueOf(leg);
      if (leg.dry) {
        leg.dry = false;
        if (mayGrow || (due ?? 0) > 0) return this.park(leg, 0 as Lots);
        leg.state = "closed";
        return [];
      }
      if (leg.state === "pending" && !grows) continue;
      if (leg.state === "pending") {
        if (due !== undefined && due > 0) return this.letIn(leg, due as Lots);
        if (!mayGrow) return this.end(leg);
        continue;
      }
      const done = this.keepUp(leg, due, mayGrow, grows);
      if (done !== undefined) return done;
    }
    return undefined;
  }

  end(leg: Leg): MarketEvent[] {
    const order = this.open().find(({ orderId }) => orderId === leg.orderId);
    if (order === undefined) throw new Error("A leg that has not ended is open");
    leg.state = "closed";
    leg.ending = false;
    return this.takeOut(order, "contingency");
  }

  letIn(leg: Leg, lots: Lots): MarketEvent[] {
    const before = rules.pendingOrder(leg);
    leg.body = rules.atDistance(this.instrument, leg);
    const { orderId, body, list, filled } = leg;
    const { side, ticks } = body;
    const { ticks: oldTicks, lots: oldLots } = before;
    leg.state = "open";
    this.awaiting = this.awaiting.filter(other => other.orderId !== leg.orderId);
    const order = { orderId, account: list.account, side, ticks, lots, unseen: true as const };
    const totalLots = (filled + lots) as Lots;
    const entered = this.admit(rules.asPlace({ ...body, lots }, list.account), orderId, filled, "triggered");
    if (oldLots === lots && oldTicks === ticks) return entered;
    return [{ event: "amended", ...order, oldTicks, oldLots, totalLots }, ...entered];
  }

  /** Gives an order that is on the market the size and the price that it should have. */
  keepUp(leg: Leg, due: number | undefined, mayGrow: boolean, grows: boolean): MarketEvent[] | undefined {
    const order = this.open().find(({ orderId }) => orderId === leg.orderId);
    if (order === undefined) throw new Error("A leg that has not ended is open");
    const lots = due ?? order.lots + leg.change;
    if (!grows && lots >= order.lots) return undefined;
    if (due === undefined) leg.change = 0;
    const body = grows ? rules.atDistance(this.instrument, leg) : leg.body;
    const moved = body !== leg.body;
    leg.body = body;
    if (lots <= 0 && !mayGrow) return this.end(leg);
    if (lots <= 0) {
      const { orderId, account, side, ticks, totalLots } = order;
      const [gone, ...shown] = this.takeOut(order, "contingency");
      const seen = gone !== undefined && "unseen" in gone ? { unseen: true as const } : {};
      const left = { lots: 0 as Lots, oldTicks: ticks, oldLots: order.lots, totalLots: leg.filled as Lots };
      if (totalLots - order.lots !== leg.filled)
        throw new Error("A leg's size is what it traded and its rest");
      const amended = { event: "amended", orderId, account, side, ticks, ...seen, ...left } as const;
      return [amended, ...shown, ...this.park(leg, 0 as Lots)];
    }
    const isReleased = body.terms?.trigger !== undefined && !("trigger" in order);
    const move = moved && !isReleased;
    if (lots === order.lots && !move) return undefined;
    const { ticks, terms } = move ? body : { ticks: 0 as Ticks };
    const total = lots === order.lots ? 0 : order.totalLots - order.lots + lots;
    const stopTicks = terms?.trigger?.stopTicks;
    return this.resize(order, total, ticks, stopTicks);
  }

  resize(order: RestingOrder, total: number, ticks: Ticks, stopTicks: Ticks | undefined): MarketEvent[] {
    const { orderId, account, side } = order;
    const waiting = this.released.find(other => other.orderId === orderId);
    if (waiting !== undefined) {
      const lots = (order.lots + total - order.totalLots) as Lots;
      const totalLots = total as Lots;
      const old = { oldLots: order.lots, oldTicks: order.ticks };
      this.released = this.released.map(other => (other === waiting ? { ...other, lots, totalLots } : other));
      return [
        {
          event: "amended",
          orderId,
          account,
          side,
          ticks: order.ticks,
          lots,
          unseen: true,
          ...old,
          totalLots,
        },
      ];
    }
    const unpriced = this.unpriced.find(other => other.orderId === orderId);
    if (unpriced !== undefined) return [this.resizeUnpriced(unpriced, total as Lots)];
    const common = { time: 0 as Milliseconds, shard: 0, number: 0, liquidity: false, reference: 0 };
    const sizes = { lots: total as Lots, ticks, reserved: 0n as AmendOrder["reserved"] };
    const terms = stopTicks === undefined ? {} : { stopTicks };
    const events = this.alter({ kind: "amend", ...common, account, orderId, ...sizes, terms });
    if (events[0]?.event !== "rejected") return events;
    const leg = this.legOf(orderId);
    return leg === undefined ? [] : this.end(leg);
  }

  override takeOut(order: RestingOrder, cause?: RemovalCause): MarketEvent[] {
    this.awaiting = this.awaiting.filter(other => other.orderId !== order.orderId);
    return super.takeOut(order, cause);
  }

  override sizedBy({ orderId, lots }: AmendOrder): Rejection[] {
    const leg = this.adjusting || lots === 0 ? undefined : this.legOf(orderId);
    const entry = leg && rules.entryOf(leg.list);
    return entry !== undefined && leg !== entry ? ["quantityFollowsEntry"] : [];
  }

  override amend(command: AmendOrder): MarketEvent[] {
    const leg = this.legOf(command.orderId);
    if (leg === undefined || !this.isParked(leg)) return super.amend(command);
    const { orderId, account, ticks, lots, terms } = command;
    if (leg.list.account !== account) return [unknownOrder(command, ticks, lots)];
    const order = rules.pendingOrder(leg);
    const { body, waiting, filled } = leg;
    const broken = [...brokenAmend(command, order, this.instrument, this.endings), ...this.sizedBy(command)];
    broken.push(...brokenTrail(terms?.trail, body.terms ?? {}));
    broken.push(...this.brokenLimit(ticks));
    if (terms?.peg !== undefined) broken.push("pegNotAllowed");
    const { displayLots } = order;
    const size = lots === 0 ? body.lots : lots;
    if (forbids(this.phase, "amend")) broken.push("phaseForbids");
    if (body.ticks === 0 && ticks !== 0) broken.push("priceUnexpected");
    const stopTicks = terms?.stopTicks;
    const trigger = body.terms?.trigger;
    if (stopTicks !== undefined && trigger === undefined) broken.push("stopPriceUnexpected");
    if (stopTicks !== undefined && (stopTicks < 1 || stopTicks > TICKS_MAX))
      broken.push("stopPriceOutOfRange");
    if (trigger !== undefined && (displayLots ?? 0) > size) broken.push("displayQuantityOutOfRange");
    const rejection = firstOf(broken);
    if (rejection !== undefined) return [rejectedAmend(command, order, rejection)];
    const newTicks = ticks === 0 ? body.ticks : ticks;
    const changed = rules.withTrail(rules.withPrices(body, newTicks, stopTicks), terms);
    const same = stopTicks === undefined || stopTicks === trigger?.stopTicks;
    if (newTicks !== body.ticks || !same) leg.distance = undefined;
    leg.body = changed;
    const total = (waiting + filled) as Lots;
    const sizes = {
      ticks: newTicks,
      lots: waiting,
      oldTicks: body.ticks,
      oldLots: waiting,
      totalLots: total,
    };
    return [{ event: "amended", orderId, account, side: body.side, unseen: true, ...sizes }];
  }
}
