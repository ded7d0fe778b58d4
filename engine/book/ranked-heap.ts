/**
 * A heap of things by rank, the lowest at its top. What is in it is never taken out from within: it surfaces
 * and is found to be dead, or the heap is made anew by its owner.
 *
 * Costs: push and pop O(log n); the rank at the top constant.
 */
import { assert } from "../units.ts";

export class RankedHeap<Item> {
  /** The lowest rank; infinity where the heap is empty. */
  topRank = Number.POSITIVE_INFINITY;
  readonly #ranks: number[] = [];
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  get top(): Item | undefined {
    return this.#items[0];
  }

  push(rank: number, item: Item): void {
    const ranks = this.#ranks;
    const items = this.#items;
    let at = items.length;
    ranks.push(rank);
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent];
      const aboveRank = ranks[parent] ?? 0;
      if (above === undefined || aboveRank <= rank) break;
      ranks[at] = aboveRank;
      items[at] = above;
      at = parent;
    }
    ranks[at] = rank;
    items[at] = item;
    if (at === 0) this.topRank = rank;
  }

  /** Takes out the top. */
  pop(): Item | undefined {
    const top = this.#items[0];
    const rank = this.#ranks.pop();
    const last = this.#items.pop();
    if (last !== undefined && rank !== undefined && this.#items.length > 0) this.#sink(rank, last);
    this.topRank = this.#items.length === 0 ? Number.POSITIVE_INFINITY : (this.#ranks[0] ?? 0);
    return top;
  }

  /** What is in it, in no order. */
  items(): readonly Item[] {
    return this.#items;
  }

  check(): void {
    assert(this.topRank === (this.#ranks[0] ?? Number.POSITIVE_INFINITY), "a heap knows its top");
    for (let at = 1; at < this.#ranks.length; at++) {
      assert((this.#ranks[(at - 1) >> 1] ?? 0) <= (this.#ranks[at] ?? 0), "a heap is ranked");
    }
  }

  /** Puts an item in the place of the top, and down to where it belongs. */
  #sink(rank: number, item: Item): void {
    const ranks = this.#ranks;
    const items = this.#items;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && (ranks[child + 1] ?? 0) < (ranks[child] ?? 0)) child++;
      const below = items[child];
      const belowRank = ranks[child] ?? 0;
      if (below === undefined || belowRank >= rank) break;
      ranks[at] = belowRank;
      items[at] = below;
      at = child;
    }
    ranks[at] = rank;
    items[at] = item;
  }
}
