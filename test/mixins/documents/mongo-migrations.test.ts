/** Migrations on a real server: from nothing, from an older version, by many nodes, behind a dead one. */
import mongoose from "mongoose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemTimers, type Timers } from "../../../mixins/clock.ts";
import { MIGRATIONS, type Migration, migrate } from "../../../mixins/documents/mongo-migrations.ts";
import { FERRETDB, type FerretServer, startFerretdb } from "../../servers/ferretdb.ts";

type Database = mongoose.mongo.Db;

/** A clock that runs a hundred times as fast, as a dead holder's lock is waited for. */
const FAST: Timers = { ...systemTimers, monotonic: () => systemTimers.monotonic() * 100 };
const OPEN = () => false;

describe.skipIf(FERRETDB === undefined)("migrations", () => {
  let server: FerretServer;
  let client: mongoose.mongo.MongoClient;
  let database: Database;
  let databases = 0;
  let runs: number[];

  beforeAll(async () => {
    server = await startFerretdb();
    client = new mongoose.mongo.MongoClient(server.url(""));
    await client.connect();
  });
  beforeEach(() => {
    database = client.db(`migrated_${++databases}`);
    runs = [];
  });
  afterAll(async () => {
    await client.close();
    await server.process.remove();
  });

  const step = (number: number, run: (database: Database) => Promise<void> = async () => undefined) => ({
    number,
    name: `step ${number}`,
    run: async (on: Database) => {
      runs.push(number);
      await run(on);
    },
  });
  const people = () => database.collection<{ _id: number; name?: string; names?: string[] }>("people");
  const recorded = async () =>
    (await database.collection("migrations").find().toArray()).map(({ _id }) => _id);
  const run = (migrations: readonly Migration[], timers = systemTimers, isClosed = OPEN) =>
    migrate(database, migrations, timers, isClosed);

  test("make the indexes that the documents' rules rest on", async () => {
    expect(await run(MIGRATIONS)).toBe(true);
    const orders = await database.collection("orders").indexes();
    expect(orders.find(({ key }) => Object.keys(key).join() === "account,clientOrderId")).toMatchObject({
      unique: true,
    });
    const users = await database.collection("users").indexes();
    expect(users.find(({ key }) => "email" in key)).toMatchObject({ unique: true });
    expect(await run(MIGRATIONS)).toBe(true);
    expect(await recorded()).toEqual(MIGRATIONS.map(({ number }) => number));
  });

  test("bring an older version on, each step once and in order", async () => {
    expect(await run([step(1)])).toBe(true);
    await people().insertMany([
      { _id: 1, name: "Ada" },
      { _id: 2, name: "Grace" },
    ]);
    const split = step(2, async () => {
      for await (const { _id, name = "" } of people().find({ name: { $exists: true } })) {
        await people().updateOne({ _id }, { $set: { names: [name] }, $unset: { name: "" } });
      }
    });
    expect(await run([step(1), split, step(3)])).toBe(true);
    expect(runs).toEqual([1, 2, 3]);
    expect(await people().find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, names: ["Ada"] },
      { _id: 2, names: ["Grace"] },
    ]);
    expect(await recorded()).toEqual([1, 2, 3]);
  });

  test("are run by one of many nodes that start at once", async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => run([step(1), step(2)])));
    expect(all).toEqual(all.map(() => true));
    expect(runs).toEqual([1, 2]);
    expect(await recorded()).toEqual([1, 2]);
  });

  test("go on where a failed step stopped, and give the lock back", async () => {
    const failing = step(2, () => Promise.reject(new Error("no disk left")));
    await expect(run([step(1), failing])).rejects.toThrow("no disk left");
    expect(await recorded()).toEqual([1]);
    expect(await run([step(1), step(2)])).toBe(true);
    expect(runs).toEqual([1, 2, 2]);
  });

  test("take a lock that a dead node has left", async () => {
    const locks = database.collection<{ _id: string; holder: string; renewals: number }>("migrations");
    await locks.insertOne({ _id: "lock", holder: "dead", renewals: 3 });
    expect(await run([step(1)], FAST)).toBe(true);
    expect(await recorded()).toEqual([1]);
  });

  test("are waited for by a node only as long as it runs", async () => {
    const locks = database.collection<{ _id: string; holder: string; renewals: number }>("migrations");
    await locks.insertOne({ _id: "lock", holder: "busy", renewals: 3 });
    let asked = 0;
    expect(await run([step(1)], systemTimers, () => ++asked > 2)).toBe(false);
    expect(runs).toEqual([]);
  });

  test("of a newer version are refused", async () => {
    await run([step(1), step(2)]);
    await expect(run([step(1)])).rejects.toThrow("must be 1 or older: found 2");
  });
});
