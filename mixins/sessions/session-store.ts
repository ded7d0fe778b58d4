/** The store of sessions that the settings ask for: Redis, which nodes share, or a file of this node. */
import { join } from "node:path";
import { type RedisWatch, SharedRedis } from "../redis/shared-redis.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { LmdbSessions } from "./lmdb-sessions.ts";
import { RedisSessions } from "./redis-sessions.ts";
import type { Sessions } from "./sessions.ts";

/** Sessions are kept for `keptMs` from their last change on. */
export function openSessions(runtime: Runtime, keptMs: number, watch: RedisWatch): Sessions {
  const { settings, clock, timers } = runtime;
  const { redisUrl } = settings.stores;
  if (redisUrl !== undefined) return new RedisSessions(new SharedRedis(redisUrl, watch), { keptMs });
  const folder = join(settings.dataDir, "sessions");
  return new LmdbSessions(folder, clock, timers, { keptMs }, error => runtime.onFatal(error));
}
