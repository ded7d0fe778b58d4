/** Sessions in Redis: the contract on a real server, and what counts while it is away. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SharedRedis } from "../../../mixins/redis/shared-redis.ts";
import { RedisSessions } from "../../../mixins/sessions/redis-sessions.ts";
import { sessionsContract } from "../../contract/sessions.contract.ts";
import { answering, REDIS_SERVER, type RedisServer, startRedisServer } from "../../servers/redis-server.ts";

const KEPT_MS = 60_000;

describe.skipIf(REDIS_SERVER === undefined)("Redis", () => {
  let server: RedisServer;
  let heard: string[] = [];

  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server.process.remove());
  beforeEach(() => {
    heard = [];
  });

  async function connect(): Promise<SharedRedis> {
    const watch = { onAway: () => void heard.push("away"), onBack: () => void heard.push("back") };
    const redis = new SharedRedis(server.url, watch);
    await answering(redis);
    return redis;
  }

  sessionsContract("RedisSessions", async repeatedMs => {
    const life = { keptMs: KEPT_MS, repeatedMs };
    const redis = await connect();
    await redis.ask(client => client.flushall());
    const opened = [new RedisSessions(redis, life)];
    const [sessions] = opened as [RedisSessions];
    const other = async () => {
      const another = new RedisSessions(await connect(), life);
      opened.push(another);
      return another;
    };
    const dispose = async () => {
      for (const each of opened) await each.close();
    };
    return { sessions, other, dispose };
  });

  test("a session is kept as long as its tokens may be good", async () => {
    const redis = await connect();
    const sessions = new RedisSessions(redis, { keptMs: KEPT_MS });
    await sessions.use("kept", 1);
    await sessions.end("gone");
    for (const session of ["kept", "gone"]) {
      const left = await redis.ask(client => client.pttl(`cambist:session:${session}`));
      expect(left, session).toBeGreaterThan(KEPT_MS / 2);
      expect(left, session).toBeLessThanOrEqual(KEPT_MS);
    }
    await sessions.close();
  });

  test("while it is away tokens count by their signature, and are known afterwards", async () => {
    const redis = await connect();
    const sessions = new RedisSessions(redis, { keptMs: KEPT_MS });
    await sessions.use("a", 1);
    await server.process.kill();
    expect(await sessions.use("a", 2)).toEqual({ outcome: "renewed", next: 3 });
    expect(await sessions.use("a", 2)).toEqual({ outcome: "renewed", next: 3 });
    await expect(sessions.end("a")).rejects.toMatchObject({ type: "NOT_READY", retryable: true });
    await server.process.start();
    await answering(redis);
    expect(await sessions.use("a", 3)).toEqual({ outcome: "renewed", next: 4 });
    expect(await sessions.use("a", 1)).toEqual({ outcome: "reused" });
    await sessions.end("a");
    expect(await sessions.use("a", 4)).toEqual({ outcome: "ended" });
    expect(heard.filter((each, index) => each !== heard[index - 1])).toEqual(["away", "back"]);
    await sessions.close();
  });
});
