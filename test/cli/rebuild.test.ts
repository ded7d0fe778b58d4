/** `cambist rebuild`: documents from nothing are what a venue wrote; what fails leaves the old ones. */
import { access, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { open } from "lmdb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rebuild } from "../../cli/rebuild.ts";
import { verify } from "../../cli/verify.ts";
import { DATABASES_MAX, documentDatabases } from "../../mixins/documents/document-databases.ts";
import { makeTraded, run, startTraded } from "../traded-venue.ts";
import { principal, temporaryFolder } from "../venue.ts";

let whole: string;
let folder: string;

beforeAll(async () => {
  whole = await temporaryFolder();
  await makeTraded(whole);
}, 60_000);

afterAll(() => rm(whole, { recursive: true }));

beforeEach(async () => {
  folder = await temporaryFolder();
  await cp(whole, folder, { recursive: true });
  return () => rm(folder, { recursive: true });
});

const DONE = /^Rebuilt \d+ orders, \d+ transactions and 2 accounts\n$/;

/** Every document, by the name of where it lies. */
async function documents(): Promise<object> {
  const root = open({ path: join(folder, "documents", "orders"), maxDbs: DATABASES_MAX, noSubdir: false });
  const stored = documentDatabases(root);
  const all = Object.entries(stored).map(([name, database]) => [name, [...database.getRange({})]] as const);
  const told = structuredClone(Object.fromEntries(all));
  await root.close();
  return told;
}

describe("documents made anew", () => {
  it("are the ones that a venue wrote, although records have been dropped", async () => {
    const before = await documents();
    const { code, output, errors } = await run(rebuild, folder);
    expect([code, errors]).toEqual([0, ""]);
    expect(output).toMatch(DONE);
    expect(await documents()).toEqual(before);
    expect(await run(verify, folder)).toMatchObject({ code: 0 });
    await expect(access(join(folder, "documents", "rebuilding"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("come from nothing, and the venue goes on with them", async () => {
    await rm(join(folder, "documents", "orders"), { recursive: true });
    expect(await run(verify, folder)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^documentMissing documents: /),
    });
    expect(await run(rebuild, folder)).toMatchObject({ code: 0, output: expect.stringMatching(DONE) });
    const venue = await startTraded(folder);
    const page = { status: "closed", limit: 500 };
    const { items } = await venue.call<{ items: { clientOrderId: string }[] }>(
      "orders.list",
      page,
      principal(1001),
    );
    expect(items.length).toBeGreaterThan(10);
    const [{ clientOrderId } = { clientOrderId: "" }] = items;
    expect(await venue.call("orders.resolve", { clientOrderId }, principal(1001))).toMatchObject({
      clientOrderId,
    });
    await venue.stop();
    expect(await run(verify, folder)).toMatchObject({ code: 0, errors: "" });
  });

  it("replace what is damaged, and what an attempt before has left", async () => {
    const before = await documents();
    await writeFile(join(folder, "documents", "orders", "data.mdb"), "nothing of use");
    await mkdir(join(folder, "documents", "rebuilding", "orders"), { recursive: true });
    await writeFile(join(folder, "documents", "rebuilding", "orders", "data.mdb"), "half");
    expect(await run(rebuild, folder)).toMatchObject({ code: 0 });
    expect(await documents()).toEqual(before);
  });
});

describe("what cannot be made", () => {
  it("leaves the old documents, and says where it ended", async () => {
    const path = join(folder, "journal", "ledger.0");
    const [name = ""] = (await readdir(path)).filter(entry => entry.endsWith(".segment"));
    const bytes = await readFile(join(path, name));
    bytes.writeUInt8(bytes.readUInt8(180) ^ 1, 180);
    await writeFile(join(path, name), bytes);
    const before = await documents();
    const { code, errors } = await run(rebuild, folder);
    expect(code).toBe(1);
    expect(errors).toMatch(/^REBUILD_FAILED: .*ledger\.0/);
    expect(await documents()).toEqual(before);
  });

  it("is not begun while the venue runs", async () => {
    const venue = await startTraded(folder);
    expect(await run(rebuild, folder)).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/^DATA_FOLDER_LOCKED/),
    });
    await venue.stop();
    expect(await run(rebuild, "--json")).toMatchObject({ code: 2 });
    expect(await run(rebuild, "--help")).toMatchObject({ code: 0 });
  });
});
