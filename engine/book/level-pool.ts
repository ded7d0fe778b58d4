/**
 * Price levels of both sides as records of 32 bytes in one growable buffer: the sum of what rests, its key,
 * the ends of its queue and the number of orders in it. A level is a slot number; 0 means none.
 *
 * A key is the price as its side ranks it: asks by ticks, bids by 2³¹−1 less ticks (all bits turned round),
 * so that the smaller key is the better price on both sides and one code path serves both.
 */
import { assert } from "../units.ts";

/** Shifts from a slot to its first double and to its first integer. */
export const LEVEL_NUMBERS = 2;
export const LEVEL_LINKS = 3;

/** The double of a level: lots that rest at it. */
export const LOTS = 0;

/** Integers of a level, behind its double. */
export const KEY = 2;
export const HEAD = 3;
export const TAIL = 4;
export const ORDERS = 5;
/** Next in the chain of free slots. */
const FREE = 3;

const FIRST_CAPACITY = 512;

export class LevelPool {
  numbers = new Float64Array(FIRST_CAPACITY << LEVEL_NUMBERS);
  links = new Int32Array(this.numbers.buffer);
  /** Levels in use. */
  size = 0;
  #free = 0;
  #fresh = 1;
  #capacity = FIRST_CAPACITY;

  /** A slot holding an empty level of `key`. The views may be new ones afterwards. */
  take(key: number): number {
    this.size++;
    let slot = this.#free;
    if (slot !== 0) {
      this.#free = this.links[(slot << LEVEL_LINKS) + FREE] ?? 0;
    } else {
      if (this.#fresh === this.#capacity) this.#grow();
      slot = this.#fresh++;
    }
    const links = this.links;
    const at = slot << LEVEL_LINKS;
    this.numbers[(slot << LEVEL_NUMBERS) + LOTS] = 0;
    links[at + KEY] = key;
    links[at + HEAD] = 0;
    links[at + TAIL] = 0;
    links[at + ORDERS] = 0;
    return slot;
  }

  release(slot: number): void {
    this.size--;
    this.links[(slot << LEVEL_LINKS) + FREE] = this.#free;
    this.#free = slot;
  }

  /** Proves that used and free slots are all the slots. */
  check(): void {
    let free = 0;
    for (let slot = this.#free; slot !== 0; slot = this.links[(slot << LEVEL_LINKS) + FREE] ?? 0) {
      free++;
      assert(free < this.#fresh, "the chain of free level slots ends");
    }
    assert(free + this.size === this.#fresh - 1, "a level slot is either in use or free");
  }

  #grow(): void {
    const larger = new Float64Array((this.#capacity * 2) << LEVEL_NUMBERS);
    larger.set(this.numbers);
    this.numbers = larger;
    this.links = new Int32Array(larger.buffer);
    this.#capacity *= 2;
  }
}
