/**
 * The set of keys (31 bits) that have a level, ordered: what is the next one above a key?
 *
 * A trie of radix 32. The lowest five bits of a key pick a bit in a word, the next five a word in a bottom
 * node, and five levels of nodes above it lead there. Each node is 33 words: a summary with one bit for each
 * child that is not empty, then its children. Bits count from the highest, so that `Math.clz32` of a word is
 * its smallest member. Nodes come from a pool and go back when empty. The bottom node last used, 1,024 keys,
 * is remembered: in the usual case adding, removing and finding the next are a few instructions on one node.
 *
 * Worst case: keys more than 1,024 apart each pay for a node of 132 bytes (some 140 MB for a million levels
 * strewn over all prices), and a search visits six nodes down and six up.
 */
import { assert } from "../units.ts";

const STRIDE = 33;
const ROOT = 1;
const HIGHEST = 0x80000000 | 0;
/** Position of the five bits that the root and the last node above the bottom are indexed by. */
const ROOT_SHIFT = 30;
const LAST_SHIFT = 10;
const FIRST_NODES = 64;

export class KeySet {
  /** Keys in the set. */
  size = 0;
  #words = new Int32Array(FIRST_NODES * STRIDE);
  #free = 0;
  #fresh = ROOT + 1;
  #nodes = 1;
  #cachedPrefix = -1;
  #cachedNode = 0;

  /** Adds a key that is not in the set. */
  add(key: number): void {
    this.size++;
    let node = this.#bottom(key);
    if (node === 0) node = this.#make(key);
    const words = this.#words;
    const child = (key >>> 5) & 31;
    const at = node * STRIDE + 1 + child;
    const word = words[at] ?? 0;
    if (word === 0) words[node * STRIDE] = (words[node * STRIDE] ?? 0) | (HIGHEST >>> child);
    words[at] = word | (HIGHEST >>> (key & 31));
  }

  /** Removes a key that is in the set. */
  remove(key: number): void {
    this.size--;
    const node = this.#bottom(key);
    const words = this.#words;
    const child = (key >>> 5) & 31;
    const at = node * STRIDE + 1 + child;
    const word = (words[at] ?? 0) & ~(HIGHEST >>> (key & 31));
    words[at] = word;
    if (word !== 0) return;
    const summary = (words[node * STRIDE] ?? 0) & ~(HIGHEST >>> child);
    words[node * STRIDE] = summary;
    if (summary === 0) this.#prune(key);
  }

  /** The smallest key above `key`; -1 where there is none. */
  next(key: number): number {
    const node = this.#bottom(key);
    if (node !== 0) {
      const words = this.#words;
      const child = (key >>> 5) & 31;
      const later = (words[node * STRIDE + 1 + child] ?? 0) & (0x7fffffff >>> (key & 31));
      if (later !== 0) return (key & ~31) | Math.clz32(later);
      const more = (words[node * STRIDE] ?? 0) & (0x7fffffff >>> child);
      if (more !== 0) {
        const first = Math.clz32(more);
        return (key & ~1023) | (first << 5) | Math.clz32(words[node * STRIDE + 1 + first] ?? 0);
      }
    }
    return this.#nextElsewhere(key);
  }

  has(key: number): boolean {
    const node = this.#bottom(key);
    if (node === 0) return false;
    const word = this.#words[node * STRIDE + 1 + ((key >>> 5) & 31)] ?? 0;
    return (word & (HIGHEST >>> (key & 31))) !== 0;
  }

  /** Proves summaries, sizes and the pool of nodes. */
  check(): void {
    const counted = { keys: 0, nodes: 0 };
    this.#checkNode(ROOT, ROOT_SHIFT, counted);
    assert(counted.keys === this.size, "a key set has as many bits as keys");
    assert(counted.nodes === this.#nodes, "every node of a key set is reached from its root");
    for (let node = this.#free; node !== 0; node = this.#words[node * STRIDE + 1] ?? 0) counted.nodes++;
    assert(counted.nodes === this.#fresh - 1, "a node of a key set is either in use or free");
  }

  #checkNode(node: number, shift: number, counted: { keys: number; nodes: number }): void {
    counted.nodes++;
    const summary = this.#words[node * STRIDE] ?? 0;
    assert(summary !== 0 || node === ROOT, "only the root of a key set may be empty");
    for (let child = 0; child < 32; child++) {
      const value = this.#words[node * STRIDE + 1 + child] ?? 0;
      assert(
        (value !== 0) === ((summary & (HIGHEST >>> child)) !== 0),
        "a summary names the children that are",
      );
      if (value === 0) continue;
      if (shift >= LAST_SHIFT) this.#checkNode(value, shift - 5, counted);
      else for (let bits = value; bits !== 0; bits &= bits - 1) counted.keys++;
    }
  }

  /** The bottom node of a key; 0 where there is none. */
  #bottom(key: number): number {
    return key >>> LAST_SHIFT === this.#cachedPrefix ? this.#cachedNode : this.#descend(key);
  }

  #descend(key: number): number {
    const words = this.#words;
    let node = ROOT;
    for (let shift = ROOT_SHIFT; shift >= LAST_SHIFT; shift -= 5) {
      node = words[node * STRIDE + 1 + ((key >>> shift) & 31)] ?? 0;
      if (node === 0) return 0;
    }
    this.#cachedPrefix = key >>> LAST_SHIFT;
    this.#cachedNode = node;
    return node;
  }

