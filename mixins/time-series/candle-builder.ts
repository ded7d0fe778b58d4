/**
 * Folds prices into candles of every granularity at once, for the symbols of one source.
 *
 * An interval without a price makes no candle. A time that goes back counts as the newest time seen for the
 * symbol (clocks of different shards differ by milliseconds). Closed candles wait in memory until they are
 * committed: whoever folds must drain, and may ask `waiting` to bound what waits.
 */
import { type CandleSource, GRANULARITIES, type Granularity } from "../../models/market-data.model.ts";
import { intervalEnd, intervalStart } from "./granularity.ts";
import type { SeriesRow, TimeSeries } from "./time-series.ts";

/** Places in a row's values: bid open, high, low, close, ask open, high, low, close, volume. */
const BID = 0;
const ASK = 4;
const VOLUME = 8;

/** A candle that is not complete: its granularity, its start, and its values as a row has them. */
export type FormingCandle = readonly [granularity: Granularity, start: number, values: readonly number[]];

interface Forming {
  readonly granularity: Granularity;
  readonly start: number;
  readonly end: number;
  readonly values: number[];
  changed: boolean;
}

export function candleSeries(source: CandleSource, symbol: string, granularity: Granularity): string {
  return `candles/${source}/${symbol}/${granularity}`;
}

export class CandleBuilder {
  readonly source: CandleSource;
  readonly #forming = new Map<string, Map<Granularity, Forming>>();
  readonly #newest = new Map<string, number>();
  #closed: SeriesRow[] = [];
  #committing: readonly SeriesRow[] = [];

  constructor(source: CandleSource) {
    this.source = source;
  }

  /** Closed candles that wait to be drained. */
  get waiting(): number {
    return this.#closed.length;
  }

  /** Newest time folded for the symbol; minus infinity before the first. */
  newest(symbol: string): number {
    return this.#newest.get(symbol) ?? Number.NEGATIVE_INFINITY;
  }

  /** The symbol's candles as they stand: what a checkpoint has to hold, as rows may be further than it. */
  forming(symbol: string): FormingCandle[] {
    const candles = [...this.#formingOf(symbol).values()];
    return candles.map(({ granularity, start, values }) => [granularity, start, [...values]]);
  }

  /** Goes on with the candles that an earlier run had begun; `time` is the newest price's. */
  resume(symbol: string, time: number, candles: readonly FormingCandle[]): void {
    this.#newest.set(symbol, time);
    const forming = this.#formingOf(symbol);
    for (const [granularity, start, values] of candles) {
      const end = intervalEnd(granularity, start);
      forming.set(granularity, { granularity, start, end, values: [...values], changed: false });
    }
  }

  /** Bid and ask in ticks at `time`; `volume` is added. */
  fold(symbol: string, time: number, bid: number, ask: number, volume: number): void {
    const at = Math.max(time, this.newest(symbol));
    this.#newest.set(symbol, at);
    const forming = this.#formingOf(symbol);
    for (const granularity of GRANULARITIES) {
      const candle = forming.get(granularity);
      if (candle !== undefined && at < candle.end && at >= candle.start) {
        raise(candle.values, BID, bid);
        raise(candle.values, ASK, ask);
        candle.values[VOLUME] = (candle.values[VOLUME] ?? 0) + volume;
        candle.changed = true;
        continue;
      }
      if (candle?.changed) this.#closed.push(this.#row(symbol, candle));
      const start = intervalStart(granularity, at);
      const values = [bid, bid, bid, bid, ask, ask, ask, ask, volume];
      forming.set(granularity, {
        granularity,
        start,
        end: intervalEnd(granularity, start),
        values,
        changed: true,
      });
    }
  }

  /**
   * Every row that changed since the last call, forming ones as they stand. One commit at a time: see
   * `settled`.
   */
  drain(): readonly SeriesRow[] {
    const rows = this.#closed;
    this.#closed = [];
    for (const [symbol, candles] of this.#forming) {
      for (const candle of candles.values()) {
        if (!candle.changed) continue;
        candle.changed = false;
        rows.push(this.#row(symbol, candle));
      }
    }
    this.#committing = rows;
    return rows;
  }

  /** Forgets the oldest of the candles that wait. */
  giveUp(count: number): void {
    this.#closed.splice(0, count);
  }

  /** The drained rows are in the store. */
  settled(): void {
    this.#committing = [];
  }

  /** Rows of a series that the store may not show yet, oldest first; a later one replaces an earlier one. */
  fresh(symbol: string, granularity: Granularity): SeriesRow[] {
    const series = candleSeries(this.source, symbol, granularity);
    const candle = this.#formingOf(symbol).get(granularity);
    const closed = [...this.#committing, ...this.#closed].filter(row => row.series === series);
    return candle === undefined ? closed : [...closed, this.#row(symbol, candle)];
  }

  #row(symbol: string, candle: Forming): SeriesRow {
    const series = candleSeries(this.source, symbol, candle.granularity);
    return { series, at: candle.start, values: [...candle.values] };
  }

  #formingOf(symbol: string): Map<Granularity, Forming> {
    let candles = this.#forming.get(symbol);
    if (candles === undefined) {
      candles = new Map();
      this.#forming.set(symbol, candles);
    }
    return candles;
  }
}

/** The candles that `time` falls in, as rows show them: for a checkpoint that was stored without them. */
export async function storedForming(
  store: TimeSeries,
  source: CandleSource,
  symbol: string,
  time: number,
): Promise<FormingCandle[]> {
  const candles: FormingCandle[] = [];
  for (const granularity of GRANULARITIES) {
    const start = intervalStart(granularity, time);
    const series = candleSeries(source, symbol, granularity);
    const [row] = await store.rows(series, { from: start, to: start + 1, limit: 1 });
    if (row !== undefined) candles.push([granularity, start, row.values]);
  }
  return candles;
}

/** Takes a price into the open, high, low, close that begin at `place`. */
function raise(values: number[], place: number, price: number): void {
  if (price > (values[place + 1] ?? price)) values[place + 1] = price;
  if (price < (values[place + 2] ?? price)) values[place + 2] = price;
  values[place + 3] = price;
}
