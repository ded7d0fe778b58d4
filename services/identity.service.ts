/**
 * Who may sign in, and with which accounts: registers, signs in, renews tokens. A new user gets one demo
 * account of USD 100,000; where its opening was not confirmed it is asked for again at the next sign-in.
 * Addresses are compared normalised. A refresh token that is used a second time ends its session. Worst case:
 * sign-ins wait for bcrypt, which has four threads.
 */
import type { Context, ServiceSchema, ServiceSettingSchema } from "moleculer";
import { shardOf } from "../engine/ids.ts";
import type { UserDocuments } from "../mixins/documents/documents.ts";
import { Fault } from "../mixins/fault.ts";
import { checkPassword, hashPassword, PASSWORD_CHARACTERS_MIN } from "../mixins/passwords.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import { openSessions } from "../mixins/sessions/session-store.ts";
import type { Sessions } from "../mixins/sessions/sessions.ts";
import { REFRESH_SECONDS, type TokenPair, type Tokens, tokensOf } from "../mixins/tokens.ts";
import type { AccountTerms, UserDocument } from "../models/user.model.ts";
import { isAdmitted } from "./admission.ts";
import { ACCOUNT_NAME } from "./orders/account-schema.ts";
import {
  insertOnce,
  OWN_ACCOUNT_PARAMS,
  type OwnAccountParams,
  openOwnAccount,
  openPending,
  viewUser,
} from "./own-accounts.ts";
import { type Principal, type PrincipalMeta, principalOf, type Role } from "./principal.ts";
import { REFRESH_TOKEN, refreshTokenEnded, useRefreshToken } from "./refresh-tokens.ts";

interface Identity {
  tokens: Tokens;
  sessions: Sessions;
  store: UserDocuments;
}

interface Methods {
  admit(user: UserDocument): Promise<void>;
  openAccounts(ctx: Context, user: UserDocument, terms: AccountTerms): Promise<void>;
  provisioned(email: string, name: string, role: Role, password?: string): Promise<UserDocument>;
}

interface RegisterParams {
  email: string;
  password: string;
  name?: string;
}

interface ProvisionParams extends Partial<AccountTerms> {
  email: string;
  name: string;
  role: Role;
  password?: string;
}

const EMAIL = { type: "email", max: 254 } as const;
const NAME = { type: "string", min: 1, max: 80 } as const;
const TERMS: AccountTerms = { currency: "USD", leverage: 30, deposit: "100000" };
/** How long a provisioned account waits for its risk shard to start. */
const SHARD_START_MS = 60_000;

function normalised(email: string): string {
  return email.normalize("NFKC").trim().toLowerCase();
}

function principalFor(user: UserDocument): Principal {
  return { userId: user._id, accounts: user.accounts.map(({ id }) => id), roles: user.roles };
}

function wrongCredentials(): Fault {
  return new Fault(
    "CREDENTIALS_INVALID",
    "Cannot sign in as e-mail address and password must belong together",
  );
}

