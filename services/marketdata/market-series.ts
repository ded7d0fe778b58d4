/**
 * A market on its way into the store: its part of the candles, the trades of its figures, and the checkpoint
 * from which another process goes on as this one would have.
 */
import type { Instrument } from "../../engine/instrument.ts";
import type { MarketMachine } from "../../engine/market/market-machine.ts";
import type { MarketRecord } from "../../engine/market/record.ts";
import {
  type CandleBuilder,
  type FormingCandle,
  storedForming,
} from "../../mixins/time-series/candle-builder.ts";
import type { TimeSeries } from "../../mixins/time-series/time-series.ts";
import { type FiguresCheckpoint, MarketFigures } from "./market-figures.ts";
import type { TapeTrade } from "./trade-tape.ts";

export interface SeriesCheckpoint extends FiguresCheckpoint {
  readonly bestBid: number;
  readonly bestAsk: number;
  /**
   * Candles that were not complete. Absent in what was stored before it was known: then as their rows are.
   */
  readonly bookCandles?: readonly FormingCandle[];
  readonly tradeCandles?: readonly FormingCandle[];
  /**
   * Milliseconds UTC up to which all that has happened is in the rows. Absent where the process that reads
   * them is the one that writes.
   */
  readonly asOf?: number;
}

export interface CandleBuilders {
  readonly book: CandleBuilder;
  readonly trades: CandleBuilder;
}

export const checkpointName = (symbol: string) => `market/${symbol}`;

/** What a writer of the store has left of a market; the store's alone to have made. */
export async function storedCheckpoint<Checkpoint extends SeriesCheckpoint = SeriesCheckpoint>(
  store: TimeSeries,
  symbol: string,
): Promise<Checkpoint | undefined> {
  return (await store.checkpoint(checkpointName(symbol))) as Checkpoint | undefined;
}

/** The figures as a checkpoint and the rows behind it have them. */
export async function storedFigures(
  store: TimeSeries,
  instrument: Instrument,
  checkpoint: SeriesCheckpoint,
  stores: boolean,
  now: number,
): Promise<MarketFigures> {
  const { symbol } = instrument;
  const candles = checkpoint.tradeCandles ?? (await storedForming(store, "trades", symbol, checkpoint.time));
  const traded = candles.find(([granularity]) => granularity === "M5");
  const figures = new MarketFigures(instrument, stores);
  await figures.resume(store, symbol, checkpoint, traded, now);
  return figures;
}

export class MarketSeries {
  readonly instrument: Instrument;
  readonly figures: MarketFigures;
  readonly #candles: CandleBuilders;
  #bestBid = 0;
  #bestAsk = 0;

  constructor(instrument: Instrument, candles: CandleBuilders, figures: MarketFigures) {
    this.instrument = instrument;
    this.figures = figures;
    this.#candles = candles;
  }

  /** Goes on from the checkpoint; anew where there is none. */
  static async resume(
    store: TimeSeries,
    instrument: Instrument,
    candles: CandleBuilders,
    checkpoint: SeriesCheckpoint | undefined,
    now: number,
  ): Promise<MarketSeries> {
    if (checkpoint === undefined) {
      return new MarketSeries(instrument, candles, new MarketFigures(instrument, true));
    }
    const { symbol } = instrument;
    const { time } = checkpoint;
    const figures = await storedFigures(store, instrument, checkpoint, true, now);
    const series = new MarketSeries(instrument, candles, figures);
    const book = checkpoint.bookCandles ?? (await storedForming(store, "book", symbol, time));
    const trades = checkpoint.tradeCandles ?? (await storedForming(store, "trades", symbol, time));
    candles.book.resume(symbol, time, book);
    candles.trades.resume(symbol, time, trades);
    series.#bestBid = checkpoint.bestBid;
    series.#bestAsk = checkpoint.bestAsk;
    return series;
  }

  /** A snapshot of the market is put in place of what came before. */
  restart({ sequence, phase, bestBid, bestAsk }: MarketMachine): void {
    this.figures.restart(sequence, phase);
    this.#bestBid = bestBid;
    this.#bestAsk = bestAsk;
  }

  /** Takes a record that the figures have just folded, and the trades that they made of it. */
  fold({ bestBid, bestAsk }: MarketRecord, trades: readonly TapeTrade[]): void {
    const { symbol } = this.instrument;
    const { time } = this.figures;
    for (const { ticks, lots } of trades) this.#candles.trades.fold(symbol, time, ticks, ticks, lots);
    if (bestBid === this.#bestBid && bestAsk === this.#bestAsk) return;
    this.#bestBid = bestBid;
    this.#bestAsk = bestAsk;
    // A candle needs both prices: a one-sided book makes none.
    if (bestBid > 0 && bestAsk > 0) this.#candles.book.fold(symbol, time, bestBid, bestAsk, 1);
  }

  checkpoint(): SeriesCheckpoint {
    const { symbol } = this.instrument;
    return {
      ...this.figures.checkpoint(),
      bestBid: this.#bestBid,
      bestAsk: this.#bestAsk,
      bookCandles: this.#candles.book.forming(symbol),
      tradeCandles: this.#candles.trades.forming(symbol),
    };
  }
}
