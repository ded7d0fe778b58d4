/**
 * Whether an order that is plain itself concerns special orders: the plain `Book` is asked unless it may meet
 * one of them. Where there is none this is one comparison. Else the levels are looked at that its size
 * reaches, in the usual case one.
 */
import * as units from "../units.ts";
import * as layout from "./arena.ts";
import * as prices from "./ladders.ts";
import type { Queues } from "./queues.ts";

const { FLAGS, KEY, LEVEL, LINKS, NUMBERS, REST, SELL_FLAG, SPECIAL_FLAG, SPECIAL_ORDERS, TOTAL } = layout;
const { maskOf } = prices;
const { TICKS_MAX } = units;

/**
 * Whether a plain order of `lots` at `ticks` may meet a special order, or has hardly room beside what isn't
 * shown, which the plain book doesn't count.
 */
export function reachesSpecial(queues: Queues, side: number, ticks: number, lots: number): boolean {
  if (queues.isGuarded) return true;
  if (queues.specials.size === 0) return false;
  const opposite = side ^ 1;
  const unseen = queues.unseenLots[side] ?? 0;
  if (unseen !== 0 && !queues.hasRoom(side, ticks ^ maskOf(side), lots + unseen)) return true;
  const { ladders, arena } = queues;
  const { links, numbers } = arena;
  const limitKey = ticks === 0 ? TICKS_MAX : ticks ^ maskOf(opposite);
  let missing = lots;
  for (let level = ladders.best(opposite); level !== 0; level = ladders.next(opposite, level)) {
    const at = level << LINKS;
    if ((links[at + KEY] ?? 0) > limitKey) return false;
    if (links[at + SPECIAL_ORDERS] !== 0) return true;
    missing -= numbers[(level << NUMBERS) + REST] ?? 0;
    if (missing <= 0) return false;
  }
  return false;
}

/** The same of the order in a slot after an amend, which leaves a value as it is where it is 0. */
export function amendReachesSpecial(queues: Queues, slot: number, ticks: number, total: number): boolean {
  if (queues.isGuarded) return true;
  if (queues.specials.size === 0) return false;
  const { numbers, links } = queues.arena;
  const flags = links[(slot << LINKS) + FLAGS] ?? 0;
  if ((flags & SPECIAL_FLAG) !== 0) return true;
  const limit = ticks === 0 ? queues.ladders.ticksOf(links[(slot << LINKS) + LEVEL] ?? 0) : ticks;
  const lots = total === 0 ? (numbers[(slot << NUMBERS) + TOTAL] ?? 0) : total;
  return reachesSpecial(queues, flags & SELL_FLAG, limit, lots);
}
