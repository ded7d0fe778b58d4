/**
 * Where candles begin and end. Minutes and hours are multiples in UTC, H4 from midnight UTC; a day opens at
 * 17:00 New York, when the forex day rolls, so it lasts 23 or 25 hours when the clocks there change.
 *
 * Days are found through Intl once each and remembered; the memory is bounded and starts over when full.
 */
import type { Granularity } from "../../models/market-data.model.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DAYS_REMEMBERED_MAX = 4_096;

const STEP: Readonly<Record<Exclude<Granularity, "D1">, number>> = {
  M1: MINUTE,
  M5: 5 * MINUTE,
  M15: 15 * MINUTE,
  M30: 30 * MINUTE,
  H1: HOUR,
  H4: 4 * HOUR,
};

const newYorkHour = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/New_York",
  hour: "numeric",
  hourCycle: "h23",
});
const opens = new Map<number, number>();

/** The moment of 17:00 New York on UTC day number `day`: 21:00 UTC in summer, 22:00 in winter. */
function dayOpen(day: number): number {
  const known = opens.get(day);
  if (known !== undefined) return known;
  const summer = day * DAY + 21 * HOUR;
  const open = Number(newYorkHour.format(summer)) === 17 ? summer : summer + HOUR;
  if (opens.size >= DAYS_REMEMBERED_MAX) opens.clear();
  opens.set(day, open);
  return open;
}

/** Start of the interval that `time` (milliseconds UTC) falls in. */
export function intervalStart(granularity: Granularity, time: number): number {
  if (granularity !== "D1") return Math.floor(time / STEP[granularity]) * STEP[granularity];
  const day = Math.floor(time / DAY);
  const open = dayOpen(day);
  return time >= open ? open : dayOpen(day - 1);
}

/** End (exclusive) of the interval that starts at `start`. */
export function intervalEnd(granularity: Granularity, start: number): number {
  return granularity === "D1" ? dayOpen(Math.floor(start / DAY) + 1) : start + STEP[granularity];
}
