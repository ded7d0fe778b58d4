/**
 * The journal of an actor in a stream, for the actor's owner: one message a batch, each append stating the
 * stream's last sequence, one append in flight. Nobody else can have appended in between: that is the fence,
 * whoever believes to be the owner.
 *
 * Where the server refuses (JournalConflict) nothing is stored; where no answer comes (JournalWriteFailed)
 * the batch may be stored, now or later. After either the journal takes no more appends: its owner steps
 * down, and the next one opens a journal of its own, which sees what became of it. Segments are runs of
 * batches; they leave the stream as a whole (stream-retention.ts).
 */
import type { Clock } from "../clock.ts";
import { type Objects, StreamMoved, type Streams } from "../nats/ports.ts";
import { checkAppend, checkFrom } from "./append-rules.ts";
import { Followers } from "./followers.ts";
import type { BatchHandler, Follower, Journal, JournalBatch, JournalRun, Retained } from "./journal.ts";
import { JournalClosed, JournalConflict, JournalWriteFailed } from "./journal-fault.ts";
import { encodeHeaders, type StreamBatch } from "./stream-batch.ts";
import type { StreamHistory } from "./stream-history.ts";
import { finishPurge, type StreamRetention } from "./stream-retention.ts";

/** A larger payload goes into an object of its own: a server takes messages of 1 MiB, headers included. */
const MESSAGE_BYTES_MAX = 900_000;

export interface JetStreamJournalOptions {
  readonly name: string;
  readonly stream: string;
  readonly streams: Streams;
  readonly objects: Objects;
  readonly history: StreamHistory;
  readonly retention: StreamRetention;
  readonly clock: Clock;
  /** Of the owner's node: in the names of objects that only it writes. */
  readonly node: string;
  /** A segment is sealed by the append that takes its payload to this size or past it. */
  readonly segmentBytes: number;
  /** Called with each durable batch, right after its append. */
  readonly onAppended: (stamped: StreamBatch, sequence: number) => void;
  /** Called when the journal takes no more appends, perhaps twice. */
  readonly onEnded: () => void;
  /** Called once when the journal has closed. */
  readonly onClosed: () => void;
}

export class JetStreamJournal implements Journal {
  readonly name: string;
  readonly recovery = undefined;
  readonly #options: JetStreamJournalOptions;
  readonly #followers: Followers;
  /** Of the segment being written: its first record and its payload bytes. */
  #segment: number;
  #filled: number;
  #append: Promise<unknown> | undefined;
  #failure: unknown;
  #retaining: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #ended = false;

  private constructor(options: JetStreamJournalOptions) {
    const { history, name } = options;
    this.name = name;
    this.#options = options;
    this.#followers = new Followers({ name, last: () => this.last, read: from => this.read(from) });
    const { newest } = history;
    const goesOn = newest !== undefined && !newest.sealed;
    this.#segment = goesOn ? newest.segment : history.last + 1;
    this.#filled = goesOn ? newest.filled : 0;
  }

  static async open(options: JetStreamJournalOptions): Promise<JetStreamJournal> {
    await finishPurge(options);
    return new JetStreamJournal(options);
  }

  get last(): number {
    return this.#options.history.last;
  }

  get oldest(): number {
    return this.#options.history.oldest;
  }

  async append(
    expected: number,
    count: number,
    payload: Uint8Array,
    clients: boolean,
  ): Promise<{ sealed: boolean }> {
    if (this.#closing !== undefined || this.#failure !== undefined) {
      throw new JournalClosed(this.name, this.#failure);
    }
    const { name, last } = this;
    checkAppend({ name, last, appending: this.#append !== undefined }, expected, count, payload);
    const appending = this.#write({ first: expected + 1, count, clients, payload });
    this.#append = appending;
    return appending;
  }

  seals(bytes: number): boolean {
    return this.#filled + bytes >= this.#options.segmentBytes;
  }

  async *read(from: number): AsyncGenerator<JournalBatch> {
    if (this.#closing !== undefined) throw new JournalClosed(this.name);
    const { last } = this;
    checkFrom(this.name, from, last);
    yield* this.#options.history.read(from, last);
  }

  follow(from: number, handler: BatchHandler, onFailure?: (error: unknown) => void): Follower {
    if (this.#closing !== undefined) throw new JournalClosed(this.name);
    return this.#followers.add(from, handler, onFailure);
  }

  runs(): JournalRun[] {
    return this.#options.history.runs();
  }

  retain(cursor: number): Promise<Retained> {
    const retaining = this.#retain(cursor, this.#retaining);
    this.#retaining = retaining;
    return retaining;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #write(batch: JournalBatch): Promise<{ sealed: boolean }> {
    const { history, clock, segmentBytes, onAppended, onEnded } = this.#options;
    const filled = this.#filled + batch.payload.length;
    const sealed = filled >= segmentBytes;
    const expected = history.streamLast;
    const time = clock.now();
    const isLarge = batch.payload.length > MESSAGE_BYTES_MAX;
    // A name of its own for every try: what a stale owner puts must not take the place of another's.
    const object = isLarge ? `${this.name}/${batch.first}-${time}-${this.#options.node}.payload` : "";
    const stamped = { batch, segment: this.#segment, filled, sealed, time, object };
    try {
      const sequence = await this.#store(stamped, expected);
      if (sequence !== expected + 1) throw new Error(`message ${sequence} must follow ${expected}`);
      history.add(stamped, sequence);
    } catch (error) {
      this.#append = undefined;
      this.#failure = error;
      onEnded();
      if (!(error instanceof StreamMoved)) throw new JournalWriteFailed(this.name, error);
      throw new JournalConflict(this.name, `another owner has appended after ${this.last}`, this.last);
    }
    this.#append = undefined;
    this.#filled = sealed ? 0 : filled;
    if (sealed) this.#segment = this.last + 1;
    queueMicrotask(() =>
      process.nextTick(() => {
        // Who was told that this owner has ended reads by himself what it did last.
        if (!this.#ended) onAppended(stamped, expected + 1);
      }),
    );
    this.#followers.deliverSoon(batch);
    return { sealed };
  }

  async #store(stamped: StreamBatch, expected: number): Promise<number> {
    const { streams, stream, objects } = this.#options;
    const { payload } = stamped.batch;
    const headers = encodeHeaders(this.name, stamped);
    if (stamped.object === "") return streams.append(stream, expected, headers, payload);
    await objects.put(stamped.object, payload);
    return streams.append(stream, expected, headers, new Uint8Array());
  }

  /** One at a time: each looks at what the one before has left. */
  async #retain(cursor: number, before: Promise<unknown>): Promise<Retained> {
    await Promise.allSettled([before]);
    if (this.#closing !== undefined || this.#failure !== undefined) {
      throw new JournalClosed(this.name, this.#failure);
    }
    return this.#options.retention.retain(Math.min(cursor, ...this.#followers.cursors()));
  }

  async #close(): Promise<void> {
    const followers = this.#followers.close();
    await Promise.allSettled([this.#append, this.#retaining]);
    await followers;
    this.#ended = true;
    this.#options.onEnded();
    this.#options.onClosed();
  }
}
