/** How orders of the naive market are amended, wherever they are. */
import type { AmendOrder } from "../../engine/market/command.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { RestingOrder } from "../../engine/market/market-machine.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { Lots, Ticks } from "../../engine/units.ts";
import { forbids } from "./naive-auction.ts";
import type { Entry } from "./naive-matching.ts";
import {
  brokenAmend,
  changedBy,
  displayed,
  firstOf,
  hasRoom,
  isPostponement,
  type NaiveWaiting,
  postponed,
  rejectedAmend,
  TICKS_MAX,
  unknownOrder,
  unseen,
} from "./naive-order.ts";
import type { NaiveState } from "./naive-state.ts";
import { NaiveStops } from "./naive-stops.ts";
import { brokenTrail } from "./naive-triggers.ts";

const OF_WHAT_IS_LEFT: readonly Rejection[] = [
  "notionalBelowMinimum",
  "notionalAboveMaximum",
  "priceOutsideBand",
];

export abstract class NaiveAmends extends NaiveStops {
  /** Whether it is a list that changes its orders. */
  adjusting = false;

  abstract amendParked(order: NaiveState["parked"][number], command: AmendOrder): MarketEvent[];

  /** Why nobody but its list may change an order as a command says. */
  sizedBy(_command: AmendOrder): Rejection[] {
    return [];
  }

  /** What is wrong with an amend whatever the market holds; lists keep within what their orders are. */
  brokenChange(command: AmendOrder, order: RestingOrder): Rejection[] {
    return this.adjusting ? [] : brokenAmend(command, order, this.instrument, this.endings);
  }

  /** What a list makes of its orders is not judged. */
  override brokenWorth(command: AmendOrder, order: RestingOrder): Rejection[] {
    return this.adjusting ? [] : super.brokenWorth(command, order);
  }

  amend(command: AmendOrder): MarketEvent[] {
    return this.inPhase(command) ?? this.alter(command);
  }

  alter(command: AmendOrder): MarketEvent[] {
    const parked = this.parked.find(({ orderId }) => orderId === command.orderId);
    if (parked !== undefined && parked.account === command.account) return this.amendParked(parked, command);
    const waiting = this.waiting(command.orderId, command.account);
    if (waiting !== undefined) return this.amendWaiting(waiting, command);
    return this.amendResting(command);
  }

  /** `follows`: the order moves with its peg, whatever it is worth then. */
  amendResting(command: AmendOrder, follows = false): MarketEvent[] {
    const order = this.owned(command.orderId, command.account);
    if (order === undefined) return [unknownOrder(command, command.ticks, command.lots)];
    const { orderId, account, side, postOnly } = order;
    const { changed: asked, keepsPlace } = changedBy(command, order);
    const stays = keepsPlace || asked.lots <= 0;
    const changed = stays ? asked : { ...asked, ticks: this.bounded(asked).ticks };
    const { ticks, totalLots, lots: rest, minimumLots } = changed;
    const foreseen = stays ? { traded: 0, acts: false, prices: [] } : this.foresee(changed, rest);
    const { traded, prices } = foreseen;
    const acts = foreseen.acts && !(changed.allOrNone && this.endsInCall(prices));
    const broken = this.brokenChange(command, order);
    if (!follows) broken.push(...this.brokenWorth(command, order));
    if (command.terms?.peg !== undefined) broken.push("pegNotAllowed");
    broken.push(...this.sizedBy(command));
    if (command.terms?.stopTicks !== undefined) broken.push("stopPriceUnexpected");
    broken.push(...brokenTrail(command.terms?.trail, {}));
    if (totalLots > (order.displayLots ?? totalLots) * 1_000) broken.push("displayQuantityOutOfRange");
    if (rest <= 0) return this.close(command, order, broken);
    if ((minimumLots ?? 0) > rest) broken.push("minimumQuantityOutOfRange");
    if (this.refuses(prices)) broken.push("priceBandBreached");
    if (postOnly && traded > 0) broken.push("postOnlyWouldTrade");
    if (!keepsPlace && !hasRoom(this.resting, this.limits.levels, side, ticks, rest - order.lots))
      broken.push("bookFull");
    const rejection = firstOf(broken);
    if (rejection !== undefined) return [rejectedAmend(command, order, rejection)];
    if (isPostponement(command)) return [postponed(order)];
    const amended = { event: "amended", orderId, account, side, ticks, totalLots, ...unseen(order) } as const;
    const old = { oldTicks: order.ticks, oldLots: order.lots };
    const events: MarketEvent[] = [{ ...amended, ...old, lots: acts ? (0 as Lots) : rest }];
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
    this.leave(order);
    const idle: Entry = { rest, total: totalLots, ended: false };
    const entry = acts ? this.trade(events, changed, rest) : idle;
    if (entry.breach !== undefined) events.push(...this.startCall(entry.breach));
    if (entry.rest === 0) return events;
    const moved = follows && (ticks !== asked.ticks || entry.breach !== undefined);
    if (entry.rest < (minimumLots ?? 0) || entry.ended || moved) {
      return [...events, { event: "expired", orderId, account, side, ticks, lots: entry.rest as Lots }];
    }
    this.rest(events, { ...changed, totalLots: entry.total as Lots }, entry.rest as Lots, acts);
    return events;
  }

