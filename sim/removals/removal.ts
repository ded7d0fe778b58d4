/** A rule of the protocol, how it is taken out of the compiled program, and a seed that shows it missing. */

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
  /** One of the seeds that show it; undefined where none was looked for yet. */
  readonly seed?: number;
}
