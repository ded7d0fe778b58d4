/**
 * What went wrong between the page and the venue, with a code of the venue's list (or one of the three below
 * that only a client can know). `uncertain` says that the venue may have acted all the same: then the same
 * request is sent again under the same clientOrderId, or looked up, but never made anew.
 */

/** NETWORK: no answer came. TIMEOUT: none came in time. UNREADABLE: it was not what this page understands. */
export type ClientCode = "NETWORK" | "TIMEOUT" | "UNREADABLE";

export class Failure extends Error {
  readonly code: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly details: unknown;

  constructor(code: string, message: string, status = 0, details?: unknown, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "Failure";
    this.code = code;
    this.status = status;
    this.details = details;
  }

  get uncertain(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  /** Whether the same request may succeed a little later. */
  get transient(): boolean {
    return this.uncertain || this.status === 429;
  }
}

/** Anything caught, as a Failure. */
export function failureOf(caught: unknown): Failure {
  if (caught instanceof Failure) return caught;
  const message = caught instanceof Error ? caught.message : String(caught);
  return new Failure("UNREADABLE", message, 0, undefined, caught);
}
