/** A store of series without transactions that comes and goes: rows and checkpoint are two steps. */
import { Fault } from "../../mixins/fault.ts";
import type { LmdbTimeSeries } from "../../mixins/time-series/lmdb-time-series.ts";
import type { SeriesCommit, SeriesRow, TimeSeries } from "../../mixins/time-series/time-series.ts";

export class FleetingSeries implements TimeSeries {
  readonly inner: LmdbTimeSeries;
  isAway = false;
  /** Rows of the largest commit. */
  largest = 0;
  /** Says whether the store goes away before the next step. */
  goesAway: () => boolean = () => false;

  constructor(inner: LmdbTimeSeries) {
    this.inner = inner;
  }

  async commit({ rows, checkpoints, trims }: SeriesCommit): Promise<void> {
    this.#step();
    this.largest = Math.max(this.largest, rows.length);
    await this.inner.commit({ rows, checkpoints: new Map() });
    this.#step();
    await this.inner.commit({ rows: [], checkpoints, ...(trims === undefined ? {} : { trims }) });
    this.#step();
  }

  rows(...asked: Parameters<TimeSeries["rows"]>): Promise<SeriesRow[]> {
    this.#step();
    return this.inner.rows(...asked);
  }

  async checkpoint(name: string): Promise<unknown> {
    this.#step();
    return this.inner.checkpoint(name);
  }

  async close(): Promise<void> {}

  #step(): void {
    if (this.isAway || this.goesAway()) throw new Fault("NOT_READY", "The store is away");
  }
}
