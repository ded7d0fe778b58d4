/**
 * The projection on real journals: after a crash between two commits everything counts once; without a
 * checkpoint, or when its next record has been dropped, it begins at a snapshot with the market's own book.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ByteWriter } from "../../../engine/bytes.ts";
import { defineInstrument } from "../../../engine/instrument.ts";
import { MarketMachine } from "../../../engine/market/market-machine.ts";
import { encodeMarketRecord } from "../../../engine/market/record.ts";
import { accountId, lots, milliseconds, money, ticks } from "../../../engine/units.ts";
import type { FileJournal } from "../../../mixins/journal/file-journal.ts";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import { SeededRandom } from "../../../mixins/seeded-random.ts";
import { listCandles } from "../../../mixins/time-series/candle-query.ts";
import { LmdbTimeSeries } from "../../../mixins/time-series/lmdb-time-series.ts";
import type { TimeSeries } from "../../../mixins/time-series/time-series.ts";
import { MarketProjection } from "../../../services/marketdata/market-projection.ts";

const instrument = defineInstrument({
  symbol: "EURUSD",
  number: 1,
  tickSize: "0.00001",
  lotStep: "1000",
  minimumQuantity: "1000",
});
const NAME = "market.EURUSD";
const START = Date.parse("2026-03-03T13:00:00Z");

let folder: string;
let journals: FileJournalStore;
let journal: FileJournal;
let machine: MarketMachine;
let random: SeededRandom;
let series: LmdbTimeSeries;
let traded = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cambist-projection-"));
  journals = new FileJournalStore(folder, { segmentBytes: 4_000 });
  journal = await journals.open(NAME);
  machine = new MarketMachine(instrument);
  random = new SeededRandom(3);
  series = new LmdbTimeSeries(join(folder, "series"), "markets");
  traded = 0;
});

afterEach(async () => {
  await series.close();
  await journals.close();
  await rm(folder, { recursive: true });
});

/** Appends random orders, ten a batch; a snapshot where a segment is full. */
async function trade(batches: number, liquidity: boolean): Promise<void> {
  const writer = new ByteWriter();
  for (let batch = 0; batch < batches; batch++) {
    writer.clear();
    for (let index = 0; index < 10; index++) {
      const number = machine.sequence + 1;
      const log = machine.apply({
        kind: "place",
        time: milliseconds(START + number * 250),
        shard: 0,
        number,
        account: accountId(1),
        liquidity,
        reference: 0,
        clientOrderId: String(number),
        side: random.uniform() < 0.5 ? "buy" : "sell",
        type: "limit",
        timeInForce: "GTC",
        postOnly: false,
        lots: lots(random.between(1, 9)),
        ticks: ticks(random.between(95, 105)),
        reserved: money(0n),
      });
      for (let row = 0; row < log.length; row++)
        if (log.rows[row * 10] === 3) traded += log.rows[row * 10 + 5] ?? 0;
      const command = { kind: "owner", time: milliseconds(START + number * 250), epoch: 1 } as const;
      encodeMarketRecord(writer, command, log, machine.bestBid, machine.bestAsk);
    }
    const { sealed } = await journal.append(journal.last, 10, writer.view().slice(), !liquidity);
    if (sealed) {
      const snapshot = { sequence: machine.sequence, hash: machine.hash(), bytes: machine.snapshot() };
      await journals.snapshots(NAME).save(snapshot);
    }
  }
}

async function project(store: TimeSeries = series): Promise<MarketProjection> {
  const projection = new MarketProjection(store, {
    now: () => START,
    publish: () => undefined,
    phased: () => undefined,
    reference: () => undefined,
    orders: () => Promise.resolve({ sequence: 0, orders: [] }),
  });
  const fail = (error: unknown) => {
    throw error;
  };
  await projection.follow(instrument, journal, journals.snapshots(NAME), fail);
  return projection;
}

const viewOf = (projection: MarketProjection) => {
  const market = projection.markets.get("EURUSD");
  if (market === undefined) throw new Error("Invariant: the market is followed");
  return market.view;
};

/** A follower is told right after the turn of whoever appended. */
async function caughtUp(projection: MarketProjection): Promise<void> {
  await vi.waitFor(() => expect(viewOf(projection).sequence).toBe(machine.sequence));
}

function expectBook(projection: MarketProjection): void {
  const view = viewOf(projection);
  const { bids, asks } = machine.depth(1_000);
  expect(view.sequence).toBe(machine.sequence);
  expect([view.bestBid, view.bestAsk]).toEqual([machine.bestBid, machine.bestAsk]);
  expect(view.levels.depth("buy")).toEqual(bids);
  expect(view.levels.depth("sell")).toEqual(asks);
}

async function candleVolume(projection: MarketProjection): Promise<number> {
  const query = { granularity: "M1", limit: 5_000 } as const;
  const { items } = await listCandles(series, projection.tradeCandles, instrument, query, START);
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
    expect(await candleVolume(projection)).toBe(traded * 1_000);
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
  expect(await candleVolume(projection)).toBe(traded * 1_000);
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
  expect(sum).toBe(traded * 1_000);
  await projection.close();
});

it("begins at a snapshot where its next record has been dropped", async () => {
  const first = await project();
  await trade(5, true);
  await first.commit(() => undefined);
  await first.close();
  await trade(100, true);
  await journal.retain(journal.last);
  expect(journal.oldest).toBeGreaterThan(51);
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
  expect([...reached]).toEqual([[NAME, 30]]);
  await projection.close();
});
