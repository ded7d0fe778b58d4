/**
 * Commands of one shape. V8 reads a field fast where the objects that come by were all made with the same
 * fields in the same order. A command that leaves out what it hasn't got has a shape of its own, so has each
 * copy by `...`, and after four shapes every read is a search: that was a fifth of the engine's time on a mix
 * of all types. So whoever sends many commands makes them here: all fields, undefined where there is nothing.
 * What a machine reads of each comes first, what only passes through it last: so a command that has left the
 * cache is two of its lines. It is for speed only; a machine takes any shape.
 */
import type { OrderId } from "../units.ts";
import type {
  AmendOrder,
  CancelCondition,
  CancelOrder,
  FromShard,
  OrderBody,
  PlaceOrder,
} from "./command.ts";
import type { OrderTerms, Trigger } from "./terms.ts";

export function shapedTerms(terms: OrderTerms): OrderTerms {
  return {
    trigger: terms.trigger && shapedTrigger(terms.trigger),
    displayLots: terms.displayLots,
    minimumLots: terms.minimumLots,
    hidden: terms.hidden,
    allOrNone: terms.allOrNone,
    expireAt: terms.expireAt,
    peg: terms.peg,
    slippageTicks: terms.slippageTicks,
    budget: terms.budget,
    slide: terms.slide,
    selfTrade: terms.selfTrade,
    intent: terms.intent,
    position: terms.position,
  };
}

function shapedTrigger(trigger: Trigger): Trigger {
  return {
    kind: trigger.kind,
    source: trigger.source,
    stopTicks: trigger.stopTicks,
    doubleTick: trigger.doubleTick,
    trail: trigger.trail,
    limitOffset: trigger.limitOffset,
  };
}

/** An order to be placed; `lots`: its size where the body doesn't say it. */
export function placeOrder(from: FromShard, body: OrderBody, lots = body.lots): PlaceOrder {
  return {
    kind: "place",
    time: from.time,
    shard: from.shard,
    number: from.number,
    account: from.account,
    side: body.side,
    type: body.type,
    timeInForce: body.timeInForce,
    postOnly: body.postOnly,
    lots,
    ticks: body.ticks,
    terms: body.terms,
    liquidity: from.liquidity,
    reference: from.reference,
    feeTier: from.feeTier,
    clientOrderId: body.clientOrderId,
    reserved: body.reserved,
  };
}

export function cancelOrder(from: FromShard, orderId: OrderId, onlyIf?: CancelCondition): CancelOrder {
  return {
    kind: "cancel",
    time: from.time,
    shard: from.shard,
    number: from.number,
    account: from.account,
    orderId,
    onlyIf,
    liquidity: from.liquidity,
    reference: from.reference,
    feeTier: from.feeTier,
  };
}

/** What of an order an amend changes. */
export type Change = Pick<AmendOrder, "orderId" | "lots" | "ticks" | "reserved" | "terms">;

export function amendOrder(from: FromShard, change: Change): AmendOrder {
  return {
    kind: "amend",
    time: from.time,
    shard: from.shard,
    number: from.number,
    account: from.account,
    orderId: change.orderId,
    lots: change.lots,
    ticks: change.ticks,
    terms: change.terms,
    liquidity: from.liquidity,
    reference: from.reference,
    feeTier: from.feeTier,
    reserved: change.reserved,
  };
}
