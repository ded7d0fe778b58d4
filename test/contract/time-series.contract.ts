/**
 * What every implementation of TimeSeries has to do. `make` gives a new, empty one; `reopen` closes it and
 * opens what it left, as the next process would.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SeriesRow, TimeSeries } from "../../mixins/time-series/time-series.ts";

export interface SeriesUnderTest {
  readonly store: TimeSeries;
  reopen(): Promise<TimeSeries>;
  dispose(): Promise<void>;
}

const CANDLES = "candles/reference/EURUSD/M1";
const OTHERS = ["candles/reference/EURUSD/M5", "candles/reference/EURUSDX/M1", "candles/reference/AEDUSD/M1"];
const TRADES = "trades/EURUSD";

/** A row of a candle, all of whose nine values say when it is. */
export function candle(series: string, at: number, value = at): SeriesRow {
  return { series, at, values: Array.from({ length: 9 }, (_, index) => value * 10 + index) };
}

function candles(series: string, from: number, to: number): SeriesRow[] {
  return Array.from({ length: to - from }, (_, index) => candle(series, from + index));
}

export function timeSeriesContract(implementation: string, make: () => Promise<SeriesUnderTest>): void {
  describe(`${implementation} as a TimeSeries`, () => {
    let made: SeriesUnderTest;
    let store: TimeSeries;

    beforeEach(async () => {
      made = await make();
      store = made.store;
    });
    afterEach(() => made.dispose());

    const write = (...rows: readonly SeriesRow[]) => store.commit({ rows, checkpoints: new Map() });

    async function ats(from: number, to: number, limit: number, reverse = false): Promise<number[]> {
      return (await store.rows(CANDLES, { from, to, limit, reverse })).map(row => row.at);
    }

    test("a new store has nothing", async () => {
      expect(await ats(-10, 10, 10)).toEqual([]);
      expect(await store.checkpoint("market/EURUSD")).toBeUndefined();
    });

    test("a range is listed in either direction, from inclusive, to exclusive", async () => {
      await write(...candles(CANDLES, -3, 5), ...OTHERS.flatMap(series => candles(series, 0, 3)));
      expect(await ats(-2, 2, 10)).toEqual([-2, -1, 0, 1]);
      expect(await ats(-2, 2, 3, true)).toEqual([1, 0, -1]);
      expect(await ats(-2, 2, 3)).toEqual([-2, -1, 0]);
      expect(await ats(-8.64e15, 8.64e15, 100)).toHaveLength(8);
      expect(await ats(-8.64e15, 8.64e15, 100, true)).toHaveLength(8);
      expect(await ats(2, 2, 10)).toEqual([]);
      expect(await ats(3, 2, 10)).toEqual([]);
      expect(await ats(0, 5, 0)).toEqual([]);
    });

    test("a row comes back as it was, whatever integers it holds", async () => {
      const [most, least] = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
      const row = { series: CANDLES, at: 60_000, values: [0, -1, most, least, 7, 1e15, -1e15, 2 ** 52, 3] };
      await write(row);
      expect(await store.rows(CANDLES, { from: 0, to: 60_001, limit: 1 })).toEqual([row]);
    });

    test("a trade's place has microseconds", async () => {
      const now = Date.now() * 1_000;
      const rows = [0, 1, 2, 1_001].map(offset => ({
        series: TRADES,
        at: now + offset,
        values: [110_000, 7, 1, now / 1_000, 2 ** 50 + offset],
      }));
      await write(...rows);
      const range = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 10, reverse: true };
      expect(await store.rows(TRADES, range)).toEqual(rows.toReversed());
      expect(await store.rows(TRADES, { ...range, to: now + 2 })).toEqual(rows.slice(0, 2).reverse());
    });

    test("a row that is written again is replaced", async () => {
      await write(...candles(CANDLES, 0, 3));
      const again = candle(CANDLES, 1, 99);
      await write(again);
      await write(again);
      expect(await store.rows(CANDLES, { from: 0, to: 9, limit: 9 })).toEqual([
        candle(CANDLES, 0),
        again,
        candle(CANDLES, 2),
      ]);
    });

    test("of a row twice in a commit the later one stays", async () => {
      await write(candle(CANDLES, 1, 5), candle(CANDLES, 1, 6));
      expect(await store.rows(CANDLES, { from: 0, to: 9, limit: 9 })).toEqual([candle(CANDLES, 1, 6)]);
    });

    test("a commit larger than a request is stored whole", async () => {
      await write(...candles(CANDLES, 0, 12_001));
      const all = await ats(0, 20_000, 20_000);
      expect([all.length, all[0], all.at(-1)]).toEqual([12_001, 0, 12_000]);
    });

    test("a trimmed series keeps its newest rows, the others theirs", async () => {
      const [other = ""] = OTHERS;
      await write(...candles(CANDLES, 0, 50), ...candles(other, 0, 50));
      const trims = [{ series: CANDLES, keep: 7 }];
      await store.commit({ rows: [candle(CANDLES, 50)], checkpoints: new Map(), trims });
      expect(await ats(0, 100, 100)).toEqual([44, 45, 46, 47, 48, 49, 50]);
      expect(await store.rows(other, { from: 0, to: 100, limit: 100 })).toHaveLength(50);
      await store.commit({ rows: [], checkpoints: new Map(), trims: [{ series: CANDLES, keep: 70 }] });
      expect(await ats(0, 100, 100)).toHaveLength(7);
    });

    test("a checkpoint comes back as it was, by its name", async () => {
      const awkward = {
        text: "it's \\' \"quoted\" \\ \n, a=b é 漢 🙂",
        list: [1, -2.5, null, true],
        sub: { at: 1 },
      };
      const large = { levels: Array.from({ length: 20_000 }, (_, index) => index * 1_000) };
      const checkpoints = new Map<string, unknown>([
        ["market/EURUSD", awkward],
        ["reference", large],
      ]);
      await store.commit({ rows: [], checkpoints });
      expect(await store.checkpoint("market/EURUSD")).toEqual(awkward);
      expect(await store.checkpoint("reference")).toEqual(large);
      await store.commit({ rows: [], checkpoints: new Map([["market/EURUSD", { at: 2 }]]) });
      expect(await store.checkpoint("market/EURUSD")).toEqual({ at: 2 });
    });

    test("what was committed is there after reopening", async () => {
      const rows = candles(CANDLES, 0, 3);
      await store.commit({ rows, checkpoints: new Map([["market/EURUSD", { sequence: 3 }]]) });
      store = await made.reopen();
      expect(await store.rows(CANDLES, { from: 0, to: 9, limit: 9 })).toEqual(rows);
      expect(await store.checkpoint("market/EURUSD")).toEqual({ sequence: 3 });
    });
  });
}
