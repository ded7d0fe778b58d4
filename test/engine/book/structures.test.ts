/** The book's structures against the plain ones of the language: key set, ladder, order index. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeySet } from "../../../engine/book/key-set.ts";
import { Ladder } from "../../../engine/book/ladder.ts";
import { KEY, LEVEL_LINKS, LevelPool } from "../../../engine/book/level-pool.ts";
import { OrderIndex } from "../../../engine/book/order-index.ts";
import { ID, ORDER_NUMBERS, OrderPool } from "../../../engine/book/order-pool.ts";

const KEY_MAX = 2 ** 31 - 1;
const key = fc.oneof(
  fc.nat(KEY_MAX),
  fc.nat(3_000),
  fc.integer({ min: KEY_MAX - 3_000, max: KEY_MAX }),
  fc.tuple(fc.nat(30), fc.integer({ min: -1, max: 1 })).map(([bit, by]) => Math.max(0, 2 ** bit + by)),
);

function nextOf(sorted: number[], above: number): number {
  return sorted.find(value => value > above) ?? -1;
}

test("a key set knows the next key, whatever comes and goes", () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 200, size: "max" }), fc.array(key), (keys, asked) => {
      const set = new KeySet();
      const plain = new Set<number>();
      for (const value of keys) {
        if (plain.delete(value)) set.remove(value);
        else {
          plain.add(value);
          set.add(value);
        }
      }
      set.check();
      const sorted = [...plain].sort((a, b) => a - b);
      for (const value of [...asked, ...keys]) {
        expect(set.next(value)).toBe(nextOf(sorted, value));
        expect(set.has(value)).toBe(plain.has(value));
      }
      for (const value of sorted) set.remove(value);
      set.check();
      expect(set.size).toBe(0);
    }),
  );
});

test("a ladder finds its levels and its best", () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 2_000, size: "max" }), keys => {
      const levels = new LevelPool();
      const ladder = new Ladder(levels, 0);
      const plain = new Set<number>();
      for (const value of keys) {
        if (plain.delete(value)) ladder.remove(ladder.find(value));
        else {
          plain.add(value);
          ladder.insert(value);
        }
      }
      const sorted = [...plain].sort((a, b) => a - b);
      const best = ladder.best === 0 ? undefined : levels.links[(ladder.best << LEVEL_LINKS) + KEY];
      expect(best).toBe(sorted[0]);
      if (!plain.has(0)) ladder.check();
      levels.check();
    }),
    { numRuns: 60 },
  );
});

test("an index finds each count, also where runs overlap and counts pass 2^32", () => {
  const count = fc.oneof(
    fc.integer({ min: 1, max: 5_000 }),
    fc.integer({ min: 2 ** 32 - 100, max: 2 ** 32 + 100 }),
    fc.nat(60).map(row => 1 + row * 65_536),
  );
  fc.assert(
    fc.property(fc.array(count, { maxLength: 5_000, size: "max" }), counts => {
      const pool = new OrderPool();
      const index = new OrderIndex(pool);
      const plain = new Map<number, number>();
      for (const value of counts) {
        const slot = plain.get(value);
        if (slot === undefined) {
          const taken = pool.take();
          pool.numbers[(taken << ORDER_NUMBERS) + ID] = value;
          index.add(value, taken);
          plain.set(value, taken);
        } else {
          index.remove(value, slot);
          pool.release(slot);
          plain.delete(value);
        }
      }
      for (const value of counts) expect(index.find(value, value)).toBe(plain.get(value) ?? 0);
      index.check(plain.size);
      pool.check();
    }),
    { numRuns: 60 },
  );
});

test("a block of old orders does not slow the index down", () => {
  const pool = new OrderPool();
  const index = new OrderIndex(pool);
  const add = (count: number) => {
    const slot = pool.take();
    pool.numbers[(slot << ORDER_NUMBERS) + ID] = count;
    index.add(count, slot);
    return slot;
  };
  for (let count = 1; count <= 100_000; count++) add(count);
  // Enough to pass over every place of the table several times; a plain identity would probe 10^10 times
  // here.
  for (let count = 100_001; count <= 1_000_000; count++) index.remove(count, add(count));
  index.check(100_000);
}, 20_000);
