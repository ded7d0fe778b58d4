/**
 * Market data for everyone: depth, trades, ticker and candles, as projections of the markets' journals. What
 * it knows it has from there alone, so it may be restarted, or run beside others, without anyone noticing.
 */
import { join } from "node:path";
import type { Context, Service, ServiceBroker, ServiceSchema, ServiceSettingSchema } from "moleculer";
import { Fault } from "../mixins/fault.ts";
import type { ReferenceQuote } from "../mixins/reference/reference-source.ts";
import { type Runtime, runtimeOf } from "../mixins/runtime/runtime.ts";
import {
  CANDLES_DEFAULT,
  CANDLES_MAX,
  type CandlePage,
  type CandleQuery,
  listCandles,
} from "../mixins/time-series/candle-query.ts";
import { LmdbTimeSeries } from "../mixins/time-series/lmdb-time-series.ts";
import type { TimeSeries } from "../mixins/time-series/time-series.ts";
import {
  type Book,
  CANDLE_SOURCES,
  type CandleSource,
  GRANULARITIES,
  type InstrumentItem,
  type MarketRoomEvent,
  type QuoteLag,
  type ReferenceItem,
  type ReferencePrice,
  type Ticker,
  type Trade,
} from "../models/market-data.model.ts";
import { type ListPage, PAGE_PARAMS, type PageParams, pageOfList } from "./list-page.ts";
import { viewInstrument, viewQuote } from "./marketdata/listing-view.ts";
import { MarketProjection, type ProjectedMarket } from "./marketdata/market-projection.ts";
import { splitRoom } from "./marketdata/market-rooms.ts";
import type { ReferenceQuoted } from "./reference.service.ts";
import { servicesThere } from "./service-wait.ts";

const COMMIT_MS = 2_000;
const DEPTH_MAX = 1_000;
const TRADES_MAX = 1_000;
/** One that isn't listed is not found, whatever it looks like. */
const SYMBOL = { type: "string", max: 64 } as const;
const ROOM = { type: "string", pattern: /^(book|trades|ticker):[A-Z0-9]{3,20}$/ } as const;
/** Committed candles of a market follow its commands by some milliseconds: complete is said a second late. */
const SETTLE_MS = 1_000;

interface MarketdataHost extends Service {
  store: TimeSeries;
  projection: MarketProjection;
  quotes: Map<string, ReferenceQuote>;
  stopping: boolean;
  timer: NodeJS.Timeout;
}

type Candles = Omit<CandleQuery, "limit"> & { symbol: string; source: CandleSource; limit: number };

function marketOf(host: MarketdataHost, symbol: string): ProjectedMarket {
  const market = host.projection?.markets.get(symbol);
  if (market === undefined) {
    // Throws SYMBOL_UNKNOWN unless the market is listed and only still being read.
    runtimeOf(host.broker).instrument(symbol);
    throw new Fault("NOT_READY", `Cannot show market as it must have been read first: received ${symbol}`);
  }
  return market;
}

function referenceOf(host: MarketdataHost, symbol: string): ReferencePrice | undefined {
  const quote = host.quotes.get(symbol);
  return quote === undefined ? undefined : viewQuote(runtimeOf(host.broker).instrument(symbol), quote);
}

/** Durable positions of all markets, told to the runtime as what may be dropped. */
async function commit(host: MarketdataHost, runtime: Runtime): Promise<void> {
  await host.projection.commit((journal, sequence) => runtime.cursors.set("marketdata", journal, sequence));
}

/** The quotes that were told before this service listened. */
async function hearReference(host: MarketdataHost): Promise<void> {
  const { broker, quotes } = host;
  if (!(await servicesThere(broker, ["reference"], () => host.stopping))) return;
  for (const quote of await broker.call<ReferenceQuote[]>("reference.latest")) {
    if (!quotes.has(quote.symbol)) quotes.set(quote.symbol, quote);
  }
}

type Schema = ServiceSchema<ServiceSettingSchema, object, MarketdataHost>;

