/**
 * The venue's tokens: signed with HS256, no other algorithm is read. An access token names the user, the
 * accounts and the roles, and is good for 15 minutes; a refresh token names the user, the version of his
 * record, its session and its number there, is good for 30 days, and each use gives the next: see
 * `sessions/sessions.ts`. Raising the user's version ends all his refresh tokens.
 *
 * Worst case: tokens seen are kept, at most `SESSIONS_MAX`, so that an order costs one look-up instead of an
 * HMAC.
 */
import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createSigner, createVerifier } from "fast-jwt";
import type { Role, UserDocument } from "../models/user.model.ts";
import { Fault } from "./fault.ts";
import { SECRET_CHARACTERS_MIN } from "./runtime/cluster-settings.ts";
import type { Runtime } from "./runtime/runtime.ts";

export const ACCESS_SECONDS = 15 * 60;
export const REFRESH_SECONDS = 30 * 24 * 3_600;
const SESSIONS_MAX = 10_000;
const ISSUER = "cambist";
const ROLES: ReadonlySet<unknown> = new Set<Role>(["trader", "liquidity", "operator"]);

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds for which the access token is good. */
  readonly expiresIn: number;
}

/** What an access token says. */
export interface Session {
  readonly principal: {
    readonly userId: string;
    readonly accounts: readonly number[];
    readonly roles: readonly Role[];
  };
  /** Milliseconds UTC. */
  readonly expiresAt: number;
}

/** What a refresh token says. */
export interface RefreshClaims {
  readonly userId: string;
  readonly version: number;
  readonly session: string;
  readonly number: number;
}

type Claims = Readonly<Record<string, unknown>>;

export class Tokens {
  readonly #signAccess: (claims: Claims) => string;
  readonly #signRefresh: (claims: Claims) => string;
  readonly #verify: (token: string) => Claims;
  readonly #sessions = new Map<string, Session>();

  constructor(secret: string) {
    if (secret.length < SECRET_CHARACTERS_MIN) {
      throw new RangeError(
        `Cannot sign tokens as the secret must have ${SECRET_CHARACTERS_MIN} characters or more: ` +
          `received ${secret.length}`,
      );
    }
    const options = { key: secret, algorithm: "HS256", iss: ISSUER } as const;
    this.#signAccess = createSigner({ ...options, expiresIn: ACCESS_SECONDS * 1_000 });
    this.#signRefresh = createSigner({ ...options, expiresIn: REFRESH_SECONDS * 1_000 });
    const requiredClaims = ["sub", "type", "exp"];
    this.#verify = createVerifier({ key: secret, algorithms: ["HS256"], allowedIss: ISSUER, requiredClaims });
  }

  /** Tokens of a session that begins, or goes on with the refresh token of that number. */
  issue(user: UserDocument, session = randomBytes(12).toString("base64url"), number = 1): TokenPair {
    const accounts = user.accounts.map(account => account.id);
    return {
      accessToken: this.#signAccess({ sub: user._id, accounts, roles: user.roles, type: "access" }),
      refreshToken: this.#signRefresh({
        sub: user._id,
        version: user.version,
        session,
        number,
        type: "refresh",
      }),
      expiresIn: ACCESS_SECONDS,
    };
  }

  /** The session of an access token. Throws UNAUTHENTICATED. */
  session(token: string): Session {
    const known = this.#sessions.get(token);
    if (known !== undefined) {
      if (known.expiresAt > Date.now()) return known;
      this.#sessions.delete(token);
    }
    const { sub, accounts, roles, exp } = this.#read(token, "access");
    if (!Array.isArray(accounts) || !accounts.every(Number.isSafeInteger)) throw refused();
    if (!Array.isArray(roles) || !roles.every(role => ROLES.has(role))) throw refused();
    const session = { principal: { userId: sub, accounts, roles }, expiresAt: exp * 1_000 };
    if (this.#sessions.size >= SESSIONS_MAX) {
      for (const oldest of this.#sessions.keys()) {
        this.#sessions.delete(oldest);
        break;
      }
    }
    this.#sessions.set(token, session);
    return session;
  }

  /** Throws UNAUTHENTICATED. */
  refresh(token: string): RefreshClaims {
    const { sub, claims } = this.#read(token, "refresh");
    const { version, session, number } = claims;
    if (typeof version !== "number" || typeof session !== "string") throw refused();
    if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 1) throw refused();
    return { userId: sub, version, session, number };
  }

  #read(token: string, type: "access" | "refresh") {
    let claims: Claims;
    try {
      claims = this.#verify(token);
    } catch (error) {
      if (isTokenError(error)) throw refused(error);
      throw error;
    }
    const { sub, exp, accounts, roles } = claims;
    if (claims.type !== type || typeof sub !== "string" || typeof exp !== "number") throw refused();
    return { sub, exp, accounts, roles, claims };
  }
}

function isTokenError(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("FAST_JWT_");
}

function refused(cause?: unknown): Fault {
  return new Fault(
    "UNAUTHENTICATED",
    "Cannot act as the token must be one of this venue and not expired",
    undefined,
    cause,
  );
}

/** The kept secret; a new one, durable before it is used, where there is none. */
async function keptSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, "secrets", "jwt");
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  for (;;) {
    try {
      return (await readFile(file, "utf8")).trim();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
    const fresh = `${file}.${randomBytes(6).toString("hex")}`;
    const handle = await open(fresh, "wx", 0o600);
    try {
      await handle.writeFile(randomBytes(48).toString("base64url"));
      await handle.sync();
    } finally {
      await handle.close();
    }
    try {
      // Fails where another has been first: then his is the secret.
      await link(fresh, file);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    } finally {
      await rm(fresh);
    }
  }
}

const opened = new WeakMap<Runtime, Promise<Tokens>>();

/** The tokens of a node: one secret, from JWT_SECRET or kept in the data folder. */
export function tokensOf(runtime: Runtime): Promise<Tokens> {
  let tokens = opened.get(runtime);
  if (tokens === undefined) {
    const given = process.env.JWT_SECRET;
    const secret = given ? Promise.resolve(given) : keptSecret(runtime.settings.dataDir);
    tokens = secret.then(text => new Tokens(text));
    opened.set(runtime, tokens);
  }
  return tokens;
}
