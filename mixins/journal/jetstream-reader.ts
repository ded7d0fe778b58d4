/**
 * A journal in a stream, for everyone but its actor's owner: `last` is what this node has seen of it.
 * Followers get live batches as they arrive; where the owner is on this node, straight from it, the same
 * objects, and the subscription rests meanwhile. It goes on when the owner ends, from the next message.
 */
import { type StoredMessage, StreamPurged, type StreamSubscription, type Streams } from "../nats/ports.ts";
import { checkFrom } from "./append-rules.ts";
import { Followers } from "./followers.ts";
import type { BatchHandler, Follower, Journal, JournalBatch, JournalRun } from "./journal.ts";
import { JournalClosed, JournalConflict, JournalCorrupt } from "./journal-fault.ts";
import type { StreamBatch } from "./stream-batch.ts";
import type { StreamHistory } from "./stream-history.ts";

export interface JetStreamReaderOptions {
  readonly name: string;
  readonly stream: string;
  readonly streams: Streams;
  readonly history: StreamHistory;
}

export class JetStreamReader implements Journal {
  readonly name: string;
  readonly recovery = undefined;
  readonly #options: JetStreamReaderOptions;
  readonly #followers: Followers;
  #subscription: StreamSubscription | undefined;
  /** Subscriptions that are ending. */
  #ending: Promise<unknown> = Promise.resolve();
  #failure: unknown;
  #closing: Promise<void> | undefined;

  constructor(options: JetStreamReaderOptions) {
    const { name } = options;
    this.name = name;
    this.#options = options;
    this.#followers = new Followers({ name, last: () => this.last, read: from => this.read(from) });
    this.resume();
  }

  get last(): number {
    return this.#options.history.last;
  }

  get oldest(): number {
    return this.#options.history.oldest;
  }

  /** Always a JournalConflict: the owner appends to an object of its own. */
  async append(): Promise<{ sealed: boolean }> {
    throw new JournalConflict(this.name, "this node only reads it", this.last);
  }

  seals(): boolean {
    return true;
  }

  async *read(from: number): AsyncGenerator<JournalBatch> {
    if (this.#closing !== undefined) throw new JournalClosed(this.name);
    const { last } = this;
    checkFrom(this.name, from, last);
    yield* this.#options.history.read(from, last);
  }

  follow(from: number, handler: BatchHandler, onFailure?: (error: unknown) => void): Follower {
    if (this.#closing !== undefined) throw new JournalClosed(this.name);
    const follower = this.#followers.add(from, handler, onFailure);
    if (this.#failure !== undefined) this.#followers.fail(this.#failure);
    return follower;
  }

  runs(): JournalRun[] {
    return this.#options.history.runs();
  }

  /** Always a JournalConflict: what goes is the owner's to decide. */
  async retain(): Promise<never> {
    throw new JournalConflict(this.name, "this node only reads it", this.last);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** The owner on this node has appended. */
  offer(stamped: StreamBatch, sequence: number): void {
    const { history } = this.#options;
    if (this.#closing !== undefined || sequence > history.streamLast + 1) return;
    this.#rest();
    // The stream may have been quicker than the answer to its owner.
    if (sequence <= history.streamLast) return;
    history.add(stamped, sequence);
    this.#followers.deliver(stamped.batch);
  }

  /** The owner on this node has ended, or there is none: what comes next comes from the stream. */
  resume(): void {
    if (this.#closing !== undefined || this.#failure !== undefined || this.#subscription !== undefined)
      return;
    const { streams, stream, history } = this.#options;
    const subscription = streams.subscribe(
      stream,
      history.streamLast + 1,
      message => this.#arrived(message),
      error => void this.#recover(error),
    );
    this.#subscription = subscription;
  }

  #rest(): void {
    const subscription = this.#subscription;
    if (subscription === undefined) return;
    this.#subscription = undefined;
    this.#ending = Promise.all([this.#ending, subscription.close()]);
  }

  async #arrived(message: StoredMessage): Promise<void> {
    const { history, stream } = this.#options;
    if (message.sequence <= history.streamLast) return;
    const stamped = await history.decode(message);
    // The owner on this node may have been quicker.
    if (message.sequence <= history.streamLast) return;
    const { first } = stamped.batch;
    if (message.sequence !== history.streamLast + 1 || first !== history.last + 1) {
      throw new JournalCorrupt(stream, 0, `message ${message.sequence} must begin with ${history.last + 1}`);
    }
    history.add(stamped, message.sequence);
    this.#followers.deliver(stamped.batch);
  }

  /** What was purged before it was read here is in the archive, from where followers get it. */
  async #recover(error: unknown): Promise<void> {
    this.#subscription = undefined;
    try {
      if (!(error instanceof StreamPurged)) throw error;
      const { history } = this.#options;
      await history.refresh();
      if (this.#closing !== undefined) return;
      if (history.newest !== undefined) this.#followers.deliver(history.newest.batch);
      this.resume();
    } catch (failure) {
      this.#failure = failure;
      this.#followers.fail(failure);
    }
  }

  async #close(): Promise<void> {
    const followers = this.#followers.close();
    this.#rest();
    await this.#ending;
    await followers;
  }
}
