/**
 * The prices that a provider quotes around one reference quote. A price that falls between two ticks is
 * rounded away from the mid, so each lies within half-spread + 1 tick of it; twice the mid is used, so
 * nothing is halved.
 */
import { TICKS_MAX, type Ticks } from "../../engine/units.ts";
import type { ReferenceQuote } from "../../mixins/reference/reference-source.ts";

export interface Ladder {
  /** Best price first. */
  readonly bids: readonly Ticks[];
  readonly asks: readonly Ticks[];
}

/** `layers` are parts of the half-spread; two layers never share a price. */
export function ladderOf(quote: ReferenceQuote, halfSpreadTicks: number, layers: readonly number[]): Ladder {
  const twiceMid = quote.bid + quote.ask;
  const bids: Ticks[] = [];
  const asks: Ticks[] = [];
  for (const part of layers) {
    const distance = Math.max(1, Math.round(part * halfSpreadTicks));
    const bid = Math.floor(twiceMid / 2 - distance);
    const ask = Math.ceil(twiceMid / 2 + distance);
    if (bid < 1 || ask > TICKS_MAX || bids.at(-1) === bid) continue;
    bids.push(bid as Ticks);
    asks.push(ask as Ticks);
  }
  return { bids, asks };
}
