/** What an order is, in one byte: side, type, post-only, liquidity; the time in force in the upper half. */
import { type OrderType, TIMES_IN_FORCE, type TimeInForce } from "../../market/command.ts";
import { assert, type Side } from "../../units.ts";

const SELL = 1;
const MARKET = 2;
const POST_ONLY = 4;
const LIQUIDITY = 8;

export interface FlaggedOrder {
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly postOnly: boolean;
  readonly liquidity: boolean;
}

export function flagsOf(order: FlaggedOrder): number {
  return (
    (order.side === "sell" ? SELL : 0) |
    (order.type === "market" ? MARKET : 0) |
    (order.postOnly ? POST_ONLY : 0) |
    (order.liquidity ? LIQUIDITY : 0) |
    (TIMES_IN_FORCE.indexOf(order.timeInForce) << 4)
  );
}

export function readFlags(flags: number): FlaggedOrder {
  const timeInForce = TIMES_IN_FORCE[flags >> 4];
  assert(timeInForce !== undefined, "a recorded order has a known time in force");
  return {
    side: (flags & SELL) === 0 ? "buy" : "sell",
    type: (flags & MARKET) === 0 ? "limit" : "market",
    timeInForce,
    postOnly: (flags & POST_ONLY) !== 0,
    liquidity: (flags & LIQUIDITY) !== 0,
  };
}
