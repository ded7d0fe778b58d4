/**
 * Workloads that hold a book at a size. Each begins with the orders that make the book (`built` commands) and
 * goes on with what is timed. Prices stand around `MIDDLE`, bids below it, asks above.
 *
 *   queues   `ORDERS_IN_QUEUES` orders in queues of one length, then a fifth of them cancelled, at random
 *   depth    one order a level; then, over and over, nine orders drawn at random cancelled and placed anew,
 *            and a market order for the best order, which is placed anew: 45 % cancel, 50 % limit, 5 % market
 *   resting  so many orders on 1,000 levels, nothing more
 */
import { CANCEL, columns, LIMIT, MARKET, type Workload } from "./workload.ts";

export interface Scaled {
  readonly workload: Workload;
  /** Commands that make the book, which nobody times. */
  readonly built: number;
}

export const ORDERS_IN_QUEUES = 100_000;
const MIDDLE = 1_000_000;
const QUANTITY = 10;
const LEVELS_OF_RESTING = 1_000;

function source(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The price of the order at `rank` from the middle; even ranks buy, odd ones sell. */
function limitAt(rank: number, id: number): number[] {
  const away = (rank >> 1) + 1;
  return [LIMIT, id, rank & 1, (rank & 1) === 0 ? MIDDLE - away : MIDDLE + away, QUANTITY];
}

export function queuesOf(length: number): Scaled {
  const random = source(11);
  const rows: number[][] = [];
  const levels = ORDERS_IN_QUEUES / length;
  for (let id = 1; id <= ORDERS_IN_QUEUES; id++) {
    rows.push([LIMIT, id, 0, MIDDLE - 1 - (id % levels), QUANTITY]);
  }
  const left = Array.from({ length: ORDERS_IN_QUEUES }, (_, index) => index + 1);
  for (let cancels = ORDERS_IN_QUEUES / 5; cancels > 0; cancels--) {
    const at = random(left.length);
    rows.push([CANCEL, left[at] ?? 0, 0, 0, 0]);
    const last = left.pop();
    if (last !== undefined && at < left.length) left[at] = last;
  }
  return { workload: columns(rows), built: ORDERS_IN_QUEUES };
}

export function depthOf(levels: number, commands: number): Scaled {
  const random = source(13);
  const rows: number[][] = [];
  /** Which order stands at each rank from the middle. */
  const standing: number[] = [];
  let id = 0;
  const place = (rank: number) => {
    standing[rank] = ++id;
    rows.push(limitAt(rank, id));
  };
  for (let rank = 0; rank < levels; rank++) place(rank);
  while (rows.length < levels + commands) {
    for (let pair = 0; pair < 9; pair++) {
      const rank = random(levels);
      rows.push([CANCEL, standing[rank] ?? 0, 0, 0, 0]);
      place(rank);
    }
    const best = random(2);
    rows.push([MARKET, ++id, best ^ 1, 0, QUANTITY]);
    place(best);
  }
  return { workload: columns(rows), built: levels };
}

export function restingOf(orders: number): Workload {
  const rows: number[][] = [];
  for (let id = 1; id <= orders; id++) rows.push(limitAt(id % LEVELS_OF_RESTING, id));
  return columns(rows);
}
