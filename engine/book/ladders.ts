/**
 * The levels of both sides: found by price through an own hash table (open addressing, a multiplicative
 * hash, deletion that shifts back, so no tombstones), ordered through a `KeySet` a side. The best level of a
 * side is always at hand; the next best is searched only when it empties.
 *
 * A key is the price as its side ranks it: asks by ticks, bids by 2³¹−1 less ticks (all bits turned round),
 * so that the smaller key is the better price on both sides and one code path serves both, without a branch
 * on the side.
 *
 * Worst case: prices chosen so that they collide make a search linear in their number; the table is at most
 * half full, so prices that were not chosen for it need fewer than two probes.
 */
import { assert, TICKS_MAX } from "../units.ts";
import * as layout from "./arena.ts";
import { KeySet } from "./key-set.ts";

const { BEST, KEY, LEVELS, LINKS, NEXT, NUMBERS } = layout;
const { ORDERS, PREVIOUS, REST, SIDE, sideSlot } = layout;
const KEY_MASK = TICKS_MAX;

/** 2³² divided by the golden ratio: multiples of it spread evenly. */
const SPREAD = 0x9e3779b1 | 0;
const FIRST_BITS = 11;

/** Turns ticks into a side's keys and back, by exclusive or: all bits for bids (0), none for asks (1). */
export function maskOf(side: number): number {
  return (side - 1) & KEY_MASK;
}

export class Ladders {
  readonly #arena: layout.Arena;
  readonly #keys: readonly [KeySet, KeySet] = [new KeySet(), new KeySet()];
  #table = new Int32Array(1 << FIRST_BITS);
  #shift = 32 - FIRST_BITS;
  #size = 0;

  constructor(arena: layout.Arena) {
    this.#arena = arena;
  }

  /** The level of a key; 0 where there is none. */
  find(side: number, key: number): number {
    const table = this.#table;
    const links = this.#arena.links;
    let at = Math.imul((key << 1) | side, SPREAD) >>> this.#shift;
    for (;;) {
      const level = table[at] ?? 0;
      if (level === 0) return 0;
      const record = level << LINKS;
      if (links[record + KEY] === key && links[record + SIDE] === side) return level;
      at = (at + 1) & (table.length - 1);
    }
  }

  /** Creates the level of a key that has none. */
  insert(side: number, key: number): number {
    if (this.#size * 2 >= this.#table.length) this.#grow();
    const level = this.#arena.take();
    const { numbers, links } = this.#arena;
    const record = level << LINKS;
    numbers[(level << NUMBERS) + REST] = 0;
    links[record + NEXT] = level;
    links[record + PREVIOUS] = level;
    links[record + KEY] = key;
    links[record + ORDERS] = 0;
    links[record + SIDE] = side;
    this.#size++;
    this.#store(level, side, key);
    this.#keysOf(side).add(key);
    const own = sideSlot(side) << LINKS;
    links[own + LEVELS] = (links[own + LEVELS] ?? 0) + 1;
    const best = links[own + BEST] ?? 0;
    if (best === 0 || key < (links[(best << LINKS) + KEY] ?? 0)) links[own + BEST] = level;
    return level;
  }

  /** Removes a level that has become empty. */
  remove(side: number, level: number): void {
    const links = this.#arena.links;
    const key = links[(level << LINKS) + KEY] ?? 0;
    const own = sideSlot(side) << LINKS;
    if (level === links[own + BEST]) links[own + BEST] = this.next(side, level);
    links[own + LEVELS] = (links[own + LEVELS] ?? 0) - 1;
    this.#keysOf(side).remove(key);
    this.#forget(level, side, key);
    this.#size--;
    this.#arena.release(level);
  }

  /** The level after this one in rank; 0 after the last. */
  next(side: number, level: number): number {
    const key = this.#keysOf(side).next(this.#arena.links[(level << LINKS) + KEY] ?? 0);
    return key < 0 ? 0 : this.find(side, key);
  }

  /** The best level of a side; 0 where it is empty. */
  best(side: number): number {
    return this.#arena.links[(sideSlot(side) << LINKS) + BEST] ?? 0;
  }

  /** Levels of a side. */
  count(side: number): number {
    return this.#arena.links[(sideSlot(side) << LINKS) + LEVELS] ?? 0;
  }

  /** Ticks of a level's price. */
  ticksOf(level: number): number {
    const record = level << LINKS;
    return (this.#arena.links[record + KEY] ?? 0) ^ maskOf(this.#arena.links[record + SIDE] ?? 0);
  }

  /** Proves that table, key set and best level of a side agree. */
  check(side: number): void {
    const keys = this.#keysOf(side);
    const count = this.count(side);
    keys.check();
    assert(keys.size === count, "a side has as many keys as levels");
    let counted = 0;
    let last = -1;
    for (let level = this.best(side); level !== 0; level = this.next(side, level)) {
      const key = this.#arena.links[(level << LINKS) + KEY] ?? 0;
      assert(key > last, "levels come in order of their keys");
      assert(this.find(side, key) === level && keys.has(key), "a level is found by its key");
      last = key;
      counted++;
      assert(counted <= count, "the levels of a side end");
    }
    assert(counted === count, "every level is reached from the best one");
    let stored = 0;
    for (const level of this.#table) if (level !== 0) stored++;
    assert(
      stored === this.count(0) + this.count(1) && stored === this.#size,
      "a level stands in the table once",
    );
  }

  #keysOf(side: number): KeySet {
    return side === 0 ? this.#keys[0] : this.#keys[1];
  }

  #store(level: number, side: number, key: number): void {
    const table = this.#table;
    let at = Math.imul((key << 1) | side, SPREAD) >>> this.#shift;
    while (table[at] !== 0) at = (at + 1) & (table.length - 1);
    table[at] = level;
  }

  /** Takes a level out of the table and moves back those behind it that were kept from their place by it. */
  #forget(level: number, side: number, key: number): void {
    const table = this.#table;
    const links = this.#arena.links;
    const shift = this.#shift;
    const wrap = table.length - 1;
    let hole = Math.imul((key << 1) | side, SPREAD) >>> shift;
    while (table[hole] !== level) hole = (hole + 1) & wrap;
    for (let at = (hole + 1) & wrap; ; at = (at + 1) & wrap) {
      const other = table[at] ?? 0;
      if (other === 0) break;
      const record = other << LINKS;
      const home =
        Math.imul(((links[record + KEY] ?? 0) << 1) | (links[record + SIDE] ?? 0), SPREAD) >>> shift;
      if (((at - home) & wrap) >= ((at - hole) & wrap)) {
        table[hole] = other;
        hole = at;
      }
    }
    table[hole] = 0;
  }

  #grow(): void {
    const old = this.#table;
    const links = this.#arena.links;
    this.#table = new Int32Array(old.length * 2);
    this.#shift--;
    for (const level of old) {
      const record = level << LINKS;
      if (level !== 0) this.#store(level, links[record + SIDE] ?? 0, links[record + KEY] ?? 0);
    }
  }
}
