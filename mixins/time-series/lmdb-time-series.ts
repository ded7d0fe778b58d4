/**
 * Time series in one LMDB environment: a single file pair, memory-mapped, ordered keys, one writer.
 *
 * A commit is one LMDB transaction, atomic against kill -9 and loss of power. It resolves once committed;
 * LMDB flushes right behind, so a loss of power may take the last moments back as a whole, never a part: the
 * checkpoint goes back with its rows. Reads are synchronous lookups in the map, cheap and without a copy of
 * the store in memory.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { committed } from "../lmdb-commit.ts";
import type { SeriesCommit, SeriesRange, SeriesRow, TimeSeries } from "./time-series.ts";

type Key = [series: string, at: number];

export class LmdbTimeSeries implements TimeSeries {
  readonly #root: RootDatabase;
  readonly #rows;
  readonly #checkpoints;

  /** Opens or creates `<folder>/<name>.mdb`. */
  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    this.#root = open({ path: join(folder, `${name}.mdb`), maxDbs: 2, maxReaders: 16 });
    this.#rows = this.#root.openDB<number[], Key>({ name: "rows" });
    this.#checkpoints = this.#root.openDB<unknown, string>({ name: "checkpoints" });
  }

  async commit(change: SeriesCommit): Promise<void> {
    // A child transaction is undone where something in it throws; a plain one would keep what came before.
    const writes: Promise<unknown>[] = [];
    const transaction = this.#root.childTransaction(() => {
      for (const row of change.rows) writes.push(this.#rows.put([row.series, row.at], [...row.values]));
      for (const [name, value] of change.checkpoints) writes.push(this.#checkpoints.put(name, value));
      for (const { series, keep } of change.trims ?? []) this.#trim(series, keep, writes);
    });
    await committed(transaction, writes);
  }

  rows(series: string, range: SeriesRange): Promise<SeriesRow[]> {
    const { from, to, limit } = range;
    const found: SeriesRow[] = [];
    if (to > from && limit > 0) {
      // LMDB's range begins at `start`, inclusive, and stops before `end`, in either direction.
      const bounds = range.reverse
        ? { start: [series, to - 1] as Key, end: [series, from - 1] as Key, reverse: true, limit }
        : { start: [series, from] as Key, end: [series, to] as Key, limit };
      for (const { key, value } of this.#rows.getRange(bounds)) {
        found.push({ series, at: key[1], values: value });
      }
    }
    return Promise.resolve(found);
  }

  checkpoint(name: string): Promise<unknown> {
    return Promise.resolve(this.#checkpoints.get(name));
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  #trim(series: string, keep: number, writes: Promise<unknown>[]): void {
    const surplus = this.#rows.getKeys({
      start: [series, Number.MAX_SAFE_INTEGER],
      end: [series, Number.MIN_SAFE_INTEGER],
      reverse: true,
      offset: keep,
    });
    for (const key of [...surplus]) writes.push(this.#rows.remove(key));
  }
}
