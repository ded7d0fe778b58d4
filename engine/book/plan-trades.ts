/**
 * Does what a plan says, step after step: trades with makers, and prevents those of the taker's own trader.
 * Nothing is asked any more.
 */
import { TRADED, UNSEEN } from "../market/event.ts";
import * as layout from "./arena.ts";
import type { RestingOrder } from "./audit.ts";
import type { Book } from "./book.ts";
import { settleMaker } from "./maker-rest.ts";
import type { Plan } from "./plan.ts";
import type { Prevention } from "./prevention.ts";
import { isSeenAt, restOf } from "./special-queues.ts";

const { ACCOUNT, ID, LEVEL, LINKS, NUMBERS, SELL_FLAG } = layout;

/** Returns what is left of the taker. */
export function carryOut(
  book: Book,
  prevention: Prevention,
  taker: RestingOrder,
  plan: Plan,
  lots: number,
): number {
  const { queues, log } = book;
  const { orderId, account, selfTrade } = taker;
  const side = taker.side === "sell" ? SELL_FLAG : 0;
  let remaining = lots;
  let total: number = taker.totalLots;
  for (let step = 0; step < plan.steps; step++) {
    const slot = plan.makers[step] ?? 0;
    const traded = plan.traded[step] ?? 0;
    if (selfTrade !== undefined && plan.prevented[step] === true) {
      if (selfTrade.mode === "decrement") {
        remaining -= traded;
        total -= traded;
      }
      prevention.prevent(taker, selfTrade.mode, slot, traded, remaining, total);
      continue;
    }
    const { numbers, links } = queues.arena;
    const maker = numbers[(slot << NUMBERS) + ID] ?? 0;
    const ticks = queues.ladders.ticksOf(links[(slot << LINKS) + LEVEL] ?? 0);
    const makerAccount = numbers[(slot << NUMBERS) + ACCOUNT] ?? 0;
    const left = restOf(queues, slot) - traded;
    remaining -= traded;
    book.lastTicks = ticks;
    const kind = isSeenAt(queues, slot) ? TRADED : TRADED | UNSEEN;
    log.push(kind, orderId, account, side, ticks, traded, remaining, maker, makerAccount, left);
    settleMaker(book, slot, left, traded);
  }
  return remaining;
}
