/**
 * The port of reference prices: what the rest of the world says a pair is worth.
 *
 * A source is pulled: `take(now)` gives what has become due, in order, every quote once. Its state after any
 * `take` can be stored and taken up again by a new source of the same make, which then gives the same quotes
 * on from there: so a crash between two checkpoints repeats quotes, and never changes or skips one.
 */
import type { Ticks } from "../../engine/units.ts";

export interface ReferenceQuote {
  readonly symbol: string;
  /** From 1 without gaps within a symbol of one source. */
  readonly sequence: number;
  /** The quote's own time, milliseconds UTC: that of the file in a replay. */
  readonly time: number;
  readonly bid: Ticks;
  readonly ask: Ticks;
  /** When it was due by the venue's clock, milliseconds UTC. */
  readonly due: number;
}

export interface ReferenceSource {
  /**
   * Names the make and everything that its quotes follow from; a stored state counts only under the same
   * name.
   */
  readonly identity: string;
  readonly symbols: readonly string[];
  /** Quotes due at `now`, oldest first, at most `limit`. */
  take(now: number, limit: number): ReferenceQuote[];
  /** When the next quote is due by the venue's clock; undefined: there is none any more. */
  due(): number | undefined;
  /** The source's own clock at `now`: every quote before it is due. Infinite at the end. */
  clock(now: number): number;
  /** Its newest quotes, one a symbol at most. */
  latest(): readonly ReferenceQuote[];
  /** A small plain object. */
  state(): unknown;
}
