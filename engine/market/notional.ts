/**
 * How much an order may be worth: its whole size at its limit, in money of the quote currency. An order
 * without a limit is judged at the best shown price of the other side, else at the last trade's; where there
 * is neither it is not judged.
 */
import { type Book, BUY, SELL } from "../book/book.ts";
import type { NotionalLimits } from "../instrument.ts";
import type { Rejection } from "../rejection.ts";
import type { Side } from "../units.ts";

/** The price that an order without a limit of its own is judged at; 0 where there is none. */
export function judgedTicks({ queues, lastTicks }: Book, side: Side, ticks: number): number {
  return ticks || queues.bestTicks(side === "buy" ? SELL : BUY) || lastTicks;
}

/** `ticks`: the limit, 0 where there is none. */
export function refusalOfNotional(
  { minimum, maximum, valuePerTickLot }: NotionalLimits,
  book: Book,
  side: Side,
  ticks: number,
  lots: number,
): Rejection | undefined {
  const price = judgedTicks(book, side, ticks);
  if (price === 0) return undefined;
  const value = BigInt(price) * BigInt(lots) * valuePerTickLot;
  if (minimum !== undefined && value < minimum) return "notionalBelowMinimum";
  return maximum !== undefined && value > maximum ? "notionalAboveMaximum" : undefined;
}
