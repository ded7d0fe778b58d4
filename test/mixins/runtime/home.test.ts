/** A data folder is a venue's own or one cluster's, and stays it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { confirmFounding } from "../../../mixins/runtime/founding.ts";
import { FoundingFile } from "../../../mixins/runtime/founding-store.ts";
import { confirmAlone, confirmHome } from "../../../mixins/runtime/home.ts";
import { MemoryKeys } from "../ownership/memory-keys.ts";

let folders: string[];

beforeEach(async () => {
  folders = await Promise.all([1, 2, 3].map(() => mkdtemp(join(tmpdir(), "cambist-home-"))));
});
afterEach(() => Promise.all(folders.map(folder => rm(folder, { recursive: true }))));

test("a folder stays with the cluster that it was first opened with", async () => {
  const [first, second] = [new MemoryKeys(), new MemoryKeys()];
  await Promise.all(folders.map(folder => confirmHome(first, folder)));
  for (const folder of folders) await confirmHome(first, folder);
  await expect(confirmHome(second, folders[0] ?? "")).rejects.toMatchObject({
    code: "SETTING_INVALID",
    message: expect.stringContaining("must be of the cluster that NATS_URL names"),
  });
});

test("a venue's own folder joins no cluster, and a cluster's is no venue's", async () => {
  const [own = "", shared = ""] = folders;
  await confirmFounding(new FoundingFile(own), 2, []);
  await expect(confirmHome(new MemoryKeys(), own)).rejects.toThrow("must hold no venue of its own");
  await confirmAlone(own);
  await confirmHome(new MemoryKeys(), shared);
  await expect(confirmAlone(shared)).rejects.toThrow(
    "'NATS_URL' must be given where 'DATA_DIR' is a cluster",
  );
});
