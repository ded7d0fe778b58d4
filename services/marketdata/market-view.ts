/**
 * One market as its journal tells it: depth, best prices, trades, the day's figures, and its part of the
 * candles.
 *
 * `fold` takes the records in order, each once; a record that was folded before is skipped, so a follower may
 * begin anywhere at or before the view's sequence + 1. Nothing here waits: a batch is folded in one go.
 */
import { formatPrice, formatQuantity, type Instrument } from "../../engine/instrument.ts";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import type { Phase } from "../../engine/market/phase.ts";
import type { MarketRecord } from "../../engine/market/record.ts";
import type { Lots, Ticks } from "../../engine/units.ts";
import type { CandleBuilder } from "../../mixins/time-series/candle-builder.ts";
import type { TimeSeries } from "../../mixins/time-series/time-series.ts";
import type { Book, BookLevel, ReferencePrice, Statistics, Ticker } from "../../models/market-data.model.ts";
import { DayStatistics } from "./day-statistics.ts";
import { LevelBook, type PackedLevels } from "./level-book.ts";
import { viewStatistics } from "./statistics-view.ts";
import { type TapeTrade, TradeTape } from "./trade-tape.ts";
import { type DayFigures, TradingDay } from "./trading-day.ts";

export interface MarketCheckpoint {
  readonly sequence: number;
  readonly time: number;
  readonly bestBid: number;
  readonly bestAsk: number;
  readonly bids: PackedLevels;
  readonly asks: PackedLevels;
  /** Absent in what was stored before it was known. */
  readonly day?: DayFigures;
}

export class MarketView {
  readonly instrument: Instrument;
  readonly levels = new LevelBook();
  readonly tape: TradeTape;
  readonly #day = new DayStatistics();
  readonly #bookCandles: CandleBuilder;
  readonly #tradeCandles: CandleBuilder;
  #tradingDay = new TradingDay();
  #sequence = 0;
  #time = 0;
  #bestBid = 0;
  #bestAsk = 0;