const actions: NonNullable<Schema["actions"]> = {
  instruments: {
    params: { $$strict: true, ...PAGE_PARAMS },
    handler(this: MarketdataHost, ctx: Context<PageParams>): ListPage<InstrumentItem> {
      const items = runtimeOf(this.broker).instruments.map(viewInstrument);
      return pageOfList(items, ({ symbol }) => symbol, ctx.params);
    },
  },

  book: {
    params: {
      $$strict: true,
      symbol: SYMBOL,
      depth: { type: "number", integer: true, min: 1, max: DEPTH_MAX, default: 20, convert: true },
    },
    handler(this: MarketdataHost, ctx: Context<{ symbol: string; depth: number }>): Book {
      return marketOf(this, ctx.params.symbol).view.book(ctx.params.depth);
    },
  },

  /** Newest first. */
  trades: {
    params: {
      $$strict: true,
      symbol: SYMBOL,
      limit: { type: "number", integer: true, min: 1, max: TRADES_MAX, default: 100, convert: true },
      cursor: { type: "string", pattern: /^\d{1,16}$/, optional: true },
    },
    handler(
      this: MarketdataHost,
      ctx: Context<{ symbol: string; limit: number; cursor?: string }>,
    ): Promise<{ items: Trade[]; nextCursor?: string }> {
      const { symbol, limit, cursor } = ctx.params;
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
      return marketOf(this, symbol).view.tape.list(this.store, limit, before);
    },
  },

  ticker: {
    params: { $$strict: true, symbol: SYMBOL },
    handler(this: MarketdataHost, ctx: Context<{ symbol: string }>): Ticker {
      const { symbol } = ctx.params;
      const now = runtimeOf(this.broker).clock.now();
      return marketOf(this, symbol).view.ticker(referenceOf(this, symbol), now);
    },
  },

  candles: {
    params: {
      $$strict: true,
      symbol: SYMBOL,
      granularity: { type: "enum", values: [...GRANULARITIES], default: "M1" },
      source: { type: "enum", values: [...CANDLE_SOURCES], default: "reference" },
      from: { type: "string", max: 40, optional: true },
      to: { type: "string", max: 40, optional: true },
      limit: {
        type: "number",
        integer: true,
        min: 1,
        max: CANDLES_MAX,
        default: CANDLES_DEFAULT,
        convert: true,
      },
      cursor: { type: "string", max: 32, optional: true },
    },
    handler(this: MarketdataHost, ctx: Context<Candles>): Promise<CandlePage> {
      const { symbol, source, ...query } = ctx.params;
      const runtime = runtimeOf(this.broker);
      const instrument = runtime.instrument(symbol);
      if (source === "reference") return ctx.call("reference.candles", { symbol, ...query });
      const builder = source === "book" ? this.projection.bookCandles : this.projection.tradeCandles;
      return listCandles(this.store, builder, instrument, query, runtime.clock.now() - SETTLE_MS);
    },
  },

  /** The newest reference quote, and how far behind the liquidity's orders are. */
  reference: {
    params: { $$strict: true, symbol: SYMBOL },
    async handler(this: MarketdataHost, ctx: Context<{ symbol: string }>): Promise<ReferenceItem> {
      const { symbol } = ctx.params;
      runtimeOf(this.broker).instrument(symbol);
      const price = referenceOf(this, symbol);
      if (price === undefined) {
        throw new Fault("NOT_FOUND", `Cannot show reference price as there must be one: received ${symbol}`);
      }
      const quoted = runtimeOf(this.broker).settings.liquidity;
      const none: QuoteLag = { count: 0, p50: 0, p99: 0, max: 0 };
      const lagMs = quoted ? await ctx.call<QuoteLag, { symbol: string }>("liquidity.lag", { symbol }) : none;
      return { symbol, ...price, lagMs };
    },
  },

  /** Snapshot of a room, which from here on is told its updates. */
  snapshot: {
    visibility: "public",
    params: { $$strict: true, room: ROOM },
    handler(this: MarketdataHost, ctx: Context<{ room: string }>): MarketRoomEvent {
      const parts = splitRoom(ctx.params.room);
      if (parts === undefined) throw new Fault("NOT_FOUND", `Cannot open room: received ${ctx.params.room}`);
      return marketOf(this, parts.symbol).rooms.snapshot(parts.kind);
    },
  },
};

const schema: Schema = {
  name: "marketdata",
  actions,

  events: {
    "reference.quoted"(this: MarketdataHost, ctx: Context<ReferenceQuoted>) {
      for (const quote of ctx.params.quotes) {
        this.quotes.set(quote.symbol, quote);
        this.projection?.markets.get(quote.symbol)?.rooms.quoted();
      }
    },
    "room.closed"(this: MarketdataHost, ctx: Context<{ room: string }>) {
      const parts = splitRoom(ctx.params.room);
      if (parts !== undefined) this.projection?.markets.get(parts.symbol)?.rooms.leave(parts.kind);
    },
  },

  created(this: MarketdataHost) {
    this.quotes = new Map();
    this.stopping = false;
  },

  async started(this: MarketdataHost) {
    const broker: ServiceBroker = this.broker;
    const runtime = runtimeOf(broker);
    const done = runtime.readiness.wait("marketdata");
    this.store = new LmdbTimeSeries(join(runtime.settings.dataDir, "series"), "markets");
    this.projection = new MarketProjection(this.store, {
      now: () => runtime.clock.now(),
      publish: event => void broker.broadcast("room.updated", event),
      reference: symbol => referenceOf(this, symbol),
    });
    await Promise.all(
      runtime.instruments.map(async instrument => {
        const name = `market.${instrument.symbol}`;
        const journal = await runtime.journal(name);
        await this.projection.follow(instrument, journal, runtime.snapshots(name), runtime.onFatal);
      }),
    );
    await commit(this, runtime);
    this.timer = setInterval(() => commit(this, runtime).catch(runtime.onFatal), COMMIT_MS);
    done();
    // Not awaited: reference may start after this.
    hearReference(this).catch(runtime.onFatal);
  },

  async stopped(this: MarketdataHost) {
    this.stopping = true;
    clearInterval(this.timer);
    if (this.projection !== undefined) {
      await this.projection.close();
      if (!this.projection.isFailed) await commit(this, runtimeOf(this.broker));
    }
    await this.store?.close();
  },
};

export default schema;
