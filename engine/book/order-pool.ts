/**
 * Resting orders as records of 64 bytes, one cache line each, in one growable buffer seen through two views:
 * doubles for what may pass 2³¹ (id, account, sizes), 32-bit integers for links. An order is a slot number;
 * slot 0 means none. Freed slots are chained and used again, last freed first, so that a small book stays in
 * the cache.
 *
 * Every write to one order touches one line, which is why these are records and not an array a column.
 * Worst case: growth doubles the buffer and copies it, some 50 ms at two million orders; it never shrinks.
 */
import { assert } from "../units.ts";

/** Shifts from a slot to its first double and to its first integer. */
export const ORDER_NUMBERS = 3;
export const ORDER_LINKS = 4;

/** Doubles of an order. */
export const ID = 0;
export const ACCOUNT = 1;
/** What still rests. */
export const REST = 2;
/** Size as placed or last amended, what is filled included. */
export const TOTAL = 3;

/** Integers of an order, behind its four doubles; five of the sixteen are not used yet. */
export const NEXT = 8;
export const PREVIOUS = 9;
export const LEVEL = 10;
export const FLAGS = 11;

/** Flags: the side (0 buy, 1 sell) and whether the order may only make. */
export const SELL_FLAG = 1;
export const POST_ONLY_FLAG = 2;

const FIRST_CAPACITY = 1024;

export class OrderPool {
  numbers = new Float64Array(FIRST_CAPACITY << ORDER_NUMBERS);
  links = new Int32Array(this.numbers.buffer);
  /** Orders in use. */
  size = 0;
  #free = 0;
  /** Slots from here on have never been used. */
  #fresh = 1;
  #capacity = FIRST_CAPACITY;

  /** A slot to write an order to. The views may be new ones afterwards. */
  take(): number {
    this.size++;
    const slot = this.#free;
    if (slot !== 0) {
      this.#free = this.links[(slot << ORDER_LINKS) + NEXT] ?? 0;
      return slot;
    }
    if (this.#fresh === this.#capacity) this.#grow();
    return this.#fresh++;
  }

  release(slot: number): void {
    this.size--;
    this.links[(slot << ORDER_LINKS) + NEXT] = this.#free;
    this.numbers[(slot << ORDER_NUMBERS) + ID] = 0;
    this.#free = slot;
  }

  /** Proves that used and free slots are all the slots. */
  check(): void {
    let free = 0;
    for (let slot = this.#free; slot !== 0; slot = this.links[(slot << ORDER_LINKS) + NEXT] ?? 0) {
      free++;
      assert(free < this.#fresh, "the chain of free order slots ends");
      assert(this.numbers[(slot << ORDER_NUMBERS) + ID] === 0, "a free order slot holds no order");
    }
    assert(free + this.size === this.#fresh - 1, "an order slot is either in use or free");
  }

  #grow(): void {
    const larger = new Float64Array((this.#capacity * 2) << ORDER_NUMBERS);
    larger.set(this.numbers);
    this.numbers = larger;
    this.links = new Int32Array(larger.buffer);
    this.#capacity *= 2;
  }
}
