/**
 * Times in a bounded histogram: sixteen buckets to each doubling from 1/16 ms to over an hour, so a
 * percentile is right to about 4 per cent whatever the count. Keeps everything since it was made.
 */
const BUCKETS_A_DOUBLING = 16;
const SMALLEST_MS = 1 / 16;
const DOUBLINGS = 26;

export class LagHistogram {
  readonly #counts = new Float64Array(BUCKETS_A_DOUBLING * DOUBLINGS);
  #count = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  get max(): number {
    return this.#max;
  }

  record(milliseconds: number): void {
    const value = Math.max(milliseconds, SMALLEST_MS);
    const place = Math.floor(Math.log2(value / SMALLEST_MS) * BUCKETS_A_DOUBLING);
    const bucket = Math.min(place, this.#counts.length - 1);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    this.#max = Math.max(this.#max, milliseconds);
  }

  /** Upper edge of the bucket that holds the given part (0 … 1) of all times; 0 where there are none. */
  percentile(part: number): number {
    let left = Math.ceil(this.#count * part);
    if (left === 0) return 0;
    for (const [bucket, count] of this.#counts.entries()) {
      left -= count;
      if (left <= 0) return Math.min(this.#max, SMALLEST_MS * 2 ** ((bucket + 1) / BUCKETS_A_DOUBLING));
    }
    return this.#max;
  }

  merge(other: LagHistogram): void {
    for (const [bucket, count] of other.#counts.entries()) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    }
    this.#count += other.#count;
    this.#max = Math.max(this.#max, other.#max);
  }

  /** As it is shown, to a hundredth of a millisecond. */
  view(): { count: number; p50: number; p99: number; max: number } {
    const round = (value: number) => Math.round(value * 100) / 100;
    return {
      count: this.#count,
      p50: round(this.percentile(0.5)),
      p99: round(this.percentile(0.99)),
      max: round(this.#max),
    };
  }
}
