/**
 * What the journal does when the disk takes part of a write, or none: the system's writev is made to do so.
 */
import type * as FileSystem from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FileJournalStore } from "../../../mixins/journal/file-journal-store.ts";
import { JournalClosed, JournalWriteFailed } from "../../../mixins/journal/journal-fault.ts";
import { appendTexts, expectedTexts, readTexts } from "../../contract/journal-records.ts";

type Written = (error: Error | null, bytes: number) => void;

/** Bytes that one write takes at most, and that all writes take before the disk is full. */
const disk = vi.hoisted(() => ({
  atOnce: Number.POSITIVE_INFINITY,
  left: Number.POSITIVE_INFINITY,
  writes: 0,
}));

vi.mock("node:fs", async original => {
  const real = await original<typeof FileSystem>();
  function writev(fd: number, parts: readonly Uint8Array[], at: number, done: Written): void {
    disk.writes += 1;
    const bytes = Buffer.concat(parts);
    const taken = bytes.subarray(0, Math.min(bytes.length, disk.atOnce, disk.left));
    disk.left -= taken.length;
    if (taken.length > 0) real.write(fd, taken, 0, taken.length, at, done);
    else
      setImmediate(done, Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" }), 0);
  }
  return { ...real, writev };
});

let folder: string;
let store: FileJournalStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cambist-write-"));
  store = new FileJournalStore(folder);
});
afterEach(async () => {
  Object.assign(disk, { atOnce: Number.POSITIVE_INFINITY, left: Number.POSITIVE_INFINITY });
  await store.close();
  await rm(folder, { recursive: true });
});

describe("a write", () => {
  test.each([1, 7, 31, 32, 33, 100])("that takes %i bytes at a time is whole in the end", async atOnce => {
    disk.atOnce = atOnce;
    let journal = await store.open("ledger.0");
    await appendTexts(journal, 3, true, 50);
    await appendTexts(journal, 1, true, 50);
    await store.close();
    journal = await store.open("ledger.0");
    expect(journal.recovery).toBeUndefined();
    expect(await readTexts(journal)).toEqual(expectedTexts(1, 4, 50));
  });

  test.each([0, 1, 31, 32, 60])(
    "that fails after %i bytes closes the journal to writing for good",
    async left => {
      let journal = await store.open("ledger.0");
      await appendTexts(journal, 2, true, 50);
      const followed: number[] = [];
      const follower = journal.follow(1, batch => void followed.push(batch.first));
      await follower.caughtUp;
      disk.left = left;
      const failed = appendTexts(journal, 1, true, 50);
      await expect(failed).rejects.toThrow(JournalWriteFailed);
      disk.left = Number.POSITIVE_INFINITY;
      const { writes } = disk;
      const refused = await appendTexts(journal, 1, true, 50).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(JournalClosed);
      expect(refused).toMatchObject({ cause: { code: "ENOSPC" } });
      expect(disk.writes).toBe(writes);
      expect([journal.last, await readTexts(journal), followed]).toEqual([2, expectedTexts(1, 2, 50), [1]]);
      await store.close();
      journal = await store.open("ledger.0");
      expect(journal.recovery?.cutBytes).toBe(left === 0 ? undefined : left);
      await appendTexts(journal, 1, true, 50);
      expect(await readTexts(journal)).toEqual(expectedTexts(1, 3, 50));
      const segment = join(folder, "journal", "ledger.0", `${"1".padStart(16, "0")}.segment`);
      expect((await stat(segment)).size).toBe(128 + 32 + 2 * 54 + 32 + 54);
    },
  );
});
