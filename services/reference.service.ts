/**
 * Reference prices: the synthetic market, and in front of it for one symbol the replay of a file where one is
 * asked for. Tells the newest quotes by the event `reference.quoted` and keeps the reference candles.
 */
import { join } from "node:path";
import type { Context, Service, ServiceBroker, ServiceSchema, ServiceSettingSchema } from "moleculer";
import { Fault } from "../mixins/fault.ts";
import { ReferenceFeed } from "../mixins/reference/reference-feed.ts";
import type { ReferenceQuote, ReferenceSource } from "../mixins/reference/reference-source.ts";
import { ReplaySource } from "../mixins/reference/replay-source.ts";
import { SyntheticSource } from "../mixins/reference/synthetic-source.ts";
import { type Runtime, runtimeOf } from "../mixins/runtime/runtime.ts";
import { CANDLES_DEFAULT, CANDLES_MAX, type CandleQuery } from "../mixins/time-series/candle-query.ts";
import { LmdbTimeSeries } from "../mixins/time-series/lmdb-time-series.ts";
import type { TimeSeries } from "../mixins/time-series/time-series.ts";
import { GRANULARITIES } from "../models/market-data.model.ts";
import { QuoteLoop } from "./reference/quote-loop.ts";

/** Broadcast at most every 20 ms: the newest quote of each symbol that has moved. */
export interface ReferenceQuoted {
  readonly quotes: readonly ReferenceQuote[];
}

interface ReferenceHost extends Service {
  store: TimeSeries;
  feed: ReferenceFeed;
  loop: QuoteLoop;
  replay: ReplaySource | undefined;
}

const SYMBOL = { type: "string", pattern: /^[A-Z0-9]{3,20}$/ } as const;

async function sourcesOf(runtime: Runtime, store: TimeSeries) {
  const { settings, instruments, clock } = runtime;
  const stored = await ReferenceFeed.stored(store);
  const now = clock.now();
  const synthetic = new SyntheticSource(instruments, settings.seed, now, stored);
  if (settings.replay === undefined) return { sources: [synthetic], replay: undefined };
  const replay = new ReplaySource(runtime.instrument(settings.replay.symbol), settings.replay, now, stored);
  const sources: ReferenceSource[] = [replay, synthetic];
  return { sources, replay };
}

const schema: ServiceSchema<ServiceSettingSchema, object, ReferenceHost> = {
  name: "reference",

  actions: {
    /** The newest quote of a symbol, or of all. */
    latest: {
      visibility: "public",
      params: { $$strict: true, symbol: { ...SYMBOL, optional: true } },
      handler(this: ReferenceHost, ctx: Context<{ symbol?: string }>): ReferenceQuote[] {
        const { symbol } = ctx.params;
        const symbols = symbol === undefined ? this.feed.symbols : [symbol];
        return symbols.map(each => this.feed.latest(each)).filter(quote => quote !== undefined);
      },
    },

    /** Candles of the reference quotes; `marketdata.candles` is the way in from outside. */
    candles: {
      visibility: "public",
      params: {
        $$strict: true,
        symbol: SYMBOL,
        granularity: { type: "enum", values: [...GRANULARITIES] },
        from: { type: "string", max: 40, optional: true },
        to: { type: "string", max: 40, optional: true },
        limit: { type: "number", integer: true, min: 1, max: CANDLES_MAX, default: CANDLES_DEFAULT },
        cursor: { type: "string", max: 32, optional: true },
      },
      handler(this: ReferenceHost, ctx: Context<CandleQuery & { symbol: string }>) {
        const { symbol, ...query } = ctx.params;
        const runtime = runtimeOf(this.broker);
        if (!this.feed.symbols.includes(symbol)) {
          throw new Fault(
            "SYMBOL_UNKNOWN",
            `Cannot list candles as 'symbol' must have a source: received ${symbol}`,
          );
        }
        return this.feed.list(runtime.instrument(symbol), query, runtime.clock.now());
      },
    },
  },

  async started(this: ReferenceHost) {
    const broker: ServiceBroker = this.broker;
    const runtime = runtimeOf(broker);
    const done = runtime.readiness.wait("reference");
    this.store = new LmdbTimeSeries(join(runtime.settings.dataDir, "series"), "reference");
    const { sources, replay } = await sourcesOf(runtime, this.store);
    this.replay = replay;
    this.feed = new ReferenceFeed(this.store, sources);
    this.loop = new QuoteLoop({
      feed: this.feed,
      clock: runtime.clock,
      onQuotes: quotes => void broker.broadcast("reference.quoted", { quotes } satisfies ReferenceQuoted),
      onFailure: runtime.onFatal,
    });
    await this.loop.start();
    if (replay !== undefined) this.logger.info(`Replaying ${replay.count} quotes: ${replay.identity}`);
    done();
  },

  async stopped(this: ReferenceHost) {
    await this.loop?.stop();
    this.replay?.close();
    await this.store?.close();
  },
};

export default schema;
