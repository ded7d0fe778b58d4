/**
 * Candles as the chart draws them, kept by their start: history is merged in, live prices move the newest bar
 * or begin the next. Floats: this is where numbers become pixels.
 */
import type { Candle, Granularity } from "../client/wire.ts";
import { approximate } from "../decimal.ts";
import { candleStart } from "../market/granularity.ts";

export interface Bar {
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export type BarSide = "bid" | "ask" | "mid";

/** Bars kept at most; scrolling further back ends here. */
export const BARS_MAX = 10_000;

export function barOf(candle: Candle, side: BarSide): Bar {
  const of = (field: keyof Candle["bid"]) => {
    const [bid, ask] = [approximate(candle.bid[field]), approximate(candle.ask[field])];
    return side === "bid" ? bid : side === "ask" ? ask : (bid + ask) / 2;
  };
  return {
    time: Date.parse(candle.time),
    open: of("open"),
    high: of("high"),
    low: of("low"),
    close: of("close"),
    volume: approximate(candle.volume),
  };
}

export class Bars {
  readonly #granularity: Granularity;
  #bars: Bar[] = [];

  constructor(granularity: Granularity) {
    this.#granularity = granularity;
  }

  get all(): readonly Bar[] {
    return this.#bars;
  }

  get first(): Bar | undefined {
    return this.#bars[0];
  }

  get last(): Bar | undefined {
    return this.#bars.at(-1);
  }

  /** Takes candles from the venue: they replace what was drawn at the same start. */
  merge(bars: readonly Bar[]): void {
    const byTime = new Map([...this.#bars, ...bars].map(bar => [bar.time, bar]));
    this.#bars = [...byTime.values()].sort((a, b) => a.time - b.time).slice(-BARS_MAX);
  }

  /**
   * A price now; returns the bar that it changed and whether that bar is new. Older than the newest bar:
   * none.
   */
  live(
    time: number,
    price: number,
    volume: number,
  ): { readonly bar: Bar; readonly begun: boolean } | undefined {
    const start = candleStart(this.#granularity, time);
    const last = this.last;
    if (last !== undefined && start < last.time) return undefined;
    if (last === undefined || start > last.time) {
      const bar = { time: start, open: price, high: price, low: price, close: price, volume };
      this.#bars.push(bar);
      return { bar, begun: true };
    }
    const bar = {
      ...last,
      high: Math.max(last.high, price),
      low: Math.min(last.low, price),
      close: price,
      volume: last.volume + volume,
    };
    this.#bars[this.#bars.length - 1] = bar;
    return { bar, begun: false };
  }
}
