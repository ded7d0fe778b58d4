/**
 * Market data for everyone: depth, trades, ticker and candles, as projections of the markets' journals. What
 * it knows it has from there alone, so it may be restarted, or run beside others, without anyone noticing.
 */
import type { Context, ServiceBroker, ServiceSchema, ServiceSettingSchema } from "moleculer";
import type { ReferenceQuote } from "../mixins/reference/reference-source.ts";
import { type Runtime, runtimeOf } from "../mixins/runtime/runtime.ts";
import { openTimeSeries } from "../mixins/time-series/series-store.ts";
import type { MarketPhased, MarketRoomEvent } from "../models/market-data.model.ts";
import { askAgain } from "./ask-again.ts";
import { type MarketdataHost, marketdataActions, referenceOf } from "./marketdata/market-actions.ts";
import { MarketProjection } from "./marketdata/market-projection.ts";
import { splitRoom } from "./marketdata/market-rooms.ts";
import type { OrdersAt } from "./marketdata/order-room.ts";
import { SeriesWriter } from "./marketdata/series-writer.ts";
import type { ReferenceQuoted } from "./reference.service.ts";
import { servicesThere } from "./service-wait.ts";

const COMMIT_MS = 2_000;
/** Durable positions of all markets, told to the runtime as what may be dropped. */
async function commit(host: MarketdataHost, runtime: Runtime): Promise<void> {
  const node = runtime.settings.cluster?.nodeId;
  const follower = node === undefined ? "marketdata" : `marketdata.${node}`;
  await host.projection.commit((journal, sequence) => runtime.cursors.set(follower, journal, sequence));
}

/** The quotes that were told before this service listened. */
async function hearReference(host: MarketdataHost): Promise<void> {
  const { broker, quotes } = host;
  if (!(await servicesThere(broker, ["reference"], () => host.stopping))) return;
  const { timers } = runtimeOf(broker);
  const latest = () => broker.call<ReferenceQuote[]>("reference.latest");
  for (const quote of await askAgain(latest, { timers, isOver: () => host.stopping })) {
    if (!quotes.has(quote.symbol)) quotes.set(quote.symbol, quote);
  }
}

type Schema = ServiceSchema<ServiceSettingSchema, object, MarketdataHost>;

const schema: Schema = {
  name: "marketdata",
  actions: marketdataActions,

  events: {
    "reference.quoted"(this: MarketdataHost, ctx: Context<ReferenceQuoted>) {
      for (const quote of ctx.params.quotes) {
        this.quotes.set(quote.symbol, quote);
        this.projection?.markets.get(quote.symbol)?.rooms.quoted();
      }
    },
    "room.closed"(this: MarketdataHost, ctx: Context<{ room: string }>) {
      if (ctx.nodeID !== ctx.broker.nodeID) return;
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
    this.store = openTimeSeries(runtime.settings, "markets");
    // Shared stores are written by the service `series`, and read here.
    const shared = runtime.settings.stores.influx !== undefined;
    const world = {
      now: () => runtime.clock.now(),
      // Each gateway has market data of its own, for its own sockets.
      publish: (event: MarketRoomEvent) => void broker.broadcastLocal("room.updated", event),
      phased: (event: MarketPhased) => void broker.broadcast("market.phased", event),
      reference: (symbol: string) => referenceOf(this, symbol),
      orders: (symbol: string): Promise<OrdersAt> => broker.call(`matching.${symbol}.orders`),
    };
    this.projection = new MarketProjection(
      this.store,
      world,
      shared ? undefined : new SeriesWriter(this.store),
    );
    await Promise.all(
      runtime.instruments.map(async instrument => {
        const name = `market.${instrument.symbol}`;
        const journal = await runtime.journal(name);
        await this.projection.follow(instrument, journal, runtime.snapshots(name), runtime.onFatal);
      }),
    );
    if (!shared) {
      await commit(this, runtime);
      this.timer = setInterval(() => commit(this, runtime).catch(runtime.onFatal), COMMIT_MS);
    }
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
