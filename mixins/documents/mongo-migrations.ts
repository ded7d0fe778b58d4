/**
 * Brings a database to the version that this code knows: numbered steps, each recorded in `migrations` when
 * it is done, run by one node at a time under a lock in the same collection. A node that dies while it holds
 * the lock leaves one that is no longer renewed; another takes it when it has seen no renewal for LOCK_MS by
 * its own clock. As a holder that was only slow may go on beside it, and as there are no transactions, each
 * step can be run again, from any half of itself.
 *
 * A database that a newer version has migrated is refused: what it means is not known here.
 */
import { randomUUID } from "node:crypto";
import type { mongo, Schema } from "mongoose";
import { ACCOUNT_SCHEMA, TRANSACTION_SCHEMA, TRANSFER_SCHEMA } from "../../models/stored-money.model.ts";
import { ORDER_SCHEMA, REVOCATION_SCHEMA } from "../../models/stored-order.model.ts";
import { PROFILE_SCHEMA, USER_ACCOUNT_SCHEMA, USER_SCHEMA } from "../../models/stored-user.model.ts";
import { type Timers, wait } from "../clock.ts";
import { isDuplicate } from "./mongo-write.ts";

type Database = mongo.Db;

export interface Migration {
  /** 1, 2, 3 … */
  readonly number: number;
  readonly name: string;
  /** May be run again after any part of it. */
  readonly run: (database: Database) => Promise<void>;
}

interface Recorded {
  /** Number of the migration. */
  readonly _id: number;
  readonly name: string;
}

interface Lock {
  readonly _id: "lock";
  readonly holder: string;
  readonly renewals: number;
}

const COLLECTION = "migrations";
const RENEWED_MS = 1_000;
const LOCK_MS = 10_000;
const POLL_MS = 200;

const SCHEMAS: readonly Pick<Schema, "get" | "indexes">[] = [
  ...[ORDER_SCHEMA, REVOCATION_SCHEMA, TRANSACTION_SCHEMA, TRANSFER_SCHEMA, ACCOUNT_SCHEMA],
  ...[USER_SCHEMA, PROFILE_SCHEMA, USER_ACCOUNT_SCHEMA],
];

export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "indexes of orders, money and users",
    async run(database) {
      for (const schema of SCHEMAS) {
        const collection = database.collection(String(schema.get("collection")));
        for (const [fields, { unique = false }] of schema.indexes()) {
          await collection.createIndex(fields as mongo.IndexSpecification, { unique: unique === true });
        }
      }
    },
  },
];

/** Runs what is missing; false where `isClosed` says that nobody waits for it any more. */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  timers: Timers,
  isClosed: () => boolean,
): Promise<boolean> {
  const holder = randomUUID();
  while (!isClosed()) {
    const missing = await missingOf(database, migrations);
    if (missing.length === 0) return true;
    if (!(await lock(database, holder, timers, isClosed))) continue;
    try {
      await runAll(database, migrations, holder, timers);
    } finally {
      await locks(database).deleteOne({ _id: "lock", holder });
    }
  }
  return false;
}

async function missingOf(database: Database, migrations: readonly Migration[]): Promise<Migration[]> {
  const recorded = await database.collection<Recorded | Lock>(COLLECTION).find().toArray();
  const done = new Set(recorded.flatMap(({ _id }) => (_id === "lock" ? [] : [_id])));
  const known = Math.max(0, ...migrations.map(({ number }) => number));
  const newest = Math.max(0, ...done);
  if (newest > known) {
    throw new Error(`Cannot use documents as their version must be ${known} or older: found ${newest}`);
  }
  return migrations.filter(({ number }) => !done.has(number));
}

/** All that is missing now, in order, renewing the lock meanwhile. */
async function runAll(
  database: Database,
  migrations: readonly Migration[],
  holder: string,
  timers: Timers,
): Promise<void> {
  const stop = timers.every(RENEWED_MS, () => {
    const renewed = locks(database).updateOne({ _id: "lock", holder }, { $inc: { renewals: 1 } });
    // A lock that could not be renewed is taken by another, which may run the same step.
    renewed.catch(() => undefined);
  });
  try {
    for (const { number, name, run } of await missingOf(database, migrations)) {
      await run(database);
      await records(database).updateOne({ _id: number }, { $set: { name } }, { upsert: true });
    }
  } finally {
    stop();
  }
}

/** Whether the lock is this holder's; false after a wait, when there may be nothing left to do. */
async function lock(
  database: Database,
  holder: string,
  timers: Timers,
  isClosed: () => boolean,
): Promise<boolean> {
  try {
    await locks(database).insertOne({ _id: "lock", holder, renewals: 0 });
    return true;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  const seen = await locks(database).findOne({ _id: "lock" });
  const until = timers.monotonic() + LOCK_MS;
  while (seen !== null && !isClosed()) {
    await wait(timers, POLL_MS);
    const now = await locks(database).findOne({ _id: "lock" });
    if (now === null || now.holder !== seen.holder || now.renewals !== seen.renewals) return false;
    if (timers.monotonic() < until) continue;
    const { holder: dead, renewals } = seen;
    await locks(database).deleteOne({ _id: "lock", holder: dead, renewals });
    return false;
  }
  return false;
}

function records(database: Database) {
  return database.collection<Recorded>(COLLECTION);
}

function locks(database: Database) {
  return database.collection<Lock>(COLLECTION);
}
