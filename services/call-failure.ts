/**
 * What a failed call says of what was asked: that nobody has heard it, or that nobody knows. The framework's
 * errors have types of their own; a fault says its code by the same field.
 */

/** The part of the venue that is asked is not there, or moving: it never took the call. */
const UNHEARD: ReadonlySet<unknown> = new Set([
  "SERVICE_NOT_FOUND",
  "SERVICE_NOT_AVAILABLE",
  "SERVICE_UNAVAILABLE",
  "NOT_READY",
]);

/** The call was sent and nobody knows what became of it. */
const UNKNOWN: ReadonlySet<unknown> = new Set(["REQUEST_TIMEOUT", "REQUEST_REJECTED", "OUTCOME_UNKNOWN"]);

function typeOf(error: unknown): unknown {
  return error instanceof Error && "type" in error ? error.type : undefined;
}

export function isUnheard(error: unknown): boolean {
  return UNHEARD.has(typeOf(error));
}

export function isUnknown(error: unknown): boolean {
  return UNKNOWN.has(typeOf(error));
}
