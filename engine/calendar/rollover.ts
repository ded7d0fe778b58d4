/**
 * The rollover: every weekday at 17:00 in New York one trade date ends and the next begins, summer time
 * included (the convention of the foreign-exchange market; see `value-date.ts`). Positions that are open at
 * that moment are carried over.
 */
import { assert, type Days, type LocalMilliseconds, type Milliseconds } from "../units.ts";
import { DAY_MS } from "./civil-date.ts";
import { HOUR_MS, toLocal, toUtc } from "./time-zone.ts";
import { nextTradeDate, tradeDate } from "./value-date.ts";

const ZONE = "America/New_York";
const ROLL_MS = 17 * HOUR_MS;

/** The moment at which a trade date ends. */
export function rolloverOf(traded: Days): Milliseconds {
  return toUtc(ZONE, (traded * DAY_MS + ROLL_MS) as LocalMilliseconds);
}

/** The trade date of a moment; that of its end is the next one's. */
export function tradeDateAt(time: Milliseconds): Days {
  const local = toLocal(ZONE, time);
  const day = Math.floor(local / DAY_MS);
  return tradeDate((local - day * DAY_MS < ROLL_MS ? day : day + 1) as Days);
}

/**
 * The trade dates after `done` that have ended at `now`, in their order, at most `most` of them.
 */
export function endedSince(done: Days, now: Milliseconds, most: number): Days[] {
  assert(most > 0, "at least one trade date is asked for");
  const ended: Days[] = [];
  for (
    let day = nextTradeDate(done);
    ended.length < most && rolloverOf(day) <= now;
    day = nextTradeDate(day)
  ) {
    ended.push(day);
  }
  return ended;
}
