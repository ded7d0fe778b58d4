/**
 * Turns many changes into few tellings: the first after a quiet time goes out in the same turn, the rest at
 * most once an interval, and the last is never left out.
 */
export class Conflator {
  readonly #intervalMs: number;
  readonly #flush: () => void;
  #timer: NodeJS.Timeout | undefined;
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(intervalMs: number, flush: () => void) {
    this.#intervalMs = intervalMs;
    this.#flush = flush;
  }

  /** Something has changed. `now` is a monotonic time in milliseconds. */
  touch(now: number): void {
    if (this.#timer !== undefined) return;
    const wait = this.#flushedAt + this.#intervalMs - now;
    if (wait <= 0) {
      this.#flushedAt = now;
      this.#flush();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flushedAt = now + wait;
      this.#flush();
    }, wait);
  }

  /** What waits is told by someone else, or to nobody. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
