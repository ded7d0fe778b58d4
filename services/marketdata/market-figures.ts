/**
 * What a market's past makes of its present: its trades, the past 24 hours, the trading day. `fold` takes the
 * records in order, each once; one that was folded before is skipped.
 */
import type { Instrument } from "../../engine/instrument.ts";
import type { Phase } from "../../engine/market/phase.ts";
import type { MarketRecord } from "../../engine/market/record.ts";
import type { FormingCandle } from "../../mixins/time-series/candle-builder.ts";
import type { TimeSeries } from "../../mixins/time-series/time-series.ts";
import { DayStatistics } from "./day-statistics.ts";
import { type TapeTrade, TradeTape } from "./trade-tape.ts";
import { type DayFigures, TradingDay } from "./trading-day.ts";

export interface FiguresCheckpoint {
  readonly sequence: number;
  readonly time: number;
  /** Absent in what was stored before it was known. */
  readonly day?: DayFigures;
  /** Place of the newest trade. Absent in what was stored before it was known: then the newest stored. */
  readonly lastTradeAt?: number;
}

export class MarketFigures {
  readonly tape: TradeTape;
  readonly #day = new DayStatistics();
  #tradingDay = new TradingDay();
  #sequence = 0;
  #time = 0;

  /** `stores`: whoever has them drains the tape. */
  constructor(instrument: Instrument, stores: boolean) {
    this.tape = new TradeTape(instrument, stores);
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** Time of the newest command folded, milliseconds UTC. */
  get time(): number {
    return this.#time;
  }

  get phase(): Phase {
    return this.#tradingDay.phase;
  }

  get tradingDay(): DayFigures {
    return this.#tradingDay.figures;
  }

  /**
   * `traded`: the M5 candle of trades as it stood at the checkpoint. Reads all it needs before it changes.
   */
  async resume(
    store: TimeSeries,
    symbol: string,
    checkpoint: FiguresCheckpoint,
    traded: FormingCandle | undefined,
    now: number,
  ): Promise<void> {
    await this.tape.resume(store, checkpoint.lastTradeAt ?? Number.MAX_SAFE_INTEGER);
    await this.#day.resume(store, symbol, now, traded);
    this.#sequence = checkpoint.sequence;
    this.#time = checkpoint.time;
    if (checkpoint.day !== undefined) this.#tradingDay = TradingDay.from(checkpoint.day);
  }

  /** A snapshot of the market is put in place of what came before: its trades go on from there. */
  restart(sequence: number, phase: Phase): void {
    this.#sequence = sequence;
    this.#tradingDay = new TradingDay(phase);
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
      if (event.event !== "traded") continue;
      const { ticks, lots, side } = event;
      trades.push(this.tape.add(record.sequence, trades.length, { ticks, lots, side, time: this.#time }));
      this.#day.add(this.#time, ticks, lots);
    }
    return trades;
  }

  checkpoint(): FiguresCheckpoint {
    const { sequence, time, tradingDay: day } = this;
    return { sequence, time, day, lastTradeAt: this.tape.lastAt };
  }

  /** The past 24 hours before `now`. */
  pastDay(now: number): ReturnType<DayStatistics["figures"]> {
    return this.#day.figures(now);
  }
}
