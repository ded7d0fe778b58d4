/** The book's structures against the plain ones of the language: key set, ladder, order index. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Arena, ID, KEY, LINKS, NUMBERS } from "../../../engine/book/arena.ts";
import { KeySet } from "../../../engine/book/key-set.ts";
import { Ladders } from "../../../engine/book/ladders.ts";
import { OrderIndex } from "../../../engine/book/order-index.ts";
import { composeOrderId } from "../../../engine/ids.ts";

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

test("ladders find their levels and their best, each side its own", () => {
  const move = fc.tuple(fc.nat(1), key);
  fc.assert(
    fc.property(fc.array(move, { maxLength: 4_000, size: "max" }), moves => {
      const arena = new Arena();
      const ladders = new Ladders(arena);
      const plain = [new Set<number>(), new Set<number>()] as const;
      for (const [side, value] of moves) {
        const keys = plain[side === 0 ? 0 : 1];
        if (keys.delete(value)) ladders.remove(side, ladders.find(side, value));
        else {
          keys.add(value);
          ladders.insert(side, value);
        }
      }
      for (const [side, keys] of plain.entries()) {
        const sorted = [...keys].sort((a, b) => a - b);
        const best = ladders.best(side);
        expect(best === 0 ? undefined : arena.links[(best << LINKS) + KEY]).toBe(sorted[0]);
        ladders.check(side);
      }
      arena.check(plain[0].size + plain[1].size);
    }),
    { numRuns: 60 },
  );
});

test("an index finds each order, also where runs overlap and counts pass 2^32", () => {
  const count = fc.oneof(
    fc.integer({ min: 1, max: 5_000 }),
    fc.integer({ min: 2 ** 32 - 100, max: 2 ** 32 + 100 }),
    fc.nat(60).map(row => 1 + row * 65_536),
  );
  fc.assert(
    fc.property(fc.array(count, { maxLength: 5_000, size: "max" }), counts => {
      const arena = new Arena();
      const index = new OrderIndex(arena);
      const plain = new Map<number, number>();
      for (const value of counts) {
        const id = composeOrderId(value, 3);
        if (plain.delete(id)) {
          const slot = index.find(id);
          index.remove(slot);
          arena.release(slot);
        } else {
          const slot = arena.take();
          arena.numbers[(slot << NUMBERS) + ID] = id;
          index.add(id, slot);
          plain.set(id, slot);
        }
      }
      const ids = counts.map(value => composeOrderId(value, 3));
      expect(ids.map(id => index.find(id))).toEqual(ids.map(id => plain.get(id) ?? 0));
      expect(counts.every(value => index.find(composeOrderId(value, 4)) === 0)).toBe(true);
      index.check(plain.size);
      arena.check(plain.size);
    }),
    { numRuns: 60 },
  );
});

test("a block of old orders does not slow the index down", () => {
  const arena = new Arena();
  const index = new OrderIndex(arena);
  const add = (count: number) => {
    const id = composeOrderId(count, 0);
    const slot = arena.take();
    arena.numbers[(slot << NUMBERS) + ID] = id;
    index.add(id, slot);
    return slot;
  };
  for (let count = 1; count <= 200_000; count++) add(count);
  // Enough to pass over every place of the table many times: an identity would probe through the whole block.
  for (let count = 200_001; count <= 2_000_000; count++) index.remove(add(count));
  index.check(200_000);
}, 20_000);
