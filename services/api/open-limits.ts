/** The limits of a gateway: counted together with the others where there is a Redis to do it in. */
import type { ServiceBroker } from "moleculer";
import { SharedRedis } from "../../mixins/redis/shared-redis.ts";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";
import { type RateLimits, readRateLimits } from "./rate-limits.ts";

export interface OpenLimits {
  readonly limits: RateLimits;
  close(): void;
}

/** Throws SettingInvalid. */
export function openRateLimits(broker: ServiceBroker): OpenLimits {
  const { redisUrl } = runtimeOf(broker).settings.stores;
  const redis = redisUrl === undefined ? undefined : openRedis(redisUrl, broker);
  const close = () => redis?.close();
  try {
    return { limits: readRateLimits(process.env, redis), close };
  } catch (error) {
    close();
    throw error;
  }
}

function openRedis(url: string, { logger }: ServiceBroker): SharedRedis {
  return new SharedRedis(url, {
    onAway: error => logger.warn("Each gateway counts calls for itself: Redis is away", error),
    onBack: () => logger.warn("Redis answers again: gateways count calls together"),
  });
}
