/**
 * All that can be read of a journal in a stream: what the stream still has, and before it the archive. Owner
 * and readers have one each; what is appended or arrives is told to it.
 *
 * A reader may find that what it wants has just left the stream: then it looks at the archive again. What is
 * in neither place and was not dropped on purpose is damage.
 */
import type { Objects, StoredMessage, StreamState, Streams } from "../nats/ports.ts";
import { StreamPurged } from "../nats/ports.ts";
import { withDropped } from "./dropped-runs.ts";
import type { JournalBatch, JournalRun } from "./journal.ts";
import type { JournalArchive } from "./journal-archive.ts";
import { JournalCorrupt, JournalGap } from "./journal-fault.ts";
import { RecentBatches } from "./recent-batches.ts";
import { decodeBatch, type StreamBatch } from "./stream-batch.ts";
import { readMessages } from "./stream-messages.ts";
import { type StreamPlace, StreamPlaces } from "./stream-places.ts";

/** With fewer messages to read they are asked for one by one. */
const SUBSCRIBE_MIN = 8;
const LOOKS_MAX = 10;

export interface HistoryPorts {
  readonly name: string;
  readonly stream: string;
  readonly streams: Streams;
  /** Payloads that are too large for a message. */
  readonly objects: Objects;
  readonly archive: JournalArchive;
}

export class StreamHistory {
  readonly #ports: HistoryPorts;
  readonly #recent = new RecentBatches();
  readonly #places = new StreamPlaces();
  #newest: StreamBatch | undefined;
  #last = 0;
  #streamLast = 0;

  private constructor(ports: HistoryPorts) {
    this.#ports = ports;
  }

  /** Creates the stream unless it is there. Throws JournalCorrupt. */
  static async open(ports: HistoryPorts): Promise<StreamHistory> {
    const state = await ports.streams.open(ports.stream);
    const history = new StreamHistory(ports);
    await history.#look(state);
    return history;
  }

  get archive(): JournalArchive {
    return this.#ports.archive;
  }

  /** Sequence of the newest record known. */
  get last(): number {
    return this.#last;
  }

  /** Sequence of its message in the stream. */
  get streamLast(): number {
    return this.#streamLast;
  }

  /** The newest batch, where there is one. */
  get newest(): StreamBatch | undefined {
    return this.#newest;
  }

  /** First record that the stream has; last + 1 where it has none. */
  get storedFrom(): number {
    return this.#places.oldest?.record ?? this.#last + 1;
  }

  get oldest(): number {
    return this.runs()[0]?.first ?? this.#last + 1;
  }

  runs(): JournalRun[] {
    const { segments, coveredTo } = this.#ports.archive;
    const from = Math.max(this.storedFrom, coveredTo + 1);
    const stored = from <= this.#last ? [{ first: from, last: this.#last }] : [];
    return withDropped(segments, stored);
  }

  /** A batch is durable as the message `sequence`, the one behind the newest. */
  add(stamped: StreamBatch, sequence: number): void {
    const { batch } = stamped;
    this.#newest = stamped;
    this.#last = batch.first + batch.count - 1;
    this.#streamLast = sequence;
    this.#places.append({ record: batch.first, sequence });
    this.#recent.add(batch);
  }

  /** What a message holds. Throws JournalCorrupt; StreamPurged where its payload has gone with it by now. */
  async decode(message: StoredMessage): Promise<StreamBatch> {
    const { name, stream, streams, objects } = this.#ports;
    const { sequence } = message;
    const place = `${stream} message ${sequence}`;
    const { object } = message.headers;
    if (object === undefined) return decodeBatch(name, place, message, message.payload);
    const payload = await objects.get(object);
    if (payload !== undefined) return decodeBatch(name, place, message, payload);
    if ((await streams.get(stream, sequence)) === undefined) throw new StreamPurged(stream, sequence);
    throw new JournalCorrupt(place, 0, `its payload ${object} must be there`);
  }

  /**
   * Looks again what stream and archive have, also at their end. For readers only: an owner knows its end.
   */
  async refresh(): Promise<void> {
    await this.#look(await this.#ports.streams.state(this.#ports.stream));
  }

