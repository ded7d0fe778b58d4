/**
 * Answers `candles` from the store and from what is not stored yet.
 *
 * With `from` the list runs forwards in time and the cursor goes on after its last candle; without, it is the
 * newest candles before `to`, and the cursor goes back. Either way a page is in order of time. A candle is
 * complete when the source's own clock has passed its end.
 */
import { formatDecimal } from "../../engine/decimal.ts";
import { formatPrice, formatQuantity, type Instrument } from "../../engine/instrument.ts";
import type { Lots, Ticks } from "../../engine/units.ts";
import type { CandleItem, CandlePrices, CandleSource, Granularity } from "../../models/market-data.model.ts";
import { Fault } from "../fault.ts";
import { candleSeries } from "./candle-builder.ts";
import { intervalEnd } from "./granularity.ts";
import type { SeriesRow, TimeSeries } from "./time-series.ts";

export const CANDLES_DEFAULT = 500;
export const CANDLES_MAX = 5_000;
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
/** Later than any candle. */
const FAR = 8.64e15;

export interface CandleQuery {
  readonly granularity: Granularity;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface CandlePage {
  readonly items: CandleItem[];
  readonly nextCursor?: string;
}

/** What of a source is not in the store yet. */
export interface CandleHead {
  readonly source: CandleSource;
  /**
   * Newest time of the symbol's prices: minus infinity before the first, infinity where nobody here knows.
   */
  newest(symbol: string): number;
  /** Rows that replace the stored ones, oldest first. */
  fresh(symbol: string, granularity: Granularity): readonly SeriesRow[];
}

/** Of a source that another process stores. */
export function storedHead(source: CandleSource): CandleHead {
  return { source, newest: () => Number.POSITIVE_INFINITY, fresh: () => [] };
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly forwards: boolean;
}

function invalid(field: string, rule: string, received: string): Fault {
  const message = `The '${field}' field must be ${rule}`;
  return new Fault("VALIDATION_FAILED", `Cannot list candles: ${message}: received ${received}`, {
    fields: [{ field, message }],
  });
}

function moment(name: string, text: string): number {
  const time = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw invalid(name, "an RFC 3339 time", text);
  return time;
}

function spanOf(query: CandleQuery, newest: number): Span {
  const from = query.from === undefined ? undefined : moment("from", query.from);
  const to = query.to === undefined ? newest + 1 : moment("to", query.to);
  const span = { from: from ?? -FAR, to: Math.min(to, FAR), forwards: from !== undefined };
  if (query.cursor === undefined) return span;
  const match = /^(after|before):(-?\d{1,16})$/.exec(query.cursor);
  if (match === null) throw invalid("cursor", "one that a page gave", query.cursor);
  const at = Number(match[2]);
  return match[1] === "after"
    ? { from: at + 1, to: span.to, forwards: true }
    : { from: span.from, to: Math.min(at, span.to), forwards: false };
}

/** Rows of the span, oldest first, at most `limit`, and whether there are more. */
async function pageOf(
  store: TimeSeries,
  series: string,
  fresh: readonly SeriesRow[],
  span: Span,
  limit: number,
): Promise<{ rows: SeriesRow[]; more: boolean }> {
  const { from, to, forwards } = span;
  const stored = await store.rows(series, { from, to, limit: limit + 1, reverse: !forwards });
  const merged = new Map(stored.map(row => [row.at, row]));
  for (const row of fresh) if (row.at >= from && row.at < to) merged.set(row.at, row);
  const rows = [...merged.values()].sort((one, other) => one.at - other.at);
  const more = rows.length > limit;
  return { rows: forwards ? rows.slice(0, limit) : rows.slice(-limit), more };
}

function prices(instrument: Instrument, values: readonly number[], place: number): CandlePrices {
  const price = (at: number) => formatPrice(instrument, (values[place + at] ?? 0) as Ticks);
  return { open: price(0), high: price(1), low: price(2), close: price(3) };
}

function volume(instrument: Instrument, source: CandleSource, value: number): string {
  return source === "trades" ? formatQuantity(instrument, value as Lots) : formatDecimal(BigInt(value), 0);
}

/** `now` is the source's own clock. Without `to`, nothing after the source's newest price is listed. */
export async function listCandles(
  store: TimeSeries,
  head: CandleHead,
  instrument: Instrument,
  query: CandleQuery,
  now: number,
): Promise<CandlePage> {
  const { source } = head;
  const { granularity } = query;
  const newest = head.newest(instrument.symbol);
  const clock = Number.isFinite(newest) ? Math.max(now, newest) : now;
  const span = spanOf(query, newest === Number.NEGATIVE_INFINITY ? clock : newest);
  const limit = Math.min(query.limit ?? CANDLES_DEFAULT, CANDLES_MAX);
  const series = candleSeries(source, instrument.symbol, granularity);
  const fresh = head.fresh(instrument.symbol, granularity);
  const { rows, more } = await pageOf(store, series, fresh, span, limit);
  const items = rows.map(({ at, values }) => ({
    time: new Date(at).toISOString(),
    bid: prices(instrument, values, 0),
    ask: prices(instrument, values, 4),
    volume: volume(instrument, source, values[8] ?? 0),
    complete: intervalEnd(granularity, at) <= clock,
  }));
  const edge = span.forwards ? rows.at(-1) : rows[0];
  if (!more || edge === undefined) return { items };
  return { items, nextCursor: `${span.forwards ? "after" : "before"}:${edge.at}` };
}
