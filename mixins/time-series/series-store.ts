/** The store of series that the settings ask for: InfluxDB, which nodes share, or a file of this node. */
import { join } from "node:path";
import type { Settings } from "../runtime/settings.ts";
import { InfluxTimeSeries } from "./influx-time-series.ts";
import { LmdbTimeSeries } from "./lmdb-time-series.ts";
import type { TimeSeries } from "./time-series.ts";

/** `name`: of the file. What two names hold has to differ in its series and checkpoints. */
export function openTimeSeries(
  { dataDir, stores }: Pick<Settings, "dataDir" | "stores">,
  name: "markets" | "reference",
): TimeSeries {
  if (stores.influx !== undefined) return new InfluxTimeSeries(stores.influx);
  return new LmdbTimeSeries(join(dataDir, "series"), name);
}
