/**
 * `cambist rebuild`: the documents of a stopped venue made anew from its journals. The new store is built
 * beside the old one and takes its place, in one step, when it is whole; until then, and where it cannot be
 * made, the old one stays. Exit code 0: done, 1: it cannot be made, and why, 2: it could not begin.
 */
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { LmdbDocuments } from "../mixins/documents/lmdb-documents.ts";
import { syncFolder } from "../mixins/journal/durable-file.ts";
import { RebuildFailed, rebuildDocuments } from "../services/verification/rebuild.ts";
import { openRecorded } from "../services/verification/recorded.ts";
import { Report } from "../services/verification/report.ts";
import { ProgressBar } from "./progress-bar.ts";
import { isUsage, openStopped, readFolderArguments, type StoppedVenue } from "./stopped-venue.ts";

const REBUILD_USAGE = `Usage: cambist rebuild [FOLDER]

  FOLDER   data folder of a venue that does not run (default: DATA_DIR, else data)

Makes the documents anew from the journals: orders with their fills, transactions, balances, positions, and
client order ids that were given up. Users and profiles are documents of their own and stay as they are.

Exit code 0: done; 1: it cannot be made, and why: the old documents stay; 2: it could not begin.
`;

async function rebuildFolder(venue: StoppedVenue, report: Report): Promise<void> {
  const { dataDir, instruments, shards } = venue;
  const recorded = await openRecorded(dataDir, instruments, shards, report);
  if (recorded === undefined) {
    throw new RebuildFailed(report.differences.map(({ message }) => message).join("\n"));
  }
  const beside = join(dataDir, "documents", "rebuilding");
  await rm(beside, { recursive: true, force: true });
  const documents = await LmdbDocuments.open(beside);
  try {
    await rebuildDocuments(recorded, documents, report);
  } catch (error) {
    await documents.close();
    await rm(beside, { recursive: true, force: true });
    throw error;
  }
  report.count("orders", documents.orderCount);
  await documents.close();
  await takePlace(join(beside, "orders"), join(dataDir, "documents", "orders"));
  await rm(beside, { recursive: true, force: true });
}

/** One rename: before it there is the old store, after it the new one. Nobody has either open. */
async function takePlace(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  await rename(join(from, "data.mdb"), join(to, "data.mdb"));
  await syncFolder(to);
}

export async function rebuild(argv: readonly string[], output: Writable, errors: Writable): Promise<number> {
  try {
    const { dataDir, json, help } = readFolderArguments(argv);
    if (help || json) {
      (json ? errors : output).write(REBUILD_USAGE);
      return json ? 2 : 0;
    }
    const venue = await openStopped(dataDir);
    const bar = new ProgressBar(errors);
    const report = new Report((stage, done, total) => bar.show(stage, done, total));
    try {
      await rebuildFolder(venue, report);
    } finally {
      await venue.release();
      bar.end();
    }
    const { orders, transactions, accounts } = report.counts;
    output.write(`Rebuilt ${orders} orders, ${transactions} transactions and ${accounts} accounts\n`);
    return 0;
  } catch (error) {
    if (!isUsage(error) && !(error instanceof RebuildFailed)) throw error;
    errors.write(`${error.code}: ${error.message}\n`);
    return isUsage(error) ? 2 : 1;
  }
}
