/**
 * What a market refuses of a list: an order that would be refused by itself, with its own reason, or orders
 * that cannot depend on each other as the list says. One that is refused refuses all, before anything
 * happens.
 */
import { LIST_LEGS_MAX, LISTS_MAX } from "../limits.ts";
import type { Rejection } from "../rejection.ts";
import type { Ticks } from "../units.ts";
import type { ListLeg, OrderBody, PlaceList } from "./command.ts";
import { placeOrder } from "./command-shape.ts";
import type { OrderJudge } from "./order-judge.ts";
import { hasEntry, hasExits, pricedAt } from "./order-list.ts";

/** Why each order of a list is refused; undefined where none is. `lists`: so many the market holds. */
export function refusalsOf(judge: OrderJudge, lists: number, command: PlaceList): Rejection[] | undefined {
  const { contingency, legs } = command;
  const follows = hasEntry(contingency);
  const why = legs.map((leg, index) => {
    const place = placeOrder(command, standIn(leg));
    return follows && index > 0 ? judge.refusalOfTerms(place) : judge.refusalNow(place);
  });
  if (why.some(refusal => refusal !== undefined) || !isShaped(command)) {
    return why.map(refusal => refusal ?? "listInvalid");
  }
  return refusalsOfDistances(judge, command) ?? (lists >= LISTS_MAX ? legs.map(() => "bookFull") : undefined);
}

/** An exit may be so far from the entry that there is no price. */
function refusalsOfDistances(judge: OrderJudge, { legs }: PlaceList): Rejection[] | undefined {
  const [entry] = legs;
  const far = legs.map(
    leg => entry !== undefined && leg.distance !== undefined && !judge.reaches(entry, leg),
  );
  return far.includes(true) ? far.map(is => (is ? "distanceOutOfRange" : "listInvalid")) : undefined;
}

/** A leg as it may be judged and entered by itself: one at a distance has no price yet, so it gets one. */
function standIn(leg: ListLeg): OrderBody {
  const { distance, ...body } = leg;
  return distance === undefined ? body : pricedAt(body, 1 as Ticks, 0);
}

/** Whether orders may depend on each other as a list says. */
function isShaped(list: PlaceList): boolean {
  const { contingency, legs } = list;
  const [entry, ...others] = legs;
  if (entry === undefined || legs.length > LIST_LEGS_MAX || legs.length < 2) return false;
  if (legs.some(({ terms }) => terms?.peg !== undefined || terms?.budget !== undefined)) return false;
  if (contingency !== "bracket" && legs.some(leg => leg.distance !== undefined)) return false;
  if (!hasEntry(contingency))
    return legs.every(leg => leg.type === "limit" || leg.terms?.trigger !== undefined);
  if (entry.distance !== undefined || entry.lots < 1 || !others.every(mayFollow)) return false;
  if (!hasExits(contingency)) return true;
  if (contingency === "OTOCO" ? others.length !== 2 : others.length > 2) return false;
  const stops = others.filter(leg => leg.terms?.trigger?.kind === "stop").length;
  return (
    stops <= 1 &&
    others.length - stops <= 1 &&
    others.every(leg => leg.side !== entry.side && leg.lots === entry.lots && isExit(leg))
  );
}

/** Whether an order may come in parts as the entry trades: none of its terms is about its size. */
function mayFollow(leg: ListLeg): boolean {
  const { timeInForce, terms } = leg;
  const inAuction = timeInForce === "ATO" || timeInForce === "ATC" || timeInForce === "GFA";
  return !inAuction && terms?.minimumLots === undefined && terms?.allOrNone === undefined;
}

function isExit({ distance, type, ticks, terms }: ListLeg): boolean {
  const trigger = terms?.trigger;
  if (trigger === undefined && type === "market") return false;
  if (distance === undefined) return true;
  const positive = distance.by === "ticks" ? distance.ticks > 0 : distance.money > 0n;
  if (!positive || ticks !== 0) return false;
  if (trigger === undefined) return true;
  const offset = type === "limit" ? trigger.limitOffset !== undefined : trigger.limitOffset === undefined;
  return trigger.stopTicks === 0 && trigger.trail === undefined && offset;
}
