/**
 * Faults: what the world does wrong or a caller asks wrongly, as opposed to a rejection, which is a trading
 * outcome. Each has a code of docs/ERRORS.md, an HTTP status, and says whether the same call may be sent
 * again.
 */
import Moleculer from "moleculer";

export const FAULTS = {
  BAD_REQUEST: { status: 400, retryable: false },
  UNAUTHENTICATED: { status: 401, retryable: false },
  CREDENTIALS_INVALID: { status: 401, retryable: false },
  FORBIDDEN: { status: 403, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  SYMBOL_UNKNOWN: { status: 404, retryable: false },
  ACCOUNT_UNKNOWN: { status: 404, retryable: false },
  POSITION_UNKNOWN: { status: 404, retryable: false },
  ORDER_UNKNOWN: { status: 404, retryable: false },
  ORDER_NEVER_ACCEPTED: { status: 404, retryable: false },
  CLIENT_ORDER_ID_REUSED: { status: 409, retryable: false },
  CLIENT_ORDER_ID_REVOKED: { status: 409, retryable: false },
  CLOSE_BY_REJECTED: { status: 409, retryable: false },
  AMEND_REJECTED: { status: 409, retryable: false },
  PROFILE_REJECTED: { status: 409, retryable: false },
  TRANSFER_UNKNOWN: { status: 404, retryable: false },
  TRANSFER_REJECTED: { status: 409, retryable: false },
  TRANSFER_ID_REUSED: { status: 409, retryable: false },
  TRANSFER_NOT_PENDING: { status: 409, retryable: false },
  FEE_TIER_UNKNOWN: { status: 404, retryable: false },
  FEE_TIER_REUSED: { status: 409, retryable: false },
  ORDER_NOT_OPEN: { status: 409, retryable: false },
  ACCOUNTS_LIMIT: { status: 409, retryable: false },
  EMAIL_TAKEN: { status: 409, retryable: false },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false },
  VALIDATION_FAILED: { status: 422, retryable: false },
  TOO_MANY_REQUESTS: { status: 429, retryable: true },
  SLOW_READER: { status: 429, retryable: true },
  INTERNAL: { status: 500, retryable: false },
  NOT_READY: { status: 503, retryable: true },
  MAILBOX_FULL: { status: 503, retryable: true },
  OUTCOME_UNKNOWN: { status: 503, retryable: true },
} as const;

export type FaultCode = keyof typeof FAULTS;

export function isFaultCode(type: unknown): type is FaultCode {
  return typeof type === "string" && Object.hasOwn(FAULTS, type);
}

export class Fault extends Moleculer.Errors.MoleculerError {
  override readonly retryable: boolean;

  constructor(
    code: FaultCode,
    message: string,
    details?: Readonly<Record<string, unknown>>,
    cause?: unknown,
  ) {
    super(message, FAULTS[code].status, code, details);
    this.name = "Fault";
    this.retryable = FAULTS[code].retryable;
    if (cause !== undefined) this.cause = cause;
  }
}
