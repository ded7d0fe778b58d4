/**
 * How orders with special terms rest in the queues. Sums and counts of levels and sides are those of what is
 * shown; the rest of unseen orders and what icebergs hold back is counted in `queues.unseenLots`, so that
 * both together stay exact.
 */
import type { Side } from "../units.ts";
import * as layout from "./arena.ts";
import type { RestingOrder } from "./audit.ts";
import { maskOf } from "./ladders.ts";
import type { LinkedOrders, Queues, Special } from "./queues.ts";

const { FLAGS, HIDDEN_FLAG, HIDDEN_ORDERS, LEVEL, LINKS, NUMBERS, ORDERS, POST_ONLY_FLAG } = layout;
const { REST, SELL_FLAG, SPECIAL_FLAG, SPECIAL_ORDERS, TOTAL, UNSEEN_FLAG } = layout;

/** Whether an order has more than limit and size. */
export function isSpecial(order: RestingOrder): boolean {
  return (
    order.hidden === true ||
    order.allOrNone === true ||
    order.minimumLots !== undefined ||
    order.displayLots !== undefined ||
    order.selfTrade !== undefined
  );
}

export function flagsOf(order: RestingOrder): number {
  const conditional = order.allOrNone === true || order.minimumLots !== undefined;
  return (
    (order.side === "sell" ? SELL_FLAG : 0) |
    (order.postOnly ? POST_ONLY_FLAG : 0) |
    (isSpecial(order) ? SPECIAL_FLAG : 0) |
    (order.hidden === true ? HIDDEN_FLAG : 0) |
    (order.hidden === true || conditional ? UNSEEN_FLAG : 0)
  );
}

/** The side of the order in a slot. */
export function sideAt(queues: Queues, slot: number): Side {
  return ((queues.arena.links[(slot << LINKS) + FLAGS] ?? 0) & SELL_FLAG) === 0 ? "buy" : "sell";
}

/** Whether the order in a slot is special; no order (0) is not. */
export function isSpecialAt(queues: Queues, slot: number): boolean {
  return ((queues.arena.links[(slot << LINKS) + FLAGS] ?? 0) & SPECIAL_FLAG) !== 0;
}

export function specialOf(queues: Queues, slot: number): Special | undefined {
  const flags = queues.arena.links[(slot << LINKS) + FLAGS] ?? 0;
  if ((flags & SPECIAL_FLAG) === 0) return undefined;
  return queues.specials.get(slot);
}

/** Whether an order's events change depth by themselves: it is neither an iceberg nor unseen. */
export function isSeen(order: RestingOrder): boolean {
  return flagsOf(order) < UNSEEN_FLAG && order.displayLots === undefined;
}

/** The same of the order in a slot. */
export function isSeenAt(queues: Queues, slot: number): boolean {
  const unseen = ((queues.arena.links[(slot << LINKS) + FLAGS] ?? 0) & UNSEEN_FLAG) !== 0;
  return !unseen && specialOf(queues, slot)?.displayLots === undefined;
}

/** What is left of the order in a slot, with what it holds back. */
export function restOf(queues: Queues, slot: number): number {
  return (queues.arena.numbers[(slot << NUMBERS) + REST] ?? 0) + (specialOf(queues, slot)?.reserve ?? 0);
}

/** Puts an order with `rest` left behind all others of its price; returns what of it is shown or would be. */
export function enterSpecial(
  queues: Queues,
  side: number,
  order: RestingOrder,
  rest: number,
  shownBefore?: number,
): number {
  const flags = flagsOf(order);
  const shown = shownBefore ?? Math.min(order.displayLots ?? rest, rest);
  const key = order.ticks ^ maskOf(side);
  if ((flags & SPECIAL_FLAG) === 0) {
    queues.enter(side, key, order.orderId, order.account, rest, order.totalLots, flags);
    return rest;
  }
  const { displayLots, minimumLots, allOrNone, hidden, selfTrade } = order;
  const reserve = rest - shown;
  const unseen = (flags & UNSEEN_FLAG) !== 0;
  const slot = queues.enter(
    side,
    key,
    order.orderId,
    order.account,
    unseen ? 0 : shown,
    order.totalLots,
    flags,
  );
  queues.specials.set(slot, {
    hidden: hidden === true,
    allOrNone: allOrNone === true,
    minimumLots,
    displayLots,
    selfTrade,
    reserve,
  });
  count(queues, slot, flags, 1);
  if (!unseen) {
    addUnseen(queues, side, reserve);
    return shown;
  }
  queues.arena.numbers[(slot << NUMBERS) + REST] = rest;
  addUnseen(queues, side, rest);
  return rest;
}

