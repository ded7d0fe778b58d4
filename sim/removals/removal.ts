/** A rule of the protocol, and how it is taken out of the compiled program. */

export interface Edit {
  /** Of the compiled program. */
  readonly file: string;
  /** Is there once. */
  readonly find: string;
  readonly replace: string;
}

export interface Removal {
  /** The rule that is taken out. */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Missed within a few seeds: taken out by the tests too. */
  readonly quick?: true;
}
