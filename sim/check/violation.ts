/** A promise of the venue that a run has broken, by the name of the checker that saw it. */

export const CHECKERS = [
  /** Only the newest owner of an actor appends to its journal. */
  "one writer",
  /** What was told is recorded, as it was told. */
  "nothing lost",
  /** A client order id comes to one order, a transfer's to one transfer, a debit to one credit. */
  "nothing twice",
  /** Money and positions sum to zero, nobody's money is tied up twice. */
  "money",
  /** Bids below asks; every machine's own invariants. */
  "machine",
  /** What is recorded comes out of what was recorded before it, and equals what lives. */
  "replay",
  /** `orders.resolve` says what is, and what it says stays. */
  "resolve",
  /** When faults end, every command has an outcome and every actor serves. */
  "liveness",
  /** Nothing fails that nobody deals with. */
  "crash",
] as const;
export type Checker = (typeof CHECKERS)[number];

export class Violation extends Error {
  readonly checker: Checker;

  constructor(checker: Checker, words: string) {
    super(`${checker}: ${words}`);
    this.name = "Violation";
    this.checker = checker;
  }
}
