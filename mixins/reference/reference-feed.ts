/**
 * Draws every quote that is due from the sources, folds each into the candles, and stores both together.
 *
 * All quotes of every source go through `pump`, in order. A commit holds each source's state and the candles
 * that its quotes up to there have made, those that are not complete as they stand: after kill -9 the quotes
 * behind the last commit come again and count once. `start` commits what a pause left over before anything is
 * told. While a store is away quotes go on, and what is to be stored waits, within bounds, for its return.
 */
import type { Instrument } from "../../engine/instrument.ts";
import { assert } from "../../engine/units.ts";
import { CandleBuilder, type FormingCandle, storedForming } from "../time-series/candle-builder.ts";
import { type CandlePage, type CandleQuery, listCandles } from "../time-series/candle-query.ts";
import { CandleRetention } from "../time-series/candle-retention.ts";
import { isAway, type SeriesCommit, type TimeSeries } from "../time-series/time-series.ts";
import type { ReferenceQuote, ReferenceSource } from "./reference-source.ts";

/** Quotes of one source in one turn: what a replay faster than the venue is cut into. */
const QUOTES_A_TURN_MAX = 2_000;
/**
 * So many closed candles force a commit before more quotes are drawn; while the store is away the oldest half
 * of them is given up instead, a day's at nine symbols, as prices must go on.
 */
const CANDLES_WAITING_MAX = 20_000;

type States = Readonly<Record<string, unknown>>;
type CandlesBySymbol = Readonly<Record<string, readonly FormingCandle[]>>;

const STATES = "reference";
const CANDLES = "candles/reference";

export class ReferenceFeed {
  readonly candles = new CandleBuilder("reference");
  /** Is told when the store goes away, and with undefined when it answers again. */
  onAway: (error: unknown) => void = () => undefined;
  readonly #store: TimeSeries;
  readonly #sources: readonly ReferenceSource[];
  /** Of sources of this run and of earlier ones. */
  readonly #states: States;
  /** As an earlier run has left them; undefined where it did not say. */
  readonly #begun: CandlesBySymbol | undefined;
  readonly #bySymbol = new Map<string, ReferenceSource>();
  readonly #latest = new Map<string, ReferenceQuote>();
  readonly #retention = new CandleRetention();
  #drained: SeriesCommit | undefined;
  #committing: Promise<void> | undefined;
  #away = false;

  private constructor(
    store: TimeSeries,
    sources: readonly ReferenceSource[],
    states: States,
    begun: CandlesBySymbol | undefined,
  ) {
    this.#store = store;
    this.#sources = sources;
    this.#states = states;
    this.#begun = begun;
    for (const source of sources) {
      for (const symbol of source.symbols)
        if (!this.#bySymbol.has(symbol)) this.#bySymbol.set(symbol, source);
    }
  }

  /**
   * `makeSources` is given the state that an earlier run has stored, by a source's identity. Each symbol has
   * one source: the first that lists it; quotes of a later one for the same symbol are left out. Throws
   * NOT_READY where the store is away: without its state a source would say other prices.
   */
  static async open(
    store: TimeSeries,
    makeSources: (stored: (identity: string) => unknown) => readonly ReferenceSource[],
  ): Promise<ReferenceFeed> {
    // Written by this class alone.
    const stored = (await store.checkpoint(STATES)) as States | undefined;
    const begun = (await store.checkpoint(CANDLES)) as CandlesBySymbol | undefined;
    const states = stored ?? {};
    const sources = makeSources(identity => states[identity]);
    return new ReferenceFeed(store, sources, states, stored === undefined ? {} : begun);
  }

  /** The store does not answer, and what is to be stored waits. */
  get isAway(): boolean {
    return this.#away;
  }

  get symbols(): readonly string[] {
    return [...this.#bySymbol.keys()];
  }

  async start(now: number): Promise<void> {
    for (const [symbol, source] of this.#bySymbol) {
      const quote = source.latest().find(latest => latest.symbol === symbol);
      if (quote !== undefined) this.#latest.set(symbol, quote);
      const time = quote?.time ?? source.clock(now);
      const begun =
        this.#begun === undefined
          ? await storedForming(this.#store, "reference", symbol, time)
          : this.#begun[symbol];
      this.candles.resume(symbol, time, begun ?? []);
    }
    this.pump(now);
    await this.commit();
  }

  /** Newest quote of each symbol that had any, and whether a source has more that are due already. */
  pump(now: number): { readonly quotes: ReadonlyMap<string, ReferenceQuote>; readonly more: boolean } {
    const newest = new Map<string, ReferenceQuote>();
    let more = false;
    if (this.candles.waiting > CANDLES_WAITING_MAX) {
      if (!this.#away) return { quotes: newest, more: true };
      this.candles.giveUp(CANDLES_WAITING_MAX / 2);
    }
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
   * Stores everything drawn so far, or says by `isAway` that it waits. One at a time: a call during another
   * waits for it and then stores the rest.
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
    for (;;) {
      const left = this.#drained !== undefined;
      this.#drained ??= this.#drain();
      try {
        await this.#store.commit(this.#drained);
      } catch (error) {
        if (!isAway(error)) throw error;
        if (!this.#away) this.onAway(error);
        this.#away = true;
        return;
      }
      this.#drained = undefined;
      this.candles.settled();
      if (this.#away) this.onAway(undefined);
      this.#away = false;
      if (!left) return;
    }
  }

  #drain(): SeriesCommit {
    const states = Object.fromEntries(this.#sources.map(source => [source.identity, source.state()]));
    const rows = this.candles.drain();
    const forming = Object.fromEntries(this.symbols.map(symbol => [symbol, this.candles.forming(symbol)]));
    const checkpoints = new Map<string, unknown>([
      [STATES, { ...this.#states, ...states }],
      [CANDLES, forming],
    ]);
    return { rows, checkpoints, trims: this.#retention.trims("reference", this.symbols, rows) };
  }
}
