/**
 * The venue compared with its own journals, at an interval and on demand. Every shard saves its state with
 * its hash and its documents; then a thread of its own folds the journals again and compares: hashes at equal
 * cursors, sums over the shards, documents. A difference that shows in two runs, one right after the other,
 * raises an alert: a file may be compressed or dropped under one of them. In a cluster the journals are read
 * from where its nodes keep them; documents in MongoDB are not compared, and the answer says so.
 */
import type { Context, ServiceBroker, ServiceSchema, ServiceSettingSchema } from "moleculer";
import { Fault } from "../mixins/fault.ts";
import { natsSettings } from "../mixins/nats/nats-settings.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import type { ReconciliationView } from "../models/reconciliation.model.ts";
import type { RaisedAlert } from "./alerts.service.ts";
import { timeText } from "./orders/order-view.ts";
import { type ReconciliationTold, reconcileInThread } from "./reconciliation/task.ts";

/** Alerts that one run raises; how many more there are stands in its answer. */
const ALERTS_A_RUN_MAX = 20;

interface Methods {
  reconcile(whole: boolean): Promise<ReconciliationView>;
  compareAndTell(whole: boolean): Promise<ReconciliationView>;
  raise(view: ReconciliationView): Promise<void>;
}

interface Kept {
  last: ReconciliationView | undefined;
  running: Promise<ReconciliationView> | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Differences that have raised an alert and still stand. */
  standing: Set<string>;
}

function textOf({ kind, subject, message }: ReconciliationView["differences"][number]): string {
  return `${kind} ${subject}: ${message}`;
}

async function compare(broker: ServiceBroker, whole: boolean): Promise<ReconciliationTold> {
  const { settings, instruments } = runtimeOf(broker);
  const { cluster, dataDir, segmentBytes, stores } = settings;
  const shards = Array.from({ length: settings.shards }, (_, shard) => `risk.${shard}.checkpoint`);
  await Promise.all(shards.map(action => broker.call(action)));
  if (cluster === undefined)
    return reconcileInThread({ dataDir, whole, elsewhere: stores.mongoUrl !== undefined });
  const symbols = instruments.map(({ symbol }) => symbol);
  const shared = { settings: natsSettings(cluster), segmentBytes, shards: settings.shards, symbols };
  return reconcileInThread({ dataDir, whole, cluster: shared });
}

/** What two runs agree on. */
async function compareTwice(broker: ServiceBroker, whole: boolean): Promise<ReconciliationTold> {
  const first = await compare(broker, whole);
  if (first.differenceCount === 0) return first;
  const second = await compare(broker, whole);
  const subjects = new Set(first.differences.map(({ kind, subject }) => `${kind} ${subject}`));
  const differences = second.differences.filter(({ kind, subject }) => subjects.has(`${kind} ${subject}`));
  const unlisted = second.differenceCount - second.differences.length;
  return { ...second, differences, differenceCount: differences.length + unlisted };
}

const schema: ServiceSchema<ServiceSettingSchema, Methods, Kept> = {
  name: "reconciliation",
  dependencies: ["risk", "alerts"],

  actions: {
    /** Operators: compares now. `whole`: from the first record on, as long as that may take. */
    run: {
      params: { $$strict: true, whole: { type: "boolean", default: false } },
      handler(ctx: Context<{ whole: boolean }>): Promise<ReconciliationView> {
        return this.reconcile(ctx.params.whole);
      },
    },

    /** Operators: what the newest run found. */
    last: {
      params: { $$strict: true },
      handler(): ReconciliationView {
        if (this.last !== undefined) return this.last;
        throw new Fault("NOT_FOUND", "Cannot show a reconciliation as none has ended yet");
      },
    },
  },

  methods: {
    /** One at a time: who asks while one runs gets that one's answer. */
    reconcile(whole: boolean): Promise<ReconciliationView> {
      if (this.running !== undefined) return this.running;
      const running = this.compareAndTell(whole);
      const ended = () => {
        this.running = undefined;
      };
      running.then(ended, ended);
      this.running = running;
      return running;
    },

    async compareAndTell(whole: boolean): Promise<ReconciliationView> {
      const { clock } = runtimeOf(this.broker);
      const startedAt = timeText(clock.now());
      const told = await compareTwice(this.broker, whole);
      const view = {
        ...told,
        whole,
        equal: told.differenceCount === 0,
        startedAt,
        endedAt: timeText(clock.now()),
      };
      this.last = view;
      await this.raise(view);
      return view;
    },

    async raise({ differences }: ReconciliationView): Promise<void> {
      const news = differences.filter(difference => !this.standing.has(textOf(difference)));
      this.standing = new Set(differences.map(textOf));
      for (const { kind, subject, message } of news.slice(0, ALERTS_A_RUN_MAX)) {
        const alert: RaisedAlert = {
          ...{ kind: "reconciliationFailed", subject },
          message: `${kind}: ${message}`.slice(0, 1_000),
          details: { difference: kind },
        };
        await this.broker.call("alerts.raise", alert);
      }
    },
  },

  created() {
    this.standing = new Set();
  },

  started() {
    const { reconciliationSeconds } = runtimeOf(this.broker).settings;
    if (reconciliationSeconds === 0) return;
    this.timer = setInterval(() => {
      this.reconcile(false).catch((error: unknown) => this.logger.error("Cannot reconcile", error));
    }, reconciliationSeconds * 1_000);
  },

  async stopped() {
    clearInterval(this.timer);
    await Promise.allSettled([this.running]);
  },
};

export default schema;