  /** An amend to what is filled, or less, leaves nothing open, so nothing is asked of what it would leave. */
  close(command: AmendOrder, order: RestingOrder, broken: Rejection[]): MarketEvent[] {
    const rejection = firstOf(broken.filter(name => !OF_WHAT_IS_LEFT.includes(name)));
    return rejection === undefined ? this.takeOut(order) : [rejectedAmend(command, order, rejection)];
  }

  amendWaiting(order: NaiveWaiting, command: AmendOrder): MarketEvent[] {
    const { orderId, account, side, trigger } = order;
    const trail = command.terms?.trail;
    const stopTicks = command.terms?.stopTicks ?? trigger.stopTicks;
    const ticks = command.ticks === 0 ? order.ticks : command.ticks;
    const filled = order.totalLots - order.lots;
    const totalLots = command.lots === 0 ? order.totalLots : command.lots;
    const lots = (totalLots - filled) as Lots;
    const broken = this.brokenChange(command, order);
    broken.push(...this.brokenWorth(command, order));
    if (command.terms?.peg !== undefined) broken.push("pegNotAllowed");
    broken.push(...this.sizedBy(command));
    const asked = command.terms?.minimumLots;
    const minimumLots = asked ?? order.minimumLots;
    if ((minimumLots ?? 0) > lots) broken.push("minimumQuantityOutOfRange");
    const { displayLots = command.lots } = order;
    const sized = command.lots !== 0 && !this.adjusting;
    if (sized && (displayLots > command.lots || command.lots > displayLots * 1_000))
      broken.push("displayQuantityOutOfRange");
    if (order.ticks === 0 && command.ticks !== 0) broken.push("priceUnexpected");
    if (stopTicks > TICKS_MAX || (command.terms?.stopTicks ?? 1) < 1) broken.push("stopPriceOutOfRange");
    broken.push(...brokenTrail(trail, { trigger }));
    if (lots < 1) return this.close(command, order, broken);
    const rejection = firstOf(broken);
    if (rejection !== undefined) return [rejectedAmend(command, order, rejection)];
    if (isPostponement(command)) return [postponed(order)];
    this.stops = this.stops.filter(other => other !== order);
    const sameTrail = trail === undefined || JSON.stringify(trail) === JSON.stringify(trigger.trail);
    const sameStop = sameTrail && stopTicks === trigger.stopTicks;
    const arrival = sameStop && lots <= order.lots ? order.arrival : ++this.arrivals;
    const old = { oldTicks: order.ticks, oldLots: order.lots };
    const terms = minimumLots === undefined ? {} : { minimumLots };
    const changed = { ...order, ticks, lots, totalLots, arrival, ...terms };
    const events: MarketEvent[] = [
      { event: "amended", orderId, account, side, ticks, lots, unseen: true, ...old, totalLots },
    ];
    if (sameStop) {
      this.stops = [...this.stops, changed].sort((a, b) => a.arrival - b.arrival);
      return [...events, this.armedEvent(changed)];
    }
    const anew = { ...trigger, stopTicks };
    if (trail !== undefined && !sameTrail) {
      anew.trail = trail;
      anew.stopTicks = command.terms?.stopTicks ?? (0 as Ticks);
    }
    return [...events, ...this.arm({ ...changed, trigger: anew })];
  }

  /** A refusal by the phase. */
  inPhase(command: AmendOrder): MarketEvent[] | undefined {
    const { orderId, account, ticks, lots } = command;
    const waiting = [...this.unpriced, ...this.parked, ...this.parkedPegs()];
    const all: RestingOrder[] = [...this.resting, ...this.stops, ...waiting];
    const order = all.find(other => other.orderId === orderId && other.account === account);
    if (order === undefined) return undefined;
    const { side } = order;
    const unpriced = this.unpriced.some(other => other.orderId === orderId);
    if (!forbids(this.phase, "amend") && !unpriced) return undefined;
    return [{ event: "rejected", orderId, account, side, ticks, lots, rejection: "phaseForbids" }];
  }
}