/** Links the order in a slot with others: from now on whoever meets it is matched with special orders. */
export function link(queues: Queues, slot: number, linked: LinkedOrders): void {
  const special = specialOf(queues, slot);
  if (special !== undefined) {
    special.linked = linked;
    return;
  }
  const { links } = queues.arena;
  const at = (slot << LINKS) + FLAGS;
  links[at] = (links[at] ?? 0) | SPECIAL_FLAG;
  const plain = { hidden: false, allOrNone: false, minimumLots: undefined, displayLots: undefined };
  queues.specials.set(slot, { ...plain, selfTrade: undefined, reserve: 0, linked });
  count(queues, slot, SPECIAL_FLAG, 1);
}

/** Takes any order out. */
export function leaveSpecial(queues: Queues, side: number, slot: number): void {
  const { numbers, links } = queues.arena;
  const flags = links[(slot << LINKS) + FLAGS] ?? 0;
  if ((flags & SPECIAL_FLAG) !== 0) {
    addUnseen(queues, side, -(queues.specials.get(slot)?.reserve ?? 0));
    queues.specials.delete(slot);
    count(queues, slot, flags, -1);
  }
  if ((flags & UNSEEN_FLAG) !== 0) {
    addUnseen(queues, side, -(numbers[(slot << NUMBERS) + REST] ?? 0));
    numbers[(slot << NUMBERS) + REST] = 0;
  }
  queues.leave(side, slot);
}

/** Makes an order smaller where it stands: what it shows, what it holds back and, if given, its total. */
export function setRest(
  queues: Queues,
  side: number,
  slot: number,
  shown: number,
  reserve: number,
  total = queues.arena.numbers[(slot << NUMBERS) + TOTAL] ?? 0,
): void {
  const { numbers, links } = queues.arena;
  const at = slot << NUMBERS;
  const special = specialOf(queues, slot);
  if (special !== undefined) {
    addUnseen(queues, side, reserve - special.reserve);
    special.reserve = reserve;
  }
  if (((links[(slot << LINKS) + FLAGS] ?? 0) & UNSEEN_FLAG) === 0) {
    queues.shrink(side, slot, shown, total);
    return;
  }
  addUnseen(queues, side, shown - (numbers[at + REST] ?? 0));
  numbers[at + REST] = shown;
  numbers[at + TOTAL] = total;
}

function addUnseen(queues: Queues, side: number, lots: number): void {
  queues.unseenLots[side] = (queues.unseenLots[side] ?? 0) + lots;
}

/** Counts a special order in (1) or out (-1) of those of its level, and an unseen one not with the shown. */
function count(queues: Queues, slot: number, flags: number, change: number): void {
  const { links } = queues.arena;
  const at = (links[(slot << LINKS) + LEVEL] ?? 0) << LINKS;
  links[at + SPECIAL_ORDERS] = ((links[at + SPECIAL_ORDERS] ?? 0) + change) | 0;
  if ((flags & HIDDEN_FLAG) !== 0) {
    links[at + HIDDEN_ORDERS] = ((links[at + HIDDEN_ORDERS] ?? 0) + change) | 0;
  }
  if ((flags & UNSEEN_FLAG) !== 0) links[at + ORDERS] = ((links[at + ORDERS] ?? 0) - change) | 0;
}
