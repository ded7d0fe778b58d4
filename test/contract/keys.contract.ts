/** What every implementation of Keys has to do. `make` gives an empty bucket and a way to open it again. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type KeyEntry, type Keys, KeyTaken } from "../../mixins/nats/ports.ts";

export interface KeysUnderTest {
  readonly keys: Keys;
  again(): Promise<Keys>;
  close(): Promise<void>;
}

export function keysContract(implementation: string, make: () => Promise<KeysUnderTest>): void {
  describe(`${implementation} as Keys`, () => {
    let keys: Keys;
    let again: () => Promise<Keys>;
    let close: () => Promise<void>;

    beforeEach(async () => {
      const made = await make();
      keys = made.keys;
      again = () => made.again();
      close = () => made.close();
    });
    afterEach(() => close());

    test("a key is created once, changed by its revision, removed and created anew", async () => {
      expect(await keys.get("market.EURUSD")).toBeUndefined();
      const created = await keys.create("market.EURUSD", "one");
      await expect(keys.create("market.EURUSD", "two")).rejects.toThrow(KeyTaken);
      const updated = await keys.update("market.EURUSD", "two", created);
      expect(updated).toBeGreaterThan(created);
      await expect(keys.update("market.EURUSD", "three", created)).rejects.toThrow(KeyTaken);
      await expect(keys.remove("market.EURUSD", created)).rejects.toThrow(KeyTaken);
      expect(await keys.get("market.EURUSD")).toEqual({
        key: "market.EURUSD",
        value: "two",
        revision: updated,
      });
      await keys.remove("market.EURUSD", updated);
      expect(await keys.get("market.EURUSD")).toBeUndefined();
      await expect(keys.update("market.EURUSD", "four", updated)).rejects.toThrow(KeyTaken);
      expect(await keys.create("market.EURUSD", "five")).toBeGreaterThan(updated);
    });

    test("keys are listed by prefix without removed ones, also through a second opening", async () => {
      expect(await keys.list()).toEqual([]);
      const gone = await keys.create("market.GBPUSD", "gone");
      for (let shard = 0; shard < 100; shard++) await keys.put(`risk.${shard}`, `${shard}`);
      await keys.put("market.EURUSD", "here");
      await keys.remove("market.GBPUSD", gone);
      const second = await again();
      expect((await second.list("market.")).map(({ key, value }) => [key, value])).toEqual([
        ["market.EURUSD", "here"],
      ]);
      expect(await second.list()).toHaveLength(101);
      await expect(keys.list("risk")).rejects.toThrow(RangeError);
      await expect(keys.put("a b", "")).rejects.toThrow(RangeError);
    });

    test("a watch, where there is one, tells what is there and then each change in order", async () => {
      if (keys.watch === undefined) return expect(keys.list).toBeDefined();
      await keys.put("risk.0", "old");
      const told: string[] = [];
      const tell = (key: string, entry: KeyEntry | undefined) => void told.push(`${key} ${entry?.value}`);
      let ended = false;
      const watch = await keys.watch(tell, () => {
        ended = true;
      });
      await expect.poll(() => told).toEqual(["risk.0 old"]);
      const revision = await keys.put("risk.0", "new");
      await keys.put("risk.1", "other");
      await keys.remove("risk.0", revision);
      const all = ["risk.0 old", "risk.0 new", "risk.1 other", "risk.0 undefined"];
      await expect.poll(() => told).toEqual(all);
      watch.close();
      await expect.poll(() => ended).toBe(true);
    });
  });
}
