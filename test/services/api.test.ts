/** The API over real HTTP: who may ask what, how requests fail, what an answer looks like. */
import { request } from "node:http";
import { createSigner } from "fast-jwt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TokenPair } from "../../mixins/tokens.ts";
import api from "../../services/api.service.ts";
import marketdata from "../../services/marketdata.service.ts";
import reference from "../../services/reference.service.ts";
import { startVenue, TRADING, type Venue } from "./venue.ts";

let venue: Venue;
let token: string;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${venue.runtime.address}/api/v1/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text !== "" && response.headers.get("content-type")?.startsWith("application/json");
  return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : {} };
}

const bearer = (value = token) => ({ authorization: `Bearer ${value}` });
const own = (method: string, path: string, body?: unknown) => ask(method, path, body, bearer());

function expectRefusal(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body.code }, answer.text).toEqual({ status, code });
  expect(Object.keys(answer.body).sort()).toEqual(["code", "details", "message"]);
  expect(answer.text).not.toMatch(/\bat \S+ \(|node_modules|\.ts:|\.js:/);
}

beforeAll(async () => {
  process.env.RATE_LIMIT_AUTH = "20/60";
  venue = await startVenue([...TRADING, reference, marketdata, api]);
  delete process.env.RATE_LIMIT_AUTH;
  const pair = await ask("POST", "auth/register", { email: "trader@example.org", password: "correct horse" });
  expect(pair.status).toBe(201);
  token = String(pair.body.accessToken);
});

afterAll(() => venue.stop());

describe("public routes", () => {
  test("answer under the id that the caller gives a request, else under one of their own", async () => {
    const named = { "x-request-id": "mine-1" };
    for (const path of ["health", "nothing"]) {
      expect((await ask("GET", path, undefined, named)).headers.get("x-request-id")).toBe("mine-1");
      expect((await ask("GET", path)).headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/);
    }
  });

  test("say that the venue is alive and ready, and what it lists", async () => {
    expect((await ask("GET", "health")).body).toEqual({ status: "ok" });
    await expect.poll(async () => (await ask("GET", "ready")).status).toBe(200);
    const { items } = (await ask("GET", "instruments")).body;
    expect(items).toHaveLength(9);
  });

  test("convert numbers of the query strictly", async () => {
    expect((await ask("GET", "markets/EURUSD/book?depth=5")).status).toBe(200);
    for (const depth of ["five", "-1", "1e1", "", "0", "5&depth=6"]) {
      expectRefusal(await ask("GET", `markets/EURUSD/book?depth=${depth}`), 422, "VALIDATION_FAILED");
    }
    expectRefusal(await ask("GET", "markets/EURUSD/book?unknown=1"), 422, "VALIDATION_FAILED");
    for (const symbol of ["XXXYYY", "eurusd", "E"]) {
      expectRefusal(await ask("GET", `markets/${symbol}/book`), 404, "SYMBOL_UNKNOWN");
    }
  });

  test("list in pages, and answer HEAD as they would GET", async () => {
    const first = (await ask("GET", "instruments?limit=8")).body;
    expect(first).toMatchObject({ nextCursor: "EURGBP" });
    expect((await ask("GET", "instruments?limit=8&cursor=EURGBP")).body).toMatchObject({
      items: [{ symbol: "EURJPY" }],
    });
    expectRefusal(await ask("GET", "instruments?cursor=XXXYYY"), 422, "VALIDATION_FAILED");
    const head = await ask("HEAD", "instruments?limit=8");
    expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: "" });
    expect((await ask("HEAD", "me")).status).toBe(401);
  });

  test("answer with plain security headers, and with what is left of the limit", async () => {
    const { headers } = await ask("GET", "health");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(Number(headers.get("x-ratelimit-remaining"))).toBeLessThan(
      Number(headers.get("x-ratelimit-limit")),
    );
  });
});

