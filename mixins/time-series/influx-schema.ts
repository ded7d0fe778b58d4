/**
 * How series lie in InfluxDB: `candles/<source>/<symbol>/<granularity>` and `trades/<symbol>` are a
 * measurement, its tags and named integer fields, at their real time, so that any tool that draws InfluxDB
 * can draw them. Prices are ticks and sizes lots of the instrument.
 *
 * What the venue's own clock times is kept by age, in a retention policy each; reference prices may be a
 * replay of years ago, so they are kept by number, as the caller trims them.
 */
import { FieldType, type ISchemaOptions, type TimePrecision } from "influx";
import { assert } from "../../engine/units.ts";

export interface SeriesPlace {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: readonly string[];
  /** Unit of `at`. */
  readonly precision: TimePrecision & ("ms" | "u");
  readonly policy: string;
}

export const CHECKPOINTS = "checkpoints";
/** Of what is kept until it is trimmed or written over. */
export const KEPT = "kept";

/**
 * Made where they are missing; one that is there stays as its operator has set it. Days reach as far back as
 * `candle-retention.ts` keeps rows of a market that never pauses.
 */
export const POLICIES: readonly (readonly [name: string, duration: string, shard: string])[] = [
  ["M1", "30d", "1d"],
  ["M5", "90d", "7d"],
  ["M15", "180d", "7d"],
  ["M30", "365d", "28d"],
  ["H1", "365d", "28d"],
  ["H4", "1825d", "91d"],
  ["D1", "14600d", "364d"],
  ["trades", "30d", "1d"],
  [KEPT, "INF", "28d"],
];

const MEASUREMENTS = {
  candles: {
    tags: ["source", "symbol", "granularity"],
    fields: [
      "bidOpen",
      "bidHigh",
      "bidLow",
      "bidClose",
      "askOpen",
      "askHigh",
      "askLow",
      "askClose",
      "volume",
    ],
    precision: "ms",
  },
  trades: { tags: ["symbol"], fields: ["ticks", "lots", "side", "milliseconds", "id"], precision: "u" },
} as const;

function isMeasurement(name: string): name is keyof typeof MEASUREMENTS {
  return Object.hasOwn(MEASUREMENTS, name);
}

/** Types of all fields: integers are exact to 2⁶³, the client's default is a double. */
export const SCHEMA: ISchemaOptions[] = [
  ...Object.entries(MEASUREMENTS).map(([measurement, { tags, fields }]) => ({
    measurement,
    tags: [...tags],
    fields: Object.fromEntries(fields.map(field => [field, FieldType.INTEGER])),
  })),
  { measurement: CHECKPOINTS, tags: ["name"], fields: { value: FieldType.STRING } },
];

/** Where a series lies. A name of another form is a mistake of the caller. */
export function placeOf(series: string): SeriesPlace {
  const [measurement = "", ...values] = series.split("/");
  assert(isMeasurement(measurement), "a series is named candles/… or trades/…");
  const { tags, fields, precision } = MEASUREMENTS[measurement];
  assert(values.length === tags.length && !values.includes(""), "a series names each of its tags");
  const named = Object.fromEntries(tags.map((tag, index) => [tag, values[index] ?? ""]));
  return { measurement, tags: named, fields, precision, policy: policyOf(measurement, named) };
}

function policyOf(measurement: keyof typeof MEASUREMENTS, tags: Readonly<Record<string, string>>): string {
  if (measurement === "trades") return "trades";
  const { source, granularity = "" } = tags;
  const known = POLICIES.some(([name]) => name === granularity);
  return source === "reference" || !known ? KEPT : granularity;
}
