/**
 * The contract of every actor's core. A machine is a pure function of the commands that it was given, in
 * order: no clock, no randomness, no I/O. Time and ids arrive in the command.
 */
export interface StateMachine<Command, Outcome> {
  /** Changes the state and says what happened. A refusal is an outcome; only a broken invariant throws. */
  apply(command: Command): Outcome;
  /** 16 hexadecimal digits over the whole state; equal for equal histories, on any machine. */
  hash(): string;
  /** Throws where an invariant does not hold; O(state). For tests, snapshots and operators. */
  check(): void;
  /** The whole state in bytes, from which `restore` makes an equal machine. */
  snapshot(): Uint8Array;
}
