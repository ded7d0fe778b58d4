/**
 * What the cluster's journals, leases and snapshots ask of a server, and no more: replicated streams, keys
 * with compare-and-set, objects. NATS JetStream is behind it in production; a simulated server in
 * `npm run sim`, so that what is simulated is the code that runs.
 */

export interface StoredMessage {
  /** Of the stream: 1, 2, 3 … */
  readonly sequence: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

/** `last` 0: nothing was ever stored. `first` = `last` + 1: everything stored was purged. */
export interface StreamState {
  readonly first: number;
  readonly last: number;
}

export interface StreamSubscription {
  /** Stops; resolves when a handler that was running has ended. */
  close(): Promise<void>;
}

export interface Streams {
  /** Creates the stream unless it is there, and compares its configuration as the server tells it. */
  open(stream: string): Promise<StreamState>;
  state(stream: string): Promise<StreamState>;
  /**
   * Stores one message after `expected`, the stream's last sequence; resolves with its sequence once a
   * quorum has it on disk. Throws StreamMoved where the server refused: nothing is stored. Whatever else it
   * throws, the outcome is unknown: the message may be stored, now or later.
   */
  append(
    stream: string,
    expected: number,
    headers: Readonly<Record<string, string>>,
    payload: Uint8Array,
  ): Promise<number>;
  /** A message as the stream's leader has it; undefined where it is purged or not there yet. */
  get(stream: string, sequence: number): Promise<StoredMessage | undefined>;
  /**
   * Every message from `from` on, stored ones first, then live: in order, no gap, no repeat; the next once
   * the handler has ended. `onFailed` once, where it cannot go on; it then has stopped. StreamPurged where
   * the next message was purged before it came.
   */
  subscribe(
    stream: string,
    from: number,
    handler: (message: StoredMessage) => void | Promise<void>,
    onFailed: (error: unknown) => void,
  ): StreamSubscription;
  /** Removes messages up to `sequence`, that one too. */
  purge(stream: string, sequence: number): Promise<void>;
}

export class StreamMoved extends Error {
  readonly code = "STREAM_MOVED";

  constructor(stream: string, expected: number) {
    super(`Cannot append to stream ${stream} as its last sequence must be ${expected}`);
    this.name = "StreamMoved";
  }
}

export class StreamPurged extends Error {
  readonly code = "STREAM_PURGED";

  constructor(stream: string, sequence: number) {
    super(`Cannot read stream ${stream} as message ${sequence} must still be there: it was purged`);
    this.name = "StreamPurged";
  }
}

export interface KeyEntry {
  readonly key: string;
  readonly value: string;
  /** Grows with every change of any key of the bucket. */
  readonly revision: number;
}

/** Keys of one bucket; a key is made of letters, digits, `.`, `-` and `_`. */
export interface Keys {
  get(key: string): Promise<KeyEntry | undefined>;
  /** All keys under a prefix that ends with a dot, or all: may be older than the newest. */
  list(prefix?: string): Promise<KeyEntry[]>;
  /** Resolves with its revision. Throws KeyTaken where the key is there. */
  create(key: string, value: string): Promise<number>;
  /** Throws KeyTaken where the key's revision is another, or the key is gone. */
  update(key: string, value: string, revision: number): Promise<number>;
  /** Whatever is there: for values that only one writer has. */
  put(key: string, value: string): Promise<number>;
  /** Throws KeyTaken where the key's revision is another. */
  remove(key: string, revision: number): Promise<void>;
  /**
   * Tells every key that is there and then each change, in order: its entry, or undefined where it was
   * removed. A hint: it may be late, and be silent for as long as the server is not heard. `onEnd` once,
   * where it goes no further. Not every implementation can.
   */
  watch?(onChange: (key: string, entry: KeyEntry | undefined) => void, onEnd: () => void): Promise<KeysWatch>;
}

export interface KeysWatch {
  close(): void;
}

export class KeyTaken extends Error {
  readonly code = "KEY_TAKEN";

  constructor(key: string) {
    super(`Cannot write key ${key} as its revision must be the one that was read`);
    this.name = "KeyTaken";
  }
}

/** Named bytes; a name is replaced as a whole or not at all. */
export interface Objects {
  put(name: string, bytes: Uint8Array): Promise<void>;
  get(name: string): Promise<Uint8Array | undefined>;
  /** Names that begin with `prefix`, in no order. */
  list(prefix: string): Promise<string[]>;
  remove(name: string): Promise<void>;
}
