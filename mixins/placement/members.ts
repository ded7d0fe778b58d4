/**
 * The nodes that are there, as far as this one can tell. A hint and no more: a node that is not listed may
 * live, and one that is listed may be dead. Who owns an actor is ownership's to decide.
 */
export interface Member {
  readonly node: string;
  /** What it hosts: `matching`, `risk`, … */
  readonly roles: readonly string[];
  readonly weight: number;
}

export interface Members {
  /** This node too. */
  list(): readonly Member[];
}
