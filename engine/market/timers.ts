/**
 * What happens at a time by itself. Nobody is asked for the time: each command tells it, and what is due by
 * then happens before the command does, one moment after the other, so that a command at a time does what
 * telling each moment before it would have done. The host sends a `clock` when something is due and no
 * command comes.
 */

/** What has deadlines of one kind. */
export interface Timed {
  /** When the next is due, no later than that; infinity where nothing is. */
  readonly next: number;
  /** Does everything that is due by `now`, and puts `next` right. */
  expire(now: number): void;
  /** Tells each time that comes before `next`. */
  onSooner(tell: (time: number) => void): void;
}

export class Timers {
  /** No later than when anything is due; a field, as every command looks at it. */
  next = Number.POSITIVE_INFINITY;
  readonly #parts: readonly Timed[];

  /** What is due at one moment happens in the order of the parts. */
  constructor(parts: readonly Timed[]) {
    this.#parts = parts;
    for (const part of parts) {
      part.onSooner(time => {
        this.next = Math.min(this.next, time);
      });
    }
  }

  /** Does what is due by `now`; after each moment `settle` lets the rest of the market follow. */
  run(now: number, settle: (moment: number) => void): void {
    for (let moment = this.next; moment <= now; moment = this.next) {
      for (const part of this.#parts) if (part.next <= moment) part.expire(moment);
      this.next = Math.min(...this.#parts.map(part => part.next));
      settle(moment);
    }
  }
}
