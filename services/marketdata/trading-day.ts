/**
 * What a trading day has brought: its prices, what was traded and at what average, its last uncrossing. The
 * day ends where the market is told so; what it closed at is kept for the next.
 */
import type { Phase } from "../../engine/market/phase.ts";
import type { MarketRecord } from "../../engine/market/record.ts";

export interface DayFigures {
  /** When the first command of the day came. */
  readonly since: number;
  /** Prices in ticks; 0 where nothing was traded. */
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly previousClose: number;
  readonly lots: number;
  readonly trades: number;
  /** Σ ticks × lots, a decimal text as it may pass 2⁵³. */
  readonly value: string;
  /** The newest uncrossing that traded: its price and size. */
  readonly auctionTicks: number;
  readonly auctionLots: number;
  readonly phase: Phase;
  /** Of a call: the price and size of an uncrossing, as told last. */
  readonly indicativeTicks: number;
  readonly indicativeLots: number;
}

const NOTHING = {
  ...{ open: 0, high: 0, low: 0, close: 0, lots: 0, trades: 0, auctionTicks: 0, auctionLots: 0 },
  ...{ indicativeTicks: 0, indicativeLots: 0 },
};

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export class TradingDay {
  #figures: Mutable<Omit<DayFigures, "value">>;
  #value = 0n;

  constructor(phase: Phase = "continuous") {
    this.#figures = { ...NOTHING, since: 0, previousClose: 0, phase };
  }

  static from(figures: DayFigures): TradingDay {
    const day = new TradingDay();
    const { value, ...rest } = figures;
    day.#figures = { ...rest };
    day.#value = BigInt(value);
    return day;
  }

  get phase(): Phase {
    return this.#figures.phase;
  }

  get figures(): DayFigures {
    return { ...this.#figures, value: String(this.#value) };
  }

  fold({ command, events }: MarketRecord): void {
    const figures = this.#figures;
    if (figures.since === 0) figures.since = command.time;
    // The trades of an uncrossing, and what they show, come right behind the change of phase.
    let uncrossing = false;
    let uncrossed = 0;
    for (const event of events) {
      if (event.event !== "traded" && event.event !== "displayed") {
        uncrossing = event.event === "phased";
        uncrossed = 0;
      }
      if (event.event === "traded") {
        this.#trade(event.ticks, event.lots);
        if (!uncrossing) continue;
        uncrossed += event.lots;
        figures.auctionTicks = event.ticks;
        figures.auctionLots = uncrossed;
      } else if (event.event === "phased") {
        figures.phase = event.phase;
        [figures.indicativeTicks, figures.indicativeLots] = [0, 0];
      } else if (event.event === "indicative") {
        [figures.indicativeTicks, figures.indicativeLots] = [event.ticks, event.lots];
      }
    }
    if (command.kind === "endOfDay") this.#end(command.time);
  }

  #trade(ticks: number, lots: number): void {
    const figures = this.#figures;
    if (figures.trades === 0) [figures.open, figures.high, figures.low] = [ticks, ticks, ticks];
    figures.high = Math.max(figures.high, ticks);
    figures.low = Math.min(figures.low, ticks);
    figures.close = ticks;
    figures.lots += lots;
    figures.trades++;
    this.#value += BigInt(ticks) * BigInt(lots);
  }

  #end(time: number): void {
    const { close, previousClose, phase } = this.#figures;
    this.#figures = { ...NOTHING, since: time, previousClose: close === 0 ? previousClose : close, phase };
    this.#value = 0n;
  }
}
