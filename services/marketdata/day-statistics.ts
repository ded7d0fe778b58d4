/**
 * What was traded in the past 24 hours, in buckets of five minutes: at most 289 of them, so "24 hours" is
 * exact to one bucket. It is taken up from the stored M5 candles of trades.
 */
import { candleSeries, type FormingCandle } from "../../mixins/time-series/candle-builder.ts";
import type { TimeSeries } from "../../mixins/time-series/time-series.ts";

const BUCKET = 300_000;
const DAY = 86_400_000;

interface Bucket {
  readonly start: number;
  readonly open: number;
  high: number;
  low: number;
  lots: number;
}

export interface DayFigures {
  /** First price of the day; absent, as high and low, where nothing was traded. */
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly lots: number;
}

export class DayStatistics {
  #buckets: Bucket[] = [];

  /**
   * `forming`: the M5 candle of trades that was not complete; what is stored from its start on is left out.
   */
  async resume(store: TimeSeries, symbol: string, now: number, forming?: FormingCandle): Promise<void> {
    if (forming === undefined) return;
    const [, start, formed] = forming;
    const range = { from: now - DAY, to: start, limit: DAY / BUCKET + 1 };
    const series = candleSeries("trades", symbol, "M5");
    const rows = [...(await store.rows(series, range)), { at: start, values: formed }];
    this.#buckets = rows.map(({ at, values: [open = 0, high = 0, low = 0] = [], values }) => ({
      start: at,
      open,
      high,
      low,
      lots: values[8] ?? 0,
    }));
  }

  add(time: number, price: number, lots: number): void {
    const start = Math.floor(time / BUCKET) * BUCKET;
    const last = this.#buckets.at(-1);
    if (last === undefined || start > last.start) {
      this.#buckets.push({ start, open: price, high: price, low: price, lots });
      this.#drop(time);
      return;
    }
    last.high = Math.max(last.high, price);
    last.low = Math.min(last.low, price);
    last.lots += lots;
  }

  figures(now: number): DayFigures {
    this.#drop(now);
    const [first] = this.#buckets;
    if (first === undefined) return { lots: 0 };
    let { high, low } = first;
    let lots = 0;
    for (const bucket of this.#buckets) {
      high = Math.max(high, bucket.high);
      low = Math.min(low, bucket.low);
      lots += bucket.lots;
    }
    return { open: first.open, high, low, lots };
  }

  #drop(now: number): void {
    const kept = this.#buckets.findIndex(bucket => bucket.start > now - DAY);
    if (kept !== 0) this.#buckets = kept < 0 ? [] : this.#buckets.slice(kept);
  }
}
