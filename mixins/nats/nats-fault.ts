/** What the client's errors mean to the ports: which refusal is one of a sequence, and what is not there. */
import { ErrorCode, NatsError } from "nats";

/** The second one while another write of the same key is on its way to the replicas. */
const WRONG_LAST_SEQUENCE: readonly (number | undefined)[] = [10_071, 10_164];
const STREAM_NOT_FOUND = 10_059;
const NOT_FOUND = 404;
const UNAVAILABLE = 503;

/** The server compared sequences and refused: nothing is stored. */
export function isWrongSequence(error: unknown): boolean {
  if (!(error instanceof NatsError) || error.api_error === undefined) return false;
  return WRONG_LAST_SEQUENCE.includes(error.api_error.err_code);
}

export function isStreamUnknown(error: unknown): boolean {
  return error instanceof NatsError && error.api_error?.err_code === STREAM_NOT_FOUND;
}

/**
 * No answer came, or the one that JetStream cannot tell now, as it chooses a leader: what was asked for may
 * have been done.
 */
export function isUnanswered(error: unknown): boolean {
  if (!(error instanceof NatsError)) return false;
  if (error.api_error !== undefined) return error.api_error.code === UNAVAILABLE;
  return error.code === ErrorCode.Timeout || error.code === ErrorCode.NoResponders;
}

/** What was asked for is not in the stream. */
export function isAbsent(error: unknown): boolean {
  if (!(error instanceof NatsError) || isStreamUnknown(error)) return false;
  return error.api_error?.code === NOT_FOUND;
}

/** The server, or the lack of one, did not do it. `action`: "append to stream X". */
export class NatsRefused extends Error {
  readonly code = "NATS_REFUSED";

  constructor(action: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`Cannot ${action} as NATS must do it in time: ${reason}`, { cause });
    this.name = "NatsRefused";
  }
}

/** NATS cannot be used as it is configured: an operator has to change something. */
export class NatsUnusable extends Error {
  readonly code = "NATS_UNUSABLE";
}
