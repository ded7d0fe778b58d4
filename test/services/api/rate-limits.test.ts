/** Limits: counted by key, bounded in keys, read strictly from the environment. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SharedRedis } from "../../../mixins/redis/shared-redis.ts";
import { KEYS_MAX, RateLimit, type RateLimits, readRateLimits } from "../../../services/api/rate-limits.ts";
import { answering, REDIS_SERVER, type RedisServer, startRedisServer } from "../../servers/redis-server.ts";

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

describe.skipIf(REDIS_SERVER === undefined)("limits that gateways share", () => {
  const gateways: { redis: SharedRedis; limits: RateLimits }[] = [];
  let server: RedisServer;

  beforeAll(async () => {
    server = await startRedisServer();
    const watch = { onAway: () => undefined, onBack: () => undefined };
    for (let gateway = 0; gateway < 2; gateway++) {
      const redis = new SharedRedis(server.url, watch);
      gateways.push({ redis, limits: readRateLimits({ RATE_LIMIT_ORDERS: "4/60" }, redis) });
      await answering(redis);
    }
  });
  afterAll(async () => {
    for (const { redis } of gateways) redis.close();
    await server.process.remove();
  });

  test("are counted together, and by each gateway for itself while Redis is away", async () => {
    const [one, other] = gateways.map(({ limits }) => limits.orders);
    if (one === undefined || other === undefined) throw new Error("Invariant: there are two gateways");
    expect(await one.take("u")).toMatchObject({ allowed: true, limit: 4, remaining: 3 });
    expect(await other.take("u")).toMatchObject({ allowed: true, remaining: 2 });
    const rest = await Promise.all([one.take("u"), other.take("u"), one.take("u")]);
    expect(rest.map(({ allowed }) => allowed).sort()).toEqual([false, true, true]);
    const refused = await other.take("u");
    expect(refused).toMatchObject({ allowed: false, remaining: 0 });
    expect(refused.resetMs).toBeGreaterThan(50_000);
    expect(await gateways[0]?.limits.account.take("u")).toMatchObject({ remaining: 1_999 });
    expect(await other.take("v")).toMatchObject({ remaining: 3 });

    await server.process.kill();
    const alone = [await one.take("u"), await one.take("u"), await other.take("u")];
    expect(alone.map(({ remaining }) => remaining)).toEqual([3, 2, 3]);
    for (let call = 0; call < 2; call++) expect((await one.take("u")).allowed).toBe(true);
    expect((await one.take("u")).allowed).toBe(false);

    await server.process.start();
    for (const { redis } of gateways) await answering(redis);
    expect(await one.take("u")).toMatchObject({ remaining: 3 });
    expect(await other.take("u")).toMatchObject({ remaining: 2 });
  });
});
