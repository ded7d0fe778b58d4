/**
 * Reference prices while the store of their candles comes and goes: quotes never wait for it, what waits is
 * bounded, and each quote counts once in the end.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ReferenceFeed } from "../../../mixins/reference/reference-feed.ts";
import { SyntheticSource } from "../../../mixins/reference/synthetic-source.ts";
import { SeededRandom } from "../../../mixins/seeded-random.ts";
import { candleSeries } from "../../../mixins/time-series/candle-builder.ts";
import { LmdbTimeSeries } from "../../../mixins/time-series/lmdb-time-series.ts";
import { GRANULARITIES } from "../../../models/market-data.model.ts";
import { INSTRUMENTS } from "../../../services/instruments.ts";
import { FleetingSeries } from "../../contract/fleeting-series.ts";

const START = Date.parse("2026-03-03T13:00:00Z");
/** Many of them are less than the pause behind which a synthetic market jumps to the present. */
const STEP_MS = 500;
const instruments = INSTRUMENTS.slice(0, 2);

let folder: string;
let inner: LmdbTimeSeries[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cambist-away-"));
  inner = [];
});

afterEach(async () => {
  for (const store of inner) await store.close();
  rmSync(folder, { recursive: true });
});

function storeOf(name: string): FleetingSeries {
  const store = new LmdbTimeSeries(folder, name);
  inner.push(store);
  return new FleetingSeries(store);
}

async function openFeed(store: FleetingSeries, now: number): Promise<ReferenceFeed> {
  const feed = await ReferenceFeed.open(store, stored => [new SyntheticSource(instruments, 1, now, stored)]);
  await feed.start(now);
  return feed;
}

async function run(feed: ReferenceFeed, from: number, to: number): Promise<void> {
  for (let now = from; now <= to; now += STEP_MS) {
    while (feed.pump(now).more);
    await feed.commit();
  }
}

async function candlesOf({ inner: store }: FleetingSeries) {
  const all = [];
  for (const { symbol } of instruments) {
    for (const granularity of GRANULARITIES) {
      const series = candleSeries("reference", symbol, granularity);
      all.push(await store.rows(series, { from: 0, to: 8.64e15, limit: 1e5 }));
    }
  }
  return all.flat();
}

it("counts each quote once, however often the store goes away or the process ends", async () => {
  const END = START + 5 * 60_000;
  const expected = storeOf("expected");
  await run(await openFeed(expected, START), START, END);

  const random = new SeededRandom(5);
  const store = storeOf("fleeting");
  let feed = await openFeed(store, START);
  for (let now = START; now <= END; now += STEP_MS) {
    store.goesAway = () => random.uniform() < 0.15;
    await run(feed, now, now);
    store.goesAway = () => false;
    // Killed: what the store did not take is drawn again, from the state that it has.
    if (random.uniform() < 0.1) feed = await openFeed(store, now);
  }
  await feed.commit();
  expect(await candlesOf(store)).toEqual(await candlesOf(expected));
});

it("quotes on while the store is away, and keeps no more than a bound of it waiting", async () => {
  const store = storeOf("away");
  const feed = await openFeed(store, START);
  const heard: boolean[] = [];
  feed.onAway = error => heard.push(error !== undefined);
  store.isAway = true;
  await feed.commit();
  const before = feed.latest("EURUSD")?.sequence ?? 0;
  const day = 86_400_000;
  // A quote a minute is enough to fill every granularity.
  for (let now = START; now < START + 8 * day; now += 60_000) {
    feed.candles.fold("EURUSD", now, 110_000, 110_010, 1);
    feed.candles.fold("GBPUSD", now, 120_000, 120_010, 1);
    if (now % 3_600_000 === 0) feed.pump(now);
  }
  await feed.commit();
  expect(feed.isAway).toBe(true);
  expect(feed.latest("EURUSD")?.sequence).toBeGreaterThan(before);
  await expect(feed.list(instruments[0] ?? never(), { granularity: "M1" }, START)).rejects.toMatchObject({
    type: "NOT_READY",
  });
  store.isAway = false;
  await feed.commit();
  expect(feed.isAway).toBe(false);
  expect(heard).toEqual([true, false]);
  expect(store.largest).toBeGreaterThan(10_000);
  expect(store.largest).toBeLessThan(21_000);
});

it("does not open while the store is away: prices go on from their state or not at all", async () => {
  const store = storeOf("closed");
  store.isAway = true;
  await expect(openFeed(store, START)).rejects.toMatchObject({ type: "NOT_READY" });
});

function never(): never {
  throw new Error("Invariant: there are instruments");
}
