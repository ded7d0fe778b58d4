/**
 * Sessions that all gateways share, in Redis, each for as long as its tokens may be good. While Redis is away
 * a token counts by its signature alone: a reuse is not noticed then, and no session can be ended.
 */
import { Fault } from "../fault.ts";
import { RedisAway, type SharedRedis } from "../redis/shared-redis.ts";
import type { SessionLife } from "./lmdb-sessions.ts";
import { REPEATED_MS, type Sessions, type Use } from "./sessions.ts";

const PREFIX = "cambist:session:";
/**
 * Decides and stores as one step, by Redis's own clock. Answers the next number, 0 where the session had
 * ended, -1 where it ends now.
 */
const USE = `
local next, at = unpack(redis.call('HMGET', KEYS[1], 'next', 'at'))
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local number = tonumber(ARGV[1])
next = tonumber(next or 1)
if next == 0 then return 0 end
if number == next - 1 and now - tonumber(at) <= tonumber(ARGV[3]) then return next end
local answer = number + 1
if number < next then answer = 0 end
redis.call('HSET', KEYS[1], 'next', answer, 'at', now)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if answer == 0 then return -1 end
return answer`;

export class RedisSessions implements Sessions {
  readonly #redis: SharedRedis;
  readonly #life: Required<SessionLife>;

  /** `redis` is closed with it. */
  constructor(redis: SharedRedis, life: SessionLife) {
    this.#redis = redis;
    this.#life = { repeatedMs: REPEATED_MS, ...life };
  }

  async use(session: string, number: number): Promise<Use> {
    const { keptMs, repeatedMs } = this.#life;
    const key = `${PREFIX}${session}`;
    try {
      const next = Number(
        await this.#redis.ask(client => client.eval(USE, 1, key, number, keptMs, repeatedMs)),
      );
      if (next > 0) return { outcome: "renewed", next };
      return { outcome: next === 0 ? "ended" : "reused" };
    } catch (error) {
      if (!(error instanceof RedisAway)) throw error;
      return { outcome: "renewed", next: number + 1 };
    }
  }

  async end(session: string): Promise<void> {
    const key = `${PREFIX}${session}`;
    const { keptMs } = this.#life;
    try {
      await this.#redis.ask(client => client.multi().hset(key, "next", 0).pexpire(key, keptMs).exec());
    } catch (error) {
      if (!(error instanceof RedisAway)) throw error;
      throw new Fault("NOT_READY", "Cannot end session as the store of sessions does not answer", {}, error);
    }
  }

  close(): Promise<void> {
    this.#redis.close();
    return Promise.resolve();
  }
}