describe("an order", () => {
  const order = {
    clientOrderId: "a/b:1",
    symbol: "EURUSD",
    side: "buy",
    type: "limit",
    quantity: "1000",
    price: "1.00000",
  };

  test("is 201 at first and 200 when repeated, 409 with other terms, found by either id", async () => {
    const first = await own("POST", "orders", order);
    const again = await own("POST", "orders", order);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expectRefusal(await own("POST", "orders", { ...order, quantity: "2000" }), 409, "CLIENT_ORDER_ID_REUSED");
    expect((await own("GET", `orders/${first.body.id}`)).body).toEqual(first.body);
    for (const path of ["a/b:1", "a%2Fb%3A1"]) {
      expect((await own("GET", `orders/by-client-id/${path}`)).body).toEqual(first.body);
    }
    expect((await own("GET", "orders?status=closed&limit=1")).body.items).toHaveLength(1);
  });

  test("is found by a client order id of slashes and points", async () => {
    for (const clientOrderId of ["/s/", "s//t", "s.", ":-_"]) {
      const placed = await own("POST", "orders", { ...order, clientOrderId });
      for (const path of [clientOrderId, encodeURIComponent(clientOrderId)]) {
        expect((await own("GET", `orders/by-client-id/${path}`)).body).toEqual(placed.body);
      }
    }
  });

  test("asked for by an id that never was is never accepted afterwards", async () => {
    expectRefusal(await own("GET", "orders/by-client-id/never"), 404, "ORDER_NEVER_ACCEPTED");
    expectRefusal(
      await own("POST", "orders", { ...order, clientOrderId: "never" }),
      409,
      "CLIENT_ORDER_ID_REVOKED",
    );
  });

  test("takes no field that it doesn't know, from anywhere", async () => {
    const unknown = await own("POST", "orders", { ...order, clientOrderId: "x", leverage: 5 });
    expectRefusal(unknown, 422, "VALIDATION_FAILED");
    expect(unknown.body.details).toMatchObject({ fields: [{ field: "leverage" }] });
    expectRefusal(await own("POST", "orders?quantity=9000", order), 422, "VALIDATION_FAILED");
    expectRefusal(await own("PATCH", "orders/1", { id: "2", price: "1.00000" }), 422, "VALIDATION_FAILED");
    expectRefusal(await own("POST", "orders", { ...order, quantity: 1000 }), 422, "VALIDATION_FAILED");
    for (const field of [{ price: null }, { postOnly: null }, { accountId: null }, { reference: 1 }]) {
      const answer = await own("POST", "orders", { ...order, clientOrderId: "x", ...field });
      expectRefusal(answer, 422, "VALIDATION_FAILED");
      expect(answer.body.details).toMatchObject({ fields: [{ field: Object.keys(field)[0] }] });
    }
  });

  test("of somebody else's account is forbidden", async () => {
    expectRefusal(
      await own("POST", "orders", { ...order, clientOrderId: "y", accountId: "9999" }),
      403,
      "FORBIDDEN",
    );
    expectRefusal(await own("GET", "accounts/9999/balances"), 403, "FORBIDDEN");
  });
});

describe("accounts", () => {
  test("show balance and transactions", async () => {
    const { items } = (await own("GET", "accounts")).body;
    expect(items).toMatchObject([{ currency: "USD", balance: "100000.00" }]);
    const id = Array.isArray(items) ? items[0].id : "";
    expect((await own("GET", `accounts/${id}/transactions`)).body.items).toMatchObject([
      { amount: "100000.00" },
    ]);
    expect((await own("GET", `accounts/${id}/positions`)).body).toEqual({ items: [] });
    for (const path of ["accounts", `accounts/${id}/balances`]) {
      expect((await own("GET", `${path}?limit=1`)).body.items).toHaveLength(1);
      expectRefusal(await own("GET", `${path}?unknown=1`), 422, "VALIDATION_FAILED");
      expectRefusal(await own("GET", `${path}?cursor=none`), 422, "VALIDATION_FAILED");
    }
  });
});

