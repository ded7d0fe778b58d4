/** Why a command of a client has no outcome yet, as he is told. */
import { Violation } from "../check/violation.ts";

export interface Failure {
  readonly type: string;
  readonly message: string;
}

/** A code of a fault, or what the framework says. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Violation) throw error;
  const type = error instanceof Error && "type" in error ? String(error.type) : "";
  return { type, message: error instanceof Error ? error.message : String(error) };
}
