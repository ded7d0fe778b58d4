/**
 * What a side offers to an uncrossing, price by price from the best on: all of its orders but those with a
 * condition, icebergs with all that they have, linked orders with what they may trade together.
 *
 * Costs: constant a level; a level with special orders is gone through.
 */
import type { Lots, Ticks } from "../units.ts";
import { FLAGS, HIDDEN_FLAG, LINKS, NEXT, NUMBERS, REST, SPECIAL_ORDERS } from "./arena.ts";
import { readOrder } from "./audit.ts";
import type { LinkedTrades } from "./linked-trades.ts";
import type { Queues } from "./queues.ts";

export interface Offer {
  /** 0: at any price. */
  readonly ticks: Ticks;
  readonly lots: Lots;
}

/** `linked`: what those that come first have of linked orders. */
export function readOffers(queues: Queues, side: number, linked: LinkedTrades): Offer[] {
  const { ladders, arena } = queues;
  const offers: Offer[] = [];
  for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) {
    const plain = arena.links[(level << LINKS) + SPECIAL_ORDERS] === 0;
    const lots = plain ? (arena.numbers[(level << NUMBERS) + REST] ?? 0) : lotsOf(queues, level, linked);
    if (lots > 0) offers.push({ ticks: ladders.ticksOf(level) as Ticks, lots: lots as Lots });
  }
  return offers;
}

function lotsOf(queues: Queues, level: number, linked: LinkedTrades): number {
  const { links } = queues.arena;
  let lots = 0;
  // In the order of the book, as of linked orders the first have theirs.
  for (const hidden of [0, HIDDEN_FLAG]) {
    let slot = links[(level << LINKS) + NEXT] ?? 0;
    for (; slot !== level; slot = links[(slot << LINKS) + NEXT] ?? 0) {
      if (((links[(slot << LINKS) + FLAGS] ?? 0) & HIDDEN_FLAG) !== hidden) continue;
      const order = readOrder(queues, slot);
      const conditional = order.minimumLots !== undefined || order.allOrNone === true;
      if (!conditional) lots += linked.take(queues, slot, order.lots);
    }
  }
  return lots;
}
