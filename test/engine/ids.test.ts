/** Order ids: composed and taken apart, unique over origins; the shard of an account. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  composeOrderId,
  countOf,
  countWord,
  marketOrigin,
  originOf,
  shardOf,
  shardOrigin,
} from "../../engine/ids.ts";

const count = fc.integer({ min: 1, max: 2 ** 39 - 1 });

test("an id holds its count and its origin, below 2^53", () => {
  fc.assert(
    fc.property(count, fc.nat(8191), fc.boolean(), (counted, number, market) => {
      const origin = market ? marketOrigin(number) : shardOrigin(number);
      const id = composeOrderId(counted, origin);
      expect(Number.isSafeInteger(id)).toBe(true);
      expect([countOf(id), originOf(id)]).toEqual([counted, origin]);
      expect(countWord(id)).toBe(counted | 0);
    }),
  );
});

test("markets and shards never name the same order", () => {
  expect(marketOrigin(8191)).toBeLessThan(shardOrigin(0));
  expect(composeOrderId(1, marketOrigin(0))).not.toBe(composeOrderId(1, shardOrigin(0)));
});

test("what is out of range is an invariant broken", () => {
  expect(() => marketOrigin(8192)).toThrow("Invariant");
  expect(() => shardOrigin(-1)).toThrow("Invariant");
  expect(() => composeOrderId(0, 1)).toThrow("Invariant");
  expect(() => composeOrderId(2 ** 39, 1)).toThrow("Invariant");
});

test("accounts spread evenly over shards, and always the same way", () => {
  const counted = [0, 0, 0, 0];
  for (let account = 1; account <= 40_000; account++) {
    const shard = shardOf(account, 4);
    counted[shard] = (counted[shard] ?? 0) + 1;
  }
  for (const accounts of counted) expect(Math.abs(accounts - 10_000)).toBeLessThan(500);
  expect(shardOf(1, 2)).toBe(shardOf(1, 2));
  expect(shardOf(2 ** 52, 7)).toBeLessThan(7);
});
