/**
 * The journal in files: a folder of segments (see segment.ts), frames as appended (frame.ts), one synchronous write an
 * append. `recovery.ts` says what opening does, `retention.ts` what is dropped and compressed.
 *
 * Invariants: `last` is what is durable, and nobody sees a record before it is. After a failed write or fsync nothing is
 * written again (the kernel may have forgotten the dirty pages). The next segment is made while the sealed one's
 * snapshot is taken, so an append waits for it only where it comes at once.
 * Admitted: what is read from a sealed segment is in memory as a whole.
 */
import { open } from "node:fs/promises";
import { runHolding } from "./dropped-runs.ts";
import { makeFolder } from "./durable-file.ts";
import { FileFollower } from "./file-follower.ts";
import { countRecords, FRAME_PAYLOAD_BYTES_MAX, readFrame } from "./frame.ts";
import type {
  BatchHandler,
  Follower,
  Journal,
  JournalBatch,
  JournalRecovery,
  JournalRun,
  Retained,
  SnapshotStore,
} from "./journal.ts";
import {
  JournalClosed,
  JournalConflict,
  JournalCorrupt,
  JournalGap,
  JournalShort,
  JournalWriteFailed,
} from "./journal-fault.ts";
import { RecentBatches } from "./recent-batches.ts";
import { type RecoveredFolder, recoverFolder } from "./recovery.ts";
import { loadSegment, type Segment, sealedBatches } from "./segment.ts";
import { SegmentWriter } from "./segment-writer.ts";

export interface FileJournalSettings {
  readonly folder: string;
  readonly name: string;
  /** A segment is sealed by the append that takes it to this size or past it. */
  readonly segmentBytes: number;
  readonly snapshots: SnapshotStore;
  /** Called once when the journal has closed. */
  readonly onClose: () => void;
}

export class FileJournal implements Journal {
  readonly name: string;
  readonly recovery: JournalRecovery | undefined;
  readonly #settings: FileJournalSettings;
  readonly #recent = new RecentBatches();
  readonly #followers = new Set<FileFollower>();
  readonly #segments: Segment[];
  #dropped: readonly JournalRun[];
  #writer: SegmentWriter;
  #last: number;
  /** The next segment being made; settles with nothing, a failure is in #failure. */
  #rotation: Promise<void> | undefined;
  #append: Promise<unknown> | undefined;
  #failure: unknown;
  #closing: Promise<void> | undefined;

