/**
 * The port behind which candles, trades and the positions of their makers are kept.
 *
 * A series is a name and rows of numbers ordered by a safe integer `at` (a time or a sequence). `commit` is
 * all or nothing: rows and the checkpoint that says how far they reach become durable together, which is what
 * makes a projection exact: after a crash it goes on from the checkpoint, and each input lands in the rows
 * once. A checkpoint is a small plain object of JSON's types.
 */

export interface SeriesRow {
  readonly series: string;
  readonly at: number;
  readonly values: readonly number[];
}

export interface SeriesRange {
  /** Inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly limit: number;
  /** Newest first. */
  readonly reverse?: boolean;
}

export interface SeriesCommit {
  readonly rows: readonly SeriesRow[];
  readonly checkpoints: ReadonlyMap<string, unknown>;
  /** Series of which only the newest `keep` rows stay. */
  readonly trims?: readonly { readonly series: string; readonly keep: number }[];
}

export interface TimeSeries {
  commit(change: SeriesCommit): Promise<void>;
  rows(series: string, range: SeriesRange): Promise<SeriesRow[]>;
  checkpoint(name: string): Promise<unknown>;
  close(): Promise<void>;
}
