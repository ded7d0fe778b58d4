/** One reconciliation in a worker thread: what it is asked, what it tells, and how it is started. */
import { Worker } from "node:worker_threads";
import type { NatsSettings } from "../../mixins/nats/nats-connection.ts";
import type { Counted, Difference } from "../verification/report.ts";

/** What is compared where nodes share the journals. */
export interface ClusterTask {
  readonly settings: Pick<NatsSettings, Exclude<keyof NatsSettings, "onLost" | "onBack">>;
  readonly segmentBytes: number;
  readonly shards: number;
  readonly symbols: readonly string[];
}

export interface ReconciliationTask {
  readonly dataDir: string;
  /** Undefined where the journals lie in the data folder. */
  readonly cluster?: ClusterTask;
  /** The journals lie in the data folder, the documents in MongoDB. */
  readonly elsewhere?: boolean;
  /** Everything from the first record on; else what has happened between the two newest snapshots. */
  readonly whole: boolean;
}

export interface ReconciliationTold {
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  readonly notes: readonly string[];
  readonly counts: Readonly<Record<Counted, number>>;
}

/** From sources, as in tests, the thread first needs a loader of TypeScript. */
const SOURCE = import.meta.url.endsWith(".ts");
const WORKER = new URL(SOURCE ? "./worker.ts" : "./worker.js", import.meta.url);
const LOADER = `import("tsx/esm/api").then(tsx => tsx.tsImport("${WORKER.href}", "${import.meta.url}"))`;

/** Rejects where the thread fails or ends without a word. */
export function reconcileInThread(task: ReconciliationTask): Promise<ReconciliationTold> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(SOURCE ? LOADER : WORKER, { workerData: task, eval: SOURCE });
    worker.once("message", (told: ReconciliationTold) => resolve(told));
    worker.once("error", reject);
    worker.once("exit", code => reject(new Error(`The reconciliation's thread ended with ${code}`)));
  });
}
