/** Reconciles in a thread of its own, so that the venue's thread goes on trading. */
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { DocumentView } from "../../mixins/documents/document-view.ts";
import { loadFounding } from "../../mixins/runtime/founding.ts";
import { INSTRUMENTS } from "../instruments.ts";
import { verifyInterval } from "../verification/interval.ts";
import { openRecorded } from "../verification/recorded.ts";
import { Report } from "../verification/report.ts";
import { verifyRecorded } from "../verification/verify.ts";
import type { ReconciliationTask, ReconciliationTold } from "./task.ts";

/** Given by `Reconciler` alone. */
const { dataDir, whole } = workerData as ReconciliationTask;

const report = new Report();
const { instruments, shards } = await loadFounding(dataDir, INSTRUMENTS);
const recorded = await openRecorded(dataDir, instruments, shards, report);
if (recorded !== undefined) {
  const documents = await DocumentView.open(join(dataDir, "documents"));
  try {
    if (whole) await verifyRecorded(recorded, documents, report, true);
    else await verifyInterval(recorded, documents, report);
  } finally {
    await documents?.close();
  }
}
const { differences, differenceCount, notes, counts } = report;
const told: ReconciliationTold = { differences, differenceCount, notes, counts };
parentPort?.postMessage(told);
