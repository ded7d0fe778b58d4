/**
 * The journal in files: a folder of segments (see segment.ts), frames as appended (frame.ts), one synchronous
 * write an append. `recovery.ts` says what opening does, `retention.ts` what is dropped and compressed.
 *
 * Invariants: `last` is what is durable, and nobody sees a record before it is. After a failed write or fsync
 * nothing is written again (the kernel may have forgotten the dirty pages). The next segment is made while
 * the sealed one's snapshot is taken, so an append waits for it only where it comes at once. Admitted: what
 * is read from a sealed segment is in memory as a whole.
 */
import { checkAppend, checkFrom } from "./append-rules.ts";
import { makeFolder } from "./durable-file.ts";
import type { FileSnapshots } from "./file-snapshots.ts";
import { Followers } from "./followers.ts";
import { FRAME_HEADER_BYTES } from "./frame.ts";
import type {
  BatchHandler,
  Follower,
  Journal,
  JournalBatch,
  JournalRecovery,
  JournalRun,
  Retained,
} from "./journal.ts";
import { JournalClosed, JournalWriteFailed } from "./journal-fault.ts";
import { RecentBatches } from "./recent-batches.ts";
import { type RecoveredFolder, recoverFolder } from "./recovery.ts";
import { retainSegments } from "./retention.ts";
import { SegmentList } from "./segment-list.ts";
import { batchesHolding } from "./segment-reader.ts";
import { SegmentWriter } from "./segment-writer.ts";
import { snapshotLimit } from "./verified-snapshots.ts";

export interface FileJournalSettings {
  readonly folder: string;
  readonly name: string;
  /** A segment is sealed by the append that takes it to this size or past it. */
  readonly segmentBytes: number;
  readonly snapshots: FileSnapshots;
  /** Called once when the journal has closed. */
  readonly onClose: () => void;
}

export class FileJournal implements Journal {
  readonly name: string;
  readonly recovery: JournalRecovery | undefined;
  readonly #settings: FileJournalSettings;
  readonly #recent = new RecentBatches();
  readonly #followers: Followers;
  readonly #segments: SegmentList;
  #writer: SegmentWriter;
  #last: number;
  /** The next segment being made; settles with nothing, a failure is in #failure. */
  #rotation: Promise<void> | undefined;
  #append: Promise<unknown> | undefined;
  #failure: unknown;
  #retention: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  private constructor(settings: FileJournalSettings, recovered: RecoveredFolder) {
    this.name = settings.name;
    this.recovery = recovered.recovery;
    this.#settings = settings;
    this.#segments = new SegmentList(settings.name, recovered.segments, recovered.dropped);
    this.#followers = new Followers({
      name: this.name,
      last: () => this.#last,
      read: from => this.read(from),
    });
    this.#writer = recovered.writer;
    this.#last = recovered.last;
    if (this.#full()) this.#rotation = this.#rotate();
  }

  static async open(settings: FileJournalSettings): Promise<FileJournal> {
    await makeFolder(settings.folder);
    return new FileJournal(settings, await recoverFolder(settings.folder, settings.name));
  }

  get last(): number {
    return this.#last;
  }

  get oldest(): number {
    return this.#segments.oldest;
  }

  append(
    expected: number,
    count: number,
    payload: Uint8Array,
    clients: boolean,
  ): Promise<{ sealed: boolean }> {
    try {
      this.#admit(expected, count, payload);
    } catch (error) {
      return Promise.reject(error);
    }
    const batch: JournalBatch = { first: expected + 1, count, clients, payload };
    const append = this.#rotation === undefined ? this.#write(batch) : this.#writeNext(batch, this.#rotation);
    this.#append = append;
    return append;
  }

  seals(bytes: number): boolean {
    // While the next segment is being made nobody knows where it begins: rather yes than no.
    if (this.#rotation !== undefined) return true;
    return this.#writer.end + FRAME_HEADER_BYTES + bytes >= this.#settings.segmentBytes;
  }

  async *read(from: number): AsyncGenerator<JournalBatch> {
    if (this.#closing !== undefined) throw new JournalClosed(this.name);
    checkFrom(this.name, from, this.#last);
    const until = this.#last;
    for (let next = from; next <= until; ) {
      const recent = next > this.#segments.droppedTo ? this.#recent.holding(next) : undefined;
      const batches =
        recent === undefined ? await batchesHolding(next, this.#segments, this.#writer) : [recent];
      for (const batch of batches) {
        const end = batch.first + batch.count;
        if (end <= next) continue;
        yield batch;
        next = end;
        if (next > until) return;
      }
    }
  }

  follow(from: number, handler: BatchHandler, onFailure?: (error: unknown) => void): Follower {
    if (this.#closing !== undefined) throw new JournalClosed(this.name);
    return this.#followers.add(from, handler, onFailure);
  }

  runs(): JournalRun[] {
    return this.#segments.runs(this.#last);
  }

  retain(cursor: number): Promise<Retained> {
    const before = this.#retention;
    const retention = this.#retain(cursor, before);
    this.#retention = retention;
    return retention;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #admit(expected: number, count: number, payload: Uint8Array): void {
    if (this.#closing !== undefined || this.#failure !== undefined)
      throw new JournalClosed(this.name, this.#failure);
    const journal = { name: this.name, last: this.#last, appending: this.#append !== undefined };
    checkAppend(journal, expected, count, payload);
  }

  #write(batch: JournalBatch): Promise<{ sealed: boolean }> {
    return new Promise((resolve, reject) => {
      this.#writer.append(batch, error => {
        this.#append = undefined;
        if (error !== null) {
          this.#failure = error;
          reject(new JournalWriteFailed(this.name, error));
          return;
        }
        this.#last = batch.first + batch.count - 1;
        this.#recent.add(batch);
        const sealed = this.#full();
        if (sealed) this.#rotation = this.#rotate();
        resolve({ sealed });
        this.#followers.deliverSoon(batch);
      });
    });
  }

  async #writeNext(batch: JournalBatch, rotation: Promise<void>): Promise<{ sealed: boolean }> {
    await rotation;
    if (this.#failure === undefined) return this.#write(batch);
    this.#append = undefined;
    throw new JournalWriteFailed(this.name, this.#failure);
  }

  #full(): boolean {
    return this.#writer.end >= this.#settings.segmentBytes;
  }

  /** Makes the next segment. Never rejects: a failure closes the journal to writing. */
  async #rotate(): Promise<void> {
    try {
      const { folder } = this.#settings;
      const sealed = this.#writer;
      this.#writer = await SegmentWriter.create(folder, this.name, this.#last + 1, sealed.segment.first);
      this.#segments.add(this.#writer.segment);
      await sealed.close();
    } catch (error) {
      this.#failure = error;
    }
    this.#rotation = undefined;
  }

  /** One at a time: each looks at what the one before has left. */
  async #retain(cursor: number, before: Promise<unknown>): Promise<Retained> {
    await Promise.allSettled([before]);
    if (this.#closing !== undefined) throw new JournalClosed(this.name);
    const { folder, snapshots } = this.#settings;
    const passed = Math.min(cursor, ...this.#followers.cursors());
    const limit = Math.min(passed, await snapshotLimit(snapshots));
    return retainSegments({ folder, name: this.name, segments: this.#segments, snapshots }, limit, passed);
  }

  async #close(): Promise<void> {
    const followers = this.#followers.close();
    await Promise.allSettled([this.#append, this.#retention]);
    await this.#rotation;
    await followers;
    await this.#writer.close();
    this.#settings.onClose();
  }
}
