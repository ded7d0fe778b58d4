/**
 * JetStream for the journal's bench, on servers that are already running: one at NATS_ONE, a cluster at
 * NATS_THREE (comma separated), each syncing every write before it answers.
 * `npx tsx test/servers/with-nats.ts npm run bench:journal` starts them for as long as the bench runs.
 */
import { systemClock } from "../mixins/clock.ts";
import { JetStreamJournalStore } from "../mixins/journal/jetstream-journal-store.ts";
import type { JournalStore } from "../mixins/journal/journal.ts";
import { NatsPorts } from "../mixins/nats/nats-connection.ts";

export interface ServedStore {
  readonly name: string;
  readonly store: JournalStore;
  close(): Promise<void>;
}

/** A store on each of the servers that the environment names; none where it names none. */
export async function servedStores(): Promise<ServedStore[]> {
  const stores: ServedStore[] = [];
  for (const [name, urls, replicas] of [
    ["JetStream, one server", process.env.NATS_ONE, 1],
    ["JetStream, three replicas", process.env.NATS_THREE, 3],
  ] as const) {
    if (urls === undefined) continue;
    const namespace = `bench_${process.pid}_`;
    const ports = await NatsPorts.connect({ servers: urls.split(","), name: "bench", namespace, replicas });
    const store = await storeOn(ports);
    const close = async () => {
      await store.close();
      await ports.close();
    };
    stores.push({ name, store, close });
  }
  return stores;
}

async function storeOn(ports: NatsPorts): Promise<JournalStore> {
  return new JetStreamJournalStore({
    streams: ports.streams,
    objects: await ports.objects("snapshots"),
    archive: await ports.objects("archive"),
    clock: systemClock,
    node: "bench",
  });
}
