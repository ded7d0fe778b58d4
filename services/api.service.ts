/**
 * The door to the outside: REST under /api/v1, sockets and the dashboard, on one HTTP server. It decides who
 * may ask what and how often, translates requests to actions and faults to answers, and knows nothing of
 * trading. Bodies have at most 64 kB; other origins are not served; nothing internal is ever told.
 */
import type { Server, ServerResponse } from "node:http";
import { parse } from "node:querystring";
import compression from "compression";
import type { Context, ServiceSchema, ServiceSettingSchema } from "moleculer";
import ApiGateway from "moleculer-web";
import { Fault } from "../mixins/fault.ts";
import { type Runtime, runtimeOf } from "../mixins/runtime/runtime.ts";
import { SettingInvalid } from "../mixins/runtime/setting.ts";
import { tokensOf } from "../mixins/tokens.ts";
import { Admissions } from "./api/admissions.ts";
import { exchange, type FoundRoute, type Route } from "./api/exchange.ts";
import { gatewayEvents } from "./api/gateway-events.ts";
import { type GatewayRequest, type GuardPorts, guardOf, plainBody, readTrustedProxies } from "./api/guard.ts";
import { type OpenLimits, openRateLimits } from "./api/open-limits.ts";
import { pageOf } from "./api/page.ts";
import { refusalOf } from "./api/refusal.ts";
import { type RestHost, restAction } from "./api/rest-action.ts";
import { API_PATH, ROUTE_GROUPS, type RouteGroup } from "./api/routes.ts";
import { SocketGateway } from "./api/socket-gateway.ts";
import { venueWaitsFor } from "./api/venue-readiness.ts";

interface Gateway extends Pick<RestHost, "routes" | "resolveAlias" | "routeHandler"> {
  server: Server;
  serve: ReturnType<typeof pageOf>;
  ports: { -readonly [Name in keyof GuardPorts]: GuardPorts[Name] };
  sockets: SocketGateway;
  counts: OpenLimits;
}

interface GatewaySettings extends ServiceSettingSchema {
  routes: unknown[];
  ip?: string;
  port?: number;
  [setting: string]: unknown;
}

interface GatewayMethods {
  parseQueryString(request: GatewayRequest): { query: object; url: string };
  sendResponse(request: GatewayRequest, response: ServerResponse, data: unknown): void;
  errorHandler(request: GatewayRequest, response: ServerResponse, error: unknown): void;
}

const BODY_BYTES_MAX = 65_536;
const COMPRESSED_FROM_BYTES = 1_024;
const REQUEST_TIMEOUT_MS = 30_000;
/** Requests that are being answered have this long when the venue ends. */
const CLOSE_MS = 2_000;
const BY_CLIENT_ID = `${API_PATH}/orders/by-client-id/`;
const JSON_TYPE = "application/json; charset=utf-8";

const readBody = ApiGateway.bodyParser.json({ limit: BODY_BYTES_MAX, inflate: false, type: () => true });
const compress = compression({ threshold: COMPRESSED_FROM_BYTES });

function routeOf(group: RouteGroup) {
  const use: unknown[] = [guardOf(group)];
  if (group.body) use.push(readBody, plainBody);
  if (group.compressed) use.push(compress);
  return {
    name: group.name,
    path: API_PATH,
    mappingPolicy: "restrict",
    bodyParsers: false,
    logging: false,
    use,
    aliases: group.routes,
  };
}

/** Why the server does not listen. */
function unheard(error: Error, { settings }: Runtime): Error {
  const { host, port } = settings;
  const free = "code" in error && error.code === "EADDRINUSE";
  const rule = free ? "'PORT' must be free" : "'HOST' and 'PORT' must be an address of this machine";
  return new SettingInvalid(`Cannot start as ${rule}: received ${host}:${port}`, { cause: error });
}

function headersOf(request: GatewayRequest, body: string): Record<string, string | number> {
  const headers: Record<string, string | number> = {
    "Content-Type": JSON_TYPE,
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  };
  const { allowance, $ctx } = request;
  if (typeof $ctx?.requestID === "string") headers["X-Request-ID"] = $ctx.requestID;
  if (allowance !== undefined) {
    headers["X-RateLimit-Limit"] = allowance.limit;
    headers["X-RateLimit-Remaining"] = allowance.remaining;
    headers["X-RateLimit-Reset"] = Math.ceil(allowance.resetMs / 1_000);
  }
  return headers;
}

