/** What a comparison of the venue with its own journals has found, as operators see it. */
export interface ReconciliationView {
  readonly equal: boolean;
  /** From the first record on; else of what happened between the two newest snapshots. */
  readonly whole: boolean;
  /** All of them; those beyond a thousand are not listed. */
  readonly differenceCount: number;
  readonly differences: readonly {
    readonly kind: string;
    readonly subject: string;
    readonly message: string;
  }[];
  /** What could not be compared, and why. */
  readonly notes: readonly string[];
  /** How much was compared, by what. */
  readonly counts: Readonly<Record<string, number>>;
  readonly startedAt: string;
  readonly endedAt: string;
}
