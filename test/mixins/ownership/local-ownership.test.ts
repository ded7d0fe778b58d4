/** Ownership within one process: one claim an actor, epochs that only rise. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataFolder } from "../../../mixins/data-folder.ts";
import { LocalOwnership } from "../../../mixins/ownership/local-ownership.ts";
import { OwnershipTaken } from "../../../mixins/ownership/ownership.ts";

let folder: DataFolder;

beforeEach(async () => {
  folder = await DataFolder.lock(await mkdtemp(join(tmpdir(), "cambist-ownership-")));
});
afterEach(async () => {
  await folder.release();
  await rm(folder.path, { recursive: true });
});

test("an actor is claimed once, and again after its release", async () => {
  const ownership = await LocalOwnership.open(folder);
  const claim = await ownership.claim("market.EURUSD");
  await expect(ownership.claim("market.EURUSD")).rejects.toThrow(OwnershipTaken);
  await ownership.claim("market.GBPUSD");
  await claim.release();
  const next = await ownership.claim("market.EURUSD");
  await claim.release();
  await expect(ownership.claim("market.EURUSD")).rejects.toThrow(OwnershipTaken);
  expect(next.epoch).toBeGreaterThan(claim.epoch);
});

test("epochs rise, also over processes and where claims are made at once", async () => {
  const epochs: number[] = [];
  for (let life = 0; life < 3; life++) {
    const ownership = await LocalOwnership.open(folder);
    const claims = await Promise.all(["a", "b", "c", "d"].map(actor => ownership.claim(actor)));
    epochs.push(...claims.map(claim => claim.epoch));
  }
  expect(epochs).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test("what is claimed has a holder", async () => {
  const ownership = await LocalOwnership.open(folder);
  const { epoch, release } = await ownership.claim("risk.0");
  await ownership.claim("risk.1");
  expect((await ownership.holders()).get("risk.0")).toEqual({ node: "local", epoch, dead: false });
  await release();
  expect([...(await ownership.holders()).keys()]).toEqual(["risk.1"]);
});
