/**
 * The journal of an actor: an ordered, durable sequence of records, numbered 1, 2, 3 … The only place where
 * facts are.
 *
 * One writer, one append in flight. What was appended together (a batch) is durable together and read
 * together. There are two implementations, files and JetStream; both pass
 * `test/contract/journal.contract.ts`. Old records may be dropped once a verified snapshot and every cursor
 * have passed them (`retain`), so what can be read is a list of runs; records with a client's command in them
 * are never dropped.
 */

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The name itself, where it may be one: folders, streams and objects are named after it. */
export function journalName(name: string): string {
  if (NAME.test(name)) return name;
  throw new RangeError(
    `Cannot open journal as 'name' must be 1 to 64 of A-Z a-z 0-9 . _ -: received ${name}`,
  );
}

/**
 * Records appended together. `payload` is records back to back, each a u32 little-endian length and that many
 * bytes.
 */
export interface JournalBatch {
  /** Sequence of its first record. */
  readonly first: number;
  readonly count: number;
  /** A client's command is among them. */
  readonly clients: boolean;
  /** Shared by everyone who gets this batch: nobody changes it. */
  readonly payload: Uint8Array;
}

export interface JournalRun {
  readonly first: number;
  readonly last: number;
}

/** What opening cut off the end: bytes of an append that never finished. Kept beside, in `file` + ".torn". */
export interface JournalRecovery {
  readonly file: string;
  readonly offset: number;
  readonly cutBytes: number;
}

export interface Retained {
  readonly droppedSegments: number;
  readonly droppedRecords: number;
  readonly compressedSegments: number;
  readonly removedSnapshots: number;
}

/** Handed each batch once, in order. Where it returns a promise the follower waits for it. */
export type BatchHandler = (batch: JournalBatch) => void | Promise<void>;

export interface Follower {
  /** Sequence of the last record that the handler has finished with. */
  readonly cursor: number;
  /**
   * Resolves when everything durable has been handed over for the first time. Rejects where the follower
   * fails before.
   */
  readonly caughtUp: Promise<void>;
  /**
   * Rejects when the handler or reading failed; the follower has then stopped. It never resolves. Where
   * neither `onFailure` was given nor this promise is handled, the failure ends the process as an unhandled
   * rejection.
   */
  readonly failed: Promise<never>;
  /** Stops; resolves when a handler that was running has ended, so a handler must not wait for it. */
  close(): Promise<void>;
}

export interface Journal {
  /** "market.EURUSD", "ledger.0" */
  readonly name: string;
  /** Sequence of the newest durable record; 0 where there is none. */
  readonly last: number;
  /** Sequence of the oldest readable record; last + 1 where there is none. */
  readonly oldest: number;
  readonly recovery: JournalRecovery | undefined;

  /**
   * Appends `count` records after `expected`, which must equal `last` (else JournalConflict, nothing
   * written). Durable when it resolves; followers get the batch right after the caller's turn. The payload
   * belongs to the journal from here on: never write into it again. A second append while one is in flight is
   * a JournalConflict too. After a failed write the journal takes no more appends: whether this one is
   * durable is known after reopening.
   *
   * `sealed`: this append filled the segment and the next starts a new one: the moment for a snapshot.
   */
  append(
    expected: number,
    count: number,
    payload: Uint8Array,
    clients: boolean,
  ): Promise<{ sealed: boolean }>;

  /** Whether an append of `bytes` now would seal the segment; never false where it would. */
  seals(bytes: number): boolean;

  /**
   * Durable batches from the one that holds `from`, up to `last` at the time of the call; none where `from`
   * is last + 1. JournalGap where `from`, or a record on the way, has been dropped; JournalShort where `from`
   * is further on.
   */
  read(from: number): AsyncIterable<JournalBatch>;

  /**
   * First what is stored, from the batch that holds `from`, then live: in order, no gap, no repeat, durable
   * only. A handler that is slow reads what it missed from disk; a live batch is the appended object itself.
   */
  follow(from: number, handler: BatchHandler, onFailure?: (error: unknown) => void): Follower;

  /**
   * What can be read, oldest first. A run that begins after 1 has its opening state in the snapshot at first
   * − 1.
   */
  runs(): JournalRun[];

  /**
   * Everyone outside has durably passed `cursor`: drop or compress what lies wholly below it, below the older
   * of the two newest snapshots that verify, and below every open follower.
   */
  retain(cursor: number): Promise<Retained>;

  /** Waits for the append in flight and for handlers that run. */
  close(): Promise<void>;
}

export interface Snapshot {
  /** Journal sequence that the state includes. */
  readonly sequence: number;
  /** The state machine's own hash. */
  readonly hash: string;
  readonly bytes: Uint8Array;
}

export interface SnapshotStore {
  /** Durable and read back when it resolves. */
  save(snapshot: Snapshot): Promise<void>;
  /** The newest that verifies. */
  newest(): Promise<Snapshot | undefined>;
  /** Sequences, oldest first, whether they verify or not. */
  list(): Promise<number[]>;
  /** Throws SnapshotCorrupt or SnapshotUnknown. */
  load(sequence: number): Promise<Snapshot>;
  remove(sequences: readonly number[]): Promise<void>;
}

export interface JournalStore {
  /** Opens or creates; one at a time for a name. Throws JournalCorrupt where what is stored is damaged. */
  open(name: string): Promise<Journal>;
  snapshots(name: string): SnapshotStore;
  /** Closes every journal that is open. */
  close(): Promise<void>;
}