describe("a resting order", () => {
  test("is amended and cancelled by its id, and then no more", async () => {
    await venue.quote("EURUSD", "1.10000", "1.10010");
    const order = { clientOrderId: "rests", symbol: "EURUSD", side: "buy", type: "limit" };
    const placed = await own("POST", "orders", { ...order, quantity: "2000", price: "1.09000" });
    expect(placed.body).toMatchObject({ status: "open", quantity: "2000" });
    const path = `orders/${placed.body.id}`;
    const amended = await own("PATCH", path, { quantity: "1000", price: "1.09500" });
    expect(amended.body).toMatchObject({ status: "open", quantity: "1000", price: "1.09500" });
    expect((await own("GET", "orders?status=open")).body.items).toMatchObject([{ id: placed.body.id }]);
    expect((await ask("GET", "markets/EURUSD/book?depth=2")).body.bids).toContainEqual([
      "1.09500",
      "1000",
      1,
    ]);
    expectRefusal(await own("PATCH", path, {}), 422, "VALIDATION_FAILED");
    expectRefusal(await own("PATCH", path, { price: "1.095001" }), 409, "AMEND_REJECTED");
    expect((await own("DELETE", path)).body).toMatchObject({ status: "cancelled" });
    expectRefusal(await own("DELETE", path), 409, "ORDER_NOT_OPEN");
    for (const id of ["123456", "9999999999999999"]) {
      expectRefusal(await own("GET", `orders/${id}`), 404, "ORDER_UNKNOWN");
      expectRefusal(await own("PATCH", `orders/${id}`, { quantity: "1000" }), 404, "ORDER_UNKNOWN");
      expectRefusal(await own("DELETE", `orders/${id}`), 404, "ORDER_UNKNOWN");
    }
  });

  test("that meets the book is filled, and its position shown", async () => {
    const order = {
      clientOrderId: "fills",
      symbol: "EURUSD",
      side: "sell",
      type: "market",
      quantity: "5000",
    };
    const filled = await own("POST", "orders", order);
    expect(filled.body).toMatchObject({ status: "filled", averagePrice: "1.10000" });
    const [account] = (await own("GET", "accounts")).body.items as { id: string }[];
    const positions = (await own("GET", `accounts/${account?.id}/positions`)).body.items;
    expect(positions).toMatchObject([{ symbol: "EURUSD", quantity: "-5000" }]);
  });
});

