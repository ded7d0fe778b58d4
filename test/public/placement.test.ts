/**
 * An order is sent until its outcome is known, always the same one; a session ends only when the venue says
 * so.
 */
import { describe, expect, test, vi } from "vitest";
import { Failure } from "../../public/src/client/failure.ts";
import { decodeOrder } from "../../public/src/client/order-decoding.ts";
import { PAUSES_MS, placeOrder } from "../../public/src/client/placement.ts";
import { Rest } from "../../public/src/client/rest.ts";
import { Session } from "../../public/src/client/session.ts";
import type { OrderRequest } from "../../public/src/client/wire.ts";

const request: OrderRequest = {
  clientOrderId: "c-1",
  accountId: "7",
  symbol: "EURUSD",
  side: "buy",
  type: "limit",
  quantity: "1000",
  price: "1.10000",
};
const wire = {
  ...request,
  id: "9",
  timeInForce: "GTC",
  filledQuantity: "0",
  status: "open",
  fills: [],
  sequence: 3,
  createdAt: "2026-01-05T10:00:00.000Z",
  updatedAt: "2026-01-05T10:00:00.000Z",
};
const order = decodeOrder(wire);
const noPause = async () => {};
const lost = () => new Failure("NETWORK", "lost");

describe("placing an order", () => {
  test("a lost answer is asked for again with the very same order", async () => {
    const sent: OrderRequest[] = [];
    const place = async (body: OrderRequest) => {
      sent.push(body);
      if (sent.length < 3) throw lost();
      return order;
    };
    const retries: number[] = [];
    expect(await placeOrder(place, request, attempt => retries.push(attempt), noPause)).toBe(order);
    expect(sent).toEqual([request, request, request]);
    expect(retries).toEqual([1, 2]);
  });

  test("a refusal of the request is final", async () => {
    const place = vi.fn(async () => {
      throw new Failure("VALIDATION_FAILED", "no", 422);
    });
    await expect(placeOrder(place, request, undefined, noPause)).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
    });
    expect(place).toHaveBeenCalledTimes(1);
  });

  test("without any answer the outcome is unknown, not refused", async () => {
    const place = vi.fn(async () => {
      throw lost();
    });
    await expect(placeOrder(place, request, undefined, noPause)).rejects.toMatchObject({
      code: "OUTCOME_UNKNOWN",
    });
    expect(place).toHaveBeenCalledTimes(PAUSES_MS.length + 1);
  });

  test("too many requests to the end is no unknown outcome: nobody looked at the order", async () => {
    const place = async () => {
      throw new Failure("TOO_MANY_REQUESTS", "slow", 429);
    };
    await expect(placeOrder(place, request, undefined, noPause)).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
    });
  });
});

function storeOf(entries: Record<string, string> = {}) {
  const kept = new Map(Object.entries(entries));
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

const tokens = (n: number) => ({ accessToken: `access-${n}`, refreshToken: `refresh-${n}`, expiresIn: 900 });
const SIGNED_IN = { "cambist.refreshToken": "refresh-0" };

describe("a session", () => {
  test("the access token is nowhere but in memory", async () => {
    const store = storeOf();
    const session = new Session(async () => tokens(1), store);
    await session.signIn("a@b.c", "secret-password");
    expect(await session.accessToken()).toBe("access-1");
    expect([...store.kept.values()].join()).not.toMatch(/access-1|secret/);
    session.signOut();
    expect(store.kept.size).toBe(0);
  });

  test("signing out ends the session at the venue, and here whether it hears of it or not", async () => {
    const post = vi.fn(async () => {
      throw lost();
    });
    const store = storeOf(SIGNED_IN);
    const session = new Session(post, store);
    session.signOut();
    expect(store.kept.size).toBe(0);
    expect(post).toHaveBeenCalledExactlyOnceWith("auth/logout", { refreshToken: "refresh-0" });
    session.signOut();
    expect(post).toHaveBeenCalledTimes(1);
  });

  test("of many callers one asks for new tokens", async () => {
    const post = vi.fn(async () => tokens(2));
    const session = new Session(post, storeOf(SIGNED_IN));
    const all = await Promise.all([session.accessToken(), session.accessToken(), session.renew()]);
    expect(all).toEqual(["access-2", "access-2", "access-2"]);
    expect(post).toHaveBeenCalledTimes(1);
    session.signOut();
  });

  test("tokens are renewed before they expire", async () => {
    vi.useFakeTimers();
    let count = 0;
    const session = new Session(async () => tokens(++count), storeOf(SIGNED_IN));
    expect(await session.accessToken()).toBe("access-1");
    await vi.advanceTimersByTimeAsync(840_000);
    expect(await session.accessToken()).toBe("access-2");
    session.signOut();
    vi.useRealTimers();
  });

  test("a venue out of reach ends no session, a refusal does", async () => {
    const store = storeOf(SIGNED_IN);
    let failure = lost();
    const session = new Session(async () => {
      throw failure;
    }, store);
    const ended = vi.fn();
    session.onEnded = ended;
    await expect(session.accessToken()).rejects.toMatchObject({ code: "NETWORK" });
    expect(session.kept).toBe(true);
    failure = new Failure("UNAUTHENTICATED", "no", 401);
    await expect(session.accessToken()).rejects.toMatchObject({ status: 401 });
    expect(session.kept).toBe(false);
    expect(ended).toHaveBeenCalledExactlyOnceWith("expired");
  });

  test("an answer that comes after signing out signs nobody in", async () => {
    let give: (value: unknown) => void = () => {};
    const answer = new Promise<unknown>(resolve => {
      give = resolve;
    });
    const session = new Session(() => answer, storeOf(SIGNED_IN));
    const renewed = session.renew();
    session.signOut();
    give(tokens(3));
    await expect(renewed).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    expect(session.kept).toBe(false);
  });
});

test("a request refused for its token is sent once more with a new one", async () => {
  const session = { accessToken: async () => "old", renew: async () => "new", adopt: () => undefined };
  const sent: (string | undefined)[] = [];
  const rest = new Rest("/api/v1", session, async ({ token }) => {
    sent.push(token);
    if (token === "old") throw new Failure("UNAUTHENTICATED", "old", 401);
    return wire;
  });
  expect(await rest.place(request)).toEqual(order);
  expect(sent).toEqual(["old", "new"]);
});
