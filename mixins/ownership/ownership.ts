/**
 * Who runs an actor. A claim saves work, it is not what keeps the journal safe: that is the expected sequence
 * of every append. An actor that loses its claim answers nobody any more and throws its state away.
 */
export interface Claim {
  readonly actor: string;
  /** Higher than that of any claim on this actor before, also of earlier processes. */
  readonly epoch: number;
  /**
   * False once the claim is released, or may be another's by the holder's own clock. To be asked right before
   * an answer: a process that was stopped and goes on learns here, before any timer, that its time has run
   * out.
   */
  readonly standing: boolean;
  /** Resolves, with the reason, when the claim has been lost other than by `release`. */
  readonly lost: Promise<Error>;
  /** Gives the actor back, so that the next one takes it at once. Of a claim that is lost: nothing. */
  release(): Promise<void>;
}

/** Who has an actor, as far as this node can tell. */
export interface Holder {
  readonly node: string;
  readonly epoch: number;
  /** Its lease has not been renewed in time: whoever claims the actor gets it. */
  readonly dead: boolean;
}

export interface Ownership {
  /** Throws OwnershipTaken while another claim on the actor stands. */
  claim(actor: string): Promise<Claim>;
  /**
   * Holders by actor, a moment old: a hint for whoever looks for actors to claim, asked several times a
   * second. One that is not there was never claimed or has been released.
   */
  holders(): Promise<ReadonlyMap<string, Holder>>;
  /** Ends what runs beside; claims that stand are not released. */
  close(): Promise<void>;
}

export class OwnershipTaken extends Error {
  readonly code = "OWNERSHIP_TAKEN";

  constructor(actor: string, cause?: unknown) {
    super(`Cannot claim actor ${actor} as another claim on it stands`, { cause });
    this.name = "OwnershipTaken";
  }
}
