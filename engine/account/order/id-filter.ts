/**
 * Says of a client order id "surely never used" or "maybe", for as long as a shard lives and however many
 * there were, in a fixed amount of memory. With it a new order needs no look-up in the documents.
 *
 * A blocked Bloom filter (F. Putze, P. Sanders, J. Singler: Cache-, Hash- and Space-Efficient Bloom Filters,
 * 2007): an id chooses one block of 512 bits and six bits in it. It is a union of sets, so it is the same in
 * whatever order ids came. No id that was added is ever "never used"; of the others the share that is "maybe"
 * grows with how many were added: of 1,000,000 it is 0.1 %, of 2,000,000 2 %, of 4,000,000 20 %. Pages come
 * as ids need them.
 */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { ID_FILTER_BYTES } from "../../limits.ts";
import { type AccountId, assert } from "../../units.ts";

const BLOCK_BYTES = 64;
const BLOCKS = ID_FILTER_BYTES / BLOCK_BYTES;
const BLOCKS_A_PAGE = 16;
const PAGE_BYTES = BLOCKS_A_PAGE * BLOCK_BYTES;
/** Of the nine bits that a bit of a block is chosen by. */
const BIT_MASK = 511;
const BITS_EACH = 9;
/** The least that a block takes in a snapshot. */
const BYTES_A_BLOCK = 2 + BLOCK_BYTES;

/** A snapshot tells the blocks in the order of their numbers, those without a bit left out. */
export class IdFilter {
  #pages: (Uint8Array | undefined)[] = [];
  /** Where the page of the last id begins, its block in it, and the bits to look at. */
  #page = 0;
  #block = 0;
  #one = 0;
  #other = 0;

  add(account: AccountId, clientOrderId: string): void {
    this.#choose(account, clientOrderId);
    const page = this.#pageAt(this.#page);
    for (let shift = 0; shift < 3 * BITS_EACH; shift += BITS_EACH) {
      const [one, other] = [(this.#one >>> shift) & BIT_MASK, (this.#other >>> shift) & BIT_MASK];
      const [at, also] = [this.#block + (one >>> 3), this.#block + (other >>> 3)];
      page[at] = (page[at] ?? 0) | (1 << (one & 7));
      page[also] = (page[also] ?? 0) | (1 << (other & 7));
    }
  }

  /** False: surely not. */
  mayHave(account: AccountId, clientOrderId: string): boolean {
    this.#choose(account, clientOrderId);
    const page = this.#pages[this.#page];
    if (page === undefined) return false;
    for (let shift = 0; shift < 3 * BITS_EACH; shift += BITS_EACH) {
      const [one, other] = [(this.#one >>> shift) & BIT_MASK, (this.#other >>> shift) & BIT_MASK];
      if ((((page[this.#block + (one >>> 3)] ?? 0) >>> (one & 7)) & 1) === 0) return false;
      if ((((page[this.#block + (other >>> 3)] ?? 0) >>> (other & 7)) & 1) === 0) return false;
    }
    return true;
  }

  write(writer: ByteWriter): void {
    let count = 0;
    for (const page of this.#pages) {
      for (let from = 0; page !== undefined && from < PAGE_BYTES; from += BLOCK_BYTES) {
        if (!isEmpty(page, from)) count++;
      }
    }
    writer.u32(count);
    for (const [at, page] of this.#pages.entries()) {
      for (let from = 0; page !== undefined && from < PAGE_BYTES; from += BLOCK_BYTES) {
        if (isEmpty(page, from)) continue;
        writer.u16(at * BLOCKS_A_PAGE + from / BLOCK_BYTES);
        writer.raw(page.subarray(from, from + BLOCK_BYTES));
      }
    }
  }

  static read(reader: ByteReader): IdFilter {
    const filter = new IdFilter();
    let last = -1;
    for (let left = reader.count(BYTES_A_BLOCK); left > 0; left--) {
      const block = reader.u16();
      assert(block > last && block < BLOCKS, "blocks of a filter stand in canonical order");
      last = block;
      const from = (block % BLOCKS_A_PAGE) * BLOCK_BYTES;
      const page = filter.#pageAt(Math.floor(block / BLOCKS_A_PAGE));
      page.set(reader.raw(BLOCK_BYTES), from);
      assert(!isEmpty(page, from), "a block that is told has a bit");
    }
    return filter;
  }

  #pageAt(at: number): Uint8Array {
    if (this.#pages.length === 0) this.#pages = new Array(BLOCKS / BLOCKS_A_PAGE).fill(undefined);
    const known = this.#pages[at];
    if (known !== undefined) return known;
    const page = new Uint8Array(PAGE_BYTES);
    this.#pages[at] = page;
    return page;
  }

  /** Three numbers of 32 bits: one for the block, two for the bits in it. */
  #choose(account: AccountId, clientOrderId: string): void {
    let one = Math.imul(account | 0, 0x9e3779b1) ^ Math.floor(account / 4_294_967_296);
    let other = Math.imul(one ^ clientOrderId.length, 0x85ebca6b);
    for (let index = 0; index < clientOrderId.length; index++) {
      const character = clientOrderId.charCodeAt(index);
      one = Math.imul(one ^ character, 0x01000193);
      other = Math.imul(((other << 13) | (other >>> 19)) ^ character, 0xcc9e2d51);
    }
    const block = mixed(one) % BLOCKS;
    this.#page = Math.floor(block / BLOCKS_A_PAGE);
    this.#block = (block % BLOCKS_A_PAGE) * BLOCK_BYTES;
    this.#one = mixed(other);
    this.#other = mixed(other ^ Math.imul(one, 0x27d4eb2f));
  }
}

/** Whether the block that begins there has no bit. */
function isEmpty(page: Uint8Array, from: number): boolean {
  for (let at = from; at < from + BLOCK_BYTES; at++) if (page[at] !== 0) return false;
  return true;
}

/** The last step of MurmurHash3. */
function mixed(lane: number): number {
  let value = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