const schema: ServiceSchema<GatewaySettings, GatewayMethods, Gateway> = {
  name: "api",
  mixins: [ApiGateway],

  settings: {
    routes: ROUTE_GROUPS.map(routeOf),
    logRequest: null,
    logRequestParams: null,
    logResponse: null,
    logRouteRegistration: null,
    requestTimeout: REQUEST_TIMEOUT_MS,
  },

  actions: {
    rest: { handler: restAction },
    listAliases: false,
    addRoute: false,
    removeRoute: false,

    health: {
      params: { $$strict: true },
      handler: () => ({ status: "ok" }),
    },

    ready: {
      params: { $$strict: true },
      handler(ctx: Context) {
        const waiting = venueWaitsFor(ctx.broker);
        if (waiting.length > 0)
          throw new Fault("NOT_READY", "Cannot trade yet as parts of the venue are starting", { waiting });
        return { status: "ready" };
      },
    },
  },

  events: gatewayEvents,

  methods: {
    /** In place of moleculer-web's: see exchange.ts. */
    routeHandler(
      ctx: Context,
      route: Route,
      request: GatewayRequest,
      response: ServerResponse,
      found: FoundRoute | undefined,
    ) {
      return exchange(this, ctx, route, request, response, found);
    },

    /**
     * In place of moleculer-web's: a HEAD is answered as its GET, whose body the server leaves out, and the
     * slash that ends a client order id is part of it.
     */
    parseQueryString(request: GatewayRequest) {
      const { method, url: whole = "" } = request;
      if (method === "HEAD" && whole.startsWith(API_PATH)) request.method = "GET";
      const mark = whole.indexOf("?");
      const path = mark < 0 ? whole : whole.slice(0, mark);
      const ends = path.endsWith("/") && path.startsWith(BY_CLIENT_ID);
      return {
        url: ends ? `${path.slice(0, -1)}%2F` : path,
        query: mark < 0 ? {} : { ...parse(whole.slice(mark + 1)) },
      };
    },

    /** In place of moleculer-web's: an answer is JSON, and its headers go out in one piece. */
    sendResponse(request: GatewayRequest, response: ServerResponse, data: unknown) {
      const type = request.$ctx.meta.$responseType;
      const isText = type !== undefined && typeof data === "string";
      const body = isText ? data : JSON.stringify(data ?? null);
      const headers = headersOf(request, body);
      if (isText) headers["Content-Type"] = type;
      response.writeHead(request.$ctx.meta.$statusCode ?? 200, headers);
      response.end(body);
    },

    /** In place of moleculer-web's, which tells what it should not. */
    errorHandler(request: GatewayRequest, response: ServerResponse, error: unknown) {
      const log = (cause: unknown) =>
        this.logger.error(`Cannot answer ${request.method} ${request.originalUrl}`, cause);
      const { status, body, retryAfterSeconds } = refusalOf(error, request.method !== "GET", log);
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const text = JSON.stringify(body);
      const headers = headersOf(request, text);
      if (retryAfterSeconds !== undefined) headers["Retry-After"] = retryAfterSeconds;
      if (status === 401) headers["WWW-Authenticate"] = "Bearer";
      response.writeHead(status, headers);
      response.end(text);
    },

    send404(request: GatewayRequest, response: ServerResponse) {
      this.errorHandler(
        request,
        response,
        new Fault("NOT_FOUND", "Cannot find what was asked for as the path must be one of the API"),
      );
    },
  },

  created() {
    const { broker } = this;
    const runtime = runtimeOf(broker);
    this.settings.ip = runtime.settings.host;
    this.settings.port = runtime.settings.port;
    const admissions = new Admissions(broker);
    const trustedProxies = readTrustedProxies(process.env);
    this.counts = openRateLimits(broker);
    this.ports = { tokens: undefined, admissions, limits: this.counts.limits, trustedProxies };
    this.serve = pageOf(ApiGateway.serveStatic);
    // In place of moleculer-web's, which ends the process on the spot.
    this.server.removeAllListeners("error").on("error", error => runtime.onFatal(unheard(error, runtime)));
    const log = (error: unknown) => this.logger.error("Cannot answer on a socket", error);
    const { ports } = this;
    this.sockets = new SocketGateway(this.server, {
      broker,
      trustedProxies,
      admissions,
      tokens: () => ports.tokens,
      log,
    });
  },

  async started() {
    const runtime = runtimeOf(this.broker);
    this.ports.tokens = await tokensOf(runtime);
    const address = this.server.address();
    if (address !== null && typeof address === "object") {
      const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
      runtime.address = `http://${host}:${address.port}`;
    }
  },

  async stopped() {
    const timer = setTimeout(() => this.server.closeAllConnections(), CLOSE_MS);
    await this.sockets.close();
    clearTimeout(timer);
    this.counts.close();
  },
};

export default schema;
