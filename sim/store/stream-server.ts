/**
 * The streams of the simulated store: one history, decided message by message by their expected sequences.
 * What each message was stored by is kept for whoever checks the run.
 */
import { type StoredMessage, StreamMoved, type StreamState } from "../../mixins/nats/ports.ts";
import type { Process } from "../kernel/process.ts";

export interface Stored {
  readonly message: StoredMessage;
  readonly by: Process;
  readonly at: number;
}

export type OnStored = (stream: string, stored: Stored) => void;

interface Stream {
  /** Message n is at n - `first`. */
  first: number;
  readonly messages: Stored[];
  readonly listeners: Set<() => void>;
}

export class StreamServer {
  readonly #streams = new Map<string, Stream>();
  readonly #now: () => number;
  /** Hears each message that is stored. */
  onStored: OnStored = () => undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  names(): string[] {
    return [...this.#streams.keys()];
  }

  create(name: string): void {
    if (!this.#streams.has(name)) this.#streams.set(name, { first: 1, messages: [], listeners: new Set() });
  }

  /** As it was `ago` milliseconds before now. */
  state(name: string, ago = 0): StreamState {
    const { first, messages } = this.#stream(name);
    let count = messages.length;
    while (count > 0 && ago > 0 && (messages[count - 1]?.at ?? 0) > this.#now() - ago) count--;
    return { first, last: first + count - 1 };
  }

  append(
    name: string,
    expected: number,
    headers: Readonly<Record<string, string>>,
    payload: Uint8Array,
    by: Process,
  ): number {
    const stream = this.#stream(name);
    const sequence = stream.first + stream.messages.length;
    if (expected !== sequence - 1) throw new StreamMoved(name, expected);
    const stored = {
      message: { sequence, headers: { ...headers }, payload: payload.slice() },
      by,
      at: this.#now(),
    };
    stream.messages.push(stored);
    this.onStored(name, stored);
    for (const listener of stream.listeners) listener();
    return sequence;
  }

  get(name: string, sequence: number, ago = 0): StoredMessage | undefined {
    const { first, messages } = this.#stream(name);
    const stored = messages[sequence - first];
    return stored === undefined || (ago > 0 && stored.at > this.#now() - ago) ? undefined : stored.message;
  }

  purge(name: string, sequence: number): void {
    const stream = this.#stream(name);
    const gone = Math.min(sequence - stream.first + 1, stream.messages.length);
    if (gone <= 0) return;
    stream.messages.splice(0, gone);
    stream.first += gone;
  }

  /** Calls `listener` after each message that is stored. */
  listen(name: string, listener: () => void): () => void {
    const { listeners } = this.#stream(name);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  #stream(name: string): Stream {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new Error(`Cannot find stream as it must be opened first: ${name}`);
    return stream;
  }
}
