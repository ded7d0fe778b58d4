/**
 * Stands before every route: who calls, whether he may, and how often he has. It runs before a body is read.
 * Tokens come in the Authorization header only. An address is the connection's; X-Forwarded-For is believed
 * only for as many proxies as TRUST_PROXY names.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "moleculer";
import { Fault } from "../../mixins/fault.ts";
import { SettingInvalid } from "../../mixins/runtime/setting.ts";
import type { Tokens } from "../../mixins/tokens.ts";
import type { Principal, PrincipalMeta } from "../principal.ts";
import { type Admissions, notAdmitted } from "./admissions.ts";
import type { Allowance, RateLimit, RateLimits } from "./rate-limits.ts";
import type { RouteGroup } from "./routes.ts";

/** A request on its way through moleculer-web. */
export interface GatewayRequest extends IncomingMessage {
  $ctx: Context<unknown, PrincipalMeta & { $statusCode?: number; $responseType?: string }>;
  originalUrl: string;
  query: Record<string, unknown>;
  body?: unknown;
  /** What is left of the caller's limit. */
  allowance?: Allowance;
}

export interface GuardPorts {
  readonly tokens: Tokens | undefined;
  readonly admissions: Admissions;
  readonly limits: RateLimits;
  readonly trustedProxies: number;
}

export type Next = (error?: unknown) => void;
export type Middleware = (
  this: { ports: GuardPorts },
  request: GatewayRequest,
  response: ServerResponse,
  next: Next,
) => void;

/** In any case: the scheme's name has none. */
const BEARER = "bearer ";
/** Query fields that actions take as integers. */
const INTEGERS = ["limit", "depth"];
const INTEGER = /^\d{1,9}$/;

/** The caller's address, as far as it can be believed. */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const own = request.socket.remoteAddress ?? "";
  if (trustedProxies === 0) return own;
  const forwarded = String(request.headers["x-forwarded-for"] ?? "").split(",");
  // The last proxy wrote the last entry: each trusted one is one entry further from the end.
  return forwarded.at(-Math.min(trustedProxies, forwarded.length))?.trim() || own;
}

/** The proxies before this node whose word on the caller's address is taken. */
export function readTrustedProxies({ TRUST_PROXY: text = "" }: NodeJS.ProcessEnv): number {
  if (text === "") return 0;
  if (!/^\d$/.test(text)) {
    throw new SettingInvalid(`Cannot start as 'TRUST_PROXY' must be a number of proxies: received ${text}`);
  }
  return Number(text);
}

function invalidField(field: string, message: string): Fault {
  return new Fault("VALIDATION_FAILED", `Cannot read request: ${message}`, { fields: [{ field, message }] });
}

function readQuery(request: GatewayRequest): Fault | undefined {
  const { query, method } = request;
  for (const name in query) {
    if (method !== "GET")
      return invalidField(name, "What changes something is said in the body, not in the query");
    if (!INTEGERS.includes(name)) continue;
    const text = query[name];
    if (typeof text !== "string" || !INTEGER.test(text))
      return invalidField(name, `The '${name}' field must be an integer`);
    query[name] = Number(text);
  }
  return undefined;
}

function tooMany(allowance: Allowance): Fault {
  return new Fault(
    "TOO_MANY_REQUESTS",
    `Cannot answer as at most ${allowance.limit} calls are taken in a window: try again when it has ended`,
    { limit: allowance.limit, retryAfterMs: allowance.resetMs },
  );
}

function count(limit: RateLimit, key: string, request: GatewayRequest, problem: unknown, next: Next): void {
  limit.take(key).then(allowance => {
    request.allowance = allowance;
    next(allowance.allowed ? problem : tooMany(allowance));
  }, next);
}

/** Who calls a `user` route. Throws UNAUTHENTICATED, FORBIDDEN or NOT_READY. */
function authenticate(ports: GuardPorts, group: RouteGroup, request: GatewayRequest): Principal {
  const { tokens } = ports;
  if (tokens === undefined) throw new Fault("NOT_READY", "Cannot check token as the venue is still starting");
  const { authorization } = request.headers;
  if (authorization?.slice(0, BEARER.length).toLowerCase() !== BEARER) {
    throw new Fault(
      "UNAUTHENTICATED",
      "Cannot act as the Authorization header must be 'Bearer' and an access token",
    );
  }
  const { principal } = tokens.session(authorization.slice(BEARER.length));
  if (group.role !== undefined && !principal.roles.includes(group.role)) {
    throw new Fault("FORBIDDEN", `Cannot act as the caller must have the role: ${group.role}`);
  }
  return principal;
}

/** Says whether a caller with a token has not been barred since it was given out. */
function admit(
  admissions: Admissions,
  principal: Principal,
  enter: (admitted: boolean) => void,
  failed: Next,
): void {
  const known = admissions.known(principal);
  if (known === undefined) admissions.ask(principal).then(enter, failed);
  else enter(known);
}

/** The guard of a group of routes. */
export function guardOf(group: RouteGroup): Middleware {
  return function guard(request, _response, next) {
    const { ports } = this;
    let problem = readQuery(request);
    // moleculer-web looks up what a preflight asks about, and would run it.
    if (request.method === "OPTIONS") {
      problem = new Fault("NOT_FOUND", "Cannot answer as other origins are not served");
    }
    if (group.access !== "user") {
      const key = addressOf(request, ports.trustedProxies);
      count(ports.limits[group.limit], key, request, problem, next);
      return;
    }
    try {
      const principal = authenticate(ports, group, request);
      request.$ctx.meta.principal = principal;
      const limit = ports.limits[group.limit];
      const enter = (admitted: boolean) =>
        count(limit, principal.userId, request, admitted ? problem : notAdmitted(), next);
      admit(ports.admissions, principal, enter, next);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      count(ports.limits.refused, addressOf(request, ports.trustedProxies), request, error, next);
    }
  };
}

/**
 * An order's id is said by the path alone; and no field is null, which the validator would take for one left
 * out.
 */
export const plainBody: Middleware = (request, _response, next) => {
  const body: unknown = request.body;
  for (const [name, value] of Object.entries(body ?? {})) {
    if (name === "id") return next(invalidField(name, "The 'id' field is not one of this request"));
    if (value === null) return next(invalidField(name, `The '${name}' field must not be null`));
  }
  next();
};
