/** What may be asked of market data. */
import type { Context, Service, ServiceSchema, ServiceSettingSchema } from "moleculer";
import type { Instrument } from "../../engine/instrument.ts";
import { Fault } from "../../mixins/fault.ts";
import type { ReferenceQuote } from "../../mixins/reference/reference-source.ts";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";
import {
  CANDLES_DEFAULT,
  CANDLES_MAX,
  type CandlePage,
  type CandleQuery,
  listCandles,
  storedHead,
} from "../../mixins/time-series/candle-query.ts";
import type { TimeSeries } from "../../mixins/time-series/time-series.ts";
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
  type Statistics,
  type Ticker,
  type Trade,
} from "../../models/market-data.model.ts";
import { type ListPage, PAGE_PARAMS, type PageParams, pageOfList } from "../list-page.ts";
import { viewInstrument, viewQuote } from "./listing-view.ts";
import type { MarketProjection, ProjectedMarket } from "./market-projection.ts";
import { splitRoom } from "./market-rooms.ts";
import { storedCheckpoint } from "./market-series.ts";

const DEPTH_MAX = 1_000;
const TRADES_MAX = 1_000;
/** One that isn't listed is not found, whatever it looks like. */
const SYMBOL = { type: "string", max: 64 } as const;
const ROOM = { type: "string", pattern: /^(book|orders|trades|ticker|statistics):[A-Z0-9]{3,20}$/ } as const;
/** Committed candles of a market follow its commands by some milliseconds: complete is said a second late. */
const SETTLE_MS = 1_000;

export interface MarketdataHost extends Service {
  store: TimeSeries;
  projection: MarketProjection;
  quotes: Map<string, ReferenceQuote>;
  stopping: boolean;
  timer: NodeJS.Timeout;
}

type Candles = Omit<CandleQuery, "limit"> & { symbol: string; source: CandleSource; limit: number };

export function marketOf(host: MarketdataHost, symbol: string): ProjectedMarket {
  const market = host.projection?.markets.get(symbol);
  if (market === undefined) {
    // Throws SYMBOL_UNKNOWN unless the market is listed and only still being read.
    runtimeOf(host.broker).instrument(symbol);
    throw new Fault("NOT_READY", `Cannot show market as it must have been read first: received ${symbol}`);
  }
  return market;
}

export function referenceOf(host: MarketdataHost, symbol: string): ReferencePrice | undefined {
  const quote = host.quotes.get(symbol);
  return quote === undefined ? undefined : viewQuote(runtimeOf(host.broker).instrument(symbol), quote);
}

/** Candles of the journals: where another process stores them, those are complete that it says are. */
async function candlesOf(
  host: MarketdataHost,
  instrument: Instrument,
  source: "book" | "trades",
  query: CandleQuery,
): Promise<CandlePage> {
  const { store, projection, broker } = host;
  const head = projection.writer?.candles[source];
  if (head !== undefined) {
    const now = runtimeOf(broker).clock.now();
    return listCandles(store, head, instrument, query, now - SETTLE_MS);
  }
  const { asOf = 0 } = (await storedCheckpoint(store, instrument.symbol)) ?? {};
  return listCandles(store, storedHead(source), instrument, query, asOf - SETTLE_MS);
}

type Schema = ServiceSchema<ServiceSettingSchema, object, MarketdataHost>;

export const marketdataActions: NonNullable<Schema["actions"]> = {
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

  statistics: {
    params: { $$strict: true, symbol: SYMBOL },
    handler(this: MarketdataHost, ctx: Context<{ symbol: string }>): Statistics {
      return marketOf(this, ctx.params.symbol).view.statistics();
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
      return candlesOf(this, instrument, source, query);
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
    handler(
      this: MarketdataHost,
      ctx: Context<{ room: string }>,
    ): MarketRoomEvent | Promise<MarketRoomEvent> {
      const parts = splitRoom(ctx.params.room);
      if (parts === undefined) throw new Fault("NOT_FOUND", `Cannot open room: received ${ctx.params.room}`);
      return marketOf(this, parts.symbol).rooms.snapshot(parts.kind);
    },
  },
};
