/**
 * How far each follower of each journal has durably come. A journal may be trimmed only below every cursor,
 * so a follower that is expected but has not spoken yet holds everything.
 */
import type { Settings } from "./settings.ts";

export interface Cursors {
  /** `follower` will never again need a record of `journal` up to `sequence`. */
  set(follower: string, journal: string, sequence: number): void;
  /** Sequence up to which every expected follower of `journal` has come, or less. */
  floor(journal: string): number | Promise<number>;
  /** Tells others what they have not been told yet. */
  close(): Promise<void>;
}

/** The followers that hold every market's journal. */
export function shardNames(shards: number): string[] {
  return Array.from({ length: shards }, (_, shard) => `risk.${shard}`);
}

/** The followers of one process. */
export class LocalCursors implements Cursors {
  readonly #expected: readonly string[];
  readonly #byJournal = new Map<string, Map<string, number>>();

  /** `expected`: the followers without whose word nothing is trimmed. */
  constructor(expected: readonly string[]) {
    this.#expected = expected;
  }

  set(follower: string, journal: string, sequence: number): void {
    let cursors = this.#byJournal.get(journal);
    if (cursors === undefined) {
      cursors = new Map();
      this.#byJournal.set(journal, cursors);
    }
    cursors.set(follower, sequence);
  }

  floor(journal: string): number {
    const cursors = this.#byJournal.get(journal);
    return Math.min(...this.#expected.map(follower => cursors?.get(follower) ?? 0));
  }

  async close(): Promise<void> {}
}

/**
 * Whose word a journal waits for, wherever in a cluster they run: the shards, and whoever writes the series
 * that nodes share.
 */
export function sharedFollowers({ shards, stores }: Pick<Settings, "shards" | "stores">): string[] {
  return [...shardNames(shards), ...(stores.influx === undefined ? [] : ["series"])];
}
