/** Ownership within one process that has the data folder. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DataFolder } from "../../../mixins/data-folder.ts";
import { LocalOwnership } from "../../../mixins/ownership/local-ownership.ts";
import { ownershipContract } from "../../contract/ownership.contract.ts";

async function lockedFolder(): Promise<DataFolder> {
  return DataFolder.lock(await mkdtemp(join(tmpdir(), "cambist-ownership-")));
}

async function removed(folder: DataFolder): Promise<void> {
  await folder.release();
  await rm(folder.path, { recursive: true });
}

ownershipContract("LocalOwnership", async () => {
  const folder = await lockedFolder();
  return {
    ownership: await LocalOwnership.open(folder),
    killed: () => LocalOwnership.open(folder),
    expired: () => Promise.resolve(),
    dispose: () => removed(folder),
  };
});

test("all claims count from one counter", async () => {
  const folder = await lockedFolder();
  const epochs: number[] = [];
  for (let life = 0; life < 3; life++) {
    const ownership = await LocalOwnership.open(folder);
    const claims = await Promise.all(["a", "b", "c", "d"].map(actor => ownership.claim(actor)));
    epochs.push(...claims.map(claim => claim.epoch));
  }
  expect(epochs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  await removed(folder);
});
