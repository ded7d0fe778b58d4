/**
 * What one price does to one order that waits, as it would be explained: the trail moves, the condition holds
 * or not, a double tick wants to see that twice. Prices are ticks here; the middle of two may be a half.
 */
import type { PlaceOrder } from "../../engine/market/command.ts";
import type { OrderTerms, Trail, TriggerSource } from "../../engine/market/terms.ts";
import type { Rejection } from "../../engine/rejection.ts";
import type { Side, Ticks } from "../../engine/units.ts";
import { isShown, type NaiveOrder, type NaiveWaiting, TICKS_MAX } from "./naive-order.ts";

/** The price that a source shows, if it shows one. */
export function shownBy(
  source: TriggerSource,
  resting: NaiveOrder[],
  lastTicks: number,
  markTicks: number,
): number | undefined {
  if (source === "last") return lastTicks || undefined;
  if (source === "mark") return markTicks || undefined;
  const bid = resting.find(order => order.side === "buy" && isShown(order))?.ticks;
  const ask = resting.find(order => order.side === "sell" && isShown(order))?.ticks;
  if (source === "mid") return bid === undefined || ask === undefined ? undefined : (bid + ask) / 2;
  return source === "bid" ? bid : ask;
}

/** Where a trail puts the stop price; 0 where that is no price of the market. */
function behind(best: number, side: Side, { by, distance }: Trail): Ticks {
  const away = by === "ticks" ? distance : (best * distance) / 1_000;
  const stop = side === "buy" ? Math.ceil(best + away) : Math.floor(best - away);
  return (stop < 1 || stop > TICKS_MAX ? 0 : stop) as Ticks;
}

/** Shows an order a price; whether that releases it. */
export function sees(order: NaiveWaiting, price: number, isTrade: boolean): boolean {
  const { side, trigger } = order;
  const { kind, trail, doubleTick } = trigger;
  const sells = side === "sell";
  if (trail !== undefined) {
    const best = order.bestHalfTicks === undefined ? undefined : order.bestHalfTicks / 2;
    if (best === undefined || (sells ? price > best : price < best)) {
      order.bestHalfTicks = price * 2;
      const [old, stop] = [trigger.stopTicks, behind(price, side, trail)];
      const better = stop !== 0 && (old === 0 || (sells ? stop > old : stop < old));
      if (better) order.trigger = { ...trigger, stopTicks: stop };
    }
  }
  const { stopTicks } = order.trigger;
  const falls = sells === (kind === "stop");
  const holds = stopTicks !== 0 && (falls ? price <= stopTicks : price >= stopTicks);
  if (!doubleTick) return holds;
  const first = order.firstHalfTicks;
  if (!isTrade && first === price * 2) return false;
  if (holds && first !== undefined) return true;
  if (holds) order.firstHalfTicks = price * 2;
  else delete order.firstHalfTicks;
  return false;
}

/** An order as it is about to be armed: it has seen nothing. */
export function unseeing(order: NaiveWaiting, trades: number): NaiveWaiting {
  const { bestHalfTicks: _, firstHalfTicks: __, due: ___, ...plain } = order;
  return { ...plain, looked: trades };
}

/** The limit with which a released order enters. */
export function limitWhenReleased({ ticks, side, trigger }: NaiveWaiting): Ticks {
  if (trigger.limitOffset === undefined) return ticks;
  const away = side === "buy" ? trigger.limitOffset : -trigger.limitOffset;
  return Math.max(1, Math.min(TICKS_MAX, trigger.stopTicks + away)) as Ticks;
}

function isPossible({ by, distance }: Trail): boolean {
  return distance >= 1 && distance <= (by === "ticks" ? TICKS_MAX : 999);
}

/** What is wrong with a trigger. */
export function brokenTrigger({ terms, type, ticks }: PlaceOrder): Rejection[] {
  const trigger = terms?.trigger;
  if (trigger === undefined) return [];
  const broken: Rejection[] = [];
  const { kind, stopTicks, trail, limitOffset } = trigger;
  if (stopTicks < 0 || stopTicks > TICKS_MAX) broken.push("stopPriceOutOfRange");
  if (stopTicks === 0 && trail === undefined) broken.push("stopPriceOutOfRange");
  if (trail !== undefined && kind === "takeProfit") broken.push("trailNotAllowed");
  if (trail !== undefined && !isPossible(trail)) broken.push("trailOutOfRange");
  if (limitOffset === undefined) return broken;
  if (type === "limit" && ticks !== 0) broken.push("priceUnexpected");
  if (type === "market" || trail === undefined) broken.push("limitOffsetInvalid");
  return broken;
}

/** What is wrong with another trail for an order. */
export function brokenTrail(trail: Trail | undefined, terms: OrderTerms): Rejection[] {
  if (trail === undefined) return [];
  if (terms.trigger?.trail === undefined) return ["trailNotAllowed"];
  return isPossible(trail) ? [] : ["trailOutOfRange"];
}
