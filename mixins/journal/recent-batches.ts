/**
 * The newest batches of a journal, kept so that a follower that is a little late needs no disk. Bounded in
 * bytes and number; what falls out is read from the segments.
 */
import type { JournalBatch } from "./journal.ts";

const BYTES_MAX = 1_048_576;
const BATCHES_MAX = 1_024;

export class RecentBatches {
  #batches: (JournalBatch | undefined)[] = [];
  /** The places before this one are empty; they are removed now and then, not one by one. */
  #start = 0;
  #bytes = 0;

  add(batch: JournalBatch): void {
    this.#batches.push(batch);
    this.#bytes += batch.payload.length;
    while (this.#bytes > BYTES_MAX || this.#batches.length - this.#start > BATCHES_MAX) {
      this.#bytes -= this.#batches[this.#start]?.payload.length ?? 0;
      this.#batches[this.#start] = undefined;
      this.#start += 1;
    }
    if (this.#start < BATCHES_MAX && this.#start < this.#batches.length) return;
    this.#batches = this.#batches.slice(this.#start);
    this.#start = 0;
  }

  /** The batch that holds `sequence`, where it is still here. */
  holding(sequence: number): JournalBatch | undefined {
    let low = this.#start;
    let high = this.#batches.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const batch = this.#batches[middle];
      if (batch === undefined) return undefined;
      if (sequence < batch.first) high = middle - 1;
      else if (sequence >= batch.first + batch.count) low = middle + 1;
      else return batch;
    }
    return undefined;
  }
}
