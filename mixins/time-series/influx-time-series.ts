/**
 * Time series in InfluxDB 1.x, of as many nodes as like to read and one that writes.
 *
 * InfluxDB has no transactions. So rows are written first, in bounded batches, and the checkpoint once all of
 * them are acknowledged: after a crash the rows behind the checkpoint come again, and as a row is found by
 * series and `at`, a repeat replaces it. Whoever goes on from a checkpoint must find in it what its rows grow
 * from, as rows may be further than it is.
 *
 * While InfluxDB is away every call throws NOT_READY within `ANSWER_MS`; nothing is sent again from here.
 */
import { InfluxDB, type IPoint, type TimePrecision } from "influx";
import { assert } from "../../engine/units.ts";
import { Fault } from "../fault.ts";
import { inTime, tableOf, textOf } from "./influx-answer.ts";
import { CHECKPOINTS, KEPT, POLICIES, placeOf, SCHEMA, type SeriesPlace } from "./influx-schema.ts";
import type { SeriesCommit, SeriesRange, SeriesRow, TimeSeries } from "./time-series.ts";

/** Points of one request: InfluxDB's own advice. */
const POINTS_MAX = 5_000;
const ANSWER_MS = 5_000;
/** InfluxDB counts nanoseconds in 64 bits. */
const NANOSECONDS_MAX = 9_223_372_036_854_775_806n;
const NANOSECONDS: Readonly<Record<SeriesPlace["precision"], bigint>> = { ms: 1_000_000n, u: 1_000n };
/** Policies keep what their operator has set; a user without admin rights has the database made for him. */
const MADE_ALREADY = /retention policy already exists|requires admin privilege/;
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const TAG_VALUE = /^[A-Za-z0-9_.-]{1,64}$/;

export interface InfluxOptions {
  /** `http://host:8086` or `https://…`. */
  readonly url: string;
  readonly database: string;
  readonly user?: string;
  readonly password?: string;
}

/** A host that failed is asked again at the next call: whoever calls knows when. */
const AT_ONCE = { getDelay: () => 0, next: () => AT_ONCE, reset: () => AT_ONCE };

export class InfluxTimeSeries implements TimeSeries {
  readonly #influx: InfluxDB;
  readonly #database: string;
  #prepared: Promise<void> | undefined;

  /** Connects at the first call. Throws RangeError where an option can't be used. */
  constructor({ url, database, user, password }: InfluxOptions) {
    const { protocol, hostname, port } = new URL(url);
    if (protocol !== "http:" && protocol !== "https:") {
      throw new RangeError(
        `Cannot reach InfluxDB as its address must be http or https: received ${protocol}`,
      );
    }
    if (!NAME.test(database)) {
      throw new RangeError(`Cannot use database as its name must be letters, digits, _ and -: ${database}`);
    }
    const scheme = protocol === "http:" ? "http" : "https";
    this.#database = database;
    this.#influx = new InfluxDB({
      hosts: [{ host: hostname, port: Number(port || (scheme === "http" ? 8086 : 443)), protocol: scheme }],
      database,
      ...(user === undefined ? {} : { username: user, password: password ?? "" }),
      pool: { maxRetries: 0, requestTimeout: ANSWER_MS, backoff: AT_ONCE },
      schema: SCHEMA,
    });
  }

  async commit({ rows, checkpoints, trims = [] }: SeriesCommit): Promise<void> {
    for (const [place, points] of pointsOf(rows)) {
      for (let from = 0; from < points.length; from += POINTS_MAX) {
        await this.#write(points.slice(from, from + POINTS_MAX), place.policy, place.precision);
      }
    }
    if (checkpoints.size > 0) await this.#write([...checkpoints].map(checkpointPoint), KEPT, "ms");
    for (const { series, keep } of trims) await this.#trim(placeOf(series), keep);
  }

  async rows(series: string, { from, to, limit, reverse }: SeriesRange): Promise<SeriesRow[]> {
    if (to <= from || limit <= 0) return [];
    const place = placeOf(series);
    const columns = place.fields.map(field => `"${field}"`).join(", ");
    const [first, end] = [nanoseconds(place, from), nanoseconds(place, to)];
    const span = `"time" >= ${first} AND "time" < ${end}`;
    const order = `ORDER BY "time" ${reverse === true ? "DESC" : "ASC"} LIMIT ${limit}`;
    const query = `SELECT ${columns} FROM ${sourceOf(place)} WHERE ${tagged(place)} AND ${span} ${order}`;
    const table = await this.#query(query, place.precision);
    return table.map(([at, ...values]) => ({ series, at: Number(at), values: values.map(Number) }));
  }

  async checkpoint(name: string): Promise<unknown> {
    const query = `SELECT "value" FROM "${KEPT}"."${CHECKPOINTS}" WHERE "name" = '${tagValue(name)}'`;
    const [row] = await this.#query(query, "ms");
    return row === undefined ? undefined : JSON.parse(String(row[1]));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Removes what is older than the newest `keep` rows; what a policy keeps by age is its own business. */
  async #trim(place: SeriesPlace, keep: number): Promise<void> {
    if (place.policy !== KEPT) return;
    const [field] = place.fields;
    const newest = `SELECT "${field}" FROM ${sourceOf(place)} WHERE ${tagged(place)}`;
    const [row] = await this.#query(`${newest} ORDER BY "time" DESC LIMIT 1 OFFSET ${keep}`, place.precision);
    if (row === undefined) return;
    const last = nanoseconds(place, Number(row[0]));
    await this.#query(
      `DELETE FROM "${place.measurement}" WHERE ${tagged(place)} AND "time" <= ${last}`,
      place.precision,
    );
  }

  #write(points: IPoint[], retentionPolicy: string, precision: TimePrecision): Promise<void> {
    return this.#ask(async () => {
      try {
        await this.#influx.writePoints(points, { retentionPolicy, precision });
      } catch (error) {
        // Older than the policy keeps: the rest of the batch is stored, and these would go at once.
        if (!/partial write: points beyond retention policy dropped/.test(textOf(error))) throw error;
      }
    });
  }

  #query(query: string, precision: TimePrecision): Promise<readonly (readonly unknown[])[]> {
    // DELETE is taken by POST alone.
    return this.#ask(async () => tableOf(await this.#influx.queryRaw(query, { precision, method: "POST" })));
  }

  /** Throws NOT_READY where InfluxDB does not answer, or refuses. */
  async #ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    try {
      this.#prepared ??= this.#prepare();
      await this.#prepared;
      return await inTime(question(), ANSWER_MS);
    } catch (error) {
      // The database may be gone when it is back.
      this.#prepared = undefined;
      if (error instanceof Error && error.message.startsWith("Invariant")) throw error;
      const message = "Cannot answer as the store of candles and trades does not: it goes on by itself";
      // The client's own error holds the request, and so the password.
      throw new Fault("NOT_READY", message, { retryAfterMs: 1_000 }, new Error(textOf(error)));
    }
  }

  async #prepare(): Promise<void> {
    const statements = [`CREATE DATABASE "${this.#database}"`];
    for (const [name, duration, shard] of POLICIES) {
      const terms = `DURATION ${duration} REPLICATION 1 SHARD DURATION ${shard}`;
      statements.push(`CREATE RETENTION POLICY "${name}" ON "${this.#database}" ${terms}`);
    }
    for (const statement of statements) {
      try {
        tableOf(await inTime(this.#influx.queryRaw(statement, { method: "POST" }), ANSWER_MS));
      } catch (error) {
        if (!MADE_ALREADY.test(textOf(error))) throw error;
      }
    }
  }
}

