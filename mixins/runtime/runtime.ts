/**
 * A node's ports to the world, made once per broker from its settings: data folder, clock, journals,
 * documents. Services reach it by `runtimeOf(broker)`; nothing else holds global state. It opens before the
 * first service starts and closes after the last has stopped.
 */
import type { ServiceBroker } from "moleculer";
import type { Instrument } from "../../engine/instrument.ts";
import { assert } from "../../engine/units.ts";
import { type Clock, systemClock, systemTimers, type Timers } from "../clock.ts";
import { DataFolder, DataFolderLocked } from "../data-folder.ts";
import { type DocumentStore, documentStore } from "../documents/document-store.ts";
import type { Documents, UserDocuments } from "../documents/documents.ts";
import { Fault } from "../fault.ts";
import type { Journal, JournalRecovery, SnapshotStore } from "../journal/journal.ts";
import type { Keys } from "../nats/ports.ts";
import type { Claim, Ownership } from "../ownership/ownership.ts";
import { openCluster } from "./cluster-ports.ts";
import type { Cursors } from "./cursors.ts";
import { openEmbedded } from "./embedded-ports.ts";
import { Readiness } from "./readiness.ts";
import type { RuntimePorts } from "./runtime-ports.ts";
import { SettingInvalid } from "./setting.ts";
import type { Settings } from "./settings.ts";

interface Opened {
  readonly folder: DataFolder;
  readonly ports: RuntimePorts;
  readonly documents: Documents;
}

export class Runtime {
  readonly settings: Settings;
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly timers: Timers = systemTimers;
  readonly readiness = new Readiness();
  /** Where the gateway of this node listens, once it does. */
  address = "";
  /** Called when an actor can't go on: the process has to end, and to be started again. */
  onFatal: (error: unknown) => void = error => {
    throw error;
  };
  /** Called with what opening a journal has cut off its end. */
  onCut: (cut: JournalRecovery) => void = () => undefined;
  /** Called at each try of a store that can't be reached yet, with why. */
  onAway: (error: unknown) => void = () => undefined;
  readonly #store: DocumentStore;
  /** Called with what failed beside the actors' own work, and is tried again. */
  onTrouble: (error: unknown) => void = () => undefined;
  #opened: Opened | undefined;

  constructor(settings: Settings, instruments: readonly Instrument[], clock: Clock = systemClock) {
    this.settings = settings;
    this.instruments = instruments;
    this.clock = clock;
    this.#store = documentStore(settings, this.timers, {
      onFailed: error => this.onFatal(error),
      onAway: error => this.onAway(error),
    });
  }

  /**
   * Takes the data folder for this process. Throws where another process has it or what is stored is damaged.
   */
  async open(): Promise<void> {
    const { dataDir } = this.settings;
    const folder = await takeFolder(dataDir);
    let ports: RuntimePorts | undefined;
    try {
      ports = await this.#openPorts(folder);
      const documents = await this.#store.open();
      this.#opened = { folder, ports, documents };
    } catch (error) {
      await ports?.close();
      await folder.release();
      throw error;
    }
  }

  /**
   * Claims an actor for this node; throws OwnershipTaken. Who holds the claim hears by `lost` that it is
   * gone, and asks `standing` before he answers.
   */
  claim(actor: string): Promise<Claim> {
    return this.#open().ports.ownership.claim(actor);
  }

  /**
   * The journal of an actor that this node has claimed, as it is stored now; to append to. Every owner asks
   * for one of his own, and gives it back to `disownJournal`.
   */
  ownJournal(name: string): Promise<Journal> {
    return this.#open().ports.journals.own(name);
  }

  /** The owner appends no more: it has stopped, or stepped down. */
  disownJournal(journal: Journal): Promise<void> {
    return this.#open().ports.journals.disown(journal);
  }

  /** A journal to read and follow, wherever its owner is; opened once a node. Never to append to. */
  journal(name: string): Promise<Journal> {
    return this.#open().ports.journals.reader(name);
  }

  snapshots(name: string): SnapshotStore {
    return this.#open().ports.journals.snapshots(name);
  }

  get cursors(): Cursors {
    return this.#open().ports.cursors;
  }

  /** Who claims what: for placement, which asks whether one has died. */
  get ownership(): Ownership {
    return this.#open().ports.ownership;
  }

  /** Keys that all nodes of the cluster share; undefined on a node that is alone. */
  keys(bucket: string): Promise<Keys> | undefined {
    return this.#open().ports.keys(bucket);
  }

  get users(): UserDocuments {
    return this.#store.users;
  }

  get documents(): Documents {
    return this.#open().documents;
  }

  instrument(symbol: string): Instrument {
    const instrument = this.instruments.find(listed => listed.symbol === symbol);
    if (instrument === undefined) {
      throw new Fault("SYMBOL_UNKNOWN", `Cannot find market as 'symbol' must be listed: received ${symbol}`);
    }
    return instrument;
  }

  /** The instrument of a market's number. */
  instrumentOf(market: number): Instrument {
    const instrument = this.instruments.find(listed => listed.number === market);
    assert(instrument !== undefined, "a market that was used is listed");
    return instrument;
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.ports.close();
    await opened?.documents.close();
    await opened?.folder.release();
  }

  #openPorts(folder: DataFolder): Promise<RuntimePorts> {
    const { settings, instruments, clock, timers } = this;
    const { cluster } = settings;
    if (cluster === undefined) return openEmbedded(folder, settings, instruments, cut => this.onCut(cut));
    let whenBack: (() => void) | undefined;
    return openCluster(cluster, settings, {
      ...{ instruments, clock, timers },
      onConnection: (isThere, server) => {
        if (!isThere) whenBack ??= this.readiness.wait("nats");
        else whenBack?.();
        if (isThere) whenBack = undefined;
        this.onTrouble(new Error(isThere ? `NATS is back: ${server}` : `NATS has gone: ${server}`));
      },
      onTrouble: error => this.onTrouble(error),
    });
  }

  #open(): Opened {
    if (this.#opened === undefined) throw new Error("Invariant: a port is used between open and close");
    return this.#opened;
  }
}

async function takeFolder(path: string): Promise<DataFolder> {
  try {
    return await DataFolder.lock(path);
  } catch (error) {
    if (error instanceof DataFolderLocked) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingInvalid(
      `Cannot start as 'DATA_DIR' must be a folder to write to: received ${path} (${reason})`,
      { cause: error },
    );
  }
}

const runtimes = new WeakMap<ServiceBroker, Runtime>();

export function attachRuntime(broker: ServiceBroker, runtime: Runtime): void {
  runtimes.set(broker, runtime);
}

export function runtimeOf(broker: ServiceBroker): Runtime {
  const runtime = runtimes.get(broker);
  if (runtime === undefined) throw new Error("Invariant: a broker has a runtime before its services");
  return runtime;
}
