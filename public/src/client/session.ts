/**
 * Who is signed in. The access token lives in memory only. The refresh token lies in sessionStorage, not
 * localStorage: it outlives a reload, and ends with the tab, so that closing the tab of a trading page on a
 * shared computer signs out. Tokens are renewed a minute before they expire; of several callers at once only
 * one asks. A refresh that the network lost is tried again and signs nobody out; one that the venue refused
 * does.
 */
import { decodeTokens } from "./decoding.ts";
import { Failure, failureOf } from "./failure.ts";
import type { Tokens } from "./wire.ts";

/** The part of the browser's Storage that is used. */
export interface KeyStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export type Post = (path: string, body: unknown) => Promise<unknown>;

const REFRESH_TOKEN = "cambist.refreshToken";
const EMAIL = "cambist.email";
/** Renewed this long before the end, or at half of a short life. */
const RENEW_BEFORE_MS = 60_000;
const RETRY_MS = 5_000;

export class Session {
  /** Called when the venue, or the user, has ended the session. */
  onEnded: (reason: "signedOut" | "expired") => void = () => {};

  /** Called with each new access token. */
  onToken: (accessToken: string) => void = () => {};

  #accessToken: string | undefined;
  #refreshing: Promise<string> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #post: Post;
  readonly #store: KeyStore;

  constructor(post: Post, store: KeyStore) {
    this.#post = post;
    this.#store = store;
  }

  get email(): string {
    return this.#store.getItem(EMAIL) ?? "";
  }

  /** Whether there is a session to go on with after a reload. */
  get kept(): boolean {
    return this.#store.getItem(REFRESH_TOKEN) !== null;
  }

  async signIn(email: string, password: string): Promise<void> {
    this.#keep(decodeTokens(await this.#post("auth/login", { email, password })));
    this.#store.setItem(EMAIL, email);
  }

  async register(email: string, password: string): Promise<void> {
    await this.#post("auth/register", { email, password });
    await this.signIn(email, password);
  }

  /** Tokens that the venue gave on another way: the user may do more with them than with the last ones. */
  adopt(tokens: Tokens): void {
    this.#keep(tokens);
  }

  /** The venue ends the session too, if it hears of it: here it has ended in any case. */
  signOut(): void {
    const refreshToken = this.#store.getItem(REFRESH_TOKEN);
    this.#end("signedOut");
    if (refreshToken !== null) void this.#post("auth/logout", { refreshToken }).catch(() => undefined);
  }

  /** The token for a request: what is there, or a new one. */
  async accessToken(): Promise<string> {
    return this.#accessToken ?? this.renew();
  }

  /** Trades the refresh token for new tokens. */
  renew(): Promise<string> {
    this.#refreshing ??= this.#renew().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #renew(): Promise<string> {
    const refreshToken = this.#store.getItem(REFRESH_TOKEN);
    if (refreshToken === null) throw new Failure("UNAUTHENTICATED", "Sign in first.", 401);
    try {
      const tokens = decodeTokens(await this.#post("auth/refresh", { refreshToken }));
      // Signed out while the answer was on its way: it must not sign in again.
      if (this.#store.getItem(REFRESH_TOKEN) !== refreshToken) {
        throw new Failure("UNAUTHENTICATED", "Sign in first.", 401);
      }
      this.#keep(tokens);
      return tokens.accessToken;
    } catch (caught) {
      const failure = failureOf(caught);
      if (failure.transient) this.#schedule(RETRY_MS);
      else if (this.#store.getItem(REFRESH_TOKEN) === refreshToken) this.#end("expired");
      throw failure;
    }
  }

  #keep(tokens: Tokens): void {
    this.#accessToken = tokens.accessToken;
    this.#store.setItem(REFRESH_TOKEN, tokens.refreshToken);
    this.onToken(tokens.accessToken);
    const lifeMs = tokens.expiresIn * 1_000;
    this.#schedule(Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2));
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer);
    // A failed renewal has scheduled the next, or ended the session and said so: nobody else waits for this
    // one.
    this.#timer = setTimeout(() => void this.renew().catch(() => undefined), Math.min(afterMs, 2 ** 31 - 1));
  }

  #end(reason: "signedOut" | "expired"): void {
    clearTimeout(this.#timer);
    this.#accessToken = undefined;
    this.#store.removeItem(REFRESH_TOKEN);
    this.#store.removeItem(EMAIL);
    this.onEnded(reason);
  }
}
