/**
 * The day of forex: from 17:00 in New York to the next, named by the date on which it ends. Zone rules begin
 * with 1990; before it New York is counted as five hours behind UTC.
 */
import { DAY_MS } from "../calendar/civil-date.ts";
import { HOUR_MS, toLocal, toUtc } from "../calendar/time-zone.ts";
import type { LocalMilliseconds, Milliseconds } from "../units.ts";

const ZONE = "America/New_York";
/** From 17:00 to midnight. */
const EVENING_MS = 7 * HOUR_MS;
/** 1990-01-01. */
const RULES_BEGIN = 7_305 * DAY_MS;

function dayOf(local: number): number {
  return Math.floor((local + EVENING_MS) / DAY_MS);
}

/** When a day begins. */
export function tradingDayBegins(day: number): Milliseconds {
  const local = day * DAY_MS - EVENING_MS;
  if (local < RULES_BEGIN) return (local + 5 * HOUR_MS) as Milliseconds;
  return toUtc(ZONE, local as LocalMilliseconds);
}

/** Remembers the day that was asked for last: most are asked for many times in a row. */
export class TradingDays {
  #day = 0;
  #from = 0;
  #until = 0;

  of(time: Milliseconds): number {
    if (time >= this.#from && time < this.#until) return this.#day;
    const local = time < RULES_BEGIN ? time - 5 * HOUR_MS : toLocal(ZONE, time);
    const day = dayOf(local);
    this.#day = day;
    this.#from = tradingDayBegins(day);
    this.#until = tradingDayBegins(day + 1);
    return day;
  }
}
