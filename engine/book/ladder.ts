/**
 * One side of a book: its levels found by price through an own hash table (open addressing, a multiplicative
 * hash, deletion that shifts back, so no tombstones) and ordered through a `KeySet`. The best level is always
 * at hand; the next best is searched only when it empties.
 *
 * Worst case: prices chosen so that they collide make a search linear in their number; the table is at most
 * half full, so prices that were not chosen for it need fewer than two probes.
 */
import { assert } from "../units.ts";
import { KeySet } from "./key-set.ts";
import { KEY, LEVEL_LINKS, type LevelPool } from "./level-pool.ts";

/** 2³² divided by the golden ratio: multiples of it spread evenly. */
const SPREAD = 0x9e3779b1 | 0;
const FIRST_BITS = 10;

export class Ladder {
  /** Turns ticks into this side's keys and back. */
  readonly mask: number;
  /** Slot of the best level; 0 where the side is empty. */
  best = 0;
  /** Levels of the side. */
  count = 0;
  /** One number: lots that rest on the side. In an array so that a change allocates nothing. */
  readonly lots = new Float64Array(1);
  readonly #levels: LevelPool;
  readonly #keys = new KeySet();
  #table = new Int32Array(1 << FIRST_BITS);
  #shift = 32 - FIRST_BITS;

  constructor(levels: LevelPool, mask: number) {
    this.#levels = levels;
    this.mask = mask;
  }

  /** The level of a key; 0 where there is none. */
  find(key: number): number {
    const table = this.#table;
    const links = this.#levels.links;
    let at = Math.imul(key, SPREAD) >>> this.#shift;
    for (;;) {
      const level = table[at] ?? 0;
      if (level === 0 || links[(level << LEVEL_LINKS) + KEY] === key) return level;
      at = (at + 1) & (table.length - 1);
    }
  }

  /** Creates the level of a key that has none. */
  insert(key: number): number {
    if (this.count * 2 >= this.#table.length) this.#grow();
    const level = this.#levels.take(key);
    this.#store(level, key);
    this.#keys.add(key);
    this.count++;
    const best = this.best;
    if (best === 0 || key < (this.#levels.links[(best << LEVEL_LINKS) + KEY] ?? 0)) this.best = level;
    return level;
  }

  /** Removes a level that has become empty. */
  remove(level: number): void {
    const key = this.#levels.links[(level << LEVEL_LINKS) + KEY] ?? 0;
    if (level === this.best) this.best = this.next(level);
    this.#keys.remove(key);
    this.#forget(key);
    this.#levels.release(level);
    this.count--;
  }

  /** The level after this one in rank; 0 after the last. */
  next(level: number): number {
    const key = this.#keys.next(this.#levels.links[(level << LEVEL_LINKS) + KEY] ?? 0);
    return key < 0 ? 0 : this.find(key);
  }

  /** Ticks of a level's price. */
  ticksOf(level: number): number {
    return (this.#levels.links[(level << LEVEL_LINKS) + KEY] ?? 0) ^ this.mask;
  }

  /** Proves that table, key set and best level agree. */
  check(): void {
    this.#keys.check();
    assert(this.#keys.size === this.count, "a side has as many keys as levels");
    let counted = 0;
    let last = -1;
    for (let level = this.best; level !== 0; level = this.next(level)) {
      const key = this.#levels.links[(level << LEVEL_LINKS) + KEY] ?? 0;
      assert(key > last, "levels come in order of their keys");
      assert(this.find(key) === level && this.#keys.has(key), "a level is found by its key");
      last = key;
      counted++;
      assert(counted <= this.count, "the levels of a side end");
    }
    assert(counted === this.count, "every level is reached from the best one");
    let stored = 0;
    for (const level of this.#table) if (level !== 0) stored++;
    assert(stored === this.count, "a level stands in the table once");
  }

  #store(level: number, key: number): void {
    const table = this.#table;
    let at = Math.imul(key, SPREAD) >>> this.#shift;
    while (table[at] !== 0) at = (at + 1) & (table.length - 1);
    table[at] = level;
  }

  /** Takes a key out of the table and moves back those behind it that were kept from their place by it. */
  #forget(key: number): void {
    const table = this.#table;
    const links = this.#levels.links;
    const shift = this.#shift;
    const wrap = table.length - 1;
    let hole = Math.imul(key, SPREAD) >>> shift;
    while (links[((table[hole] ?? 0) << LEVEL_LINKS) + KEY] !== key) hole = (hole + 1) & wrap;
    for (let at = (hole + 1) & wrap; ; at = (at + 1) & wrap) {
      const level = table[at] ?? 0;
      if (level === 0) break;
      const home = Math.imul(links[(level << LEVEL_LINKS) + KEY] ?? 0, SPREAD) >>> shift;
      if (((at - home) & wrap) >= ((at - hole) & wrap)) {
        table[hole] = level;
        hole = at;
      }
    }
    table[hole] = 0;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2);
    this.#shift--;
    for (const level of old) {
      if (level !== 0) this.#store(level, this.#levels.links[(level << LEVEL_LINKS) + KEY] ?? 0);
    }
  }
}
