/**
 * Virtual time. Events happen one after another in the order of their time, those of one time in the order in
 * which they were planned; after each, every promise that it settled is followed to its end before the next.
 * So a run is a function of its seed: nothing here waits for the machine's clock.
 *
 * Admitted: code under simulation that used a timer, a socket or a file of the system would be outside of it.
 */
import { assert } from "../../engine/units.ts";
import type { Cancel } from "../../mixins/clock.ts";

interface Planned {
  readonly at: number;
  readonly order: number;
  work: (() => void) | undefined;
}

export class Scheduler {
  /** A binary heap by time and order. */
  readonly #planned: Planned[] = [];
  #now = 0;
  #orders = 0;
  #happened = 0;

  /** Milliseconds since the run began. */
  get now(): number {
    return this.#now;
  }

  /** Events that have happened. */
  get happened(): number {
    return this.#happened;
  }

  after(ms: number, work: () => void): Cancel {
    assert(ms >= 0, "an event is planned for now or later");
    const planned: Planned = { at: this.#now + ms, order: this.#orders++, work };
    this.#push(planned);
    return () => {
      planned.work = undefined;
    };
  }

  /** Lets happen what is planned up to `until`, and what that plans. */
  async run(until: number): Promise<void> {
    for (;;) {
      const next = this.#planned[0];
      if (next === undefined || next.at > until) break;
      this.#pop();
      if (next.work === undefined) continue;
      this.#now = next.at;
      this.#happened++;
      next.work();
      await settled();
    }
    this.#now = Math.max(this.#now, until);
  }

  #push(planned: Planned): void {
    const heap = this.#planned;
    let at = heap.length;
    heap.push(planned);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, planned)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = planned;
  }

  #pop(): void {
    const heap = this.#planned;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      let child = heap[below];
      const right = heap[below + 1];
      if (child === undefined) break;
      if (right !== undefined && isBefore(right, child)) {
        child = right;
        below++;
      }
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(left: Planned, right: Planned): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}

/** Resolves when no promise has anything left to do: Node empties its queue of them before an immediate. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
