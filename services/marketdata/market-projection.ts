/**
 * All markets' views, live, and their rooms. What they show of the past has its own place:
 *
 * - Where this process has the store (LMDB), everything folded is stored too: each market's position in its
 *   journal, its levels, its candles and its trades go into one transaction, so a restart goes on there.
 * - Where the store is shared (InfluxDB), somebody else writes it. A view then begins at the market's newest
 *   snapshot, and its figures are completed from the store and from what the journal has behind it; while the
 *   store is away they begin at the snapshot, and nothing that is live waits for it.
 */
import type { Instrument } from "../../engine/instrument.ts";
import { assert } from "../../engine/units.ts";
import type { Follower, Journal, JournalBatch, SnapshotStore } from "../../mixins/journal/journal.ts";
import { JournalGap } from "../../mixins/journal/journal-fault.ts";
import { marketRecordsOf } from "../../mixins/journal/market-batches.ts";
import { isAway, type TimeSeries } from "../../mixins/time-series/time-series.ts";
import { type MarketSource, newestOpening, openingBehind } from "./market-opening.ts";
import { MarketRooms, type RoomWorld } from "./market-rooms.ts";
import { MarketSeries, storedCheckpoint, storedFigures } from "./market-series.ts";
import { type MarketCheckpoint, MarketView } from "./market-view.ts";
import type { Reached, SeriesWriter } from "./series-writer.ts";
import type { TapeTrade } from "./trade-tape.ts";

/** Candles and trades that wait in memory beyond this make the followers wait for a commit. */
const WAITING_MAX = 20_000;
/** Between two questions to a store that was away. */
const RETRY_MS = 1_000;

export interface ProjectedMarket {
  readonly view: MarketView;
  readonly rooms: MarketRooms;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  /** What is stored of it from here; absent where somebody else does. */
  readonly series: MarketSeries | undefined;
}

export class MarketProjection {
  /** Absent where the store is shared, and somebody else writes it. */
  readonly writer: SeriesWriter | undefined;
  readonly #store: TimeSeries;
  readonly #world: RoomWorld;
  readonly #markets = new Map<string, ProjectedMarket>();
  readonly #followers = new Set<Follower>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #failed = false;
  #closed = false;

  /** `writer`: of the same store. */
  constructor(store: TimeSeries, world: RoomWorld, writer?: SeriesWriter) {
    this.#store = store;
    this.#world = world;
    this.writer = writer;
  }

  get markets(): ReadonlyMap<string, ProjectedMarket> {
    return this.#markets;
  }

  /** Half a record is in a view, or a commit has failed: nothing is stored any more. */
  get isFailed(): boolean {
    return this.#failed;
  }

  /** Takes a market up and follows it; resolves once it has caught up. */
  async follow(
    instrument: Instrument,
    journal: Journal,
    snapshots: SnapshotStore,
    onFailure: (error: unknown) => void,
  ): Promise<void> {
    const source = { instrument, journal, snapshots };
    const market = this.writer === undefined ? this.#shown(source) : await this.#stored(source, this.writer);
    const { view, rooms, series } = market;
    const opening = await (series === undefined
      ? newestOpening(source)
      : openingBehind(source, view.sequence));
    if (opening !== undefined) {
      view.restart(opening);
      series?.restart(opening);
      rooms.replaced();
    }
    this.#markets.set(instrument.symbol, market);
    const fail = (error: unknown) => {
      this.#failed = true;
      onFailure(error);
    };
    const follower = journal.follow(view.sequence + 1, batch => this.#fold(market, batch), fail);
    this.#followers.add(follower);
    await follower.caughtUp;
    if (series === undefined) await this.#complete(market, onFailure);
  }

  /** Stores everything folded so far, where this process does; `reached` is told each journal's position. */
  async commit(reached: Reached): Promise<void> {
    assert(!this.#failed, "market data that failed stores nothing any more");
    try {
      await this.writer?.commit(reached);
    } catch (error) {
      this.#failed = true;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#retries) clearTimeout(timer);
    for (const { rooms } of this.#markets.values()) rooms.close();
    await Promise.all([...this.#followers].map(follower => follower.close()));
  }

  #shown({ instrument, journal, snapshots }: MarketSource): ProjectedMarket {
    const view = new MarketView(instrument);
    return { view, rooms: new MarketRooms(view, this.#world), journal, snapshots, series: undefined };
  }

  async #stored(
    { instrument, journal, snapshots }: MarketSource,
    writer: SeriesWriter,
  ): Promise<ProjectedMarket> {
    const stored = await storedCheckpoint<MarketCheckpoint>(this.#store, instrument.symbol);
    const now = this.#world.now();
    const series = await MarketSeries.resume(this.#store, instrument, writer.candles, stored, now);
    const view = new MarketView(instrument, series.figures);
    if (stored !== undefined) view.resume(stored);
    const checkpoint = (): MarketCheckpoint => ({
      ...series.checkpoint(),
      bids: view.levels.pack("buy"),
      asks: view.levels.pack("sell"),
    });
    writer.add({ series, journal: journal.name, checkpoint });
    return { view, rooms: new MarketRooms(view, this.#world), journal, snapshots, series };
  }

  #fold({ view, rooms, series }: ProjectedMarket, batch: JournalBatch): Promise<void> | undefined {
    const { number } = view.instrument;
    const told: TapeTrade[] = [];
    const { phase } = view;
    for (const record of marketRecordsOf(number, batch)) {
      if (record.sequence > view.sequence) {
        const trades = view.fold(record);
        series?.fold(record, trades);
        for (const trade of trades) told.push(trade);
      }
      rooms.heard(record);
    }
    if (view.phase !== phase) {
      const { symbol } = view.instrument;
      this.#world.phased({ symbol, sequence: view.sequence, phase: view.phase });
    }
    rooms.folded(told);
    if (series === undefined || this.writer === undefined) return undefined;
    return this.writer.waiting(series) > WAITING_MAX ? this.commit(() => undefined) : undefined;
  }

  /** Gives a view the past that the store knows; where that is away or ahead, later. */
  async #complete(market: ProjectedMarket, onFailure: (error: unknown) => void): Promise<void> {
    try {
      if (await this.#isCompleted(market)) return;
    } catch (error) {
      if (this.#closed || error instanceof JournalGap) return;
      if (!isAway(error)) throw error;
    }
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      this.#complete(market, onFailure).catch(onFailure);
    }, RETRY_MS);
    this.#retries.add(timer);
  }

  /** Whether the view has all of the past that there is. */
  async #isCompleted({ view, journal }: ProjectedMarket): Promise<boolean> {
    const { instrument } = view;
    const stored = await storedCheckpoint(this.#store, instrument.symbol);
    if (stored === undefined) return true;
    // The writer has read on; or it is of another venue, until that is noticed there.
    if (stored.sequence > journal.last) return false;
    const figures = await storedFigures(this.#store, instrument, stored, false, this.#world.now());
    while (figures.sequence < view.sequence) {
      for await (const batch of journal.read(figures.sequence + 1)) {
        for (const record of marketRecordsOf(instrument.number, batch)) figures.fold(record);
      }
    }
    view.complete(figures);
    return true;
  }
}
