/** Identity in a running venue: registration, sign-in, tokens, provisioning; and what a new start keeps. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSigner } from "fast-jwt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Fault } from "../../mixins/fault.ts";
import { type TokenPair, Tokens, tokensOf } from "../../mixins/tokens.ts";
import type { Principal } from "../../services/principal.ts";
import { startVenue, type Venue } from "./venue.ts";

let directory: string;
let venue: Venue;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cambist-identity-"));
  venue = await startVenue(undefined, { dataDir: directory });
});

afterAll(async () => {
  await venue.stop();
  await rm(directory, { recursive: true, force: true });
});

const call = <Answer>(action: string, params: object, meta: object = {}): Promise<Answer> =>
  venue.broker.call(`identity.${action}`, params, { meta });

const register = (email: string, password = "correct horse") =>
  call<TokenPair>("register", { email, password });

async function principal(pair: TokenPair): Promise<Principal> {
  return (await tokensOf(venue.runtime)).session(pair.accessToken).principal;
}

describe("registration", () => {
  test("gives one account of USD 100,000", async () => {
    const caller = await principal(await register("Ada@Example.org"));
    expect(caller).toMatchObject({ roles: ["trader"], accounts: [1_001] });
    const me = await call("me", {}, { principal: caller });
    expect(me).toMatchObject({ email: "ada@example.org", accounts: ["1001"] });
    expect(JSON.stringify(me)).not.toContain("$2b$");
    const account = await venue.broker.call("accounts.get", { id: "1001" }, { meta: { principal: caller } });
    expect(account).toMatchObject({ currency: "USD", leverage: 30, balance: "100000.00" });
    expect(account).toMatchObject({ wallet: "universal", environment: "demo", positionMode: "netting" });
    const margin = { marginCallLevel: "100.0", closeOutLevel: "50.0", marginState: "normal" };
    expect(account).toMatchObject(margin);
  });

  test("refuses an address that is taken, however it is written", async () => {
    await register("grace@example.org");
    await expect(register(" GRACE@example.org".trim())).rejects.toMatchObject({ type: "EMAIL_TAKEN" });
    const both = await Promise.allSettled([register("twin@example.org"), register("twin@example.org")]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("refuses passwords shorter than 8 characters, and longer than bcrypt reads", async () => {
    await expect(register("short@example.org", "seven77")).rejects.toMatchObject({ code: 422 });
    await expect(register("long@example.org", "é".repeat(37))).rejects.toMatchObject({
      type: "VALIDATION_FAILED",
    });
    await register("edge@example.org", "é".repeat(36));
    await expect(
      call("login", { email: "edge@example.org", password: `${"é".repeat(36)}x` }),
    ).rejects.toMatchObject({
      type: "CREDENTIALS_INVALID",
    });
  });
});

describe("sign-in", () => {
  test("takes the same time and answers the same for an unknown address and a wrong password", async () => {
    await register("known@example.org");
    const attempt = async (email: string) => {
      const began = performance.now();
      const fault = await call("login", { email, password: "wrong password" }).catch(
        (error: unknown) => error,
      );
      if (!(fault instanceof Fault)) throw new Error("Invariant: a wrong password is refused by a fault");
      return { error: [fault.type, fault.message], ms: performance.now() - began };
    };
    const [known, unknown] = [await attempt("known@example.org"), await attempt("unknown@example.org")];
    expect(unknown.error).toEqual(known.error);
    expect(known.error[0]).toBe("CREDENTIALS_INVALID");
    expect(unknown.ms).toBeGreaterThan(known.ms / 4);
  });

  test("survives a new start, with the same accounts", async () => {
    await register("stays@example.org");
    await venue.stop();
    venue = await startVenue(undefined, { dataDir: directory });
    const pair = await call<TokenPair>("login", { email: "STAYS@example.org", password: "correct horse" });
    const next = await principal(await register("next@example.org"));
    expect(next.accounts[0]).toBe(((await principal(pair)).accounts[0] ?? 0) + 1);
    expect((await stat(join(directory, "secrets", "jwt"))).mode & 0o777).toBe(0o600);
  });
});

describe("tokens", () => {
  test("a refresh token gives a new pair; an access token does not", async () => {
    const pair = await register("fresh@example.org");
    const renewed = await call<TokenPair>("refresh", { refreshToken: pair.refreshToken });
    expect(await principal(renewed)).toEqual(await principal(pair));
    await expect(call("refresh", { refreshToken: pair.accessToken })).rejects.toMatchObject({
      type: "UNAUTHENTICATED",
    });
    const tokens = await tokensOf(venue.runtime);
    expect(() => tokens.session(pair.refreshToken)).toThrow(/token/);
  });

  const refresh = (refreshToken: string) => call<TokenPair>("refresh", { refreshToken });
  const ended = { type: "UNAUTHENTICATED" };

  test("a refresh token that is used a second time ends its session, and no other", async () => {
    const email = "twice@example.org";
    const stolen = await register(email);
    const second = await refresh(stolen.refreshToken);
    // An answer may be lost on its way.
    const third = await refresh((await refresh(stolen.refreshToken)).refreshToken);
    expect(await principal(third)).toEqual(await principal(second));
    const other = await call<TokenPair>("login", { email, password: "correct horse" });
    await expect(refresh(stolen.refreshToken)).rejects.toMatchObject(ended);
    await expect(refresh(third.refreshToken)).rejects.toMatchObject(ended);
    await refresh(other.refreshToken);
  });

  test("signing out ends a session, over a new start too", async () => {
    const { refreshToken } = await register("leaves@example.org");
    const stays = await register("remains@example.org");
    expect(await call("logout", { refreshToken })).toEqual({ status: "signedOut" });
    await expect(refresh(refreshToken)).rejects.toMatchObject(ended);
    await expect(call("logout", { refreshToken: stays.accessToken })).rejects.toMatchObject(ended);
    await venue.stop();
    venue = await startVenue(undefined, { dataDir: directory });
    await expect(refresh(refreshToken)).rejects.toMatchObject(ended);
    await refresh(stays.refreshToken);
  });

  test("of another secret, algorithm, issuer or time are refused", () => {
    const secret = "s".repeat(32);
    const tokens = new Tokens(secret);
    const claims = { sub: "u", accounts: [1], roles: ["trader"], type: "access" };
    const sign = (options: object) =>
      createSigner({ key: secret, iss: "cambist", expiresIn: 60_000, ...options })(claims);
    expect(tokens.session(sign({})).principal.userId).toBe("u");
    const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
    const none = `${header}.${sign({}).split(".")[1]}.`;
    const refused = [
      sign({ key: "t".repeat(32) }),
      sign({ algorithm: "HS512" }),
      sign({ iss: "other" }),
      sign({ clockTimestamp: Date.now() - 120_000 }),
      none,
      `${sign({}).slice(0, -2)}AA`,
      "nonsense",
      "",
    ];
    for (const token of refused) expect(() => tokens.session(token), token).toThrow(/token/);
    expect(() => new Tokens("short")).toThrow(/32 characters/);
  });

  test("that are remembered still expire", async () => {
    const tokens = new Tokens("s".repeat(32));
    const token = createSigner({ key: "s".repeat(32), iss: "cambist", expiresIn: 1_000 })({
      sub: "u",
      accounts: [],
      roles: [],
      type: "access",
    });
    const { expiresAt } = tokens.session(token);
    await expect.poll(() => Date.now(), { timeout: 5_000 }).toBeGreaterThan(expiresAt);
    expect(() => tokens.session(token)).toThrow(/expired/);
  });
});

test("provisioning twice is provisioning once, and sets the password that it is given", async () => {
  const email = "provider@cambist.local";
  const first = await call<Principal>("provision", {
    email,
    name: "Provider",
    role: "liquidity",
    deposit: "5000000",
  });
  const again = await call<Principal>("provision", { email, name: "Provider", role: "liquidity" });
  expect(again).toEqual(first);
  expect(first.roles).toEqual(["liquidity"]);
  await expect(call("login", { email, password: "any password" })).rejects.toMatchObject({
    type: "CREDENTIALS_INVALID",
  });
  await call("provision", { email, name: "Provider", role: "liquidity", password: "its password" });
  await expect(call("login", { email, password: "its password" })).resolves.toMatchObject({ expiresIn: 900 });
});

describe("further accounts", () => {
  test("are opened as their owner chooses, up to ten, each with a number of its own", async () => {
    const first = await principal(await register("many@example.org"));
    const open = (params: object, caller: Principal) =>
      call<TokenPair & { accountId: string }>("openAccount", params, { principal: caller });
    const chosen = { currency: "EUR", leverage: 20, positions: "hedging", wallet: "margin" };
    const opened = await open({ ...chosen, parentId: String(first.accounts[0]), name: "hedges" }, first);
    const caller = await principal(opened);
    expect(caller.accounts.map(String)).toEqual([String(first.accounts[0]), opened.accountId]);
    const id = opened.accountId;
    const account = await venue.broker.call("accounts.get", { id }, { meta: { principal: caller } });
    expect(account).toMatchObject({
      currency: "EUR",
      leverage: 20,
      wallet: "margin",
      positionMode: "hedging",
    });
    const asked = { id, name: "swing" };
    const named = await venue.broker.call("accounts.change", asked, { meta: { principal: caller } });
    expect(named).toEqual(account);
    expect(await call("me", {}, { principal: caller })).toMatchObject({ accountNames: { [id]: "swing" } });
    const more = await Promise.allSettled(Array.from({ length: 9 }, () => open({}, caller)));
    expect(more.filter(({ status }) => status === "fulfilled")).toHaveLength(8);
    await expect(open({}, caller)).rejects.toMatchObject({ code: 409, type: "ACCOUNTS_LIMIT" });
    const me = await call<{ accounts: string[] }>("me", {}, { principal: caller });
    expect(new Set(me.accounts).size).toBe(10);
  });

  test("are nobody else's sub-accounts", async () => {
    const caller = await principal(await register("stranger@example.org"));
    const asked = call("openAccount", { parentId: "1" }, { principal: caller });
    await expect(asked).rejects.toMatchObject({ code: 403 });
  });
});
