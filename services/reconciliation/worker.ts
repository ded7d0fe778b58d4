/** Reconciles in a thread of its own, so that the venue's thread goes on trading. */
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../mixins/clock.ts";
import { DocumentView } from "../../mixins/documents/document-view.ts";
import { NatsPorts } from "../../mixins/nats/nats-connection.ts";
import { openStore } from "../../mixins/runtime/cluster-ports.ts";
import { loadFounding } from "../../mixins/runtime/founding.ts";
import { INSTRUMENTS } from "../instruments.ts";
import { verifyInterval } from "../verification/interval.ts";
import { openRecorded, type Recorded, readRecorded } from "../verification/recorded.ts";
import { Report } from "../verification/report.ts";
import { sharedSource } from "../verification/shared-recorded.ts";
import { type ComparedDocuments, verifyRecorded } from "../verification/verify.ts";
import type { ClusterTask, ReconciliationTask, ReconciliationTold } from "./task.ts";

async function compare(
  recorded: Recorded,
  documents: ComparedDocuments,
  whole: boolean,
  report: Report,
): Promise<void> {
  if (whole) await verifyRecorded(recorded, documents, report, true);
  else await verifyInterval(recorded, documents, report);
}

async function compareFolder(
  { dataDir, whole, elsewhere }: ReconciliationTask,
  report: Report,
): Promise<void> {
  const { instruments, shards } = await loadFounding(dataDir, INSTRUMENTS);
  const recorded = await openRecorded(dataDir, instruments, shards, report);
  if (recorded === undefined) return;
  if (elsewhere === true) return compare(recorded, "elsewhere", whole, report);
  const documents = await DocumentView.open(join(dataDir, "documents"));
  try {
    await compare(recorded, documents, whole, report);
  } finally {
    await documents?.close();
  }
}

async function compareCluster(task: ClusterTask, whole: boolean, report: Report): Promise<void> {
  const { settings, shards, segmentBytes, symbols } = task;
  const nats = await NatsPorts.connect(settings);
  try {
    const store = await openStore(nats, { clock: systemClock, node: settings.name, segmentBytes });
    try {
      const instruments = INSTRUMENTS.filter(({ symbol }) => symbols.includes(symbol));
      const recorded = await readRecorded(sharedSource(store, report), instruments, shards);
      if (recorded !== undefined) await compare(recorded, "elsewhere", whole, report);
    } finally {
      await store.close();
    }
  } finally {
    await nats.close();
  }
}

/** Given by `reconcileInThread` alone. */
const task = workerData as ReconciliationTask;
const report = new Report();
if (task.cluster === undefined) await compareFolder(task, report);
else await compareCluster(task.cluster, task.whole, report);
const { differences, differenceCount, notes, counts } = report;
const told: ReconciliationTold = { differences, differenceCount, notes, counts };
parentPort?.postMessage(told);
