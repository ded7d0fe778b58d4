/**
 * One growable buffer of records of 64 bytes, a cache line each, seen through two views: doubles for what
 * may pass 2³¹ (ids, sizes), 32-bit integers for links. A record is a slot number, its kind follows from who
 * points to it:
 *
 *   order   id, account, rest, total · next, previous, level, flags, entry, next and previous own
 *   level   sum of rests · first, last, key, orders, side, special orders, hidden orders
 *   side    sum of rests · best level, levels     (slots 1 and 2: bids, asks)
 *   account –, account · first and last own       (where accounts' orders are kept: `account-orders.ts`)
 *
 * A level's queue is a ring through the level itself: the level's next is its first order and the last
 * order's next is the level. So an order links and unlinks without asking whether it stands first or last,
 * and every change to it touches one line. Slot 0 means none. Freed slots are chained and used again, last
 * freed first, so that a small book stays in the cache. A large buffer grows by a quarter, so an order never
 * costs more than 80 bytes of it. Worst case: growth copies the buffer, some 50 ms at two million records.
 */
import { assert } from "../units.ts";

/** Shifts from a slot to its first double and to its first integer. */
export const NUMBERS = 3;
export const LINKS = 4;

/** Doubles of an order. */
export const ID = 0;
export const ACCOUNT = 1;
/** What still rests: of an order, or summed over a level or a side. */
export const REST = 2;
/** Size as placed or last amended, what is filled included. */
export const TOTAL = 3;

/** Integers of an order, behind its four doubles. */
export const NEXT = 8;
export const PREVIOUS = 9;
export const LEVEL = 10;
export const FLAGS = 11;
/** Where the order stands in the index. */
export const ENTRY = 12;
/** Other orders of its account, where that is kept; of an account its first and its last order. */
export const NEXT_OWN = 13;
export const PREVIOUS_OWN = 14;

/** Integers of a level; `NEXT` and `PREVIOUS` are the first and the last of its queue. */
export const KEY = 10;
export const ORDERS = 11;
export const SIDE = 12;
/** Of its orders those that are special and those that are hidden. Whoever uses these two of a record leaves
 * 0 there, so that a record which becomes a level has none. */
export const SPECIAL_ORDERS = 13;
export const HIDDEN_ORDERS = 14;

/** Integers of a side. */
export const BEST = 8;
export const LEVELS = 9;

/** Flags of an order: its side (0 buy, 1 sell) and whether it may only make. */
export const SELL_FLAG = 1;
export const POST_ONLY_FLAG = 2;
/** Flags of special orders: there is more in `queues.specials`; hidden; no part of the depth. */
export const SPECIAL_FLAG = 4;
export const HIDDEN_FLAG = 8;
export const UNSEEN_FLAG = 16;

/** The module's own, for speed: see `book.ts`. */
const LINK_SHIFT = LINKS;
const FREE = NEXT;
const FIRST_CAPACITY = 2_048;
/** Up to here growth doubles; then it adds a quarter. */
const DOUBLED_MAX = 65_536;
/** Slot 0 and the two sides are never freed. */
const FIRST_FREE = 3;

/** The slot of a side's record. */
export function sideSlot(side: number): number {
  return side + 1;
}

export class Arena {
  numbers = new Float64Array(FIRST_CAPACITY << NUMBERS);
  links = new Int32Array(this.numbers.buffer);
  #free = 0;
  /** Slots from here on have never been used. */
  #fresh = FIRST_FREE;
  #capacity = FIRST_CAPACITY;

  /** A slot to write a record to. The views may be new ones afterwards. */
  take(): number {
    const slot = this.#free;
    if (slot !== 0) {
      this.#free = this.links[(slot << LINK_SHIFT) + FREE] ?? 0;
      return slot;
    }
    if (this.#fresh === this.#capacity) this.#grow();
    return this.#fresh++;
  }

  release(slot: number): void {
    this.links[(slot << LINK_SHIFT) + FREE] = this.#free;
    this.#free = slot;
  }

  /** Proves that used and free slots are all the slots. */
  check(used: number): void {
    let free = 0;
    for (let slot = this.#free; slot !== 0; slot = this.links[(slot << LINKS) + NEXT] ?? 0) {
      free++;
      assert(free < this.#fresh, "the chain of free slots ends");
    }
    assert(free + used === this.#fresh - FIRST_FREE, "a slot is either in use or free");
  }

  #grow(): void {
    const capacity = this.#capacity;
    this.#capacity = capacity < DOUBLED_MAX ? capacity * 2 : capacity + (capacity >> 2);
    const larger = new Float64Array(this.#capacity << NUMBERS);
    larger.set(this.numbers);
    this.numbers = larger;
    this.links = new Int32Array(larger.buffer);
  }
}
