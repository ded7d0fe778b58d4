/**
 * Stores what markets have folded: candles, trades, and each market's checkpoint, in one commit. What a
 * commit that failed was to store is kept and stored by the next one, before anything newer. Whoever folds
 * bounds what waits.
 */
import { CandleBuilder } from "../../mixins/time-series/candle-builder.ts";
import { CandleRetention } from "../../mixins/time-series/candle-retention.ts";
import type { SeriesCommit, SeriesRow, TimeSeries } from "../../mixins/time-series/time-series.ts";
import { checkpointName, type MarketSeries, type SeriesCheckpoint } from "./market-series.ts";

export interface StoredMarket {
  readonly series: MarketSeries;
  /** Name of its journal. */
  readonly journal: string;
  checkpoint(): SeriesCheckpoint;
}

/** Is told up to which sequence a journal is stored. */
export type Reached = (journal: string, sequence: number) => void;

interface Drained {
  readonly change: SeriesCommit;
  readonly positions: ReadonlyMap<string, number>;
}

export class SeriesWriter {
  readonly candles = { book: new CandleBuilder("book"), trades: new CandleBuilder("trades") };
  readonly #store: TimeSeries;
  readonly #markets: StoredMarket[] = [];
  readonly #retention = { book: new CandleRetention(), trades: new CandleRetention() };
  #drained: Drained | undefined;
  #committing: Promise<void> | undefined;

  constructor(store: TimeSeries) {
    this.#store = store;
  }

  add(market: StoredMarket): void {
    this.#markets.push(market);
  }

  /** Candles of all markets and trades of this one that wait in memory. */
  waiting({ figures }: MarketSeries): number {
    return figures.tape.waiting + this.candles.book.waiting + this.candles.trades.waiting;
  }

  /** Stores everything folded so far; `reached` is told each journal's durable position. One at a time. */
  async commit(reached: Reached): Promise<void> {
    while (this.#committing !== undefined) await this.#committing;
    this.#committing = this.#write(reached);
    try {
      await this.#committing;
    } finally {
      this.#committing = undefined;
    }
  }

  async #write(reached: Reached): Promise<void> {
    for (;;) {
      const left = this.#drained !== undefined;
      this.#drained ??= this.#drain();
      await this.#store.commit(this.#drained.change);
      const { positions } = this.#drained;
      this.#drained = undefined;
      this.candles.book.settled();
      this.candles.trades.settled();
      for (const { series } of this.#markets) series.figures.tape.settled();
      for (const [journal, sequence] of positions) reached(journal, sequence);
      if (!left) return;
    }
  }

  #drain(): Drained {
    const { book, trades } = this.candles;
    const symbols = this.#markets.map(({ series }) => series.instrument.symbol);
    const [bookRows, tradeRows] = [book.drain(), trades.drain()];
    const rows: SeriesRow[] = [...bookRows, ...tradeRows];
    const trims = [
      ...this.#retention.book.trims("book", symbols, bookRows),
      ...this.#retention.trades.trims("trades", symbols, tradeRows),
    ];
    const checkpoints = new Map<string, SeriesCheckpoint>();
    const positions = new Map<string, number>();
    for (const market of this.#markets) {
      const { instrument, figures } = market.series;
      checkpoints.set(checkpointName(instrument.symbol), market.checkpoint());
      positions.set(market.journal, figures.sequence);
      const tape = figures.tape.drain();
      for (const row of tape.rows) rows.push(row);
      trims.push(...tape.trims);
    }
    return { change: { rows, checkpoints, trims }, positions };
  }
}
