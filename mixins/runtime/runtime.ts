/**
 * A node's ports to the world, made once per broker from its settings: data folder, clock, journals,
 * documents. Services reach it by `runtimeOf(broker)`; nothing else holds global state. It opens before the
 * first service starts and closes after the last has stopped.
 */
import { join } from "node:path";
import type { ServiceBroker } from "moleculer";
import type { Instrument } from "../../engine/instrument.ts";
import { assert } from "../../engine/units.ts";
import { type Clock, systemClock } from "../clock.ts";
import { DataFolder, DataFolderLocked } from "../data-folder.ts";
import { OrderDocuments } from "../documents/order-documents.ts";
import { Fault } from "../fault.ts";
import { FileJournalStore } from "../journal/file-journal-store.ts";
import type { Journal, JournalRecovery, JournalStore, SnapshotStore } from "../journal/journal.ts";
import { LocalOwnership } from "../ownership/local-ownership.ts";
import type { Claim, Ownership } from "../ownership/ownership.ts";
import { Cursors } from "./cursors.ts";
import { confirmFounding } from "./founding.ts";
import { Readiness } from "./readiness.ts";
import { SettingInvalid, type Settings } from "./settings.ts";

interface Opened {
  readonly folder: DataFolder;
  readonly journals: JournalStore;
  readonly documents: OrderDocuments;
  readonly ownership: Ownership;
  /** One journal object a name: its actor appends, everyone else follows. */
  readonly byName: Map<string, Promise<Journal>>;
}

export class Runtime {
  readonly settings: Settings;
  readonly instruments: readonly Instrument[];
  readonly clock: Clock;
  readonly cursors: Cursors;
  readonly readiness = new Readiness();
  /** Where the gateway of this node listens, once it does. */
  address = "";
  /** Called when an actor can't go on: the process has to end, and to be started again. */
  onFatal: (error: unknown) => void = error => {
    throw error;
  };
  /** Called with what opening a journal has cut off its end. */
  onCut: (cut: JournalRecovery) => void = () => undefined;
  #opened: Opened | undefined;

  constructor(settings: Settings, instruments: readonly Instrument[], clock: Clock = systemClock) {
    this.settings = settings;
    this.instruments = instruments;
    this.clock = clock;
    const shards = Array.from({ length: settings.shards }, (_, shard) => `risk.${shard}`);
    this.cursors = new Cursors([...shards, "marketdata"]);
  }

  /**
   * Takes the data folder for this process. Throws where another process has it or what is stored is damaged.
   */
  async open(): Promise<void> {
    const { dataDir, segmentBytes } = this.settings;
    const folder = await takeFolder(dataDir);
    try {
      await confirmFounding(dataDir, this.settings.shards, this.instruments);
    } catch (error) {
      await folder.release();
      throw error;
    }
    const journals = new FileJournalStore(dataDir, { segmentBytes });
    const documents = await OrderDocuments.open(join(dataDir, "documents"));
    const ownership = await LocalOwnership.open(folder);
    this.#opened = { folder, journals, documents, ownership, byName: new Map() };
  }

  /**
   * Claims an actor for this node; losing the claim ends the process, as its state may be another's by then.
   */
  async claim(actor: string): Promise<Claim> {
    const claim = await this.#open().ownership.claim(actor);
    void claim.lost.then(reason => this.onFatal(reason));
    return claim;
  }

  /** The journal of an actor of this node, opened once. */
  journal(name: string): Promise<Journal> {
    const { byName, journals } = this.#open();
    const known = byName.get(name);
    if (known !== undefined) return known;
    const opening = this.#openJournal(journals, name);
    byName.set(name, opening);
    return opening;
  }

  snapshots(name: string): SnapshotStore {
    return this.#open().journals.snapshots(name);
  }

  get documents(): OrderDocuments {
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
    await opened?.journals.close();
    await opened?.documents.close();
    await opened?.folder.release();
  }

  async #openJournal(journals: JournalStore, name: string): Promise<Journal> {
    const journal = await journals.open(name);
    if (journal.recovery !== undefined) this.onCut(journal.recovery);
    return journal;
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
