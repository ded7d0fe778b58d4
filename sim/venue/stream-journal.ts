/** A journal over a stream, a message a batch, all of it in memory, until the cluster's own is there. */

import type {
  BatchHandler,
  Follower,
  Journal,
  JournalBatch,
  JournalRun,
  Retained,
} from "../../mixins/journal/journal.ts";
import {
  JournalClosed,
  JournalConflict,
  JournalShort,
  JournalWriteFailed,
} from "../../mixins/journal/journal-fault.ts";
import { JournalFollower } from "../../mixins/journal/journal-follower.ts";
import { StreamMoved, type StreamSubscription, type Streams } from "../../mixins/nats/ports.ts";

const SEGMENT_BYTES = 4_096;

export class StreamJournal implements Journal {
  readonly name: string;
  readonly recovery = undefined;
  readonly oldest = 1;
  readonly #streams: Streams;
  readonly #batches: JournalBatch[] = [];
  readonly #followers = new Set<JournalFollower>();
  #subscription: StreamSubscription | undefined;
  #sinceSeal = 0;
  #appending = false;
  #closed = false;
  #failure: unknown;

  private constructor(name: string, streams: Streams) {
    this.name = name;
    this.#streams = streams;
  }

  /** `owner`: to append to; it follows nothing that others append. */
  static async open(name: string, streams: Streams, owner: boolean): Promise<StreamJournal> {
    const journal = new StreamJournal(name, streams);
    const { last } = await streams.open(name);
    await new Promise<void>((resolve, reject) => {
      if (last === 0) resolve();
      journal.#subscription = streams.subscribe(
        name,
        1,
        ({ sequence, headers, payload }) => {
          if (owner && sequence > last) return;
          const { first, count, clients } = headers;
          journal.#take({ first: Number(first), count: Number(count), clients: clients === "1", payload });
          if (sequence === last) resolve();
        },
        reject,
      );
    });
    if (owner) await journal.#subscription?.close();
    return journal;
  }

  get last(): number {
    const newest = this.#batches.at(-1);
    return newest === undefined ? 0 : newest.first + newest.count - 1;
  }

  async append(expected: number, count: number, payload: Uint8Array, clients: boolean) {
    if (this.#closed || this.#failure !== undefined) throw new JournalClosed(this.name, this.#failure);
    if (this.#appending) throw new JournalConflict(this.name, "another append is in flight", this.last);
    if (expected !== this.last)
      throw new JournalConflict(this.name, "'expected' must be its last", this.last);
    this.#appending = true;
    const first = expected + 1;
    const headers = { first: String(first), count: String(count), clients: clients ? "1" : "0" };
    try {
      await this.#streams.append(this.name, this.#batches.length, headers, payload);
    } catch (error) {
      this.#failure = error;
      if (error instanceof StreamMoved) throw new JournalConflict(this.name, error.message, this.last);
      throw new JournalWriteFailed(this.name, error);
    }
    this.#appending = false;
    const sealed = this.seals(payload.length);
    this.#sinceSeal = sealed ? 0 : this.#sinceSeal + payload.length;
    const batch = { first, count, clients, payload };
    this.#batches.push(batch);
    queueMicrotask(() => process.nextTick(() => this.#offer(batch)));
    return { sealed };
  }

  seals(bytes: number): boolean {
    return this.#sinceSeal + bytes >= SEGMENT_BYTES;
  }

  async *read(from: number): AsyncGenerator<JournalBatch> {
    if (from > this.last + 1) throw new JournalShort(this.name, from, this.last);
    const until = this.#batches.length;
    for (const batch of this.#batches.slice(0, until)) if (batch.first + batch.count > from) yield batch;
  }

  follow(from: number, handler: BatchHandler, onFailure?: (error: unknown) => void): Follower {
    const source = {
      name: this.name,
      last: () => this.last,
      read: (at: number) => this.read(at),
      leave: (follower: JournalFollower) => void this.#followers.delete(follower),
    };
    const follower = new JournalFollower(source, from, handler, onFailure);
    this.#followers.add(follower);
    return follower;
  }

  runs(): JournalRun[] {
    return this.last === 0 ? [] : [{ first: 1, last: this.last }];
  }

  async retain(): Promise<Retained> {
    return { droppedSegments: 0, droppedRecords: 0, compressedSegments: 0, removedSnapshots: 0 };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#subscription?.close();
  }

  #take(batch: JournalBatch): void {
    this.#batches.push(batch);
    this.#offer(batch);
  }

  #offer(batch: JournalBatch): void {
    for (const follower of this.#followers) follower.offer(batch);
  }
}
