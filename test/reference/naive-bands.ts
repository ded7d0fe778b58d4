/** How far prices may go in the naive market: the range of one order's executions, and price bands. */
import type { Instrument } from "../../engine/instrument.ts";
import type { Side, Ticks } from "../../engine/units.ts";

/** The furthest price for an order that would trade at these; undefined where all of them are allowed. */
export function furthest(instrument: Instrument, side: Side, prices: readonly number[]): Ticks | undefined {
  const range = instrument.priceLimits?.rangeTicks;
  const [first] = prices;
  if (range === undefined || first === undefined) return undefined;
  const bound = side === "buy" ? first + range : first - range;
  const goesBeyond = prices.some(price => (side === "buy" ? price > bound : price < bound));
  return goesBeyond ? (bound as Ticks) : undefined;
}

/** The lowest and the highest price of a band; all prices where there is no such band, or no price for it. */
export function bandOf(
  instrument: Instrument,
  name: "static" | "dynamic",
  center: number,
): { low: number; high: number } {
  const width = instrument.priceLimits?.bands?.[name];
  if (width === undefined || center === 0) return { low: 0, high: Number.POSITIVE_INFINITY };
  if (width.by === "ticks") return { low: center - width.distance, high: center + width.distance };
  const distance = BigInt(center) * BigInt(width.distance);
  const ticks = Number(distance / 1_000n);
  return { low: center - ticks, high: center + ticks };
}
