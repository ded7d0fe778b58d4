/** Stores of journals on a real server, each in a namespace of its own there. */
import { systemClock } from "../../../mixins/clock.ts";
import {
  JetStreamJournalStore,
  type JetStreamJournalStoreSettings,
} from "../../../mixins/journal/jetstream-journal-store.ts";
import { NatsPorts } from "../../../mixins/nats/nats-connection.ts";
import type { Objects } from "../../../mixins/nats/ports.ts";

let names = 0;

/** A name that no other test uses for its streams. */
export function freshNamespace(): string {
  names += 1;
  return `t${process.pid}_${names}_`;
}

export interface StreamNode {
  readonly ports: NatsPorts;
  readonly objects: Objects;
  readonly archive: Objects;
  readonly store: JetStreamJournalStore;
  close(): Promise<void>;
}

/** A node of the cluster as far as its journals go. */
export async function startStreamNode(
  servers: readonly string[],
  namespace: string,
  settings: Partial<JetStreamJournalStoreSettings> = {},
): Promise<StreamNode> {
  const ports = await NatsPorts.connect({ servers, name: "test", namespace });
  const { streams } = ports;
  const objects = await ports.objects("cambist_snapshots");
  const archive = await ports.objects("cambist_archive");
  const store = new JetStreamJournalStore({
    streams,
    objects,
    archive,
    clock: systemClock,
    node: "test",
    ...settings,
  });
  const close = async () => {
    await store.close();
    await ports.close();
  };
  return { ports, objects, archive, store, close };
}
