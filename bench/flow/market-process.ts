/**
 * A market in a process of its own, with the service that shards submit to: its journal is a file, or with
 * JOURNAL=jetstream a stream with as many replicas as there are servers. Prints "ready".
 */
import { ServiceBroker } from "moleculer";
import { MarketMachine } from "../../engine/market/market-machine.ts";
import { milliseconds } from "../../engine/units.ts";
import { Actor } from "../../mixins/actor/actor.ts";
import { MarketCore, type MarketMessage, type MarketReply } from "../../mixins/actor/market-core.ts";
import { systemClock } from "../../mixins/clock.ts";
import { FileJournalStore } from "../../mixins/journal/file-journal-store.ts";
import { JetStreamJournalStore } from "../../mixins/journal/jetstream-journal-store.ts";
import type { JournalStore } from "../../mixins/journal/journal.ts";
import { NatsPorts } from "../../mixins/nats/nats-connection.ts";
import { marketService } from "../../services/matching/market-service.ts";
import { instrument } from "../instrument.ts";
import { benchNode } from "./node-options.ts";

const { NATS_URL = "", DATA_DIR = "", JOURNAL = "file", NAME = "BENCH" } = process.env;
const servers = NATS_URL.split(",");
const SEGMENT_BYTES = 64 << 20;

async function openStore(): Promise<JournalStore> {
  if (JOURNAL === "file") return new FileJournalStore(DATA_DIR, { segmentBytes: SEGMENT_BYTES });
  const ports = await NatsPorts.connect({ servers, name: "bench", timeoutMs: 30_000 });
  const [objects, archive] = [await ports.objects("bench_objects"), await ports.objects("bench_archive")];
  const { streams } = ports;
  const settings = { streams, objects, archive, clock: systemClock, node: "bench" };
  return new JetStreamJournalStore({ ...settings, segmentBytes: SEGMENT_BYTES });
}

const store = await openStore();
const core = new MarketCore(new MarketMachine(instrument), systemClock);
const actor = new Actor<MarketMessage, MarketReply>({
  journal: await store.open(`market.${NAME}`),
  core,
  onFailed: error => {
    throw error;
  },
});
await actor.send([{ command: { kind: "shardEpoch", time: milliseconds(0), shard: 0, epoch: 1 } }]);
const broker = new ServiceBroker(benchNode("market", servers));
broker.createService(marketService({ instrument, core, actor, epoch: 1 }));
broker.createService({ name: "usage", actions: { market: () => process.cpuUsage() } });
await broker.start();
process.stdout.write("ready\n");
process.once("SIGTERM", () => void broker.stop().then(() => process.exit(0)));