  constructor(instrument: Instrument, bookCandles: CandleBuilder, tradeCandles: CandleBuilder) {
    this.instrument = instrument;
    this.tape = new TradeTape(instrument);
    this.#bookCandles = bookCandles;
    this.#tradeCandles = tradeCandles;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** Time of the newest command folded, milliseconds UTC. */
  get time(): number {
    return this.#time;
  }

  get bestBid(): number {
    return this.#bestBid;
  }

  get bestAsk(): number {
    return this.#bestAsk;
  }

  /** Takes up what an earlier run has stored. */
  async resume(store: TimeSeries, checkpoint: MarketCheckpoint | undefined, now: number): Promise<void> {
    const { symbol } = this.instrument;
    await this.tape.resume(store);
    await this.#day.resume(store, symbol, now);
    if (checkpoint === undefined) return;
    await this.#bookCandles.resume(store, symbol, checkpoint.time);
    await this.#tradeCandles.resume(store, symbol, checkpoint.time);
    this.#sequence = checkpoint.sequence;
    this.#time = checkpoint.time;
    this.#bestBid = checkpoint.bestBid;
    this.#bestAsk = checkpoint.bestAsk;
    if (checkpoint.day !== undefined) this.#tradingDay = TradingDay.from(checkpoint.day);
    this.levels.unpack("buy", checkpoint.bids);
    this.levels.unpack("sell", checkpoint.asks);
  }

  /**
   * Puts a snapshot of the market, or an empty one, in place of the book; trades and candles go on from
   * there.
   */
  reset(snapshot: Uint8Array | undefined): void {
    const machine =
      snapshot === undefined
        ? new MarketMachine(this.instrument)
        : MarketMachine.restore(this.instrument, snapshot);
    const { bids, asks } = machine.depth(Number.MAX_SAFE_INTEGER);
    this.levels.unpack(
      "buy",
      bids.flatMap(level => [level.ticks, level.lots, level.orders]),
    );
    this.levels.unpack(
      "sell",
      asks.flatMap(level => [level.ticks, level.lots, level.orders]),
    );
    this.#tradingDay = new TradingDay(machine.phase);
    this.#sequence = machine.sequence;
    this.#bestBid = machine.bestBid;
    this.#bestAsk = machine.bestAsk;
  }

  /** Takes a record in: the trades that it made. */
  fold(record: MarketRecord): TapeTrade[] {
    if (record.sequence <= this.#sequence) return [];
    this.#sequence = record.sequence;
    // Some records of the fence carry no time.
    this.#time = Math.max(this.#time, record.command.time);
    const trades: TapeTrade[] = [];
    this.#tradingDay.fold(record);
    for (const event of record.events) {
      this.levels.fold(event);
      if (event.event !== "traded") continue;
      const { ticks, lots, side } = event;
      trades.push(this.tape.add(record.sequence, trades.length, { ticks, lots, side, time: this.#time }));
      this.#day.add(this.#time, ticks, lots);
      this.#tradeCandles.fold(this.instrument.symbol, this.#time, ticks, ticks, lots);
    }
    const { bestBid, bestAsk } = record;
    if (bestBid !== this.#bestBid || bestAsk !== this.#bestAsk) {
      this.#bestBid = bestBid;
      this.#bestAsk = bestAsk;
      // A candle needs both prices: a one-sided book makes none.
      if (bestBid > 0 && bestAsk > 0) {
        this.#bookCandles.fold(this.instrument.symbol, this.#time, bestBid, bestAsk, 1);
      }
    }
    return trades;
  }

  checkpoint(): MarketCheckpoint {
    return {
      sequence: this.#sequence,
      time: this.#time,
      bestBid: this.#bestBid,
      bestAsk: this.#bestAsk,
      bids: this.levels.pack("buy"),
      asks: this.levels.pack("sell"),
      day: this.#tradingDay.figures,
    };
  }

  book(levelsMax?: number): Book {
    const side = (name: "buy" | "sell") =>
      this.levels.depth(name, levelsMax).map(level => this.level(level.ticks, level));
    return {
      symbol: this.instrument.symbol,
      sequence: this.#sequence,
      time: new Date(this.#time).toISOString(),
      bids: side("buy"),
      asks: side("sell"),
    };
  }

  /** A level as it goes over the wire; quantity "0" where it is gone. */
  level(ticks: number, level: { readonly lots: number; readonly orders: number } | undefined): BookLevel {
    const price = formatPrice(this.instrument, ticks as Ticks);
    return [price, formatQuantity(this.instrument, (level?.lots ?? 0) as Lots), level?.orders ?? 0];
  }

  get phase(): Phase {
    return this.#tradingDay.phase;
  }

  statistics(): Statistics {
    return viewStatistics(this.instrument, this.#tradingDay.figures, this.#sequence, this.#time);
  }

  ticker(reference: ReferencePrice | undefined, now: number): Ticker {
    const bid =
      this.#bestBid > 0 ? this.level(this.#bestBid, this.levels.level("buy", this.#bestBid)) : undefined;
    const ask =
      this.#bestAsk > 0 ? this.level(this.#bestAsk, this.levels.level("sell", this.#bestAsk)) : undefined;
    const last = this.tape.last;
    const { open, high, low, lots } = this.#day.figures(now);
    const price = (value: number) => formatPrice(this.instrument, value as Ticks);
    return {
      symbol: this.instrument.symbol,
      ...(bid === undefined ? {} : { bid: bid[0], bidQuantity: bid[1] }),
      ...(ask === undefined ? {} : { ask: ask[0], askQuantity: ask[1] }),
      ...(last === undefined ? {} : { lastPrice: price(last.ticks) }),
      ...(last === undefined || open === undefined ? {} : { change24h: price(last.ticks - open) }),
      ...(high === undefined || low === undefined ? {} : { high24h: price(high), low24h: price(low) }),
      volume24h: formatQuantity(this.instrument, lots as Lots),
      sequence: this.#sequence,
      time: new Date(this.#time).toISOString(),
      ...(reference === undefined ? {} : { reference }),
    };
  }
}
