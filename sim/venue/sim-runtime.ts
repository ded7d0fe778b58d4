/**
 * A node's ports in the simulated world: the same surface as the runtime of a real node, with the cluster's
 * own ownership over simulated keys. Services reach it by `runtimeOf(broker)` as everywhere.
 */
import type { Instrument } from "../../engine/instrument.ts";
import { assert } from "../../engine/units.ts";
import type { Clock, Timers } from "../../mixins/clock.ts";
import type { Documents } from "../../mixins/documents/documents.ts";
import { Fault } from "../../mixins/fault.ts";
import { JetStreamJournalStore } from "../../mixins/journal/jetstream-journal-store.ts";
import type { Journal, SnapshotStore } from "../../mixins/journal/journal.ts";
import type { Keys } from "../../mixins/nats/ports.ts";
import { JetStreamOwnership } from "../../mixins/ownership/jetstream-ownership.ts";
import type { Claim } from "../../mixins/ownership/ownership.ts";
import { type Cursors, shardNames } from "../../mixins/runtime/cursors.ts";
import { Readiness } from "../../mixins/runtime/readiness.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import type { Settings } from "../../mixins/runtime/settings.ts";
import { SharedCursors } from "../../mixins/runtime/shared-cursors.ts";
import type { Process } from "../kernel/process.ts";
import type { Store } from "../store/store.ts";

const LEASE_MS = 1_500;
/** Small, so that a run sees snapshots and archives. */
const SEGMENT_BYTES = 3_000;

export interface NodeWorld {
  readonly process: Process;
  readonly store: Store;
  readonly settings: Settings;
  readonly instruments: readonly Instrument[];
  readonly onFatal: (error: unknown) => void;
}

/** What services may use of a runtime. */
type Offered = Omit<Pick<Runtime, keyof Runtime>, "open" | "close" | "users" | "onAway" | "onTrouble">;

export class SimRuntime implements Offered {
  readonly settings: Settings;
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly readiness = new Readiness();
  readonly cursors: Cursors;
  readonly documents: Documents;
  address = "";
  onFatal: (error: unknown) => void;
  onCut = (): void => undefined;
  readonly #world: NodeWorld;
  readonly ownership: JetStreamOwnership;
  readonly #journals: JetStreamJournalStore;

  constructor(world: NodeWorld) {
    const { process, store, settings, instruments, onFatal } = world;
    this.#world = world;
    this.settings = settings;
    this.instruments = instruments;
    this.clock = process.clock;
    this.timers = process.timers;
    this.onFatal = onFatal;
    this.documents = store.documentsOf(process);
    this.cursors = new SharedCursors({
      ...{ keys: store.keysOf(process, "cambist_cursors"), timers: process.timers },
      ...{ expected: shardNames(settings.shards), onFailed: () => undefined },
    });
    this.#journals = new JetStreamJournalStore({
      ...{ streams: store.streamsOf(process), objects: store.objectsOf(process, "snapshots") },
      ...{ archive: store.objectsOf(process, "archive"), clock: process.clock, node: process.node },
      segmentBytes: SEGMENT_BYTES,
    });
    this.ownership = new JetStreamOwnership({
      ...{ keys: store.keysOf(process, "cambist_leases"), node: process.node },
      ...{ leaseMs: LEASE_MS, timers: process.timers },
    });
  }

  /** As services know it. */
  get asRuntime(): Runtime {
    return this as unknown as Runtime;
  }

  async keys(bucket: string): Promise<Keys> {
    const { store, process } = this.#world;
    return store.keysOf(process, bucket);
  }

  claim(actor: string): Promise<Claim> {
    return this.ownership.claim(actor);
  }

  ownJournal(name: string): Promise<Journal> {
    return this.#journals.open(name);
  }

  async disownJournal(journal: Journal): Promise<void> {
    await journal.close();
  }

  journal(name: string): Promise<Journal> {
    return this.#journals.reader(name);
  }

  snapshots(name: string): SnapshotStore {
    return this.#journals.snapshots(name);
  }

  instrument(symbol: string): Instrument {
    const instrument = this.instruments.find(listed => listed.symbol === symbol);
    if (instrument === undefined) throw new Fault("SYMBOL_UNKNOWN", `Cannot find market: received ${symbol}`);
    return instrument;
  }

  instrumentOf(market: number): Instrument {
    const instrument = this.instruments.find(listed => listed.number === market);
    assert(instrument !== undefined, "a market that was used is listed");
    return instrument;
  }
}
