/**
 * Where is the order of this count? Counts are dense (1, 2, 3… in a market), so sixteen neighbours share a
 * run of the table, two cache lines, and placing order after order writes to the line that is already at
 * hand. Which run they share is a multiplicative hash of the count's higher bits: a plain identity would lay
 * the newest orders over a block of old ones that still rest and probe through all of it.
 *
 * Open addressing over pairs (low 32 bits of the count, slot), at most half full, with deletion that shifts
 * back. Two counts whose low 32 bits are equal are told apart by the caller's comparison of the id in the
 * order itself. Worst case: growth rehashes everything at once, some 60 ms at a million orders; it never
 * shrinks.
 */
import { assert } from "../units.ts";
import { type Arena, ID, NUMBERS } from "./arena.ts";

const SPREAD = 0x9e3779b1 | 0;
const RUN_BITS = 4;
const RUN_MASK = 15;
const FIRST_BITS = 12;

export class OrderIndex {
  readonly #arena: Arena;
  #pairs = new Int32Array(2 << FIRST_BITS);
  #mask = (1 << FIRST_BITS) - 1;
  #shift = 32 - FIRST_BITS + RUN_BITS;
  #size = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Orders in the index: all that rest. */
  get size(): number {
    return this.#size;
  }

  /** The slot of the order with this count and id; 0 where none rests. */
  find(count: number, id: number): number {
    const low = count | 0;
    const pairs = this.#pairs;
    const mask = this.#mask;
    let at = ((Math.imul(low >>> RUN_BITS, SPREAD) >>> this.#shift) << RUN_BITS) | (low & RUN_MASK);
    for (;;) {
      const slot = pairs[(at << 1) + 1] ?? 0;
      if (slot === 0) return 0;
      if (pairs[at << 1] === low && this.#arena.numbers[(slot << NUMBERS) + ID] === id) return slot;
      at = (at + 1) & mask;
    }
  }

  add(count: number, slot: number): void {
    if (this.#size * 2 > this.#mask) this.#grow();
    this.#size++;
    this.#store(count | 0, slot);
  }

  /** Takes out an order that is in the index. */
  remove(count: number, slot: number): void {
    this.#size--;
    const pairs = this.#pairs;
    const mask = this.#mask;
    const shift = this.#shift;
    const low = count | 0;
    let hole = ((Math.imul(low >>> RUN_BITS, SPREAD) >>> shift) << RUN_BITS) | (low & RUN_MASK);
    while (pairs[(hole << 1) + 1] !== slot) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; ; at = (at + 1) & mask) {
      const other = pairs[(at << 1) + 1] ?? 0;
      if (other === 0) break;
      const key = pairs[at << 1] ?? 0;
      const home = ((Math.imul(key >>> RUN_BITS, SPREAD) >>> shift) << RUN_BITS) | (key & RUN_MASK);
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        pairs[hole << 1] = key;
        pairs[(hole << 1) + 1] = other;
        hole = at;
      }
    }
    pairs[(hole << 1) + 1] = 0;
  }

  /** Proves that the table holds `size` orders. */
  check(size: number): void {
    let stored = 0;
    for (let at = 1; at < this.#pairs.length; at += 2) if (this.#pairs[at] !== 0) stored++;
    assert(stored === this.#size && stored === size, "the index holds each resting order once");
  }

  #store(low: number, slot: number): void {
    const pairs = this.#pairs;
    const mask = this.#mask;
    let at = ((Math.imul(low >>> RUN_BITS, SPREAD) >>> this.#shift) << RUN_BITS) | (low & RUN_MASK);
    while (pairs[(at << 1) + 1] !== 0) at = (at + 1) & mask;
    pairs[at << 1] = low;
    pairs[(at << 1) + 1] = slot;
  }

  #grow(): void {
    const old = this.#pairs;
    this.#pairs = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    this.#shift--;
    for (let at = 0; at < old.length; at += 2) {
      const slot = old[at + 1] ?? 0;
      if (slot !== 0) this.#store(old[at] ?? 0, slot);
    }
  }
}
