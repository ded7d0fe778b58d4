/**
 * How many candles of each granularity a series keeps, counted in candles, not in age: a replayed day of
 * years ago stays until newer candles have pushed it out. Counts are set so that nine pairs of three sources
 * stay near 200 MB: a row takes about 50 bytes, and 27 series hold 43,200 + 25,920 + 17,280 + … rows each.
 */
import { type CandleSource, GRANULARITIES, type Granularity } from "../../models/market-data.model.ts";
import { candleSeries } from "./candle-builder.ts";
import type { SeriesCommit, SeriesRow } from "./time-series.ts";

/**
 * Minutes for 30 days without a pause, M5 for 90, M15 for 180, M30 and H1 for a year, H4 for five, days for
 * forty.
 */
export const CANDLES_KEPT: Readonly<Record<Granularity, number>> = {
  M1: 43_200,
  M5: 25_920,
  M15: 17_280,
  M30: 17_520,
  H1: 8_760,
  H4: 10_950,
  D1: 14_600,
};

/** Trims are asked for once in so many rows: a surplus below that is not worth the walk. */
const ROWS_BETWEEN_TRIMS = 1_440;

/** Decides when a series is trimmed. */
export class CandleRetention {
  readonly #written = new Map<string, number>();

  trims(
    source: CandleSource,
    symbols: readonly string[],
    rows: readonly SeriesRow[],
  ): NonNullable<SeriesCommit["trims"]> {
    for (const { series } of rows) this.#written.set(series, (this.#written.get(series) ?? 0) + 1);
    const trims: { series: string; keep: number }[] = [];
    for (const symbol of symbols) {
      for (const granularity of GRANULARITIES) {
        const series = candleSeries(source, symbol, granularity);
        if ((this.#written.get(series) ?? 0) < ROWS_BETWEEN_TRIMS) continue;
        this.#written.set(series, 0);
        trims.push({ series, keep: CANDLES_KEPT[granularity] });
      }
    }
    return trims;
  }
}