/** By place, so that each request has one policy and one precision. */
function pointsOf(rows: readonly SeriesRow[]): Map<SeriesPlace, IPoint[]> {
  const places = new Map<string, SeriesPlace>();
  const batches = new Map<string, [SeriesPlace, IPoint[]]>();
  for (const { series, at, values } of rows) {
    let place = places.get(series);
    if (place === undefined) {
      place = placeOf(series);
      places.set(series, place);
    }
    const { measurement, tags, fields, policy, precision } = place;
    assert(values.length === fields.length, "a row has a value for each field of its series");
    assert(Number.isSafeInteger(at) && values.every(Number.isSafeInteger), "a row is made of safe integers");
    const key = `${policy}/${precision}`;
    let batch = batches.get(key);
    if (batch === undefined) {
      batch = [place, []];
      batches.set(key, batch);
    }
    const named = Object.fromEntries(fields.map((field, index) => [field, values[index] ?? 0]));
    batch[1].push({ measurement, tags: { ...tags }, fields: named, timestamp: String(at) });
  }
  return new Map(batches.values());
}

function checkpointPoint([name, value]: readonly [string, unknown]): IPoint {
  // The client does not escape a quote behind a backslash as InfluxDB reads it.
  const text = JSON.stringify(value).replaceAll("'", "\\u0027");
  return { measurement: CHECKPOINTS, tags: { name }, fields: { value: text }, timestamp: "0" };
}

function sourceOf({ policy, measurement }: SeriesPlace): string {
  return `"${policy}"."${measurement}"`;
}

function tagged({ tags }: SeriesPlace): string {
  return Object.entries(tags)
    .map(([tag, value]) => {
      assert(TAG_VALUE.test(value), "a series is named with letters, digits, _, . and -");
      return `"${tag}" = '${value}'`;
    })
    .join(" AND ");
}

function tagValue(name: string): string {
  assert(
    name.split("/").every(part => TAG_VALUE.test(part)),
    "a checkpoint is named as series are",
  );
  return name;
}

function nanoseconds({ precision }: SeriesPlace, at: number): bigint {
  const value = BigInt(at) * NANOSECONDS[precision];
  if (value > NANOSECONDS_MAX) return NANOSECONDS_MAX;
  return value < -NANOSECONDS_MAX ? -NANOSECONDS_MAX : value;
}
