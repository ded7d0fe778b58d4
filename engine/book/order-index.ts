/**
 * Where is the order of this id? Counts are dense (1, 2, 3… in a market), so orders are found by position: a
 * page holds the slots of 32 neighbours, and an own hash table finds the page. Taking an order out is
 * writing a zero; a page whose last order has gone is freed, unless it is the newest, which the next order
 * will want.
 *
 * The table is open addressing over pairs (page's number, page), at most half full, with deletion that
 * shifts back. Eight neighbouring pages share a run of it, a cache line; which run is a multiplicative hash:
 * a plain identity would lay the newest pages over a block of old ones still in use and probe through all of
 * it. It holds the low 32 bits of a page's number, so no market may name 2³⁷ orders while one of the oldest
 * rests.
 *
 * Worst case: orders that rest alone in their pages cost 150 bytes each. Growth copies everything at once,
 * some 20 ms at a million orders; it never shrinks.
 */
import * as ids from "../ids.ts";
import { assert } from "../units.ts";
import * as layout from "./arena.ts";

const { ENTRY, ID, LINKS, NUMBERS } = layout;
const { countWord } = ids;

const PAGE_BITS = 5;
const PAGE_MASK = (1 << PAGE_BITS) - 1;
const SPREAD = 0x9e3779b1 | 0;
const RUN_BITS = 3;
const RUN_MASK = 7;
const FIRST_BITS = 10;
const FIRST_PAGES = 256;

/** Number of the page that an id's count lies in, its low 32 bits. */
function pageNumber(id: number): number {
  return countWord(id / (1 << PAGE_BITS));
}

export class OrderIndex {
  readonly #arena: layout.Arena;
  /** Pairs of a page's number and the page; page 0 is none. */
  #pairs = new Int32Array(2 << FIRST_BITS);
  #mask = (1 << FIRST_BITS) - 1;
  #shift = 32 - FIRST_BITS + RUN_BITS;
  #entries = new Int32Array(FIRST_PAGES << PAGE_BITS);
  /** Orders in each page; of a free page the next free one. */
  #counts = new Int32Array(FIRST_PAGES);
  #freePage = 0;
  #freshPage = 1;
  /** Pages in the table. */
  #pages = 0;
  #newestNumber = 0;
  #newestPage = 0;
  #size = 0;

  constructor(arena: layout.Arena) {
    this.#arena = arena;
  }

  /** Orders in the index: all that rest. */
  get size(): number {
    return this.#size;
  }

  /** The slot of the order with this id; 0 where none rests. */
  find(id: number): number {
    const page = this.#pageOf(pageNumber(id));
    if (page === 0) return 0;
    const slot = this.#entries[(page << PAGE_BITS) + (countWord(id) & PAGE_MASK)] ?? 0;
    return this.#arena.numbers[(slot << NUMBERS) + ID] === id ? slot : 0;
  }

  add(id: number, slot: number): void {
    const number = pageNumber(id);
    const page =
      number === this.#newestNumber && this.#newestPage !== 0 ? this.#newestPage : this.#open(number);
    const entry = (page << PAGE_BITS) + (countWord(id) & PAGE_MASK);
    this.#size++;
    this.#entries[entry] = slot;
    this.#arena.links[(slot << LINKS) + ENTRY] = entry;
    this.#counts[page] = ((this.#counts[page] ?? 0) + 1) | 0;
  }

  /** Takes out the order in a slot. */
  remove(slot: number): void {
    const entry = this.#arena.links[(slot << LINKS) + ENTRY] ?? 0;
    const page = entry >>> PAGE_BITS;
    this.#size--;
    this.#entries[entry] = 0;
    const left = ((this.#counts[page] ?? 0) - 1) | 0;
    this.#counts[page] = left;
    if (left === 0 && page !== this.#newestPage) {
      this.#close(pageNumber(this.#arena.numbers[(slot << NUMBERS) + ID] ?? 0), page);
    }
  }

  /** Proves that the index holds `size` orders, each by its id. */
  check(size: number): void {
    let orders = 0;
    let pages = 0;
    for (let at = 0; at < this.#pairs.length; at += 2) {
      const page = this.#pairs[at + 1] ?? 0;
      if (page === 0) continue;
      pages++;
      let counted = 0;
      for (let entry = 0; entry <= PAGE_MASK; entry++) {
        if (this.#entries[(page << PAGE_BITS) + entry] !== 0) counted++;
      }
      assert(counted === this.#counts[page], "a page counts its orders");
      assert(counted > 0 || page === this.#newestPage, "only the newest page may be empty");
      assert(this.#pageOf(this.#pairs[at] ?? 0) === page, "a page is found by its number");
      orders += counted;
    }
    assert(pages === this.#pages, "the index counts its pages");
    assert(orders === this.#size && orders === size, "the index holds each resting order once");
  }

  #pageOf(number: number): number {
    const pairs = this.#pairs;
    const mask = this.#mask;
    let at = ((Math.imul(number >>> RUN_BITS, SPREAD) >>> this.#shift) << RUN_BITS) | (number & RUN_MASK);
    for (;;) {
      const page = pairs[(at << 1) + 1] ?? 0;
      if (page === 0 || pairs[at << 1] === number) return page;
      at = (at + 1) & mask;
    }
  }

  /** Finds or makes the page of the newest order, and frees the newest one so far if that has emptied. */
  #open(number: number): number {
    const last = this.#newestPage;
    if (last !== 0 && this.#counts[last] === 0) this.#close(this.#newestNumber, last);
    let page = this.#pageOf(number);
    if (page === 0) {
      if (this.#pages * 2 > this.#mask) this.#growTable();
      page = this.#takePage();
      this.#counts[page] = 0;
      this.#store(number, page);
      this.#pages++;
    }
    this.#newestNumber = number;
    this.#newestPage = page;
    return page;
  }

  #close(number: number, page: number): void {
    const pairs = this.#pairs;
    const mask = this.#mask;
    const shift = this.#shift;
    let hole = ((Math.imul(number >>> RUN_BITS, SPREAD) >>> shift) << RUN_BITS) | (number & RUN_MASK);
    while (pairs[(hole << 1) + 1] !== page) hole = (hole + 1) & mask;
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
    this.#pages--;
    if (page === this.#newestPage) this.#newestPage = 0;
    this.#counts[page] = this.#freePage;
    this.#freePage = page;
  }

  #takePage(): number {
    const page = this.#freePage;
    if (page !== 0) {
      this.#freePage = this.#counts[page] ?? 0;
      return page;
    }
    if (this.#freshPage === this.#counts.length) {
      const entries = new Int32Array(this.#entries.length * 2);
      entries.set(this.#entries);
      this.#entries = entries;
      const counts = new Int32Array(this.#counts.length * 2);
      counts.set(this.#counts);
      this.#counts = counts;
    }
    return this.#freshPage++;
  }

  #store(number: number, page: number): void {
    const pairs = this.#pairs;
    const mask = this.#mask;
    let at = ((Math.imul(number >>> RUN_BITS, SPREAD) >>> this.#shift) << RUN_BITS) | (number & RUN_MASK);
    while (pairs[(at << 1) + 1] !== 0) at = (at + 1) & mask;
    pairs[at << 1] = number;
    pairs[(at << 1) + 1] = page;
  }

  #growTable(): void {
    const old = this.#pairs;
    this.#pairs = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    this.#shift--;
    for (let at = 0; at < old.length; at += 2) {
      const page = old[at + 1] ?? 0;
      if (page !== 0) this.#store(old[at] ?? 0, page);
    }
  }
}
