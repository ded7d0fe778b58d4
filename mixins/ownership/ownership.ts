/**
 * Who runs an actor. A claim saves work, it is not what keeps the journal safe: that is the expected sequence
 * of every append. An actor that loses its claim answers nobody any more and throws its state away.
 */
export interface Claim {
  readonly actor: string;
  /** Higher than that of any claim on this actor before, also of earlier processes. */
  readonly epoch: number;
  /** Resolves, with the reason, when the claim has been lost other than by `release`. */
  readonly lost: Promise<Error>;
  release(): Promise<void>;
}

export interface Ownership {
  /** Throws OwnershipTaken while another claim on the actor stands. */
  claim(actor: string): Promise<Claim>;
}

export class OwnershipTaken extends Error {
  readonly code = "OWNERSHIP_TAKEN";

  constructor(actor: string) {
    super(`Cannot claim actor ${actor} as another claim on it stands`);
    this.name = "OwnershipTaken";
  }
}
