/**
 * One HTTP exchange as JSON: the answer's body, or a Failure with the venue's code. It knows nothing of
 * sessions; an answer that does not come within the time given is TIMEOUT, and what then became of the
 * request is unknown.
 */
import { Failure } from "./failure.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Exchange {
  readonly method: Method;
  readonly url: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly timeoutMs?: number;
  /** The answer as it came, not read as JSON. */
  readonly asText?: boolean;
}

const TIMEOUT_MS = 10_000;

function named(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === field)?.[1]
    : undefined;
}

function refused(status: number, body: unknown): Failure {
  const code = named(body, "code");
  const message = named(body, "message");
  return new Failure(
    typeof code === "string" ? code : `HTTP_${status}`,
    typeof message === "string" ? message : `The venue answered with status ${status}.`,
    status,
    named(body, "details"),
  );
}

async function receive(response: Response, asText: boolean): Promise<unknown> {
  const body = await response.text();
  if (asText) return body;
  if (body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch (cause) {
    // A proxy's error page in place of the venue's answer keeps its status; a broken answer has none.
    if (!response.ok) return undefined;
    throw new Failure("UNREADABLE", "The answer is not JSON.", 0, undefined, cause);
  }
}

export async function exchange(request: Exchange): Promise<unknown> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (request.token !== undefined) headers.authorization = `Bearer ${request.token}`;
  if (request.body !== undefined) headers["content-type"] = "application/json";
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers,
      signal: AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    const body = await receive(response, request.asText === true && response.ok);
    if (!response.ok) throw refused(response.status, body);
    return body;
  } catch (caught) {
    if (caught instanceof Failure) throw caught;
    const timedOut = caught instanceof Error && caught.name === "TimeoutError";
    throw timedOut
      ? new Failure("TIMEOUT", "The venue did not answer in time.", 0, undefined, caught)
      : new Failure("NETWORK", "The venue cannot be reached.", 0, undefined, caught);
  }
}
