/**
 * A server of MongoDB's protocol for tests: FerretDB 1.24 over SQLite. What it can't do, found by trying:
 * transactions, Decimal128, partial indexes; an update or `findAndModify` is no single step when two clients
 * race (an insert under a unique index is); and each search reads the whole collection.
 */
import mongoose from "mongoose";
import { findServer, freePort, ServerProcess } from "./server-process.ts";

export const FERRETDB = findServer("ferretdb", "mongo");

export interface FerretServer {
  /** Of one database. */
  url(database: string): string;
  readonly process: ServerProcess;
}

export async function startFerretdb(): Promise<FerretServer> {
  if (FERRETDB === undefined)
    throw new Error("Invariant: a test that needs ferretdb is passed over without it");
  const program = FERRETDB;
  const address = `127.0.0.1:${await freePort()}`;
  const url = (database: string) => `mongodb://${address}/${database}`;
  const process = await ServerProcess.start("ferretdb", async folder => {
    const files = [`--sqlite-url=file:${folder}/`, `--state-dir=${folder}`, "--handler=sqlite"];
    const quiet = ["--debug-addr=-", "--telemetry=disable", "--log-level=error"];
    const args = [...files, ...quiet, `--listen-addr=${address}`];
    return { program, args, ready: () => answers(url("admin")) };
  });
  return { url, process };
}

async function answers(url: string): Promise<boolean> {
  const client = new mongoose.mongo.MongoClient(url, { serverSelectionTimeoutMS: 500 });
  try {
    await client.connect();
    await client.db().command({ ping: 1 });
    return true;
  } finally {
    await client.close();
  }
}
