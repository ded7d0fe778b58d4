/**
 * Reference prices: the synthetic market, and in front of it for one symbol the replay of a file where one is
 * asked for. Tells the newest quotes by the event `reference.quoted` and keeps the reference candles.
 */
import type { Context, Service, ServiceSchema, ServiceSettingSchema } from "moleculer";
import { wait } from "../mixins/clock.ts";
import { Fault } from "../mixins/fault.ts";
import { ReferenceFeed } from "../mixins/reference/reference-feed.ts";
import type { ReferenceQuote } from "../mixins/reference/reference-source.ts";
import { ReplaySource } from "../mixins/reference/replay-source.ts";
import { SyntheticSource } from "../mixins/reference/synthetic-source.ts";
import { type Runtime, runtimeOf } from "../mixins/runtime/runtime.ts";
import { CANDLES_DEFAULT, CANDLES_MAX, type CandleQuery } from "../mixins/time-series/candle-query.ts";
import { openTimeSeries } from "../mixins/time-series/series-store.ts";
import { isAway, type TimeSeries } from "../mixins/time-series/time-series.ts";
import { GRANULARITIES } from "../models/market-data.model.ts";
import { QuoteLoop } from "./reference/quote-loop.ts";

/** Broadcast at most every 20 ms: the newest quote of each symbol that has moved. */
export interface ReferenceQuoted {
  readonly quotes: readonly ReferenceQuote[];
}

interface ReferenceHost extends Service {
  store: TimeSeries;
  /** Both absent until the stored state has been read. */
  feed: ReferenceFeed | undefined;
  loop: QuoteLoop | undefined;
  replay: ReplaySource | undefined;
  stopping: boolean;
}

/** Between two questions to a store that is away. */
const RETRY_MS = 1_000;
const SYMBOL = { type: "string", pattern: /^[A-Z0-9]{3,20}$/ } as const;

/** The feed, and the replay in it where one is asked for. */
async function openFeed(runtime: Runtime, store: TimeSeries) {
  const { settings, instruments, clock } = runtime;
  const now = clock.now();
  let replay: ReplaySource | undefined;
  const feed = await ReferenceFeed.open(store, stored => {
    const synthetic = new SyntheticSource(instruments, settings.seed, now, stored);
    if (settings.replay === undefined) return [synthetic];
    replay = new ReplaySource(runtime.instrument(settings.replay.symbol), settings.replay, now, stored);
    return [replay, synthetic];
  });
  return { feed, replay };
}

/** Quotes go on from their stored state, so they wait for it: other prices would be wrong ones. */
async function openedFeed(
  host: ReferenceHost,
  runtime: Runtime,
  onWaiting: () => void,
): Promise<ReferenceFeed | undefined> {
  for (let tries = 0; !host.stopping; tries++) {
    try {
      const { feed, replay } = await openFeed(runtime, host.store);
      host.replay = replay;
      host.feed = feed;
      return feed;
    } catch (error) {
      if (!isAway(error)) throw error;
      if (tries === 0) host.logger.warn("Reference prices wait for the store that has their state", error);
      onWaiting();
    }
    await wait(runtime.timers, RETRY_MS);
  }
  return undefined;
}

/** `settled`: they are told, or wait for a store that is away, which is no reason not to trade. */
async function startQuotes(host: ReferenceHost, runtime: Runtime, settled: () => void): Promise<void> {
  const { broker, logger } = host;
  const feed = await openedFeed(host, runtime, settled);
  if (feed === undefined) return;
  feed.onAway = error => {
    if (error === undefined) logger.warn("The store of reference candles answers again: it is catching up");
    else logger.warn("Reference candles wait in memory for their store", error);
  };
  host.loop = new QuoteLoop({
    feed,
    clock: runtime.clock,
    onQuotes: quotes => void broker.broadcast("reference.quoted", { quotes } satisfies ReferenceQuoted),
    onFailure: runtime.onFatal,
  });
  await host.loop.start();
  settled();
  const { replay } = host;
  if (replay !== undefined) logger.info(`Replaying ${replay.count} quotes: ${replay.identity}`);
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
        const { feed } = this;
        const symbols = symbol === undefined ? (feed?.symbols ?? []) : [symbol];
        return symbols.map(each => feed?.latest(each)).filter(quote => quote !== undefined);
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
        const { feed } = this;
        if (feed === undefined) {
          throw new Fault("NOT_READY", "Cannot list candles as the state of the prices must be read first");
        }
        if (!feed.symbols.includes(symbol)) {
          throw new Fault(
            "SYMBOL_UNKNOWN",
            `Cannot list candles as 'symbol' must have a source: received ${symbol}`,
          );
        }
        return feed.list(runtime.instrument(symbol), query, runtime.clock.now());
      },
    },
  },

  async started(this: ReferenceHost) {
    const runtime = runtimeOf(this.broker);
    const done = runtime.readiness.wait("reference");
    this.store = openTimeSeries(runtime.settings, "reference");
    const starting = startQuotes(this, runtime, done);
    if (runtime.settings.stores.influx === undefined) await starting;
    // Not awaited: trading does not wait for a store that is away.
    else starting.catch(error => runtime.onFatal(error));
  },

  async stopped(this: ReferenceHost) {
    this.stopping = true;
    await this.loop?.stop();
    this.replay?.close();
    await this.store?.close();
  },
};

export default schema;