  /** Batches from the one that holds `from` to `until`, which is known. Throws JournalGap, JournalCorrupt. */
  async *read(from: number, until: number): AsyncGenerator<JournalBatch> {
    let next = from;
    /** Where the archive was looked at again: once is enough. */
    let looked = 0;
    while (next <= until) {
      const before = next;
      try {
        for await (const batch of this.#batchesFrom(next, until)) {
          const end = batch.first + batch.count;
          if (end <= next) continue;
          if (batch.first > next) throw this.#missing(next);
          yield batch;
          next = end;
          if (next > until) return;
        }
      } catch (error) {
        if (!(error instanceof StreamPurged) || looked === next) throw error;
        looked = next;
        await this.lookAtStart();
        continue;
      }
      if (next === before) throw this.#missing(next);
    }
  }

  /** The message that holds `record`, which the stream has. Throws StreamPurged where it has gone by now. */
  async locate(record: number): Promise<number> {
    let low = this.#places.before(record);
    if (low === undefined) throw new StreamPurged(this.#ports.stream, 0);
    if (low.record === record) return low.sequence;
    let high = this.#places.behind(record)?.sequence ?? this.#streamLast + 1;
    while (high - low.sequence > 1) {
      const sequence: number = Math.floor((low.sequence + high) / 2);
      const { batch } = await this.message(sequence);
      const place = { record: batch.first, sequence };
      this.#places.add(place);
      if (batch.first <= record) low = place;
      else high = sequence;
    }
    return low.sequence;
  }

  /** Throws StreamPurged where it is not there. */
  async message(sequence: number): Promise<StreamBatch> {
    const { streams, stream } = this.#ports;
    const message = await streams.get(stream, sequence);
    if (message === undefined) throw new StreamPurged(stream, sequence);
    return this.decode(message);
  }

  /** Batches of the stream, with what is known of them, from the message `from` to `streamLast`. */
  async *stored(from: number): AsyncGenerator<StreamBatch> {
    const { streams, stream } = this.#ports;
    const to = this.#streamLast;
    if (to - from < SUBSCRIBE_MIN) {
      for (let sequence = from; sequence <= to; sequence++) yield await this.message(sequence);
      return;
    }
    for await (const message of readMessages(streams, stream, from, to)) yield await this.decode(message);
  }

  async *#batchesFrom(next: number, until: number): AsyncGenerator<JournalBatch> {
    const recent = this.#recent.holding(next);
    const gap = this.archive.gapAt(next);
    if (gap !== undefined && next < this.storedFrom)
      throw new JournalGap(this.#ports.name, next, gap.last + 1);
    if (recent !== undefined) yield recent;
    else if (this.archive.holds(next)) yield* await this.archive.load(next);
    else if (next < this.storedFrom) throw new StreamPurged(this.#ports.stream, 0);
    else
      for await (const { batch } of this.stored(await this.locate(next))) {
        yield batch;
        if (batch.first + batch.count > until) return;
      }
  }

  /** First and newest message, and the archive: together they must have every record. */
  async #look(state: StreamState): Promise<void> {
    const { stream } = this.#ports;
    if (state.last === 0) {
      await this.archive.refresh();
      if (this.archive.coveredTo > 0) throw new JournalCorrupt(stream, 0, "the stream must not be empty");
      return;
    }
    if (state.first > state.last) throw new JournalCorrupt(stream, 0, "the newest message must be there");
    const newest = await this.message(state.last);
    if (state.last > this.#streamLast) this.add(newest, state.last);
    await this.lookAtStart();
  }

  /** The stream's start first, then the archive: whatever left in between is in the archive by then. */
  async lookAtStart(): Promise<void> {
    const { stream, name } = this.#ports;
    const oldest = await this.#oldestMessage();
    this.#places.startAt(oldest);
    await this.archive.refresh();
    if (this.archive.coveredTo >= oldest.record - 1) return;
    throw new JournalCorrupt(
      stream,
      0,
      `records ${this.archive.coveredTo + 1} to ${oldest.record - 1} of ${name} must be archived or dropped`,
    );
  }

  async #oldestMessage(): Promise<StreamPlace> {
    const { streams, stream } = this.#ports;
    for (let look = 1; ; look++) {
      const { first } = await streams.state(stream);
      const message = await streams.get(stream, first);
      if (message !== undefined) return { record: (await this.decode(message)).batch.first, sequence: first };
      // Purged since; the next look finds where the stream begins now.
      if (look === LOOKS_MAX) throw new StreamPurged(stream, first);
    }
  }

  #missing(record: number): JournalCorrupt {
    return new JournalCorrupt(this.#ports.stream, 0, `record ${record} must be there`);
  }
}