describe("what cannot be read", () => {
  test("is 400, 413, 422 or 404", async () => {
    expectRefusal(await own("POST", "orders", "{not json"), 400, "BAD_REQUEST");
    expectRefusal(await own("POST", "orders", '"text"'), 400, "BAD_REQUEST");
    expectRefusal(await own("POST", "orders", ""), 422, "VALIDATION_FAILED");
    expectRefusal(await own("POST", "orders", "[1]"), 422, "VALIDATION_FAILED");
    expectRefusal(await own("POST", "orders", `"${"x".repeat(65_536)}"`), 413, "PAYLOAD_TOO_LARGE");
    expectRefusal(await own("GET", "orders/%E0%A4%A"), 400, "BAD_REQUEST");
    expectRefusal(
      await ask("POST", "orders", "{}", { ...bearer(), "content-encoding": "gzip" }),
      400,
      "BAD_REQUEST",
    );
    for (const path of ["", "unknown", "~node/list", "orders/1/2", "index.html", "$node/services"]) {
      expectRefusal(await own("GET", path), 404, "NOT_FOUND");
    }
    expectRefusal(await own("DELETE", "me"), 404, "NOT_FOUND");
  });

  test("a preflight runs nothing", async () => {
    const headers = {
      ...bearer(),
      "access-control-request-method": "POST",
      origin: "http://elsewhere.example",
    };
    const answer = await ask("OPTIONS", "orders", undefined, headers);
    expectRefusal(answer, 404, "NOT_FOUND");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("without a valid token", () => {
  test("nothing of a user's is answered", async () => {
    const secret = "another secret of at least 32 characters";
    const claims = { sub: "u", accounts: [1_001], roles: ["trader"], type: "access" };
    const foreign = createSigner({ key: secret, iss: "cambist", expiresIn: 60_000 })(claims);
    const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${foreign.split(".")[1]}.`;
    for (const value of [foreign, none, "x", `${token.slice(0, -3)}AAA`]) {
      expectRefusal(await ask("GET", "me", undefined, bearer(value)), 401, "UNAUTHENTICATED");
    }
    for (const path of ["me", "orders", "accounts", "accounts/1001/balances"]) {
      const answer = await ask("GET", path);
      expectRefusal(answer, 401, "UNAUTHENTICATED");
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    }
    expectRefusal(await ask("POST", "orders", "{not json"), 401, "UNAUTHENTICATED");
    expectRefusal(await ask("GET", "me", undefined, { authorization: token }), 401, "UNAUTHENTICATED");
  });

  test("sign-in tells neither which part was wrong", async () => {
    const wrong = await ask("POST", "auth/login", { email: "trader@example.org", password: "wrong" });
    const unknown = await ask("POST", "auth/login", { email: "nobody@example.org", password: "wrong" });
    expectRefusal(wrong, 401, "CREDENTIALS_INVALID");
    expect(unknown.text).toBe(wrong.text);
  });

  test("an access token comes from a refresh token, not from itself", async () => {
    const login = await ask("POST", "auth/login", { email: "TRADER@example.org", password: "correct horse" });
    const pair = login.body as unknown as TokenPair;
    const renewed = await ask("POST", "auth/refresh", { refreshToken: pair.refreshToken });
    for (const scheme of ["Bearer", "bearer"]) {
      const authorization = `${scheme} ${renewed.body.accessToken}`;
      expect((await ask("GET", "me", undefined, { authorization })).status).toBe(200);
    }
    expectRefusal(
      await ask("POST", "auth/refresh", { refreshToken: pair.accessToken }),
      401,
      "UNAUTHENTICATED",
    );
  });

  test("who has signed out has to sign in again", async () => {
    const login = await ask("POST", "auth/login", { email: "TRADER@example.org", password: "correct horse" });
    const { refreshToken } = login.body as unknown as TokenPair;
    const left = await ask("POST", "auth/logout", { refreshToken });
    expect([left.status, left.body]).toEqual([200, { status: "signedOut" }]);
    expectRefusal(await ask("POST", "auth/refresh", { refreshToken }), 401, "UNAUTHENTICATED");
    expectRefusal(await ask("POST", "auth/logout", { refreshToken: "none" }), 401, "UNAUTHENTICATED");
    expectRefusal(await ask("POST", "auth/logout", {}), 422, "VALIDATION_FAILED");
  });
});

test("an internal failure is told as nothing but that", async () => {
  const broken = venue.broker.createService({
    name: "broken",
    actions: {
      fail: () => {
        throw new Error("secret detail of /home/somebody");
      },
    },
  });
  await venue.broker.waitForServices("broken");
  const aliases: { path: string; action: string }[] = Reflect.get(
    venue.broker.getLocalService("api"),
    "aliases",
  );
  for (const alias of aliases) if (alias.path === "accounts") alias.action = "broken.fail";
  const answer = await own("GET", "accounts");
  expectRefusal(answer, 500, "INTERNAL");
  expect(answer.text).not.toContain("secret");
  await venue.broker.destroyService(broken);
  const away = await own("GET", "accounts");
  expectRefusal(away, 503, "NOT_READY");
  expect(Number(away.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("too many sign-ins from an address are 429, whatever X-Forwarded-For says", async () => {
  let last: Answer | undefined;
  for (let attempt = 0; attempt < 25 && last?.status !== 429; attempt++) {
    last = await ask("POST", "auth/refresh", {}, { "x-forwarded-for": `10.0.0.${attempt}` });
  }
  if (last === undefined) throw new Error("Invariant: at least one attempt is made");
  expectRefusal(last, 429, "TOO_MANY_REQUESTS");
  expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("the page comes with a policy, and with a clear text where it was not built", async () => {
  const response = await fetch(`${venue.runtime.address}/positions`, { headers: { accept: "text/html" } });
  expect([200, 404]).toContain(response.status);
  expect(response.headers.get("content-security-policy")).toContain("script-src 'self'");
  expect(await response.text()).toMatch(
    response.status === 200 ? /<!doctype html>/i : /npm run build -w public/,
  );
  const traversal = await new Promise<number>((resolve, reject) => {
    const sent = request(`${venue.runtime.address}`, { path: "/../../package.json" }, answer => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on("error", reject).end();
  });
  expect(traversal).toBeGreaterThanOrEqual(400);
});