  /** Creates the nodes that lead to a key's bottom node. */
  #make(key: number): number {
    let node = ROOT;
    for (let shift = ROOT_SHIFT; shift >= LAST_SHIFT; shift -= 5) {
      const child = (key >>> shift) & 31;
      let below = this.#words[node * STRIDE + 1 + child] ?? 0;
      if (below === 0) {
        below = this.#takeNode();
        const words = this.#words;
        words[node * STRIDE + 1 + child] = below;
        words[node * STRIDE] = (words[node * STRIDE] ?? 0) | (HIGHEST >>> child);
      }
      node = below;
    }
    this.#cachedPrefix = key >>> LAST_SHIFT;
    this.#cachedNode = node;
    return node;
  }

  /** Frees a key's bottom node, which is empty, and each node above that this leaves empty. */
  #prune(key: number): void {
    this.#cachedPrefix = -1;
    const words = this.#words;
    for (let lowest = LAST_SHIFT; lowest <= ROOT_SHIFT; lowest += 5) {
      let parent = ROOT;
      for (let shift = ROOT_SHIFT; shift > lowest; shift -= 5) {
        parent = words[parent * STRIDE + 1 + ((key >>> shift) & 31)] ?? 0;
      }
      const child = (key >>> lowest) & 31;
      this.#releaseNode(words[parent * STRIDE + 1 + child] ?? 0);
      words[parent * STRIDE + 1 + child] = 0;
      const summary = (words[parent * STRIDE] ?? 0) & ~(HIGHEST >>> child);
      words[parent * STRIDE] = summary;
      if (summary !== 0) return;
    }
  }

  /** The smallest key above all those of `key`'s bottom node. */
  #nextElsewhere(key: number): number {
    const words = this.#words;
    let node = ROOT;
    let found = 0;
    let foundShift = -1;
    for (let shift = ROOT_SHIFT; shift >= LAST_SHIFT && node !== 0; shift -= 5) {
      const child = (key >>> shift) & 31;
      if (((words[node * STRIDE] ?? 0) & (0x7fffffff >>> child)) !== 0) {
        found = node;
        foundShift = shift;
      }
      node = words[node * STRIDE + 1 + child] ?? 0;
    }
    if (foundShift < 0) return -1;
    const above = foundShift === ROOT_SHIFT ? 0 : (key >>> (foundShift + 5)) << (foundShift + 5);
    const after = (key >>> foundShift) & 31;
    let child = Math.clz32((words[found * STRIDE] ?? 0) & (0x7fffffff >>> after));
    let result = above | (child << foundShift);
    node = words[found * STRIDE + 1 + child] ?? 0;
    for (let shift = foundShift - 5; shift >= 5; shift -= 5) {
      child = Math.clz32(words[node * STRIDE] ?? 0);
      result |= child << shift;
      node = words[node * STRIDE + 1 + child] ?? 0;
    }
    return result | Math.clz32(node);
  }

  #takeNode(): number {
    this.#nodes++;
    const node = this.#free;
    if (node !== 0) {
      this.#free = this.#words[node * STRIDE + 1] ?? 0;
      this.#words[node * STRIDE + 1] = 0;
      return node;
    }
    if ((this.#fresh + 1) * STRIDE > this.#words.length) {
      const larger = new Int32Array(this.#words.length * 2);
      larger.set(this.#words);
      this.#words = larger;
    }
    return this.#fresh++;
  }

  #releaseNode(node: number): void {
    this.#nodes--;
    this.#words.fill(0, node * STRIDE, (node + 1) * STRIDE);
    this.#words[node * STRIDE + 1] = this.#free;
    this.#free = node;
  }
}
