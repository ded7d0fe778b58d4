/**
 * The journals of a cluster: a stream for each, `CAMBIST_<name>`, its archive and its snapshots as objects.
 * Every node has a store of its own. For a name there is at most one owner's journal a node, and one reader
 * that all its followers share, whoever owns the actor and however often that changes.
 */
import type { Clock } from "../clock.ts";
import type { Objects, Streams } from "../nats/ports.ts";
import { JetStreamJournal } from "./jetstream-journal.ts";
import { JetStreamReader } from "./jetstream-reader.ts";
import { type Journal, type JournalStore, journalName } from "./journal.ts";
import { JournalArchive } from "./journal-archive.ts";
import { JournalConflict } from "./journal-fault.ts";
import { ObjectSnapshots } from "./object-snapshots.ts";
import { StreamHistory } from "./stream-history.ts";
import { StreamRetention } from "./stream-retention.ts";

const SEGMENT_BYTES = 4 * 1024 * 1024;

export interface JetStreamJournalStoreSettings {
  readonly streams: Streams;
  /** Snapshots, and payloads too large for a message. */
  readonly objects: Objects;
  /** What has left the streams; read by every node. */
  readonly archive: Objects;
  /** Where an archived segment is written a second time, before it leaves its stream; default nowhere. */
  readonly copies?: Objects;
  readonly clock: Clock;
  /** The node's id. */
  readonly node: string;
  /** Default 4 MiB. */
  readonly segmentBytes?: number;
  /** How long records stay in their stream at least; default 0: until everyone has passed them. */
  readonly keepMs?: number;
}

export class JetStreamJournalStore implements JournalStore {
  readonly #settings: JetStreamJournalStoreSettings;
  readonly #owned = new Map<string, Promise<JetStreamJournal>>();
  readonly #readers = new Map<string, Promise<JetStreamReader>>();
  /** Readers that are open, to be told by owners without a turn in between. */
  readonly #listening = new Map<string, JetStreamReader>();

  constructor(settings: JetStreamJournalStoreSettings) {
    this.#settings = settings;
  }

  /**
   * For the actor's owner: what is stored at this moment is in it. Throws JournalConflict where this node has
   * one open for the name.
   */
  async open(name: string): Promise<Journal> {
    if (this.#owned.has(journalName(name))) throw new JournalConflict(name, "it is already open", 0);
    const opening = this.#openOwned(name);
    this.#owned.set(name, opening);
    try {
      return await opening;
    } catch (error) {
      this.#owned.delete(name);
      throw error;
    }
  }

  /** For everyone who follows: one a name, until the store is closed. */
  async reader(name: string): Promise<Journal> {
    const known = this.#readers.get(journalName(name));
    if (known !== undefined) return known;
    const opening = this.#openReader(name);
    this.#readers.set(name, opening);
    try {
      return await opening;
    } catch (error) {
      this.#readers.delete(name);
      throw error;
    }
  }

  snapshots(name: string): ObjectSnapshots {
    return new ObjectSnapshots(this.#settings.objects, journalName(name));
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled([...this.#owned.values(), ...this.#readers.values()]);
    for (const opening of opened) {
      if (opening.status === "fulfilled") await opening.value.close();
    }
  }

  async #openOwned(name: string): Promise<JetStreamJournal> {
    const { streams, objects, clock, node } = this.#settings;
    const { segmentBytes = SEGMENT_BYTES, keepMs = 0 } = this.#settings;
    const stream = streamOf(name);
    const history = await this.#history(name);
    const snapshots = this.snapshots(name);
    const retention = new StreamRetention({ stream, streams, objects, history, snapshots, clock, keepMs });
    return JetStreamJournal.open({
      name,
      stream,
      streams,
      objects,
      history,
      retention,
      clock,
      node,
      segmentBytes,
      onAppended: (stamped, sequence) => this.#listening.get(name)?.offer(stamped, sequence),
      onEnded: () => this.#listening.get(name)?.resume(),
      onClosed: () => this.#owned.delete(name),
    });
  }

  async #openReader(name: string): Promise<JetStreamReader> {
    const { streams } = this.#settings;
    const history = await this.#history(name);
    const reader = new JetStreamReader({ name, stream: streamOf(name), streams, history });
    this.#listening.set(name, reader);
    return reader;
  }

  #history(name: string): Promise<StreamHistory> {
    const { streams, objects, archive: archived, copies } = this.#settings;
    const archive = new JournalArchive(name, archived, copies);
    return StreamHistory.open({ name, stream: streamOf(name), streams, objects, archive });
  }
}

/** No dot may be in a stream's name; an equals sign is in no journal's, so no two journals share a stream. */
export function streamOf(name: string): string {
  return `CAMBIST_${name.replaceAll("_", "=").replaceAll(".", "_")}`;
}
