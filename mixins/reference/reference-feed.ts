/**
 * Draws every quote that is due from the sources, folds each into the candles, and stores both together.
 *
 * All quotes of every source go through `pump`, in order. A commit holds each source's state and the candles
 * that its quotes up to there have made, in one transaction: after kill -9 the quotes behind the last commit
 * come again and count once. `start` commits what a pause left over before anything is told.
 */
import type { Instrument } from "../../engine/instrument.ts";
import { assert } from "../../engine/units.ts";
import { CandleBuilder } from "../time-series/candle-builder.ts";
import { type CandlePage, type CandleQuery, listCandles } from "../time-series/candle-query.ts";
import { CandleRetention } from "../time-series/candle-retention.ts";
import type { TimeSeries } from "../time-series/time-series.ts";
import type { ReferenceQuote, ReferenceSource } from "./reference-source.ts";

/** Quotes of one source in one turn: what a replay faster than the venue is cut into. */
const QUOTES_A_TURN_MAX = 2_000;
/** So many closed candles force a commit before more quotes are drawn. */
const CANDLES_WAITING_MAX = 20_000;

export class ReferenceFeed {
  readonly candles = new CandleBuilder("reference");
  readonly #store: TimeSeries;
  readonly #sources: readonly ReferenceSource[];
  readonly #bySymbol = new Map<string, ReferenceSource>();
  readonly #latest = new Map<string, ReferenceQuote>();
  readonly #retention = new CandleRetention();
  #committing: Promise<void> | undefined;

  /**
   * Each symbol has one source: the first that lists it; quotes of a later one for the same symbol are left
   * out.
   */
  constructor(store: TimeSeries, sources: readonly ReferenceSource[]) {
    this.#store = store;
    this.#sources = sources;
    for (const source of sources) {
      for (const symbol of source.symbols)
        if (!this.#bySymbol.has(symbol)) this.#bySymbol.set(symbol, source);
    }
  }

  /** States of an earlier run, by identity: read before the sources are made. */
  static async stored(store: TimeSeries): Promise<(identity: string) => unknown> {
    const known = (await store.checkpoint("reference")) as Record<string, unknown> | undefined;
    return identity => known?.[identity];
  }

  get symbols(): readonly string[] {
    return [...this.#bySymbol.keys()];
  }

  async start(now: number): Promise<void> {
    for (const [symbol, source] of this.#bySymbol) {
      const quote = source.latest().find(latest => latest.symbol === symbol);
      if (quote !== undefined) this.#latest.set(symbol, quote);
      await this.candles.resume(this.#store, symbol, quote?.time ?? source.clock(now));
    }
    this.pump(now);
    await this.commit();
  }

  /** Newest quote of each symbol that had any, and whether a source has more that are due already. */
  pump(now: number): { readonly quotes: ReadonlyMap<string, ReferenceQuote>; readonly more: boolean } {
    const newest = new Map<string, ReferenceQuote>();
    let more = false;
    if (this.candles.waiting > CANDLES_WAITING_MAX) return { quotes: newest, more: true };
    for (const source of this.#sources) {
      for (const quote of source.take(now, QUOTES_A_TURN_MAX)) {
        if (this.#bySymbol.get(quote.symbol) !== source) continue;
        this.candles.fold(quote.symbol, quote.time, quote.bid, quote.ask, 1);
        newest.set(quote.symbol, quote);
        this.#latest.set(quote.symbol, quote);
      }
      more ||= (source.due() ?? Number.POSITIVE_INFINITY) <= now;
    }
    return { quotes: newest, more };
  }

  /** When the next quote is due by the venue's clock. */
  due(): number | undefined {
    const dues = this.#sources.map(source => source.due()).filter(due => due !== undefined);
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  latest(symbol: string): ReferenceQuote | undefined {
    return this.#latest.get(symbol);
  }

  /**
   * Stores everything drawn so far. One at a time: a call during another waits for it and then stores the
   * rest.
   */
  async commit(): Promise<void> {
    while (this.#committing !== undefined) await this.#committing;
    this.#committing = this.#write();
    try {
      await this.#committing;
    } finally {
      this.#committing = undefined;
    }
  }

  list(instrument: Instrument, query: CandleQuery, now: number): Promise<CandlePage> {
    const source = this.#bySymbol.get(instrument.symbol);
    assert(source !== undefined, "a symbol whose candles are listed has a source");
    return listCandles(this.#store, this.candles, instrument, query, source.clock(now));
  }

  async #write(): Promise<void> {
    const states = Object.fromEntries(this.#sources.map(source => [source.identity, source.state()]));
    const rows = this.candles.drain();
    const earlier = (await this.#store.checkpoint("reference")) as Record<string, unknown> | undefined;
    await this.#store.commit({
      rows,
      checkpoints: new Map([["reference", { ...earlier, ...states }]]),
      trims: this.#retention.trims("reference", this.symbols, rows),
    });
    this.candles.settled();
  }
}
