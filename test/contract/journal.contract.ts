/**
 * What every implementation of Journal has to do. `makeStore` gives a new, empty one; `reopen` closes it and
 * opens what it left, as the next process would.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Journal, JournalBatch, JournalStore } from "../../mixins/journal/journal.ts";
import {
  JournalClosed,
  JournalConflict,
  JournalShort,
  SnapshotUnknown,
} from "../../mixins/journal/journal-fault.ts";
import { appendTexts, decodeRecords, encodeRecords, expectedTexts, readTexts } from "./journal-records.ts";

export interface StoreUnderTest {
  readonly store: JournalStore;
  reopen(): Promise<JournalStore>;
  dispose(): Promise<void>;
}

const NAME = "market.EURUSD";

export function journalContract(implementation: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${implementation} as a Journal`, () => {
    let made: StoreUnderTest;
    let journal: Journal;

    beforeEach(async () => {
      made = await makeStore();
      journal = await made.store.open(NAME);
    });
    afterEach(() => made.dispose());

    async function reopen(): Promise<void> {
      journal = await (await made.reopen()).open(NAME);
    }

    test("an empty journal has no record", async () => {
      expect([journal.name, journal.last, journal.oldest, journal.runs()]).toEqual([NAME, 0, 1, []]);
      expect(await readTexts(journal)).toEqual([]);
    });

    test("what was appended is read, in batches as appended, also after reopening", async () => {
      await appendTexts(journal, 1, true);
      await appendTexts(journal, 3);
      for (const reopened of [false, true]) {
        if (reopened) await reopen();
        const batches: [number, number, boolean][] = [];
        for await (const { first, count, clients } of journal.read(1)) batches.push([first, count, clients]);
        const expected = [
          [1, 1, true],
          [2, 3, false],
        ];
        expect(batches).toEqual(expected);
        expect(await readTexts(journal)).toEqual(expectedTexts(1, 4));
        expect([journal.last, journal.oldest, journal.runs()]).toEqual([4, 1, [{ first: 1, last: 4 }]]);
      }
      await appendTexts(journal, 2);
      expect(await readTexts(journal, 5)).toEqual(expectedTexts(5, 6));
    });

    test("reading goes from the batch that holds 'from' to what was durable at the call", async () => {
      for (let batch = 0; batch < 5; batch++) await appendTexts(journal, 3);
      expect(await readTexts(journal, 8)).toEqual(expectedTexts(7, 15));
      expect(await readTexts(journal, 16)).toEqual([]);
      await expect(readTexts(journal, 17)).rejects.toThrow(JournalShort);
      await expect(readTexts(journal, 0)).rejects.toThrow(RangeError);
      const reading = journal.read(13)[Symbol.asyncIterator]();
      expect((await reading.next()).value?.first).toBe(13);
      await appendTexts(journal, 1);
      expect((await reading.next()).done).toBe(true);
    });

    test("a stale append is a conflict and changes nothing", async () => {
      await appendTexts(journal, 2);
      const stale = journal.append(1, 1, encodeRecords(["stale"]), true);
      await expect(stale).rejects.toThrow(JournalConflict);
      await expect(journal.append(3, 1, encodeRecords(["ahead"]), true)).rejects.toThrow(JournalConflict);
      expect(await readTexts(journal)).toEqual(expectedTexts(1, 2));
      await appendTexts(journal, 1);
      expect(journal.last).toBe(3);
    });

    test("a second append while one is in flight is refused, whatever its number", async () => {
      const first = appendTexts(journal, 1);
      await expect(journal.append(0, 1, encodeRecords(["same"]), true)).rejects.toThrow(JournalConflict);
      await expect(journal.append(1, 1, encodeRecords(["next"]), true)).rejects.toThrow(JournalConflict);
      await first;
      expect(await readTexts(journal)).toEqual(expectedTexts(1, 1));
    });

    test("a payload that is not 'count' records is refused", async () => {
      await expect(journal.append(0, 2, encodeRecords(["one"]), true)).rejects.toThrow(RangeError);
      await expect(journal.append(0, 1, new Uint8Array([9, 0, 0, 0, 1]), true)).rejects.toThrow(RangeError);
      await expect(journal.append(0, 0, new Uint8Array(), true)).rejects.toThrow(RangeError);
      expect(journal.last).toBe(0);
    });

    test("a follower gets what is stored, then live batches right after the caller's turn", async () => {
      await appendTexts(journal, 2);
      const order: string[] = [];
      const batches: JournalBatch[] = [];
      const follower = journal.follow(1, batch => {
        batches.push(batch);
        order.push(`followed ${batch.first}`);
      });
      await follower.caughtUp;
      const others: JournalBatch[] = [];
      const other = journal.follow(1, batch => void others.push(batch));
      await other.caughtUp;
      const payload = encodeRecords(["live"]);
      await journal.append(2, 1, payload, true);
      order.push("appended 3");
      await turn();
      expect(order).toEqual(["followed 1", "appended 3", "followed 3"]);
      expect(batches[1]).toBe(others[1]);
      expect(batches[1]?.payload).toBe(payload);
      expect(follower.cursor).toBe(3);
    });

    test("followers that start at any moment see every record once, in order", async () => {
      const seen: string[][] = [];
      const followers = [];
      for (let batch = 0; batch < 60; batch++) {
        if (batch % 6 === 0) {
          const mine: string[] = [];
          seen.push(mine);
          const slow = batch % 12 === 0;
          followers.push(
            journal.follow(1, records => {
              mine.push(...decodeRecords(records));
              return slow ? turn() : undefined;
            }),
          );
        }
        await appendTexts(journal, 1 + (batch % 4), batch % 5 === 0);
      }
      const { last } = journal;
      for (const follower of followers) {
        await follower.caughtUp;
        while (follower.cursor < last) await turn();
      }
      for (const mine of seen) expect(mine).toEqual(expectedTexts(1, last));
    });

    test("a slow follower holds nobody up and misses nothing", async () => {
      let release: () => void = () => undefined;
      const gate = new Promise<void>(resolve => {
        release = resolve;
      });
      const slow: string[] = [];
      const quick: string[] = [];
      const slowFollower = journal.follow(1, async batch => {
        await gate;
        slow.push(...decodeRecords(batch));
      });
      const quickFollower = journal.follow(1, batch => void quick.push(...decodeRecords(batch)));
      for (let batch = 0; batch < 50; batch++) await appendTexts(journal, 2, false, 40_000);
      await turn();
      expect([quickFollower.cursor, slowFollower.cursor]).toEqual([100, 0]);
      release();
      while (slowFollower.cursor < 100) await turn();
      expect(slow).toEqual(expectedTexts(1, 100, 40_000));
      expect(slow).toEqual(quick);
    });

    test.each(["throws", "rejects"])(
      "a handler that %s stops its follower only and is heard of",
      async how => {
        const failure = new Error("handler");
        const heard: unknown[] = [];
        const follower = journal.follow(
          1,
          batch => {
            if (batch.first < 3) return;
            if (how === "rejects") return Promise.reject(failure);
            throw failure;
          },
          error => void heard.push(error),
        );
        const quick = journal.follow(1, () => undefined);
        await Promise.all([follower.caughtUp, quick.caughtUp]);
        for (let record = 0; record < 5; record++) await appendTexts(journal, 1);
        await expect(follower.failed).rejects.toBe(failure);
        expect([heard, follower.cursor, journal.last]).toEqual([[failure], 2, 5]);
        while (quick.cursor < 5) await turn();
        await follower.close();
      },
    );

    test("a follower that fails on stored records is never caught up", async () => {
      await appendTexts(journal, 1);
      const follower = journal.follow(1, () => Promise.reject(new Error("handler")));
      await expect(follower.failed).rejects.toThrow("handler");
      await expect(follower.caughtUp).rejects.toThrow("handler");
      const ahead = journal.follow(9, () => undefined);
      await expect(ahead.failed).rejects.toThrow(JournalShort);
    });

    test("a closed follower gets nothing more", async () => {
      const seen: number[] = [];
      const follower = journal.follow(1, batch => void seen.push(batch.first));
      await follower.caughtUp;
      await appendTexts(journal, 1);
      await turn();
      await follower.close();
      await appendTexts(journal, 1);
      await turn();
      expect(seen).toEqual([1]);
    });

    test("closing waits for the append in flight; then nothing is taken", async () => {
      const append = appendTexts(journal, 1);
      await Promise.all([append, journal.close()]);
      await expect(appendTexts(journal, 1)).rejects.toThrow(JournalClosed);
      expect(() => journal.follow(1, () => undefined)).toThrow(JournalClosed);
      await reopen();
      expect(journal.last).toBe(1);
    });

    test("closing under followers that catch up fails none of them", async () => {
      for (let batch = 0; batch < 20; batch++) await appendTexts(journal, 2, true, 100);
      await reopen();
      const failures: unknown[] = [];
      const slow = () => turn();
      const followers = [1, 9, 41].map(from =>
        journal.follow(from, slow, error => void failures.push(error)),
      );
      const append = appendTexts(journal, 1);
      await Promise.all([append, journal.close()]);
      await turn();
      expect(failures).toEqual([]);
      for (const follower of followers) expect(follower.cursor).toBeLessThanOrEqual(journal.last);
    });

    test("journals of one store are apart, and each is open once", async () => {
      const other = await made.store.open("ledger.0");
      await appendTexts(journal, 3);
      await appendTexts(other, 1);
      expect([journal.last, other.last]).toEqual([3, 1]);
      await expect(made.store.open(NAME)).rejects.toThrow(JournalConflict);
      await expect(made.store.open("../escape")).rejects.toThrow(RangeError);
    });

    test("snapshots come back, the newest first, also after reopening", async () => {
      const snapshots = made.store.snapshots(NAME);
      expect([await snapshots.newest(), await snapshots.list()]).toEqual([undefined, []]);
      const state = (fill: number) => new Uint8Array(100_000).fill(fill);
      await snapshots.save({ sequence: 7, hash: "00ff", bytes: state(1) });
      await snapshots.save({ sequence: 2 ** 40, hash: "abcd", bytes: state(2) });
      const again = (await made.reopen()).snapshots(NAME);
      expect(await again.list()).toEqual([7, 2 ** 40]);
      const newest = await again.newest();
      expect([newest?.sequence, newest?.hash]).toEqual([2 ** 40, "abcd"]);
      expect(Buffer.from(newest?.bytes ?? []).equals(state(2))).toBe(true);
      expect((await again.load(7)).hash).toBe("00ff");
      await expect(again.load(8)).rejects.toThrow(SnapshotUnknown);
    });
  });
}

/** One turn of the event loop: what is ready has run. */
function turn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}
