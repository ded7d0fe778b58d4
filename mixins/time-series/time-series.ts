/**
 * The port behind which candles, trades and the positions of their makers are kept.
 *
 * A series is a name and rows of safe integers ordered by a safe integer `at`: `candles/…` by milliseconds,
 * `trades/…` by microseconds. A row of the same series and `at` replaces the one before. A checkpoint says
 * how far the rows reach: it is a small plain object of JSON's types.
 *
 * A checkpoint never speaks of a row that is not stored. The other way about a store without transactions
 * may have rows that the checkpoint does not know of: a projection that goes on from it writes them again,
 * the same. A store that is away throws the fault NOT_READY, from any call.
 */
import { Fault } from "../fault.ts";

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

/** The store does not answer, and may later: nothing of the call is lost where it is made again. */
export function isAway(error: unknown): error is Fault {
  return error instanceof Fault && error.type === "NOT_READY";
}
