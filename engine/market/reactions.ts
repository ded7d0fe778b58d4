/**
 * What follows from what has just happened, within the same command: lists adjust their orders, prices
 * release orders that wait. Each part looks at the log's rows since it last looked and does one step; after a
 * step all parts are asked again from the first on, until none has anything to do. So the parts before stops
 * have always done their work before the next stop enters.
 *
 * It ends because every step uses something up: an order that waits, an order that is open, or lots.
 */
export interface Reaction {
  /** Whether it holds anything that could react; where not, a plain command doesn't even ask. */
  readonly active: boolean;
  /** A command of that time begins: the log is empty. */
  begin(time: number): void;
  /** Does one step; false where there is none to do. */
  react(): boolean;
}

export class Reactions {
  readonly #parts: readonly Reaction[];

  /** In the order in which they are asked. */
  constructor(parts: readonly Reaction[]) {
    this.#parts = parts;
  }

  begin(time: number): void {
    // By index: V8 makes an iterator for what holds objects of several shapes.
    for (let at = 0; at < this.#parts.length; at++) this.#parts[at]?.begin(time);
  }

  settle(): void {
    // Each step may give an earlier part something to do.
    for (let at = 0; at < this.#parts.length; ) {
      const part = this.#parts[at];
      if (part?.active && part.react()) at = 0;
      else at++;
    }
  }
}
