/**
 * What a caller is told of a failure: `{code, message, details}` with a code of docs/ERRORS.md, the same over
 * HTTP and sockets. A fault says its own; the framework's errors are translated; anything else is INTERNAL,
 * whose cause is logged here and never told. Only what is listed below ever leaves the house.
 */
import Moleculer from "moleculer";
import { FAULTS, Fault, type FaultCode, isFaultCode } from "../../mixins/fault.ts";
import { isUnheard, isUnknown } from "../call-failure.ts";

export interface Refusal {
  readonly status: number;
  readonly body: { readonly code: FaultCode; readonly message: string; readonly details: unknown };
  /** Where the same call may be sent again: after so many seconds. */
  readonly retryAfterSeconds?: number;
}

interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** How body-parser and moleculer-web name what is wrong with a request. */
const REQUEST_ERRORS: ReadonlyMap<string, readonly [FaultCode, string]> = new Map([
  ["entity.parse.failed", ["BAD_REQUEST", "Cannot read request as its body must be a JSON object"]],
  [
    "entity.too.large",
    ["PAYLOAD_TOO_LARGE", "Cannot read request as its body must have at most 65536 bytes"],
  ],
  ["encoding.unsupported", ["BAD_REQUEST", "Cannot read request as its body must not be compressed"]],
  ["charset.unsupported", ["BAD_REQUEST", "Cannot read request as its body must be UTF-8"]],
  ["request.aborted", ["BAD_REQUEST", "Cannot read request as its body must be complete"]],
  [
    "request.size.invalid",
    ["BAD_REQUEST", "Cannot read request as its body must have the length that it states"],
  ],
  ["UNABLE_DECODE_PARAM", ["BAD_REQUEST", "Cannot read request as its path must be percent-encoded UTF-8"]],
  ["NOT_FOUND", ["NOT_FOUND", "Cannot find what was asked for as the path must be one of the API"]],
]);

function refusal(code: FaultCode, message: string, details: unknown = {}): Refusal {
  const { status, retryable } = FAULTS[code];
  const body = { code, message, details: details ?? {} };
  if (!retryable) return { status, body };
  const ms = field(details, "retryAfterMs");
  return {
    status,
    body,
    retryAfterSeconds: Math.max(1, Math.ceil((typeof ms === "number" ? ms : 0) / 1_000)),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function problemsOf(problem: unknown): FieldProblem[] {
  const [name, message] = [field(problem, "field"), field(problem, "message")];
  if (field(problem, "type") === "objectStrict") {
    const unknown = String(field(problem, "actual")).split(", ");
    return unknown.map(key => ({ field: key, message: `The '${key}' field is not one of this request` }));
  }
  if (field(problem, "type") === "enumValue") {
    const values = String(field(problem, "expected"));
    return [{ field: String(name), message: `The '${name}' field must be one of: ${values}` }];
  }
  return [
    { field: typeof name === "string" ? name : "", message: typeof message === "string" ? message : "" },
  ];
}

function invalid(problems: unknown): Refusal {
  const fields = Array.isArray(problems) ? problems.flatMap(problemsOf) : [];
  const message = `Cannot read request as it must fit its schema: ${fields[0]?.message ?? "it does not"}`;
  return refusal("VALIDATION_FAILED", message, { fields });
}

function internal(error: unknown, log: (error: unknown) => void): Refusal {
  log(error);
  return refusal("INTERNAL", "Cannot answer as something in the venue has failed");
}

/** `changes`: the call may have changed something. `log` is told what must not be shown. */
export function refusalOf(error: unknown, changes: boolean, log: (error: unknown) => void): Refusal {
  if (!(error instanceof Error && "type" in error && typeof error.type === "string"))
    return internal(error, log);
  const { type } = error;
  const data = "data" in error ? error.data : undefined;
  // A fault that came from another node is no instance any more, but keeps its name.
  if ((error instanceof Fault || error.name === "Fault") && isFaultCode(type) && type !== "INTERNAL") {
    return refusal(type, error.message, data);
  }
  if (error instanceof Moleculer.Errors.ValidationError) return invalid(data);
  const request = REQUEST_ERRORS.get(type);
  if (request !== undefined) return refusal(...request);
  if (type === "QUEUE_FULL") {
    return refusal("MAILBOX_FULL", "Cannot answer as too much waits for a part of the venue");
  }
  if (isUnknown(error) && changes) {
    return refusal(
      "OUTCOME_UNKNOWN",
      "Cannot say what became of the request: ask for its outcome by client order id",
    );
  }
  if (isUnheard(error) || isUnknown(error)) {
    return refusal("NOT_READY", "Cannot answer yet as a part of the venue is not ready");
  }
  return internal(error, log);
}
