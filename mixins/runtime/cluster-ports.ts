/**
 * A node of a cluster: journals, snapshots and archives in JetStream, actors claimed by leases, founding and
 * cursors in keys. Its data folder keeps what is its own (secrets, its market data) and belongs to the one
 * cluster that it was first opened with.
 */
import type { Instrument } from "../../engine/instrument.ts";
import { type Clock, type Timers, wait } from "../clock.ts";
import { FolderObjects } from "../journal/folder-objects.ts";
import { JetStreamJournalStore } from "../journal/jetstream-journal-store.ts";
import { NatsPorts } from "../nats/nats-connection.ts";
import { NatsRefused } from "../nats/nats-fault.ts";
import { natsSettings } from "../nats/nats-settings.ts";
import type { Objects } from "../nats/ports.ts";
import { JetStreamOwnership } from "../ownership/jetstream-ownership.ts";
import type { ClusterSettings } from "./cluster-settings.ts";
import { sharedFollowers } from "./cursors.ts";
import { confirmFounding } from "./founding.ts";
import { FoundingKey } from "./founding-store.ts";
import { confirmHome } from "./home.ts";
import { SharedJournals } from "./hosted-journals.ts";
import type { RuntimePorts } from "./runtime-ports.ts";
import type { Settings } from "./settings.ts";
import { SharedCursors } from "./shared-cursors.ts";

const HOUR_MS = 3_600_000;
/** A renewal's answer that takes longer is given up: the next one is due. */
const LEASE_ANSWER_PART = 0.25;
const FIRST_ANSWER_MS_MAX = 60_000;
const PAUSE_MS = 200;

export interface ClusterWorld {
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly timers: Timers;
  /** The connection to the servers has gone, or has come back. */
  readonly onConnection: (isThere: boolean, server: string) => void;
  /** What failed beside the actors' own work, and is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/** Throws SettingInvalid where the cluster was founded with something else, NatsUnusable without servers. */
export async function openCluster(
  cluster: ClusterSettings,
  settings: Settings,
  world: ClusterWorld,
): Promise<RuntimePorts> {
  const nats = await NatsPorts.connect({
    ...natsSettings(cluster),
    onLost: server => world.onConnection(false, server),
    onBack: server => world.onConnection(true, server),
  });
  try {
    return await openPorts(nats, cluster, settings, world);
  } catch (error) {
    await nats.close();
    throw error;
  }
}

export interface StoreWorld {
  readonly clock: Clock;
  readonly node: string;
  readonly segmentBytes: number;
  readonly keepMs?: number;
  /** Where what leaves a stream is written a second time. */
  readonly copies?: Objects;
}

/** The journals, snapshots and archives of the cluster. */
export async function openStore(nats: NatsPorts, world: StoreWorld): Promise<JetStreamJournalStore> {
  return new JetStreamJournalStore({
    streams: nats.streams,
    objects: await nats.objects("cambist_objects"),
    archive: await nats.objects("cambist_archive"),
    ...world,
  });
}

/** Servers that have just started, or have lost one of them, choose a leader first. */
async function firstAnswer(timers: Timers, ask: () => Promise<void>): Promise<void> {
  const end = timers.monotonic() + FIRST_ANSWER_MS_MAX;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NatsRefused) || timers.monotonic() > end) throw error;
    }
    await wait(timers, PAUSE_MS);
  }
}

async function openPorts(
  nats: NatsPorts,
  { nodeId: node, leaseMs, keepHours, archiveDir }: ClusterSettings,
  settings: Settings,
  { instruments, clock, timers, onTrouble }: ClusterWorld,
): Promise<RuntimePorts> {
  const { dataDir, shards, segmentBytes } = settings;
  const founding = await nats.keys("cambist_founding");
  await firstAnswer(timers, () => confirmFounding(new FoundingKey(founding), shards, instruments));
  await firstAnswer(timers, () => confirmHome(founding, dataDir));
  const copies = archiveDir === undefined ? {} : { copies: new FolderObjects(archiveDir) };
  const store = { clock, node, segmentBytes, keepMs: keepHours * HOUR_MS, ...copies };
  const journals = new SharedJournals(await openStore(nats, store));
  const leases = await nats.keys("cambist_leases", leaseMs * LEASE_ANSWER_PART);
  const ownership = new JetStreamOwnership({ keys: leases, node, leaseMs, timers });
  const cursors = new SharedCursors({
    keys: await nats.keys("cambist_cursors"),
    timers,
    expected: sharedFollowers(settings),
    onFailed: onTrouble,
  });
  return {
    journals,
    ownership,
    cursors,
    keys: bucket => nats.keys(bucket),
    close: async () => {
      // What is not written is known from the last snapshots.
      await cursors.close().catch(onTrouble);
      await ownership.close();
      await journals.close();
      await nats.close();
    },
  };
}
