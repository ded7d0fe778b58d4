/**
 * What it means for a list that something has happened to one of its orders: how much each of the others has
 * yet to grow or to shrink, which have yet to be removed, and when they no longer depend on each other.
 */
import { assert, type OrderId, type Ticks } from "../units.ts";
import { granted, hasEntry, hasExits, type Leg, type OrderList } from "./order-list.ts";
import { repriced } from "./pending-legs.ts";

/** A leg has traded; `whole`: all that it had. */
export function noteTrade(leg: Leg, ticks: number, lots: number, whole: boolean): void {
  const { list } = leg;
  const { contingency, legs } = list;
  const follows = hasEntry(contingency);
  leg.filled += lots;
  if (follows && leg === legs[0]) {
    list.filled += lots;
    list.value += BigInt(ticks) * BigInt(lots);
    if (whole) leg.state = "closed";
    for (const other of legs.slice(1)) grow(other);
    return;
  }
  if (whole && follows) leg.dry = true;
  else if (whole) leg.state = "closed";
  if (contingency === "OTO") return;
  for (const other of follows ? legs.slice(1) : legs) {
    if (other === leg || other.state === "closed") continue;
    if (contingency === "OCO") other.ending = true;
    else other.change -= lots;
  }
}

/** Gives a leg its share of what the entry has traded by now. */
function grow(leg: Leg): void {
  if (leg.state === "closed") return;
  const due = granted(leg.list, leg.body.lots);
  leg.change += due - leg.granted;
  leg.granted = due;
}

/** A leg has ended; one that the list itself has taken out is closed already. */
export function noteEnd(leg: Leg): void {
  if (leg.state === "closed") return;
  const { list } = leg;
  leg.state = "closed";
  leg.dry = false;
  leg.change = 0;
  if (list.contingency !== "OCO") return;
  for (const other of list.legs) if (other.state !== "closed") other.ending = true;
}

/** Takes over the limit that a leg has been given; who gives it another ends its distance. */
export function noteLimit(leg: Leg, ticks: Ticks): void {
  if (ticks === leg.body.ticks || leg.body.type === "market") return;
  leg.body = repriced(leg.body, ticks, undefined);
  leg.distance = undefined;
}

/** Takes over the stop price that a leg waits for; who gives it another ends its distance. */
export function noteStop(leg: Leg, stopTicks: Ticks): void {
  const trigger = leg.body.terms?.trigger;
  if (trigger === undefined || trigger.trail !== undefined || trigger.stopTicks === stopTicks) return;
  leg.body = repriced(leg.body, leg.body.ticks, stopTicks);
  leg.distance = undefined;
}

/** Whether what happens to one of a list's orders can no longer mean anything for another. */
export function isOver({ contingency, legs }: OrderList): boolean {
  const [entry, ...others] = legs;
  if (legs.some(leg => leg.state === "queued")) return false;
  if (!hasEntry(contingency)) return legs.filter(leg => leg.state !== "closed").length < 2;
  if (entry?.state !== "closed" || others.some(leg => leg.state === "pending")) return false;
  return !hasExits(contingency) || others.filter(leg => leg.state !== "closed").length < 2;
}

/** Proves that exits are open for what the entry has traded and they have not; self-trades may take of it. */
export function checkExits(list: OrderList, lotsOf: (id: OrderId) => number): void {
  if (!hasExits(list.contingency) || list.filled === 0) return;
  const exits = list.legs.slice(1);
  const traded = exits.reduce((sum, leg) => sum + leg.filled, 0);
  for (const { state, orderId } of exits) {
    const open = state === "open" ? lotsOf(orderId) : 0;
    assert(open + traded <= list.filled, "exits are open for no more than the entry has traded");
  }
}
