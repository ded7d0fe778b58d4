/**
 * The canonical matching workload, read from the shared folder beside the repository (or CAMBIST_SHARED), and
 * a second one of the same kind made from a seed, on which every contestant is warmed up.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { composeOrderId, marketOrigin } from "../engine/ids.ts";

export const LIMIT = 0;
export const CANCEL = 1;
export const MARKET = 2;
export const IOC_LIMIT = 3;

export interface Workload {
  readonly length: number;
  readonly types: Int32Array;
  readonly ids: Int32Array;
  /** `ids` as the engine composes them for market 0: what a client was told when it placed the order. */
  readonly orderIds: Float64Array;
  /** 0 buy, 1 sell. */
  readonly sides: Int32Array;
  readonly prices: Int32Array;
  readonly quantities: Int32Array;
  /** `ids` as strings, made beforehand: no contestant pays for that. */
  readonly names: readonly string[];
}

const WORDS_A_COMMAND = 5;

/** What the canonical workload must give. */
export const RIGHT_ANSWER = { trades: 280_852, traded: 9_809_922, resting: 5_165 };

export function canonicalWorkload(): Workload {
  const shared = process.env.CAMBIST_SHARED ?? join(process.cwd(), "..", "shared");
  const bytes = gunzipSync(readFileSync(`${shared}/bench/canonical-1m.bin.gz`));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const rows: number[][] = [];
  for (let at = 0; at < bytes.length; at += WORDS_A_COMMAND * 4) {
    rows.push(Array.from({ length: WORDS_A_COMMAND }, (_, word) => view.getInt32(at + word * 4, true)));
  }
  return columns(rows);
}

/** Commands of about the same mix, from a small linear congruential generator. */
export function warmUpWorkload(count: number): Workload {
  let state = 7;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const rows: number[][] = [];
  let orders = 0;
  let middle = 110_000;
  while (rows.length < count) {
    middle += random(3) - 1;
    const roll = random(100);
    const side = random(2);
    const quantity = 1 + random(100);
    const away = random(random(200) + 1) - 2;
    const price = side === 0 ? middle - away : middle + away;
    if (roll < 55) rows.push([LIMIT, ++orders, side, price, quantity]);
    else if (roll < 90 && orders > 0) rows.push([CANCEL, Math.max(1, orders - random(10_000)), 0, 0, 0]);
    else if (roll < 95) rows.push([MARKET, ++orders, side, 0, quantity]);
    else rows.push([IOC_LIMIT, ++orders, side, side === 0 ? middle + 20 : middle - 20, quantity]);
  }
  return columns(rows);
}

/** Rows of type, id, side, price, quantity as columns. */
export function columns(rows: readonly number[][]): Workload {
  const column = (index: number) => Int32Array.from(rows, row => row[index] ?? 0);
  const ids = column(1);
  return {
    length: rows.length,
    types: column(0),
    ids,
    orderIds: Float64Array.from(ids, count => composeOrderId(count, marketOrigin(0))),
    sides: column(2),
    prices: column(3),
    quantities: column(4),
    names: Array.from(ids, String),
  };
}
