/**
 * Orders of one shape. V8 reads a field fast where the objects that pass there were made by literals of the
 * same fields in the same order; a copy has a shape of its own for each place that makes one, and after four
 * shapes every read is a search. So what enters the book comes from here, `readOrder` or `orderOf`.
 */
import type { TimeInForce } from "../market/command.ts";
import type { Trigger } from "../market/terms.ts";
import type { Ticks } from "../units.ts";
import type { RestingOrder } from "./audit.ts";
import type { ArmedOrder } from "./trailing.ts";

/** What of an order would rest, at another price. */
export function orderAt(order: RestingOrder, ticks: Ticks): RestingOrder {
  return {
    orderId: order.orderId,
    account: order.account,
    side: order.side,
    ticks,
    lots: order.lots,
    totalLots: order.totalLots,
    postOnly: order.postOnly,
    hidden: order.hidden,
    minimumLots: order.minimumLots,
    allOrNone: order.allOrNone,
    displayLots: order.displayLots,
    shownLots: order.shownLots,
    selfTrade: order.selfTrade,
    slippageTicks: order.slippageTicks,
    slide: order.slide,
  };
}

/** What an order waits for. */
export interface Waiting {
  readonly trigger: Trigger;
  readonly timeInForce: TimeInForce;
  readonly source: number;
  readonly rising: boolean;
  readonly arrival: number;
}

/** An order that waits for a price and has seen none. */
export function armedOrder(order: RestingOrder, waiting: Waiting): ArmedOrder {
  return {
    orderId: order.orderId,
    account: order.account,
    side: order.side,
    ticks: order.ticks,
    lots: order.lots,
    totalLots: order.totalLots,
    postOnly: order.postOnly,
    hidden: order.hidden,
    minimumLots: order.minimumLots,
    allOrNone: order.allOrNone,
    displayLots: order.displayLots,
    shownLots: order.shownLots,
    selfTrade: order.selfTrade,
    slippageTicks: order.slippageTicks,
    slide: order.slide,
    trigger: waiting.trigger,
    timeInForce: waiting.timeInForce,
    bestHalfTicks: undefined,
    firstHalfTicks: undefined,
    source: waiting.source,
    rising: waiting.rising,
    stopTicks: waiting.trigger.stopTicks,
    arrival: waiting.arrival,
  };
}
