/** Limits: counted by key, bounded in keys, read strictly from the environment. */
import { expect, test } from "vitest";
import { KEYS_MAX, RateLimit, readRateLimits } from "../../../services/api/rate-limits.ts";

test("each key has its own count, which says what is left and when it ends", async () => {
  const limit = new RateLimit({ calls: 2, seconds: 60 });
  expect(await limit.take("a")).toMatchObject({ allowed: true, limit: 2, remaining: 1 });
  expect(await limit.take("a")).toMatchObject({ allowed: true, remaining: 0 });
  const refused = await limit.take("a");
  expect(refused).toMatchObject({ allowed: false, remaining: 0 });
  expect(refused.resetMs).toBeGreaterThan(59_000);
  expect(await limit.take("b")).toMatchObject({ allowed: true, remaining: 1 });
});

test("more keys than can be held share one count; those that are held keep theirs", async () => {
  const limit = new RateLimit({ calls: 3, seconds: 60 });
  for (let key = 0; key < KEYS_MAX; key++) await limit.take(`address ${key}`);
  expect(await limit.take("address 7")).toMatchObject({ allowed: true, remaining: 1 });
  for (let key = 0; key < 3; key++) expect((await limit.take(`new ${key}`)).allowed).toBe(true);
  expect((await limit.take("new 3")).allowed).toBe(false);
});

test("a limit of the environment is CALLS or CALLS/SECONDS, nothing else", async () => {
  const limits = readRateLimits({ RATE_LIMIT_ORDERS: "5", RATE_LIMIT_AUTH: "7/30" });
  expect(await limits.orders.take("u")).toMatchObject({ limit: 5 });
  expect(await limits.auth.take("u")).toMatchObject({ limit: 7 });
  for (const text of ["0", "-1", "five", "5/0", "5/", "1e3"]) {
    expect(() => readRateLimits({ RATE_LIMIT_PUBLIC: text }), text).toThrow(/RATE_LIMIT_PUBLIC/);
  }
});
