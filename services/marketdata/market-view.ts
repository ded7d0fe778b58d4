/**
 * One market as its journal tells it: depth, best prices, and the figures of its past.
 *
 * `fold` takes the records in order, each once; a record that was folded before is skipped, so a follower may
 * begin anywhere at or before the view's sequence + 1. Nothing here waits: a batch is folded in one go.
 */
import { formatPrice, formatQuantity, type Instrument } from "../../engine/instrument.ts";
import type { MarketMachine } from "../../engine/market/market-machine.ts";
import type { Phase } from "../../engine/market/phase.ts";
import type { MarketRecord } from "../../engine/market/record.ts";
import { assert, type Lots, type Ticks } from "../../engine/units.ts";
import type { Book, BookLevel, ReferencePrice, Statistics, Ticker } from "../../models/market-data.model.ts";
import { LevelBook, type PackedLevels } from "./level-book.ts";
import { MarketFigures } from "./market-figures.ts";
import type { SeriesCheckpoint } from "./market-series.ts";
import { viewStatistics } from "./statistics-view.ts";
import type { TapeTrade, TradeTape } from "./trade-tape.ts";

export interface MarketCheckpoint extends SeriesCheckpoint {
  readonly bids: PackedLevels;
  readonly asks: PackedLevels;
}

export class MarketView {
  readonly instrument: Instrument;
  readonly levels = new LevelBook();
  #figures: MarketFigures;
  #sequence = 0;
  #bestBid = 0;
  #bestAsk = 0;

  constructor(instrument: Instrument, figures = new MarketFigures(instrument, false)) {
    this.instrument = instrument;
    this.#figures = figures;
  }

  get sequence(): number {
    return this.#sequence;
  }

  get figures(): MarketFigures {
    return this.#figures;
  }

  get tape(): TradeTape {
    return this.#figures.tape;
  }

  /** Time of the newest command folded, milliseconds UTC. */
  get time(): number {
    return this.#figures.time;
  }

  get bestBid(): number {
    return this.#bestBid;
  }

  get bestAsk(): number {
    return this.#bestAsk;
  }

  /** Goes on with the book of a checkpoint, from which its figures are too. */
  resume({ sequence, bestBid, bestAsk, bids, asks }: MarketCheckpoint): void {
    this.#sequence = sequence;
    this.#bestBid = bestBid;
    this.#bestAsk = bestAsk;
    this.levels.unpack("buy", bids);
    this.levels.unpack("sell", asks);
  }

  /** Puts a market's own book in place of this one; its trades go on from there. */
  restart(machine: MarketMachine): void {
    const { bids, asks } = machine.depth(Number.MAX_SAFE_INTEGER);
    this.levels.unpack(
      "buy",
      bids.flatMap(level => [level.ticks, level.lots, level.orders]),
    );
    this.levels.unpack(
      "sell",
      asks.flatMap(level => [level.ticks, level.lots, level.orders]),
    );
    this.#figures.restart(machine.sequence, machine.phase);
    this.#sequence = machine.sequence;
    this.#bestBid = machine.bestBid;
    this.#bestAsk = machine.bestAsk;
  }

  /** Figures that know more of the past; none of them is behind the book. */
  complete(figures: MarketFigures): void {
    assert(
      figures.sequence >= this.#sequence,
      "figures that take the place of others are as far as the book",
    );
    this.#figures = figures;
  }

  /** Takes a record in: the trades that it made. */
  fold(record: MarketRecord): TapeTrade[] {
    if (record.sequence <= this.#sequence) return [];
    this.#sequence = record.sequence;
    this.#bestBid = record.bestBid;
    this.#bestAsk = record.bestAsk;
    for (const event of record.events) this.levels.fold(event);
    return this.#figures.fold(record);
  }

  book(levelsMax?: number): Book {
    const side = (name: "buy" | "sell") =>
      this.levels.depth(name, levelsMax).map(level => this.level(level.ticks, level));
    return {
      symbol: this.instrument.symbol,
      sequence: this.#sequence,
      time: new Date(this.time).toISOString(),
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
    return this.#figures.phase;
  }

  statistics(): Statistics {
    return viewStatistics(this.instrument, this.#figures.tradingDay, this.#sequence, this.time);
  }

  ticker(reference: ReferencePrice | undefined, now: number): Ticker {
    const bid =
      this.#bestBid > 0 ? this.level(this.#bestBid, this.levels.level("buy", this.#bestBid)) : undefined;
    const ask =
      this.#bestAsk > 0 ? this.level(this.#bestAsk, this.levels.level("sell", this.#bestAsk)) : undefined;
    const last = this.tape.last;
    const { open, high, low, lots } = this.#figures.pastDay(now);
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
      time: new Date(this.time).toISOString(),
      ...(reference === undefined ? {} : { reference }),
    };
  }
}
