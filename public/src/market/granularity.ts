/**
 * Where candles begin. Up to H4 they are even parts of the UTC day; D1 opens at 17:00 in New York, which is
 * 21:00 or 22:00 UTC, and 23 or 25 hours long twice a year.
 */
import type { Granularity } from "../client/wire.ts";

export const GRANULARITIES: readonly Granularity[] = ["M1", "M5", "M15", "M30", "H1", "H4", "D1"];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const LENGTH_MS: Readonly<Record<Granularity, number>> = {
  M1: MINUTE,
  M5: 5 * MINUTE,
  M15: 15 * MINUTE,
  M30: 30 * MINUTE,
  H1: HOUR,
  H4: 4 * HOUR,
  D1: 24 * HOUR,
};

/** Nominal length of a candle in milliseconds. */
export function lengthOf(granularity: Granularity): number {
  return LENGTH_MS[granularity];
}

const newYork = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/New_York",
  hour: "2-digit",
  hourCycle: "h23",
});

/** Start of the candle that holds `time`, both in milliseconds since 1970 UTC. */
export function candleStart(granularity: Granularity, time: number): number {
  if (granularity !== "D1") {
    const length = LENGTH_MS[granularity];
    return Math.floor(time / length) * length;
  }
  // The hour in New York tells how long ago 17:00 was; a change of the clock in between is put right by a
  // second look.
  let start = Math.floor(time / HOUR) * HOUR;
  start -= ((Number(newYork.format(start)) + 7) % 24) * HOUR;
  const hour = Number(newYork.format(start));
  if (hour === 16) start += HOUR;
  if (hour === 18) start -= HOUR;
  return start;
}
