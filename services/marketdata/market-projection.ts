/**
 * All markets' views and candles, and what of them is stored: each market's position in its journal, its
 * levels, its candles and its trades go into one transaction, so a restart goes on exactly there.
 *
 * A view that has no checkpoint, or whose next record has been dropped, begins at the oldest snapshot from
 * which the journal can be read on; the candles then have a hole, the book has none.
 */
import type { Instrument } from "../../engine/instrument.ts";
import { assert } from "../../engine/units.ts";
import type { Follower, Journal, JournalBatch, SnapshotStore } from "../../mixins/journal/journal.ts";
import { marketRecordsOf } from "../../mixins/journal/market-batches.ts";
import { CandleBuilder } from "../../mixins/time-series/candle-builder.ts";
import { CandleRetention } from "../../mixins/time-series/candle-retention.ts";
import type { SeriesRow, TimeSeries } from "../../mixins/time-series/time-series.ts";
import { MarketRooms, type RoomWorld } from "./market-rooms.ts";
import { type MarketCheckpoint, MarketView } from "./market-view.ts";
import type { TapeTrade } from "./trade-tape.ts";

/** Candles and trades that wait in memory beyond this make the followers wait for a commit. */
const WAITING_MAX = 20_000;

export interface ProjectedMarket {
  readonly view: MarketView;
  readonly rooms: MarketRooms;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
}

export class MarketProjection {
  readonly bookCandles = new CandleBuilder("book");
  readonly tradeCandles = new CandleBuilder("trades");
  readonly #store: TimeSeries;
  readonly #world: RoomWorld;
  readonly #markets = new Map<string, ProjectedMarket>();
  readonly #followers = new Set<Follower>();
  readonly #retention = { book: new CandleRetention(), trades: new CandleRetention() };
  #committing: Promise<void> | undefined;
  #failed = false;

  constructor(store: TimeSeries, world: RoomWorld) {
    this.#store = store;
    this.#world = world;
  }

  get markets(): ReadonlyMap<string, ProjectedMarket> {
    return this.#markets;
  }

  /**
   * What was drained is lost, or half a record is in a view: nothing is stored any more, and the next start
   * goes on from the last commit.
   */
  get isFailed(): boolean {
    return this.#failed;
  }

  /** Takes a market up where it was stored and follows it; resolves once it has caught up. */
  async follow(
    instrument: Instrument,
    journal: Journal,
    snapshots: SnapshotStore,
    onFailure: (error: unknown) => void,
  ): Promise<void> {
    const view = new MarketView(instrument, this.bookCandles, this.tradeCandles);
    const stored = (await this.#store.checkpoint(`market/${instrument.symbol}`)) as
      | MarketCheckpoint
      | undefined;
    await view.resume(this.#store, stored, this.#world.now());
    const market = { view, rooms: new MarketRooms(view, this.#world), journal, snapshots };
    await openingOf(market);
    this.#markets.set(instrument.symbol, market);
    const fail = (error: unknown) => {
      this.#failed = true;
      onFailure(error);
    };
    const follower = journal.follow(view.sequence + 1, batch => this.#fold(market, batch), fail);
    this.#followers.add(follower);
    await follower.caughtUp;
  }

  /** Stores everything folded so far; `reached` is told each journal's durable position. One at a time. */
  async commit(reached: (journal: string, sequence: number) => void): Promise<void> {
    while (this.#committing !== undefined) await this.#committing;
    assert(!this.#failed, "market data that failed stores nothing any more");
    this.#committing = this.#write(reached);
    try {
      await this.#committing;
    } catch (error) {
      this.#failed = true;
      throw error;
    } finally {
      this.#committing = undefined;
    }
  }

  async close(): Promise<void> {
    for (const { rooms } of this.#markets.values()) rooms.close();
    await Promise.all([...this.#followers].map(follower => follower.close()));
  }

  #fold({ view, rooms }: ProjectedMarket, batch: JournalBatch): Promise<void> | undefined {
    const { number } = view.instrument;
    const trades: TapeTrade[] = [];
    const { phase } = view;
    for (const record of marketRecordsOf(number, batch)) {
      for (const trade of view.fold(record)) trades.push(trade);
      rooms.heard(record);
    }
    if (view.phase !== phase) {
      this.#world.phased({ symbol: view.instrument.symbol, phase: view.phase });
    }
    rooms.folded(trades);
    const waiting = view.tape.waiting + this.bookCandles.waiting + this.tradeCandles.waiting;
    return waiting > WAITING_MAX ? this.commit(() => undefined) : undefined;
  }

  async #write(reached: (journal: string, sequence: number) => void): Promise<void> {
    const symbols = [...this.#markets.keys()];
    const checkpoints = new Map<string, MarketCheckpoint>();
    const [book, trades] = [this.bookCandles.drain(), this.tradeCandles.drain()];
    const rows: SeriesRow[] = [...book, ...trades];
    const trims = [
      ...this.#retention.book.trims("book", symbols, book),
      ...this.#retention.trades.trims("trades", symbols, trades),
    ];
    const positions = new Map<string, number>();
    for (const [symbol, { view, journal }] of this.#markets) {
      checkpoints.set(`market/${symbol}`, view.checkpoint());
      positions.set(journal.name, view.sequence);
      const tape = view.tape.drain();
      for (const row of tape.rows) rows.push(row);
      trims.push(...tape.trims);
    }
    await this.#store.commit({ rows, checkpoints, trims });
    this.bookCandles.settled();
    this.tradeCandles.settled();
    for (const { view } of this.#markets.values()) view.tape.settled();
    for (const [journal, sequence] of positions) reached(journal, sequence);
  }
}

/** Sees to it that the record after the view's can be read, all the way to the journal's end. */
async function openingOf({ view, rooms, journal, snapshots }: ProjectedMarket): Promise<void> {
  const runs = journal.runs();
  const newest = runs.at(-1);
  if (view.sequence === journal.last) return;
  const next = view.sequence + 1;
  const known = view.sequence <= journal.last;
  if (known && newest !== undefined && next >= newest.first && next <= newest.last) return;
  const from = newest === undefined ? journal.last : newest.first - 1;
  const candidates = (await snapshots.list()).filter(
    sequence => sequence >= from && sequence <= journal.last,
  );
  if (from === 0) candidates.unshift(0);
  const [opening] = candidates;
  assert(opening !== undefined, `journal ${journal.name} has a snapshot in front of its newest run`);
  view.reset(opening === 0 ? undefined : (await snapshots.load(opening)).bytes);
  rooms.replaced();
}
