/**
 * A market's trades: the newest thousand in memory, older ones in the store up to a bound, listed newest
 * first.
 *
 * A trade's id is sequence × 2²⁰ + its place in that command's trades: unique in the market, growing, and
 * below 2⁵³ for the first eight thousand million commands of a market. In the store it lies at its time in
 * microseconds, or one behind the trade before it where that is later: so places grow as ids do.
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
/** Later than any trade. */
const FAR = Number.MAX_SAFE_INTEGER - 1;

export interface TapeTrade {
  readonly id: number;
  /** Microseconds UTC: its place in the store, and of cursors. */
  readonly at: number;
  readonly ticks: Ticks;
  readonly lots: Lots;
  readonly side: "buy" | "sell";
  readonly time: number;
}

export class TradeTape {
  readonly #instrument: Instrument;
  readonly #series: string;
  readonly #stores: boolean;
  #recent: TapeTrade[] = [];
  #unstored: TapeTrade[] = [];
  #storing: readonly TapeTrade[] = [];
  #lastAt = 0;
  #sinceTrim = 0;

  /** `stores`: whoever has the tape drains it, else it keeps nothing for a store. */
  constructor(instrument: Instrument, stores: boolean) {
    this.#instrument = instrument;
    this.#series = `trades/${instrument.symbol}`;
    this.#stores = stores;
  }

  get last(): TapeTrade | undefined {
    return this.#recent.at(-1);
  }

  /** Place of the newest trade; 0 where there was none. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** Trades that wait to be drained. */
  get waiting(): number {
    return this.#unstored.length;
  }

  /** Takes the stored trades up to place `lastAt`: what is stored behind it is folded again. */
  async resume(store: TimeSeries, lastAt: number): Promise<void> {
    const range = { from: 0, to: Math.min(lastAt, FAR) + 1, limit: IN_MEMORY_MAX, reverse: true };
    this.#recent = (await store.rows(this.#series, range)).reverse().map(tradeOf);
    this.#lastAt = this.#recent.at(-1)?.at ?? 0;
  }

  /** `place` counts the trades of one command from 0. */
  add(sequence: number, place: number, trade: Omit<TapeTrade, "id" | "at">): TapeTrade {
    assert(place < IN_A_COMMAND_MAX, "a command makes fewer than 2²⁰ trades");
    this.#lastAt = Math.max(trade.time * 1_000, this.#lastAt + 1);
    const added = { id: sequence * IN_A_COMMAND_MAX + place, at: this.#lastAt, ...trade };
    this.#recent.push(added);
    if (this.#stores) this.#unstored.push(added);
    if (this.#recent.length > 2 * IN_MEMORY_MAX) this.#recent = this.#recent.slice(-IN_MEMORY_MAX);
    return added;
  }

  drain(): { readonly rows: SeriesRow[]; readonly trims: { series: string; keep: number }[] } {
    this.#storing = this.#unstored;
    this.#unstored = [];
    const rows = this.#storing.map(({ id, at, ticks, lots, side, time }) => ({
      series: this.#series,
      at,
      values: [ticks, lots, side === "buy" ? 0 : 1, time, id],
    }));
    this.#sinceTrim += rows.length;
    if (this.#sinceTrim < ROWS_BETWEEN_TRIMS) return { rows, trims: [] };
    this.#sinceTrim = 0;
    return { rows, trims: [{ series: this.#series, keep: TRADES_KEPT }] };
  }

  settled(): void {
    this.#storing = [];
  }

  /** Newest first, those before place `before`. What memory has is not asked of the store. */
  async list(
    store: TimeSeries,
    limit: number,
    before: number,
  ): Promise<{ items: Trade[]; nextCursor?: string }> {
    const recent = this.#recent.filter(trade => trade.at < before).slice(-limit - 1);
    const trades =
      recent.length > limit ? recent.reverse() : await this.#merged(store, recent, limit, before);
    const items = trades.slice(0, limit);
    const oldest = items.at(-1);
    const page = { items: items.map(trade => this.view(trade)) };
    return trades.length > limit && oldest !== undefined ? { ...page, nextCursor: String(oldest.at) } : page;
  }

  async #merged(
    store: TimeSeries,
    recent: readonly TapeTrade[],
    limit: number,
    before: number,
  ): Promise<TapeTrade[]> {
    const range = { from: 0, to: before, limit: limit + 1, reverse: true };
    const byId = new Map<number, TapeTrade>();
    for (const row of await store.rows(this.#series, range)) {
      const trade = tradeOf(row);
      byId.set(trade.id, trade);
    }
    for (const trade of [...this.#storing, ...this.#unstored, ...recent]) {
      if (trade.at < before) byId.set(trade.id, trade);
    }
    return [...byId.values()].sort((one, other) => other.id - one.id);
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

function tradeOf({ at, values: [ticks = 0, lots = 0, side = 0, time = 0, id = at] }: SeriesRow): TapeTrade {
  return { id, at, ticks: ticks as Ticks, lots: lots as Lots, side: side === 0 ? "buy" : "sell", time };
}