const schema: ServiceSchema<ServiceSettingSchema, Methods, Identity> = {
  name: "identity",

  actions: {
    register: {
      params: {
        $$strict: true,
        email: EMAIL,
        password: { type: "string", min: PASSWORD_CHARACTERS_MIN, max: 256 },
        name: { ...NAME, optional: true },
      },
      async handler(ctx: Context<RegisterParams, { $statusCode?: number }>): Promise<TokenPair> {
        const { password, name } = ctx.params;
        const email = normalised(ctx.params.email);
        const { store, tokens } = this;
        const passwordHash = await hashPassword(password);
        const now = runtimeOf(ctx.broker).clock.now();
        const user = await store.insert({ email, name: name ?? email, passwordHash, role: "trader" }, now);
        await this.openAccounts(ctx, user, TERMS);
        ctx.meta.$statusCode = 201;
        return tokens.issue(user);
      },
    },

    login: {
      params: {
        $$strict: true,
        email: { type: "string", min: 1, max: 254 },
        password: { type: "string", min: 1, max: 256 },
      },
      async handler(ctx: Context<{ email: string; password: string }>): Promise<TokenPair> {
        const { store, tokens } = this;
        const user = await store.byEmail(normalised(ctx.params.email));
        const matches = await checkPassword(ctx.params.password, user?.passwordHash || undefined);
        if (user === undefined || !matches) throw wrongCredentials();
        await this.openAccounts(ctx, user, TERMS);
        await this.admit(user);
        return tokens.issue(user);
      },
    },

    refresh: {
      params: { $$strict: true, refreshToken: REFRESH_TOKEN },
      async handler(ctx: Context<{ refreshToken: string }>): Promise<TokenPair> {
        const { store, tokens, sessions } = this;
        const claims = tokens.refresh(ctx.params.refreshToken);
        const user = await store.byId(claims.userId);
        if (user === undefined || user.version !== claims.version) throw refreshTokenEnded();
        await this.admit(user);
        return tokens.issue(user, claims.session, await useRefreshToken(sessions, claims, this.logger));
      },
    },

    /** Ends the session of a refresh token; the access token is good for what is left of its 15 minutes. */
    logout: {
      params: { $$strict: true, refreshToken: REFRESH_TOKEN },
      async handler(ctx: Context<{ refreshToken: string }>): Promise<{ status: "signedOut" }> {
        const { tokens, sessions } = this;
        await sessions.end(tokens.refresh(ctx.params.refreshToken).session);
        return { status: "signedOut" };
      },
    },

    me: {
      params: { $$strict: true },
      async handler(ctx: Context<unknown, PrincipalMeta>) {
        const { store } = this;
        const { userId } = principalOf(ctx);
        const user = await store.byId(userId);
        if (user === undefined) throw new Fault("UNAUTHENTICATED", "Cannot act as the user must exist");
        const profile = await store.profile(userId);
        return viewUser(user, profile?.name ?? user.email);
      },
    },

    /** A further account of the caller's own; the tokens of the answer name it too. */
    openAccount: {
      params: OWN_ACCOUNT_PARAMS,
      handler(ctx: Context<OwnAccountParams, PrincipalMeta>) {
        const { store, tokens } = this;
        return openOwnAccount(ctx, store, tokens);
      },
    },

    /** For `accounts.change`, which has shown that the account is the user's. */
    nameAccount: {
      visibility: "public",
      params: { $$strict: true, userId: "string", account: "number|integer|positive", name: ACCOUNT_NAME },
      handler(ctx: Context<{ userId: string; account: number; name: string }>): Promise<void> {
        const { store } = this;
        return store.nameAccount(ctx.params.userId, ctx.params.account, ctx.params.name);
      },
    },

    /** A user of the venue's own, made unless he is there. Without a password nobody can sign in as him. */
    provision: {
      visibility: "public",
      params: {
        $$strict: true,
        email: EMAIL,
        name: NAME,
        role: { type: "enum", values: ["trader", "liquidity", "operator"] },
        password: { type: "string", min: PASSWORD_CHARACTERS_MIN, max: 256, optional: true },
        currency: { type: "string", length: 3, optional: true },
        leverage: { type: "number", integer: true, min: 1, max: 500, optional: true },
        deposit: { type: "string", pattern: /^\d{1,15}(\.\d{1,8})?$/, optional: true },
      },
      async handler(ctx: Context<ProvisionParams>): Promise<Principal> {
        const { email, name, role, password, ...terms } = ctx.params;
        const user = await this.provisioned(normalised(email), name, role, password);
        const { shards } = runtimeOf(ctx.broker).settings;
        const waiting = user.accounts.filter(({ opened }) => !opened);
        const services = waiting.map(({ id }) => `risk.${shardOf(id, shards)}`);
        if (waiting.length > 0) {
          await ctx.broker.waitForServices(["accounts", ...services], SHARD_START_MS);
        }
        await this.openAccounts(ctx, user, { ...TERMS, ...terms });
        return principalFor(user);
      },
    },
  },

  methods: {
    /** Opens what the ledger hasn't confirmed; opening twice is opening once. */
    async openAccounts(ctx: Context, user: UserDocument, terms: AccountTerms): Promise<void> {
      const { store } = this;
      await openPending(ctx, store, user, terms);
    },

    /** Throws FORBIDDEN where the user may not use the venue. */
    async admit(user: UserDocument): Promise<void> {
      if (await isAdmitted(this.broker, principalFor(user))) return;
      throw new Fault("FORBIDDEN", "Cannot sign in as none of the user's accounts may be used");
    },

    /** The user, made where he is missing; a password that is given is his afterwards. */
    async provisioned(email: string, name: string, role: Role, password?: string): Promise<UserDocument> {
      const { store } = this;
      const known = await store.byEmail(email);
      if (known === undefined) {
        // No password has the empty hash.
        const passwordHash = password === undefined ? "" : await hashPassword(password);
        const now = runtimeOf(this.broker).clock.now();
        return insertOnce(store, { email, name, passwordHash, role }, now);
      }
      if (password !== undefined && !(await checkPassword(password, known.passwordHash))) {
        await store.setPassword(known._id, await hashPassword(password));
      }
      return known;
    },
  },

  created() {
    // One store a broker: the schema is shared by every broker of the process.
    this.store = runtimeOf(this.broker).users;
  },

  async started() {
    const runtime = runtimeOf(this.broker);
    await this.store.connect().catch(error => runtime.onFatal(error));
    this.tokens = await tokensOf(runtime);
    const { logger } = this;
    this.sessions = openSessions(runtime, REFRESH_SECONDS * 1_000, {
      onAway: error => logger.warn("Refresh tokens count by their signature alone: Redis is away", error),
      onBack: () => logger.warn("Redis answers again: a refresh token that is used twice is noticed"),
    });
  },

  async stopped() {
    await this.sessions?.close();
  },
};

export default schema;
