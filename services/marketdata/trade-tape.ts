/**
 * A market's trades: the newest thousand in memory, older ones in the store up to a bound, listed newest
 * first.
 *
 * A trade's id is sequence × 2²⁰ + its place in that command's trades: unique in the market, growing, and
 * below 2⁵³ for the first eight thousand million commands of a market.
 */
import { formatPrice, formatQuantity, type Instrument } from "../../engine/instrument.ts";
import { assert, type Lots, type Ticks } from "../../engine/units.ts";
import type { SeriesRow, TimeSeries } from "../../mixins/time-series/time-series.ts";
import type { Trade } from "../../models/market-data.model.ts";

const IN_MEMORY_MAX = 1_000;
/**
 * Rows of a market's trades that the store keeps: some MB over all pairs. Whole histories are in the
 * journals.
 */
export const TRADES_KEPT = 20_000;
const ROWS_BETWEEN_TRIMS = 1_000;
const IN_A_COMMAND_MAX = 2 ** 20;

export interface TapeTrade {
  readonly id: number;
  readonly ticks: Ticks;
  readonly lots: Lots;
  readonly side: "buy" | "sell";
  readonly time: number;
}

export class TradeTape {
  readonly #instrument: Instrument;
  readonly #series: string;
  #recent: TapeTrade[] = [];
  #unstored: TapeTrade[] = [];
  #storing: readonly TapeTrade[] = [];
  #sinceTrim = 0;

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
    this.#series = `trades/${instrument.symbol}`;
  }

  get last(): TapeTrade | undefined {
    return this.#recent.at(-1);
  }

  /** Trades that wait to be drained. */
  get waiting(): number {
    return this.#unstored.length;
  }

  async resume(store: TimeSeries): Promise<void> {
    const range = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: IN_MEMORY_MAX, reverse: true };
    this.#recent = (await store.rows(this.#series, range)).reverse().map(tradeOf);
  }

  /** `place` counts the trades of one command from 0. */
  add(sequence: number, place: number, trade: Omit<TapeTrade, "id">): TapeTrade {
    assert(place < IN_A_COMMAND_MAX, "a command makes fewer than 2²⁰ trades");
    const added = { id: sequence * IN_A_COMMAND_MAX + place, ...trade };
    this.#recent.push(added);
    this.#unstored.push(added);
    if (this.#recent.length > 2 * IN_MEMORY_MAX) this.#recent = this.#recent.slice(-IN_MEMORY_MAX);
    return added;
  }

  drain(): { readonly rows: SeriesRow[]; readonly trims: { series: string; keep: number }[] } {
    this.#storing = this.#unstored;
    this.#unstored = [];
    const rows = this.#storing.map(({ id, ticks, lots, side, time }) => ({
      series: this.#series,
      at: id,
      values: [ticks, lots, side === "buy" ? 0 : 1, time],
    }));
    this.#sinceTrim += rows.length;
    if (this.#sinceTrim < ROWS_BETWEEN_TRIMS) return { rows, trims: [] };
    this.#sinceTrim = 0;
    return { rows, trims: [{ series: this.#series, keep: TRADES_KEPT }] };
  }

  settled(): void {
    this.#storing = [];
  }

  /** Newest first, those before trade `before`. */
  async list(
    store: TimeSeries,
    limit: number,
    before: number,
  ): Promise<{ items: Trade[]; nextCursor?: string }> {
    const fresh = [...this.#storing, ...this.#unstored].filter(trade => trade.id < before).slice(-limit - 1);
    const rows = await store.rows(this.#series, { from: 0, to: before, limit: limit + 1, reverse: true });
    const byId = new Map(rows.map(row => [row.at, tradeOf(row)]));
    for (const trade of fresh) byId.set(trade.id, trade);
    const trades = [...byId.values()].sort((one, other) => other.id - one.id);
    const items = trades.slice(0, limit);
    const oldest = items.at(-1);
    const page = { items: items.map(trade => this.view(trade)) };
    return trades.length > limit && oldest !== undefined ? { ...page, nextCursor: String(oldest.id) } : page;
  }

  /** The newest ones in memory, newest first. */
  newest(limit: number): Trade[] {
    return this.#recent
      .slice(-limit)
      .reverse()
      .map(trade => this.view(trade));
  }

  view(trade: TapeTrade): Trade {
    return {
      id: String(trade.id),
      price: formatPrice(this.#instrument, trade.ticks),
      quantity: formatQuantity(this.#instrument, trade.lots),
      side: trade.side,
      sequence: Math.floor(trade.id / IN_A_COMMAND_MAX),
      time: new Date(trade.time).toISOString(),
    };
  }
}

function tradeOf({ at, values: [ticks = 0, lots = 0, side = 0, time = 0] }: SeriesRow): TapeTrade {
  return { id: at, ticks: ticks as Ticks, lots: lots as Lots, side: side === 0 ? "buy" : "sell", time };
}
