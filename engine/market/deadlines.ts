/**
 * What is due at a time: keys with a deadline each, taken out in the order of their time, equal ones by key.
 *
 * Costs: set and take O(log n); clear constant: its entry stays in the heap until it surfaces, or until more
 * than half of the heap is dead, which then is made anew.
 */
import { assert } from "../units.ts";

interface Entry {
  readonly key: number;
  readonly time: number;
}

const DEAD_MIN = 64;

function precedes(one: Entry, other: Entry): boolean {
  return one.time < other.time || (one.time === other.time && one.key < other.key);
}

export class Deadlines {
  readonly #times = new Map<number, number>();
  #heap: Entry[] = [];
  /** When the next is due, no later than that; infinity where nothing is. */
  next = Number.POSITIVE_INFINITY;
  /** Told each time that comes before `next`. */
  onSooner: (time: number) => void = () => undefined;

  get size(): number {
    return this.#times.size;
  }

  timeOf(key: number): number | undefined {
    return this.#times.get(key);
  }

  /** Gives a key a deadline, in place of the one that it had. */
  set(key: number, time: number): void {
    this.#times.set(key, time);
    this.#push({ key, time });
    if (time < this.next) {
      this.next = time;
      this.onSooner(time);
    }
    this.#clean();
  }

  clear(key: number): void {
    if (this.#times.delete(key)) this.#clean();
  }

  /** Takes out the first key whose deadline is `now` or before. */
  takeDue(now: number): number | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      const alive = this.#times.get(top.key) === top.time;
      if (alive && top.time > now) {
        this.next = top.time;
        return undefined;
      }
      this.#pop();
      if (!alive) continue;
      this.#times.delete(top.key);
      return top.key;
    }
    this.next = Number.POSITIVE_INFINITY;
    return undefined;
  }

  /** Keys and their times by key. */
  entries(): [number, number][] {
    return [...this.#times].sort(([one], [other]) => one - other);
  }

  /** Proves that every key with a deadline stands in the heap and that the heap is ranked. */
  check(): void {
    const alive = new Set(
      this.#heap.filter(({ key, time }) => this.#times.get(key) === time).map(({ key }) => key),
    );
    assert(alive.size === this.#times.size, "every deadline stands in the heap");
    for (let index = 1; index < this.#heap.length; index++) {
      const [parent, child] = [this.#heap[(index - 1) >> 1], this.#heap[index]];
      assert(parent !== undefined && child !== undefined && !precedes(child, parent), "a heap is ranked");
    }
    for (const [, time] of this.#times) assert(time >= this.next, "no deadline comes before the next");
  }

  #clean(): void {
    const dead = this.#heap.length - this.#times.size;
    if (dead < DEAD_MIN || dead < this.#times.size) return;
    this.#heap = [];
    for (const [key, time] of this.#times) this.#push({ key, time });
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !precedes(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      let below = heap[child];
      if (below === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && precedes(right, below)) {
        child++;
        below = right;
      }
      if (!precedes(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}
