/** `cambist verify` on real data folders: whole ones, and ones in which one thing is wrong. */
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verify } from "../../cli/verify.ts";
import { decodeOrder, encodeOrder } from "../../engine/account/order/order-record.ts";
import { ByteWriter } from "../../engine/bytes.ts";
import { lots } from "../../engine/units.ts";
import { DATABASES_MAX, documentDatabases } from "../../mixins/documents/document-databases.ts";
import { makeTraded, run, startTraded } from "../traded-venue.ts";
import { temporaryFolder } from "../venue.ts";

interface Told {
  readonly equal: boolean;
  readonly differences: { kind: string; subject: string; message: string }[];
  readonly notes: string[];
  readonly counts: Record<string, number>;
}

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

async function verified(): Promise<Told & { code: number }> {
  const { code, output } = await run(verify, folder, "--json");
  return { code, ...(JSON.parse(output) as Told) };
}

async function segmentsOf(journal: string): Promise<string[]> {
  const path = join(folder, "journal", journal);
  return (await readdir(path)).filter(name => /\.segment(\.gz)?$/.test(name)).map(name => join(path, name));
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(path, bytes);
}

async function edit(
  change: (stored: ReturnType<typeof documentDatabases>) => Promise<unknown>,
): Promise<void> {
  const root: RootDatabase = open({
    path: join(folder, "documents", "orders"),
    maxDbs: DATABASES_MAX,
    noSubdir: false,
  });
  await change(documentDatabases(root));
  await root.close();
}

describe("a venue that was stopped in order", () => {
  it("is equal in everything, dropped records and all", async () => {
    const dropped = await readFile(join(folder, "journal", "market.GBPUSD", "dropped.json"), "utf8");
    expect(JSON.parse(dropped)).not.toEqual([]);
    const told = await verified();
    expect(told).toMatchObject({ code: 0, equal: true, differences: [], notes: [] });
    expect(told.counts).toMatchObject({ pendingDocuments: 0 });
    expect(told.counts.orders).toBeGreaterThan(20);
    expect(told.counts.transactions).toBeGreaterThan(6);
    expect(told.counts.accounts).toBe(2);
    const { output } = await run(verify, folder);
    expect(output).toMatch(/All is equal\n$/);
  });

  it("is not changed by looking, and starts afterwards", async () => {
    const files = async () =>
      (await readdir(folder, { recursive: true })).filter(name => !name.includes("lock"));
    const before = await files();
    await verified();
    expect(await files()).toEqual(before);
    const venue = await startTraded(folder);
    await venue.stop();
    expect(await verified()).toMatchObject({ code: 0, differences: [] });
  });

  it("cannot be looked at while it runs, nor what is no venue", async () => {
    const venue = await startTraded(folder);
    expect(await run(verify, folder)).toMatchObject({
      code: 2,
      output: "",
      errors: expect.stringMatching(/^DATA_FOLDER_LOCKED: Cannot open data folder/),
    });
    await venue.stop();
    const missing = await run(verify, join(folder, "nothing"));
    expect(missing).toMatchObject({ code: 2, errors: expect.stringMatching(/^SETTING_INVALID: /) });
    expect(await run(verify, folder, "--colour")).toMatchObject({ code: 2 });
    expect(await run(verify, "--help")).toMatchObject({ code: 0, errors: "" });
  });
});

describe("one thing that is wrong is found and named", () => {
  it("a flipped byte in a market's journal", async () => {
    const [path = ""] = (await segmentsOf("market.EURUSD"))
      .filter(name => name.endsWith(".segment"))
      .slice(-1);
    await flip(path, 200);
    const { code, differences } = await verified();
    expect(code).toBe(1);
    expect(differences).toMatchObject([{ kind: "journalDamaged", subject: "market.EURUSD" }]);
    expect(differences[0]?.message).toContain(path);
  });

  it("a flipped byte in a compressed segment and in a ledger", async () => {
    const [gone = ""] = (await segmentsOf("market.EURUSD")).filter(name => name.endsWith(".gz"));
    await flip(gone, 300);
    const [ledger = ""] = await segmentsOf("ledger.0");
    await flip(ledger, 170);
    const { differences } = await verified();
    expect(differences.map(({ kind, subject }) => [kind, subject])).toContainEqual([
      "journalDamaged",
      "ledger.0",
    ]);
  });

  it("a segment that is missing", async () => {
    const [, second = ""] = await segmentsOf("market.EURUSD");
    await rm(second);
    const { differences } = await verified();
    expect(differences).toMatchObject([{ kind: "journalDamaged", subject: "market.EURUSD" }]);
  });

  it("a flipped byte in a snapshot", async () => {
    const path = join(folder, "journal", "risk.0");
    const [name = ""] = (await readdir(path)).sort().slice(-1);
    await flip(join(path, name), 100);
    const { code, differences } = await verified();
    expect(code).toBe(1);
    expect(differences).toMatchObject([{ kind: "snapshotDamaged", subject: "risk.0" }]);
  });

  it("a changed order", async () => {
    let changed = 0;
    await edit(async ({ orders }) => {
      for (const { key, value } of orders.getRange({})) {
        const order = decodeOrder(value);
        if (order.fills.length === 0) continue;
        changed = key;
        await orders.put(key, encodeOrder(new ByteWriter(), { ...order, filledLots: lots(1) }));
        return;
      }
    });
    const { code, differences } = await verified();
    expect(code).toBe(1);
    expect(differences).toMatchObject([{ kind: "documentDiffers", subject: `order ${changed}` }]);
    expect(differences[0]?.message).toContain("filledLots 1, not");
  });

  it("an order that is missing, one too many, and one that no list has", async () => {
    const named: string[] = [];
    await edit(async ({ orders, open: openOrders }) => {
      const [first, second] = [...orders.getRange({ limit: 2 })];
      if (first === undefined || second === undefined) return;
      await orders.remove(first.key);
      await orders.put(999_999, second.value);
      const [listed] = openOrders.getKeys({ limit: 1 });
      if (listed === undefined) return;
      await openOrders.remove(listed);
      named.push(`order ${first.key}`, "order 999999", `order ${listed[2]}`);
    });
    const { differences } = await verified();
    const found = differences.map(({ kind, subject }) => `${kind} ${subject}`);
    expect(found).toContain(`documentMissing ${named[0]}`);
    expect(found).toContain(`documentUnknown ${named[1]}`);
    expect(found).toContain(`documentDiffers ${named[2]}`);
  });

  it("a missing transaction, and one of no record", async () => {
    let missing = "";
    await edit(async ({ transactions }) => {
      const [first, second] = [...transactions.getRange({ limit: 2 })];
      if (first === undefined || second === undefined) return;
      missing = `${first.value.id} of account ${first.value.accountId}`;
      await transactions.remove(first.key);
      const [account] = second.key;
      await transactions.put([account, 1_000_000], { ...second.value, id: "1000000" });
    });
    const { differences } = await verified();
    expect(differences.map(({ kind }) => kind).sort()).toEqual(["documentMissing", "documentUnknown"]);
    expect(differences.map(({ subject }) => subject)).toContain(`transaction ${missing}`);
  });

  it("a changed balance", async () => {
    await edit(async ({ accounts }) => {
      const stored = accounts.get(1001);
      if (stored !== undefined) await accounts.put(1001, { ...stored, balances: [] });
    });
    const { differences } = await verified();
    expect(differences).toMatchObject([{ kind: "documentDiffers", subject: "account 1001" }]);
  });
});
