/**
 * The order of messages in one room: a snapshot that ends at `last`, then updates, each beginning right after
 * the one before. Updates that overtake their snapshot wait for it (at most `AHEAD_MAX`, beyond that the room
 * is asked for again). Any hole, or an update that overlaps, means that the view cannot be trusted: "gap",
 * subscribe again.
 */

export interface Span {
  readonly first: number;
  readonly last: number;
}

export type Verdict = "apply" | "held" | "stale" | "gap";

export const AHEAD_MAX = 256;

export class RoomCursor<Update extends Span> {
  #last: number | undefined;
  #ahead: Update[] = [];

  /** Sequence of what the view shows; undefined until a snapshot has come. */
  get last(): number | undefined {
    return this.#last;
  }

  /** Forgets the view: what comes next must be a snapshot. */
  reset(): void {
    this.#last = undefined;
    this.#ahead = [];
  }

  /**
   * Takes a snapshot; returns the waiting updates that continue it, in order, and whether there is a hole in
   * them.
   */
  snapshot(last: number): { readonly updates: readonly Update[]; readonly gap: boolean } {
    const ahead = this.#ahead;
    this.#ahead = [];
    this.#last = last;
    const updates: Update[] = [];
    for (const update of ahead) {
      const verdict = this.update(update);
      if (verdict === "apply") updates.push(update);
      if (verdict === "gap") return { updates, gap: true };
    }
    return { updates, gap: false };
  }

  /** Judges an update; "apply" moves the cursor past it. */
  update(update: Update): Verdict {
    if (this.#last === undefined) {
      if (this.#ahead.length >= AHEAD_MAX) {
        this.#ahead = [];
        return "gap";
      }
      this.#ahead.push(update);
      return "held";
    }
    if (update.last <= this.#last) return "stale";
    if (update.first !== this.#last + 1) {
      this.reset();
      return "gap";
    }
    this.#last = update.last;
    return "apply";
  }
}
