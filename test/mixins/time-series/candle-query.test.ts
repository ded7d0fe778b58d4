/** Pages of candles either way, across what is stored and what is not yet. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { defineInstrument } from "../../../engine/instrument.ts";
import { CandleBuilder } from "../../../mixins/time-series/candle-builder.ts";
import {
  type CandlePage,
  type CandleQuery,
  listCandles,
  storedHead,
} from "../../../mixins/time-series/candle-query.ts";
import { LmdbTimeSeries } from "../../../mixins/time-series/lmdb-time-series.ts";

const instrument = defineInstrument({
  symbol: "EURUSD",
  tickSize: "0.00001",
  lotStep: "1000",
  minimumQuantity: "1000",
});
const MINUTE = 60_000;
const START = Date.parse("2026-03-03T13:00:00Z");
const COUNT = 23;
let folder: string;
let store: LmdbTimeSeries;
let builder: CandleBuilder;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cambist-candles-"));
  store = new LmdbTimeSeries(folder, "test");
  builder = new CandleBuilder("trades");
  for (let minute = 0; minute < COUNT; minute++) {
    // One in the middle is left out: an interval without a price.
    if (minute === 9) continue;
    builder.fold("EURUSD", START + minute * MINUTE, 110_000 + minute, 110_000 + minute, 2);
    builder.fold("EURUSD", START + minute * MINUTE + 30_000, 109_990, 109_990, 3);
    if (minute === 14) {
      await store.commit({ rows: builder.drain(), checkpoints: new Map() });
      builder.settled();
    }
  }
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const list = (query: Omit<CandleQuery, "granularity">, now = START) =>
  listCandles(store, builder, instrument, { granularity: "M1", ...query }, now);
const minutes = (page: CandlePage) => page.items.map(item => (Date.parse(item.time) - START) / MINUTE);
const expected = Array.from({ length: COUNT }, (_, minute) => minute).filter(minute => minute !== 9);

it("goes forwards from a time, each candle once", async () => {
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ from: new Date(START).toISOString(), limit: 5, cursor });
    seen.push(...minutes(page));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(expected);
});

it("goes back from the newest, each page in order of time", async () => {
  const pages: number[][] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 5, cursor });
    pages.unshift(minutes(page));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(pages.flat()).toEqual(expected);
});

it("shows prices, volume and which is complete", async () => {
  const page = await list({ limit: 2 });
  const prices = { open: "1.10022", high: "1.10022", low: "1.09990", close: "1.09990" };
  expect(page.items[1]).toEqual({
    time: new Date(START + 22 * MINUTE).toISOString(),
    bid: prices,
    ask: prices,
    volume: "5000",
    complete: false,
  });
  expect(page.items[0]?.complete).toBe(true);
  expect((await list({ limit: 1 }, START + 23 * MINUTE)).items[0]?.complete).toBe(true);
});

it("ends before 'to'", async () => {
  const to = new Date(START + 3 * MINUTE).toISOString();
  expect(minutes(await list({ to }))).toEqual([0, 1, 2]);
});

it.each([{ from: "yesterday" }, { to: "2026" }, { cursor: "after:x" }])("refuses %j", async query => {
  await expect(list(query)).rejects.toMatchObject({ type: "VALIDATION_FAILED" });
});

it("says of candles that another process stores which are complete by what it has read", async () => {
  await store.commit({ rows: builder.drain(), checkpoints: new Map() });
  const query = { granularity: "M1", limit: 2 } as const;
  const { items } = await listCandles(store, storedHead("trades"), instrument, query, START + 22.5 * MINUTE);
  expect(items.map(({ complete }) => complete)).toEqual([true, false]);
  expect(items.at(-1)?.time).toBe(new Date(START + 22 * MINUTE).toISOString());
});

it("continues candles that an earlier run had begun", async () => {
  await store.commit({ rows: builder.drain(), checkpoints: new Map() });
  const next = new CandleBuilder("trades");
  next.resume("EURUSD", START + 22 * MINUTE + 40_000, builder.forming("EURUSD"));
  next.fold("EURUSD", START + 22 * MINUTE + 41_000, 110_500, 110_500, 1);
  const { items } = await listCandles(store, next, instrument, { granularity: "H1" }, START);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({
    volume: String((22 * 5 + 1) * 1_000),
    bid: { open: "1.10000", high: "1.10500" },
  });
});
