/** The filter of used client order ids: it never says "new" of one that isn't, and rarely "maybe" else. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IdFilter } from "../../../../engine/account/order/id-filter.ts";
import { ByteReader, ByteWriter } from "../../../../engine/bytes.ts";
import { ID_FILTER_BYTES } from "../../../../engine/limits.ts";
import { accountId } from "../../../../engine/units.ts";

const ID = fc.tuple(
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  fc.string({ minLength: 1, maxLength: 36, unit: "grapheme-ascii" }),
);
const IDS = fc.array(ID, { maxLength: 60 });

function filterOf(ids: readonly (readonly [number, string])[]): IdFilter {
  const filter = new IdFilter();
  for (const [account, id] of ids) filter.add(accountId(account), id);
  return filter;
}

function bytesOf(filter: IdFilter): Uint8Array {
  const writer = new ByteWriter();
  filter.write(writer);
  return writer.copy();
}

function filledTo(count: number): IdFilter {
  const filter = new IdFilter();
  for (let index = 0; index < count; index++) filter.add(accountId(1_001 + (index % 97)), `order-${index}`);
  return filter;
}

/** Of 20,000 ids that were never added. */
function maybes(filter: IdFilter): number {
  let maybe = 0;
  for (let index = 0; index < 20_000; index++) {
    if (filter.mayHave(accountId(1_001 + (index % 97)), `other-${index}`)) maybe++;
  }
  return maybe;
}

describe("a filter of used ids", () => {
  test("knows each id that was added, also after a snapshot, and is the same in any order", () => {
    fc.assert(
      fc.property(IDS, ids => {
        const filter = filterOf(ids);
        const bytes = bytesOf(filter);
        const reader = new ByteReader(bytes);
        const again = IdFilter.read(reader);
        reader.end();
        for (const [account, id] of ids) {
          expect(filter.mayHave(accountId(account), id)).toBe(true);
          expect(again.mayHave(accountId(account), id)).toBe(true);
        }
        expect(bytesOf(again)).toEqual(bytes);
        expect(bytesOf(filterOf(ids.toReversed()))).toEqual(bytes);
      }),
      { endOnFailure: true },
    );
  });

  test("an empty one knows that all is new", () => {
    expect(maybes(new IdFilter())).toBe(0);
    expect(bytesOf(new IdFilter())).toEqual(Uint8Array.of(0, 0, 0, 0));
  });

  test.each([
    [100_000, 2],
    [1_000_000, 200],
    [2_000_000, 1_200],
  ])("of new ids beside %i used ones it takes at most %i in 20,000 for used", (count, most) => {
    expect(maybes(filledTo(count))).toBeLessThanOrEqual(most);
  });

  test("takes no more bytes than its limit, and two for each block, in a snapshot", () => {
    const { length } = bytesOf(filledTo(1_000_000));
    expect(length).toBeLessThanOrEqual(4 + ID_FILTER_BYTES * (1 + 2 / 64));
  });

  test.each([
    ["in another order", [5, 0, 4, 0]],
    ["twice", [5, 0, 5, 0]],
  ])("blocks that stand there %s are refused", (_, [first = 0, , second = 0]) => {
    const block = (number: number) => [number, 0, ...new Array(64).fill(1)];
    const bytes = Uint8Array.from([2, 0, 0, 0, ...block(first), ...block(second)]);
    expect(() => IdFilter.read(new ByteReader(bytes))).toThrow("canonical order");
  });

  test("a block without a bit, and one that is cut off, is refused", () => {
    const empty = Uint8Array.from([1, 0, 0, 0, 5, 0, ...new Array(64).fill(0)]);
    expect(() => IdFilter.read(new ByteReader(empty))).toThrow("has a bit");
    expect(() => IdFilter.read(new ByteReader(empty.slice(0, -1)))).toThrow("ends early");
  });
});
