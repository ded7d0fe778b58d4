/** What every implementation of Objects has to do. `make` gives an empty one. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Objects } from "../../mixins/nats/ports.ts";

export interface ObjectsUnderTest {
  readonly objects: Objects;
  close(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);

export function objectsContract(implementation: string, make: () => Promise<ObjectsUnderTest>): void {
  describe(`${implementation} as Objects`, () => {
    let objects: Objects;
    let close: () => Promise<void>;

    beforeEach(async () => {
      const made = await make();
      objects = made.objects;
      close = () => made.close();
    });
    afterEach(() => close());

    test("an object comes back whole, is replaced whole, and leaves nothing when it is removed", async () => {
      expect([await objects.get("a/1"), await objects.list("")]).toEqual([undefined, []]);
      const large = Buffer.alloc(1_000_000, "x");
      await objects.put("a/1", large);
      await objects.put("a/2", new Uint8Array());
      await objects.put("b/other=1", bytes("other"));
      expect(large.equals((await objects.get("a/1")) ?? new Uint8Array())).toBe(true);
      expect((await objects.get("a/2"))?.length).toBe(0);
      await objects.put("a/1", bytes("short"));
      await expect(objects.put("a b", bytes(""))).rejects.toThrow(RangeError);
      expect(Buffer.from((await objects.get("a/1")) ?? []).toString()).toBe("short");
      expect((await objects.list("a/")).sort()).toEqual(["a/1", "a/2"]);
      for (const name of ["a/1", "a/2", "b/other=1", "never"]) await objects.remove(name);
      expect([await objects.get("a/1"), await objects.list("")]).toEqual([undefined, []]);
    });
  });
}
