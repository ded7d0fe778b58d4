/**
 * What goes wrong with a journal, one class for each, told apart by `code`. None is worth a retry: a conflict
 * means that someone else owns the journal or the actor's state is not what it thinks; the rest needs an
 * operator.
 */

export class JournalFault extends Error {
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
  }
}

/** Stored bytes are not what was written. `offset` is in the file, uncompressed. */
export class JournalCorrupt extends JournalFault {
  readonly file: string;
  readonly offset: number;

  constructor(file: string, offset: number, reason: string, cause?: unknown) {
    super("JOURNAL_CORRUPT", `Cannot read journal as ${reason}: ${file} at byte ${offset}`, cause);
    this.file = file;
    this.offset = offset;
  }
}

/**
 * The append's `expected` is not the journal's last record, or another append is in flight. Nothing was
 * written.
 */
export class JournalConflict extends JournalFault {
  readonly last: number;

  constructor(name: string, reason: string, last: number) {
    super("JOURNAL_CONFLICT", `Cannot append to journal ${name} as ${reason}`);
    this.last = last;
  }
}

/** The journal was closed, or a write failed (then `cause` says how) and it takes no more appends. */
export class JournalClosed extends JournalFault {
  constructor(name: string, cause?: unknown) {
    const why =
      cause === undefined ? "it is closed" : "a write to it failed: reopen it to learn what is durable";
    super("JOURNAL_CLOSED", `Cannot use journal ${name} as ${why}`, cause);
  }
}

/**
 * This append's write failed: whether the batch is durable is unknown until the journal has been reopened.
 */
export class JournalWriteFailed extends JournalFault {
  constructor(name: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super("JOURNAL_WRITE_FAILED", `Cannot append to journal ${name} as the write failed: ${reason}`, cause);
  }
}

/** The records from `from` to before `next` have been dropped. */
export class JournalGap extends JournalFault {
  readonly from: number;
  readonly next: number;

  constructor(name: string, from: number, next: number) {
    super(
      "JOURNAL_GAP",
      `Cannot read journal ${name} as 'from' must be a kept record: received ${from}, the next is ${next}`,
    );
    this.from = from;
    this.next = next;
  }
}

/**
 * A reader knows of records that the journal does not have: the journal has lost its end, or it is another
 * journal.
 */
export class JournalShort extends JournalFault {
  readonly last: number;

  constructor(name: string, from: number, last: number) {
    super(
      "JOURNAL_SHORT",
      `Cannot read journal ${name} as 'from' must be at most ${last + 1}: received ${from}`,
    );
    this.last = last;
  }
}

export class SnapshotCorrupt extends JournalFault {
  readonly file: string;

  constructor(file: string, reason: string, cause?: unknown) {
    super("SNAPSHOT_CORRUPT", `Cannot load snapshot as ${reason}: ${file}`, cause);
    this.file = file;
  }
}

export class SnapshotUnknown extends JournalFault {
  constructor(name: string, sequence: number, cause?: unknown) {
    super(
      "SNAPSHOT_UNKNOWN",
      `Cannot load snapshot of ${name} as there is none at sequence ${sequence}`,
      cause,
    );
  }
}
