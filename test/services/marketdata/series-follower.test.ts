/**
 * Who keeps a shared store up to date: whatever of a commit was stored before the store went away or the
 * process ended, the rows come out as if nothing had happened, and what waits is bounded.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { systemTimers } from "../../../mixins/clock.ts";
import { SeededRandom } from "../../../mixins/seeded-random.ts";
import { candleSeries } from "../../../mixins/time-series/candle-builder.ts";
import { LmdbTimeSeries } from "../../../mixins/time-series/lmdb-time-series.ts";
import type { SeriesRow, TimeSeries } from "../../../mixins/time-series/time-series.ts";
import { GRANULARITIES } from "../../../models/market-data.model.ts";
import { SeriesFollower } from "../../../services/marketdata/series-follower.ts";
import { FleetingSeries } from "../../contract/fleeting-series.ts";
import { instrument, MarketJournal, START } from "./market-journal.ts";

let folder: string;
let market: MarketJournal;
const stores: LmdbTimeSeries[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cambist-follower-"));
  market = await MarketJournal.open(folder, 1 << 20);
});

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  await market.close();
  await rm(folder, { recursive: true });
});

function open(name: string): FleetingSeries {
  const inner = new LmdbTimeSeries(join(folder, "series"), name);
  stores.push(inner);
  return new FleetingSeries(inner);
}

const heard: string[] = [];

async function follow(store: TimeSeries): Promise<SeriesFollower> {
  const follower = new SeriesFollower(store, {
    now: () => START,
    // Waiting is a turn of the event loop here: a store that is away is asked again at once.
    timers: { ...systemTimers, after: (_ms, work) => systemTimers.soon(work) },
    reached: () => undefined,
    onAway: () => heard.push("away"),
    onBack: () => heard.push("back"),
    onFailure: error => {
      throw error;
    },
  });
  const { journal, snapshots } = market;
  await follower.follow({ instrument, journal, snapshots });
  return follower;
}

async function allRows({ inner }: FleetingSeries): Promise<SeriesRow[]> {
  const range = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 1e6 };
  const names = ["book", "trades"] as const;
  const candles = names.flatMap(source => GRANULARITIES.map(each => candleSeries(source, "EURUSD", each)));
  const lists = await Promise.all([...candles, "trades/EURUSD"].map(series => inner.rows(series, range)));
  return lists.flat();
}

/** What a follower stores that nothing happens to. */
async function expected(): Promise<SeriesRow[]> {
  const store = open("undisturbed");
  const follower = await follow(store);
  await stored(store);
  await follower.close();
  return allRows(store);
}

async function stored({ inner }: FleetingSeries): Promise<void> {
  const { sequence } = market.machine;
  await vi.waitFor(async () => expect(await inner.checkpoint("market/EURUSD")).toMatchObject({ sequence }), {
    timeout: 30_000,
  });
}

it("stores every row as it is, however often it is cut off before its checkpoint", async () => {
  const random = new SeededRandom(11);
  const store = open("fleeting");
  for (let round = 0; round < 20; round++) {
    store.goesAway = () => random.uniform() < 0.4;
    const follower = await follow(store);
    await market.trade(random.between(1, 30), false);
    await follower.close();
  }
  store.goesAway = () => false;
  const follower = await follow(store);
  await stored(store);
  await follower.close();
  const rows = await allRows(store);
  expect(rows).toEqual(await expected());
  const volume = rows.filter(({ series }) => series === "candles/trades/EURUSD/D1");
  expect(volume.reduce((sum, { values }) => sum + (values[8] ?? 0), 0)).toBe(market.traded);
});

it("reads no further than what may wait, and catches up when the store is back", async () => {
  const store = open("away");
  const follower = await follow(store);
  store.isAway = true;
  heard.length = 0;
  await market.trade(60, false, 1_000);
  await vi.waitFor(() => expect(heard).toEqual(["away"]));
  store.isAway = false;
  await stored(store);
  await follower.close();
  expect(heard).toEqual(["away", "back"]);
  expect(store.largest).toBeGreaterThan(20_000);
  expect(store.largest).toBeLessThan(22_000);
  expect(await allRows(store)).toEqual(await expected());
});
