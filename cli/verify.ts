/**
 * `cambist verify`: everything in the data folder of a stopped venue, or in a copy of it, made again from its
 * journals and compared. Changes nothing. Exit code 0: all is equal, 1: differences, each named, 2: it could
 * not begin.
 */
import { join } from "node:path";
import type { Writable } from "node:stream";
import { DocumentView } from "../mixins/documents/document-view.ts";
import { openRecorded } from "../services/verification/recorded.ts";
import { Report } from "../services/verification/report.ts";
import { verifyRecorded } from "../services/verification/verify.ts";
import { ProgressBar } from "./progress-bar.ts";
import { isUsage, openStopped, readFolderArguments, type StoppedVenue } from "./stopped-venue.ts";

const VERIFY_USAGE = `Usage: cambist verify [FOLDER] [--json]

  FOLDER   data folder of a venue that does not run, or a copy (default: DATA_DIR, else data)
  --json   the report as one JSON object

Reads every journal, applies all of it again, recomputes every balance, reservation and position, and
compares with what was recorded, with snapshots and with stored documents. Changes nothing.

Exit code 0: all is equal; 1: there are differences, each is listed; 2: it could not begin.
`;

async function verifyFolder({ dataDir, instruments, shards }: StoppedVenue, report: Report): Promise<void> {
  const recorded = await openRecorded(dataDir, instruments, shards, report);
  if (recorded === undefined) {
    report.notes.push("Nothing else was compared, as a journal cannot be opened");
    return;
  }
  if (process.env.MONGO_URL) return verifyRecorded(recorded, "elsewhere", report);
  const documents = await DocumentView.open(join(dataDir, "documents"));
  try {
    await verifyRecorded(recorded, documents, report);
  } finally {
    await documents?.close();
  }
}

/** The report for people. */
export function textOf(report: Report): string {
  const { counts, differences, differenceCount, notes } = report;
  const lines = differences.map(({ kind, subject, message }) => `${kind} ${subject}: ${message}`);
  if (differenceCount > differences.length) lines.push(`… and ${differenceCount - differences.length} more`);
  lines.push(...notes.map(note => `Note: ${note}`));
  lines.push(
    `Applied ${counts.records} records again; compared ${counts.snapshots} snapshots, ` +
      `${counts.accounts} accounts, ${counts.orders} orders, ${counts.transactions} transactions`,
  );
  if (counts.pendingDocuments > 0) {
    lines.push(`${counts.pendingDocuments} documents wait to be written at the next start`);
  }
  lines.push(differenceCount === 0 ? "All is equal" : `${differenceCount} differences`);
  return `${lines.join("\n")}\n`;
}

export async function verify(argv: readonly string[], output: Writable, errors: Writable): Promise<number> {
  try {
    const { dataDir, json, help } = readFolderArguments(argv);
    if (help) {
      output.write(VERIFY_USAGE);
      return 0;
    }
    const venue = await openStopped(dataDir);
    const bar = new ProgressBar(errors);
    const report = new Report((stage, done, total) => bar.show(stage, done, total));
    try {
      await verifyFolder(venue, report);
    } finally {
      await venue.release();
      bar.end();
    }
    const { counts, differences, differenceCount, notes } = report;
    const equal = differenceCount === 0;
    const whole = { equal, differenceCount, differences, notes, counts };
    output.write(json ? `${JSON.stringify(whole, undefined, 1)}\n` : textOf(report));
    return equal ? 0 : 1;
  } catch (error) {
    if (!isUsage(error)) throw error;
    errors.write(`${error.code}: ${error.message}\n`);
    return 2;
  }
}
