/**
 * The projection on real journals: after a crash between two commits everything counts once; without a
 * checkpoint, or when its next record has been dropped, it begins at a snapshot with the market's own book.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { listCandles, storedHead } from "../../../mixins/time-series/candle-query.ts";
import { LmdbTimeSeries } from "../../../mixins/time-series/lmdb-time-series.ts";
import type { TimeSeries } from "../../../mixins/time-series/time-series.ts";
import { MarketProjection } from "../../../services/marketdata/market-projection.ts";
import { SeriesWriter } from "../../../services/marketdata/series-writer.ts";
import { instrument, MarketJournal, START } from "./market-journal.ts";

let folder: string;
let market: MarketJournal;
let series: LmdbTimeSeries;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cambist-projection-"));
  market = await MarketJournal.open(folder);
  series = new LmdbTimeSeries(join(folder, "series"), "markets");
});

afterEach(async () => {
  await series.close();
  await market.close();
  await rm(folder, { recursive: true });
});

const trade = (batches: number, liquidity: boolean) => market.trade(batches, liquidity);

async function project(store: TimeSeries = series): Promise<MarketProjection> {
  const world = {
    now: () => START,
    publish: () => undefined,
    phased: () => undefined,
    reference: () => undefined,
    orders: () => Promise.resolve({ sequence: 0, orders: [] }),
  };
  const projection = new MarketProjection(store, world, new SeriesWriter(store));
  const fail = (error: unknown) => {
    throw error;
  };
  await projection.follow(instrument, market.journal, market.snapshots, fail);
  return projection;
}

const viewOf = (projection: MarketProjection) => {
  const projected = projection.markets.get("EURUSD");
  if (projected === undefined) throw new Error("Invariant: the market is followed");
  return projected.view;
};

/** A follower is told right after the turn of whoever appended. */
async function caughtUp(projection: MarketProjection): Promise<void> {
  await vi.waitFor(() => expect(viewOf(projection).sequence).toBe(market.machine.sequence));
}

function expectBook(projection: MarketProjection): void {
  const view = viewOf(projection);
  const { bids, asks } = market.machine.depth(1_000);
  expect(view.sequence).toBe(market.machine.sequence);
  expect([view.bestBid, view.bestAsk]).toEqual([market.machine.bestBid, market.machine.bestAsk]);
  expect(view.levels.depth("buy")).toEqual(bids);
  expect(view.levels.depth("sell")).toEqual(asks);
}

async function candleVolume(projection: MarketProjection): Promise<number> {
  const query = { granularity: "M1", limit: 5_000 } as const;
  const head = projection.writer?.candles.trades ?? storedHead("trades");
  const { items } = await listCandles(series, head, instrument, query, START);
  return items.reduce((sum, item) => sum + Number(item.volume), 0);
}

it("counts every record once across crashes", async () => {
  let projection = await project();
  for (let round = 0; round < 5; round++) {
    await trade(20, false);
    await projection.commit(() => undefined);
    // Told and folded, never committed: what a crash takes away.
    await trade(10, false);
    await projection.close();
    projection = await project();
    expectBook(projection);
    expect(await candleVolume(projection)).toBe(market.traded * 1_000);
  }
  const page = await viewOf(projection).tape.list(series, 1_000, Number.MAX_SAFE_INTEGER);
  const ids = page.items.map(trade => Number(trade.id));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(ids.toSorted((one, other) => other - one));
  await projection.close();
});

it("stores nothing more after a commit that failed, and counts all of it at the next start", async () => {
  let full = false;
  const failing: TimeSeries = {
    rows: (name, range) => series.rows(name, range),
    checkpoint: name => series.checkpoint(name),
    close: () => series.close(),
    commit: change => (full ? Promise.reject(new Error("no space left")) : series.commit(change)),
  };
  let projection = await project(failing);
  await trade(20, false);
  await projection.commit(() => undefined);
  await trade(20, false);
  await caughtUp(projection);
  full = true;
  await expect(projection.commit(() => undefined)).rejects.toThrow("no space left");
  full = false;
  await expect(projection.commit(() => undefined)).rejects.toThrow("failed");
  expect(projection.isFailed).toBe(true);
  await projection.close();
  projection = await project();
  expect(await candleVolume(projection)).toBe(market.traded * 1_000);
  await projection.close();
});

it("lists all trades page by page, stored or not", async () => {
  const projection = await project();
  await trade(30, false);
  await projection.commit(() => undefined);
  await trade(30, false);
  await caughtUp(projection);
  const { tape } = viewOf(projection);
  let before = Number.MAX_SAFE_INTEGER;
  let sum = 0;
  for (;;) {
    const page = await tape.list(series, 7, before);
    for (const trade of page.items) sum += Number(trade.quantity);
    if (page.nextCursor === undefined) break;
    before = Number(page.nextCursor);
  }
  expect(sum).toBe(market.traded * 1_000);
  await projection.close();
});

it("begins at a snapshot where its next record has been dropped", async () => {
  const first = await project();
  await trade(5, true);
  await first.commit(() => undefined);
  await first.close();
  await trade(100, true);
  await market.journal.retain(market.journal.last);
  expect(market.journal.oldest).toBeGreaterThan(51);
  const projection = await project();
  expectBook(projection);
  await trade(5, true);
  await caughtUp(projection);
  expectBook(projection);
  await projection.close();
});

it("tells how far it has durably come", async () => {
  const projection = await project();
  await trade(3, true);
  await caughtUp(projection);
  const reached = new Map<string, number>();
  await projection.commit((name, sequence) => reached.set(name, sequence));
  expect([...reached]).toEqual([[market.journal.name, 30]]);
  await projection.close();
});
