/**
 * From a request to its route, in place of moleculer-web's own. That one sets a header on the answer before
 * anything is known of it, after which Node checks and keeps every further header by itself; here the
 * answer's headers go out in one piece (`sendResponse`), the request's id among them. Null: no route takes
 * the path.
 */
import type { ServerResponse } from "node:http";
import type { Context } from "moleculer";
import type { FoundRoute, Route } from "./exchange.ts";
import type { GatewayRequest } from "./guard.ts";

interface PathRoute extends Route {
  readonly path: string;
}

export interface RestHost {
  readonly routes: readonly PathRoute[];
  parseQueryString(request: GatewayRequest): { query: object; url: string };
  resolveAlias(
    url: string,
    method: unknown,
  ): false | (FoundRoute & { readonly alias: { readonly route: PathRoute } });
  routeHandler(
    ctx: Context,
    route: Route,
    request: GatewayRequest,
    response: ServerResponse,
    found: FoundRoute | undefined,
  ): Promise<true | null>;
}

interface RestParams {
  readonly req: GatewayRequest & { baseUrl?: string; parsedUrl?: string };
  readonly res: ServerResponse & { $ctx?: unknown };
}

export function restAction(this: RestHost, ctx: GatewayRequest["$ctx"]): Promise<true | null> | null {
  const { req: request, res: response } = ctx.params as RestParams;
  request.$ctx = ctx;
  response.$ctx = ctx;
  request.originalUrl ??= request.url ?? "";
  const { url: path, query } = this.parseQueryString(request);
  const url = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  request.parsedUrl = url;
  request.query ??= { ...query };
  const preflight = request.method === "OPTIONS";
  const method = preflight ? request.headers["access-control-request-method"] : request.method;
  const found = this.resolveAlias(url, method) || undefined;
  const route = found?.alias.route ?? this.routes.find(each => url.startsWith(each.path));
  if (route === undefined) return null;
  request.baseUrl = route.path;
  const rest = request.originalUrl.slice(route.path.length);
  request.url = rest.startsWith("/") ? rest : `/${rest}`;
  return this.routeHandler(ctx, route, request, response, found);
}
