/**
 * Candles and trades in a store that nodes share, on a real InfluxDB that is killed in the middle of trading:
 * what is live goes on, and in the end the store has what an embedded venue makes of the same journals.
 */
import { rm } from "node:fs/promises";
import type { Context } from "moleculer";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";
import type { CandlePage } from "../../mixins/time-series/candle-query.ts";
import { InfluxTimeSeries } from "../../mixins/time-series/influx-time-series.ts";
import {
  type Book,
  GRANULARITIES,
  type MarketRoomEvent,
  type Statistics,
  type Ticker,
  type Trade,
} from "../../models/market-data.model.ts";
import marketdata from "../../services/marketdata.service.ts";
import series from "../../services/series.service.ts";
import { INFLUXD, type InfluxServer, startInfluxd } from "../servers/influxd.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

const symbol = "EURUSD";
const ALL = { symbol, limit: 1_000 };
const AWAY = { type: "NOT_READY", retryable: true };
const SERVICES = [...TRADING, marketdata, series];

describe.skipIf(INFLUXD === undefined)("a shared store of series", () => {
  let server: InfluxServer;
  let folder: string;
  let venue: Venue | undefined;
  let placed = 0;

  beforeEach(async () => {
    server = await startInfluxd();
    folder = await temporaryFolder();
    placed = 0;
  });
  afterEach(async () => {
    await venue?.stop();
    await server.process.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const influx = () => ({ url: server.url, database: "cambist" });

  async function start(shared: boolean): Promise<Venue> {
    venue = await startVenue(folder, {
      services: SERVICES,
      settings: { stores: shared ? { influx: influx() } : {} },
    });
    return venue;
  }

  /** Two clients trade with each other, at prices that go up and down. */
  async function trade(at: Venue, rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      placed++;
      const price = `1.0${5000 + ((placed * 37) % 90)}`;
      for (const [account, side] of [
        [1001, "buy"],
        [1002, "sell"],
      ] as const) {
        const terms = { symbol, side, type: "limit", price, quantity: "2000" };
        await at.call("orders.place", { clientOrderId: `${side}-${placed}`, ...terms }, principal(account));
      }
    }
  }

  async function open(at: Venue): Promise<void> {
    await at.openAccounts(1001, 1002);
    await at.quote(symbol, "1.04000", "1.06000");
  }

  /** Everything that the past is seen by, but for what depends on the time of asking. */
  async function past(at: Venue) {
    const candles: unknown[] = [];
    for (const source of ["book", "trades"]) {
      for (const granularity of GRANULARITIES) {
        const page = await at.call<CandlePage>("marketdata.candles", { symbol, source, granularity });
        candles.push(
          page.items.map(({ complete: _complete, ...item }) => ({ source, granularity, ...item })),
        );
      }
    }
    const { items: trades } = await at.call<{ items: Trade[] }>("marketdata.trades", ALL);
    const statistics = await at.call<Statistics>("marketdata.statistics", { symbol });
    const { volume24h, high24h, low24h } = await at.call<Ticker>("marketdata.ticker", { symbol });
    // The owner's record of a restart has a number too.
    return {
      candles,
      trades,
      statistics: { ...statistics, sequence: 0, time: "" },
      volume24h,
      high24h,
      low24h,
    };
  }

  /** The store has everything that the market has done. */
  async function caughtUp(at: Venue): Promise<void> {
    const { sequence } = await at.call<Book>("marketdata.book", { symbol });
    const store = new InfluxTimeSeries(influx());
    await vi.waitFor(
      async () => expect(await store.checkpoint(`market/${symbol}`)).toMatchObject({ sequence }),
      { timeout: 30_000, interval: 50 },
    );
  }

  async function expectSameAsEmbedded(shared: Awaited<ReturnType<typeof past>>): Promise<void> {
    await venue?.stop();
    const embedded = await past(await start(false));
    expect(shared.trades.length).toBe(placed);
    expect(shared).toEqual(embedded);
  }

  function listen(at: Venue): MarketRoomEvent[] {
    const told: MarketRoomEvent[] = [];
    const hear = (ctx: Context<MarketRoomEvent>) => void told.push(ctx.params);
    at.broker.createService({ name: "listener", events: { "room.updated": hear } });
    return told;
  }

  it("goes on live while it is away, and has everything when it is back", async () => {
    const trading = await start(true);
    await open(trading);
    await trade(trading, 30);
    await caughtUp(trading);
    await trade(trading, 5);
    await server.process.kill();
    const told = listen(trading);
    await trading.call("marketdata.snapshot", { room: `trades:${symbol}` });
    await trade(trading, 30);
    expect(told.filter(({ room }) => room === `trades:${symbol}`)).not.toEqual([]);
    const book = await trading.call<Book>("marketdata.book", { symbol });
    expect(book.bids[0]?.[0]).toBe("1.04000");
    const room = `trades:${symbol}`;
    const snapshot = await trading.call<{ trades: Trade[] }>("marketdata.snapshot", { room });
    expect(snapshot.trades).toHaveLength(65);
    const recent = await trading.call<{ items: Trade[] }>("marketdata.trades", { symbol, limit: 50 });
    expect(recent.items).toEqual(snapshot.trades.slice(0, 50));
    await expect(trading.call("marketdata.trades", ALL)).rejects.toMatchObject(AWAY);
    const source = "trades";
    await expect(trading.call("marketdata.candles", { symbol, source })).rejects.toMatchObject(AWAY);
    await server.process.start();
    await trade(trading, 5);
    await caughtUp(trading);
    await expectSameAsEmbedded(await past(trading));
  });

  it("is no reason not to start, and completes what is shown when it is back", async () => {
    let trading = await start(true);
    await open(trading);
    await trade(trading, 20);
    await caughtUp(trading);
    await trading.stop();
    await server.process.kill();
    trading = await start(true);
    await trade(trading, 3);
    expect(runtimeOf(trading.broker).readiness.ready).toBe(true);
    const { sequence, bids } = await trading.call<Book>("marketdata.book", { symbol });
    expect(bids[0]?.[0]).toBe("1.04000");
    await server.process.start();
    await vi.waitFor(
      async () => {
        const { items } = await trading.call<{ items: Trade[] }>("marketdata.trades", ALL);
        expect(items).toHaveLength(placed);
        const { trades } = await trading.call<Statistics>("marketdata.statistics", { symbol });
        expect(trades).toBe(placed);
      },
      { timeout: 30_000, interval: 50 },
    );
    expect((await trading.call<Book>("marketdata.book", { symbol })).sequence).toBe(sequence);
    await trade(trading, 3);
    await caughtUp(trading);
    await expectSameAsEmbedded(await past(trading));
  });
});
