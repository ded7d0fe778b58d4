/**
 * Writes candles and trades of all markets into the store that nodes share. One node of a cluster does;
 * where the node has a store of its own there is nothing to do, as `marketdata` writes that along.
 */
import type { Service, ServiceSchema, ServiceSettingSchema } from "moleculer";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import { openTimeSeries } from "../mixins/time-series/series-store.ts";
import type { TimeSeries } from "../mixins/time-series/time-series.ts";
import { SeriesFollower } from "./marketdata/series-follower.ts";

interface SeriesHost extends Service {
  store: TimeSeries | undefined;
  follower: SeriesFollower | undefined;
}

const schema: ServiceSchema<ServiceSettingSchema, object, SeriesHost> = {
  name: "series",

  started(this: SeriesHost) {
    const { broker, logger } = this;
    const runtime = runtimeOf(broker);
    const { clock, timers } = runtime;
    if (runtime.settings.stores.influx === undefined) return;
    const store = openTimeSeries(runtime.settings, "markets");
    const follower = new SeriesFollower(store, {
      now: () => clock.now(),
      timers,
      reached: (journal, sequence) => runtime.cursors.set("series", journal, sequence),
      onAway: error => logger.warn("Candles and trades wait in the journals for their store", error),
      onBack: () => logger.warn("The store of candles and trades answers again: it is catching up"),
      onFailure: error => runtime.onFatal(error),
    });
    this.store = store;
    this.follower = follower;
    const follow = async () => {
      for (const instrument of runtime.instruments) {
        const name = `market.${instrument.symbol}`;
        const journal = await runtime.journal(name);
        await follower.follow({ instrument, journal, snapshots: runtime.snapshots(name) });
      }
    };
    // Not awaited: trading does not wait for the store of its history.
    follow().catch(error => runtime.onFatal(error));
  },

  async stopped(this: SeriesHost) {
    await this.follower?.close();
    await this.store?.close();
  },
};

export default schema;
