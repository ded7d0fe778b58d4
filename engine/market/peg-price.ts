/** A pegged order, and the price that it has while orders match: from best shown prices, offset and cap. */

import type { RestingOrder } from "../book/audit.ts";
import { BUY, SELL } from "../book/book.ts";
import type { Queues } from "../book/queues.ts";
import { type OrderId, type Side, TICKS_MAX, type Ticks } from "../units.ts";
import type { Peg } from "./terms.ts";

/** An order and its peg. While it rests, the book has its size; while it is parked, its limit is its cap. */
export interface PeggedOrder {
  readonly orderId: OrderId;
  peg: Peg;
  /** Highest price of a buyer, lowest of a seller; 0 for none. */
  capTicks: Ticks;
  parked: RestingOrder | undefined;
}

/** `capTicks`: highest price of a buyer, lowest of a seller; 0 for none. 0 where there is no price. */
export function pegPrice(queues: Queues, side: Side, { to, offset }: Peg, capTicks: number): number {
  const [bid, ask] = [queues.bestTicks(BUY), queues.bestTicks(SELL)];
  const round = side === "buy" ? Math.floor : Math.ceil;
  const middle = bid === 0 || ask === 0 ? 0 : round((bid + ask) / 2);
  const reference = to === "mid" ? middle : (to === "own") === (side === "buy") ? bid : ask;
  if (reference === 0) return 0;
  const free = reference + offset;
  const bound = side === "buy" ? Math.min(free, capTicks || free) : Math.max(free, capTicks);
  return bound < 1 || bound > TICKS_MAX ? 0 : bound;
}
