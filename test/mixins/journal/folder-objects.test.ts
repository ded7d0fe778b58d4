/** Objects as files, and the snapshots that any objects can keep: what is damaged is never the newest. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FolderObjects } from "../../../mixins/journal/folder-objects.ts";
import { SnapshotCorrupt, SnapshotUnknown } from "../../../mixins/journal/journal-fault.ts";
import { ObjectSnapshots } from "../../../mixins/journal/object-snapshots.ts";
import { objectsContract } from "../../contract/objects.contract.ts";

const makeFolder = () => mkdtemp(join(tmpdir(), "cambist-objects-"));

objectsContract("FolderObjects", async () => {
  const folder = await makeFolder();
  return { objects: new FolderObjects(folder), close: () => rm(folder, { recursive: true }) };
});

describe("snapshots as objects", () => {
  let folder: string;
  let objects: FolderObjects;
  let snapshots: ObjectSnapshots;

  beforeEach(async () => {
    folder = await makeFolder();
    objects = new FolderObjects(folder);
    snapshots = new ObjectSnapshots(objects, "ledger.0");
    for (const sequence of [5, 9, 12]) {
      await snapshots.save({
        sequence,
        hash: `after ${sequence}`,
        bytes: new Uint8Array(1_000).fill(sequence),
      });
    }
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("a damaged one is told where it is loaded, and passed over for the newest", async () => {
    const name = "ledger.0/0000000000000012.snapshot";
    const bytes = Buffer.from((await objects.get(name)) ?? []);
    bytes[500] = 1;
    await objects.put(name, bytes);
    await expect(snapshots.load(12)).rejects.toThrow(SnapshotCorrupt);
    expect((await snapshots.newest())?.hash).toBe("after 9");
    expect(await snapshots.list()).toEqual([5, 9, 12]);
  });

  test("removed ones are unknown; those of another journal are its own", async () => {
    await new ObjectSnapshots(objects, "ledger.00").save({ sequence: 1, hash: "", bytes: new Uint8Array() });
    await snapshots.remove([5, 12]);
    expect(await snapshots.list()).toEqual([9]);
    await expect(snapshots.load(5)).rejects.toThrow(SnapshotUnknown);
  });
});
