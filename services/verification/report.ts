/** What a verification finds, counts and says on its way. */

/** In what two tellings of the same fact may differ: a closed list. */
export const DIFFERENCE_KINDS = [
  /** A journal's bytes are not what was written, or a part of it is missing. */
  "journalDamaged",
  /** A snapshot's bytes are not what was written. */
  "snapshotDamaged",
  /** A record that is applied again comes out otherwise than it was recorded. */
  "replayDiffers",
  /** A snapshot is not what the records before it make. */
  "snapshotDiffers",
  /** Records cannot be applied one after another: one contradicts what was before it. */
  "foldBroken",
  /** Money or positions do not sum to zero over the shards. */
  "sumNotZero",
  /** A shard's account is not what its records add up to. */
  "accountDiffers",
  /** A stored document is missing, is not what the records make it, or is of nothing that was recorded. */
  "documentMissing",
  "documentDiffers",
  "documentUnknown",
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  /** "market.EURUSD", "risk.0", "order 16385", "account 1001". */
  readonly subject: string;
  readonly message: string;
}

/** Differences that are listed; further ones are counted only. */
export const DIFFERENCES_MAX = 1_000;

const COUNTED = [
  "records",
  "snapshots",
  "accounts",
  "orders",
  "transactions",
  /** Documents that a crash has kept from being written and the next start writes. */
  "pendingDocuments",
] as const;
export type Counted = (typeof COUNTED)[number];

export type OnProgress = (stage: string, done: number, total: number) => void;

export class Report {
  readonly differences: Difference[] = [];
  /** What could not be looked at, and why; what is unusual and no difference. */
  readonly notes: string[] = [];
  readonly counts: Record<Counted, number> = {
    ...{ records: 0, snapshots: 0, accounts: 0, orders: 0, transactions: 0, pendingDocuments: 0 },
  };
  readonly #onProgress: OnProgress;
  #differenceCount = 0;

  constructor(onProgress: OnProgress = () => undefined) {
    this.#onProgress = onProgress;
  }

  /** All of them, also those that are not listed. */
  get differenceCount(): number {
    return this.#differenceCount;
  }

  differs(kind: DifferenceKind, subject: string, message: string): void {
    this.#differenceCount++;
    if (this.differences.length < DIFFERENCES_MAX) this.differences.push({ kind, subject, message });
  }

  count(what: Counted, by = 1): void {
    this.counts[what] += by;
  }

  progress(stage: string, done: number, total: number): void {
    this.#onProgress(stage, done, total);
  }
}
