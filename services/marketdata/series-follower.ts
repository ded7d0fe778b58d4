/**
 * Keeps a shared store of candles and trades up to date: reads the markets' journals for itself, so that
 * nothing that is live waits for the store.
 *
 * While the store is away, followers stop reading once `WAITING_MAX` wait in memory; when it is back, what
 * waits is stored and they read on. What the store does not have by then stays in the journals, as it has not
 * been told of as reached. Rows are the same whoever writes them, so a second writer costs time, not truth.
 */
import { type Timers, wait } from "../../mixins/clock.ts";
import type { Follower, JournalBatch } from "../../mixins/journal/journal.ts";
import { marketRecordsOf } from "../../mixins/journal/market-batches.ts";
import { isAway, type TimeSeries } from "../../mixins/time-series/time-series.ts";
import { type MarketSource, openingBehind } from "./market-opening.ts";
import { MarketSeries, type SeriesCheckpoint, storedCheckpoint } from "./market-series.ts";
import { type Reached, SeriesWriter } from "./series-writer.ts";

const WAITING_MAX = 20_000;
const COMMIT_MS = 1_000;
/** Between two questions to a store that is away. */
const RETRY_MS = 500;

export interface SeriesWorld {
  /** Wall clock, milliseconds UTC. */
  now(): number;
  readonly timers: Timers;
  readonly reached: Reached;
  /** The store went away, with what it said, or answers again. */
  onAway(error: unknown): void;
  onBack(): void;
  /** Nothing is stored any more. */
  onFailure(error: unknown): void;
}

export class SeriesFollower {
  readonly #store: TimeSeries;
  readonly #world: SeriesWorld;
  readonly #writer: SeriesWriter;
  readonly #followers: Follower[] = [];
  readonly #stopTimer: () => void;
  #away = false;
  #closed = false;

  constructor(store: TimeSeries, world: SeriesWorld) {
    this.#store = store;
    this.#world = world;
    this.#writer = new SeriesWriter(store);
    this.#stopTimer = world.timers.every(COMMIT_MS, () => void this.#commit());
  }

  /**
   * Takes the market up where it was stored, once the store says where that is, and follows it from there.
   */
  async follow(source: MarketSource): Promise<void> {
    const series = await this.#resumed(source);
    if (series === undefined) return;
    const { instrument, journal } = source;
    const opening = await openingBehind(source, series.figures.sequence);
    if (opening !== undefined) series.restart(opening);
    const checkpoint = (): SeriesCheckpoint => {
      const isLevel = series.figures.sequence >= journal.last;
      return { ...series.checkpoint(), asOf: isLevel ? this.#world.now() : series.figures.time };
    };
    this.#writer.add({ series, journal: journal.name, checkpoint });
    const fold = (batch: JournalBatch) => {
      for (const record of marketRecordsOf(instrument.number, batch)) {
        if (record.sequence > series.figures.sequence) series.fold(record, series.figures.fold(record));
      }
      return this.#writer.waiting(series) > WAITING_MAX ? this.#stored() : undefined;
    };
    const fail = (error: unknown) => this.#fail(error);
    this.#followers.push(journal.follow(series.figures.sequence + 1, fold, fail));
  }

  /** Stores what is folded, if the store is there: what is not is folded again by the next. */
  async close(): Promise<void> {
    this.#stopTimer();
    const failed = this.#closed;
    this.#closed = true;
    await Promise.all(this.#followers.map(follower => follower.close()));
    if (!failed) await this.#commit();
  }

  /** Undefined where this was closed before the store answered. */
  async #resumed({ instrument }: MarketSource): Promise<MarketSeries | undefined> {
    for (;;) {
      try {
        const stored = await storedCheckpoint(this.#store, instrument.symbol);
        const { candles } = this.#writer;
        const series = await MarketSeries.resume(this.#store, instrument, candles, stored, this.#world.now());
        this.#found();
        return series;
      } catch (error) {
        if (!isAway(error)) throw error;
        this.#missed(error);
      }
      await wait(this.#world.timers, RETRY_MS);
      if (this.#closed) return undefined;
    }
  }

  /** Waits until what waits is stored. */
  async #stored(): Promise<void> {
    while (!this.#closed && !(await this.#commit())) await wait(this.#world.timers, RETRY_MS);
  }

  async #commit(): Promise<boolean> {
    try {
      await this.#writer.commit(this.#world.reached);
      this.#found();
      return true;
    } catch (error) {
      if (isAway(error)) this.#missed(error);
      else this.#fail(error);
      return false;
    }
  }

  #missed(error: unknown): void {
    if (!this.#away) this.#world.onAway(error);
    this.#away = true;
  }

  #found(): void {
    if (this.#away) this.#world.onBack();
    this.#away = false;
  }

  #fail(error: unknown): void {
    this.#closed = true;
    this.#stopTimer();
    this.#world.onFailure(error);
  }
}