  private constructor(settings: FileJournalSettings, recovered: RecoveredFolder) {
    this.name = settings.name;
    this.recovery = recovered.recovery;
    this.#settings = settings;
    this.#segments = recovered.segments;
    this.#dropped = recovered.dropped;
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
    return this.#segments[0]?.first ?? this.#last + 1;
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

  async *read(from: number): AsyncGenerator<JournalBatch> {
    if (!Number.isSafeInteger(from) || from < 1) {
      throw new RangeError(`Cannot read journal as 'from' must be a sequence from 1: received ${from}`);
    }
    if (this.#closing !== undefined) throw new JournalClosed(this.name);
    if (from > this.#last + 1) throw new JournalShort(this.name, from, this.#last);
    const until = this.#last;
    for (let next = from; next <= until; ) {
      const recent = this.#recent.holding(next);
      const batches = recent === undefined ? await this.#load(next) : [recent];
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
    const source = {
      name: this.name,
      last: () => this.#last,
      read: (at: number) => this.read(at),
      leave: (follower: FileFollower) => void this.#followers.delete(follower),
    };
    const follower = new FileFollower(source, from, handler, onFailure);
    this.#followers.add(follower);
    return follower;
  }

  runs(): JournalRun[] {
    const runs: JournalRun[] = [];
    let first = this.oldest;
    for (const run of this.#dropped.filter(dropped => dropped.first > first)) {
      runs.push({ first, last: run.first - 1 });
      first = run.last + 1;
    }
    if (first <= this.#last) runs.push({ first, last: this.#last });
    return runs;
  }

  retain(_cursor: number): Promise<Retained> {
    return Promise.reject(new Error("not yet"));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #admit(expected: number, count: number, payload: Uint8Array): void {
    if (this.#closing !== undefined || this.#failure !== undefined)
      throw new JournalClosed(this.name, this.#failure);
    if (this.#append !== undefined)
      throw new JournalConflict(this.name, "another append is in flight", this.#last);
    if (expected !== this.#last) {
      const reason = `'expected' must be its last record, ${this.#last}: received ${expected}`;
      throw new JournalConflict(this.name, reason, this.#last);
    }
    if (payload.length > FRAME_PAYLOAD_BYTES_MAX) {
      throw new RangeError(
        `Cannot append as 'payload' must be at most ${FRAME_PAYLOAD_BYTES_MAX} bytes: received ${payload.length}`,
      );
    }
    if (count < 1 || countRecords(payload) !== count) {
      throw new RangeError(`Cannot append as 'payload' must be 'count' whole records: received ${count}`);
    }
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
        // After every microtask that the caller's answer sets off, before anything else.
        queueMicrotask(() => process.nextTick(() => this.#deliver(batch)));
      });
    });
  }

  async #writeNext(batch: JournalBatch, rotation: Promise<void>): Promise<{ sealed: boolean }> {
    await rotation;
    if (this.#failure === undefined) return this.#write(batch);
    this.#append = undefined;
    throw new JournalWriteFailed(this.name, this.#failure);
  }

  #deliver(batch: JournalBatch): void {
    for (const follower of this.#followers) follower.offer(batch);
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
      this.#segments.push(this.#writer.segment);
      await sealed.close();
    } catch (error) {
      this.#failure = error;
    }
    this.#rotation = undefined;
  }

  /** Batches of the segment that holds `next`, from at or before it. */
  async #load(next: number): Promise<Iterable<JournalBatch>> {
    const at = this.#segments.findLastIndex(segment => segment.first <= next);
    const segment = this.#segments[at];
    const gap = runHolding(this.#dropped, next);
    if (segment === undefined || gap !== undefined) {
      throw new JournalGap(this.name, next, gap === undefined ? this.oldest : gap.last + 1);
    }
    if (segment === this.#writer.segment) return this.#loadNewest(next);
    const bytes = await loadSegment(segment);
    return sealedBatches(bytes, segment, this.name, this.#lastOf(at));
  }

  /** Sequence of the last record of a sealed segment: the next one begins behind it, or a dropped run does. */
  #lastOf(at: number): number {
    const end = (this.#segments[at + 1]?.first ?? this.#last + 1) - 1;
    const gap = runHolding(this.#dropped, end);
    return gap === undefined ? end : gap.first - 1;
  }

  /** The durable frames of the newest segment, from the indexed place before `next`. */
  async #loadNewest(next: number): Promise<Iterable<JournalBatch>> {
    const { segment, crc, index, end } = this.#writer;
    const place = index.before(next);
    if (place === undefined) throw new JournalCorrupt(segment.path, end, `record ${next} must be there`);
    const bytes = Buffer.alloc(end - place.offset);
    const handle = await open(segment.path, "r");
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, place.offset + done);
        if (bytesRead === 0)
          throw new JournalCorrupt(segment.path, place.offset + done, "durable bytes must be there");
        done += bytesRead;
      }
    } finally {
      await handle.close();
    }
    return newestBatches(bytes, place.first, place.offset, crc, segment.path);
  }

  async #close(): Promise<void> {
    await Promise.allSettled([this.#append]);
    await this.#rotation;
    await Promise.all([...this.#followers].map(follower => follower.close()));
    await this.#writer.close();
    this.#settings.onClose();
  }
}

function* newestBatches(
  bytes: Buffer,
  first: number,
  base: number,
  crc: number,
  file: string,
): Generator<JournalBatch> {
  let next = first;
  for (let offset = 0; offset < bytes.length; ) {
    const reading = readFrame(bytes, offset, crc, next);
    if (reading.kind !== "frame") {
      const reason = reading.kind === "damaged" ? reading.reason : "a durable frame must be whole";
      throw new JournalCorrupt(file, base + offset, reason);
    }
    yield reading.batch;
    next += reading.batch.count;
    offset = reading.end;
  }
}
