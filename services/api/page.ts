/**
 * The dashboard: built files from public/dist, hashed ones kept by browsers for a year, the page itself asked
 * for each time. An unknown path that a browser asks for as a page gets the page, whose router knows it.
 * Scripts come from this origin alone, none are inline. Nothing under /api is ever answered from here.
 */
import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import compression from "compression";
import helmet from "helmet";
import type { Next } from "./guard.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, next: Next) => void;
interface StaticOptions {
  readonly index: string;
  readonly redirect: boolean;
  readonly setHeaders: (response: ServerResponse, path: string) => void;
}
/** moleculer-web's serve-static. */
export type ServeStatic = (folder: string, options: StaticOptions) => Handler;

const YEAR_SECONDS = 31_536_000;
const MISSING = `The dashboard has not been built.

Build it with: npm run build -w public
The API is at /api/v1, for example /api/v1/health
`;

const secure = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      // The chart sets styles of its own elements.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", "data:"],
      fontSrc: ["'self'", "data:"],
      // Its own sockets are 'self' too.
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // A venue on loopback speaks HTTP; whoever puts TLS before it sets this there.
  strictTransportSecurity: false,
});

/** Where the build lies, seen from the sources and from their compiled form. */
export function builtDashboard(): string | undefined {
  const folders = ["../../public/dist", "../../../public/dist"].map(path =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return folders.find(folder => existsSync(join(folder, "index.html")));
}

function setHeaders(response: ServerResponse, path: string): void {
  const hashed = /[\\/]assets[\\/]/.test(path);
  response.setHeader("Cache-Control", hashed ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache");
}

function wantsPage(request: IncomingMessage): boolean {
  return (
    (request.method === "GET" || request.method === "HEAD") &&
    (request.headers.accept ?? "").includes("text/html")
  );
}

/** Answers what no route has; `next` is called where there is nothing to show. */
export function pageOf(serveStatic: ServeStatic, folder = builtDashboard()): Handler {
  const compress = compression();
  const files =
    folder === undefined
      ? undefined
      : serveStatic(folder, { index: "index.html", redirect: false, setHeaders });
  const missing: Handler = (request, response, next) => {
    if (!wantsPage(request)) return next();
    response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" });
    response.end(MISSING);
  };
  const pages: Handler = (request, response, next) => {
    if (files === undefined) return missing(request, response, next);
    files(request, response, error => {
      if (error !== undefined || !wantsPage(request)) return next(error);
      request.url = "/index.html";
      files(request, response, next);
    });
  };
  return (request, response, next) => {
    const path = "originalUrl" in request ? String(request.originalUrl) : (request.url ?? "");
    if (path === "/api" || path.startsWith("/api/") || path.startsWith("/socket.io")) return next();
    secure(request, response, problem => {
      if (problem !== undefined) return next(problem);
      // express's types name what node:http's objects have.
      compress(request as never, response as never, fault =>
        fault ? next(fault) : pages(request, response, next),
      );
    });
  };
}
