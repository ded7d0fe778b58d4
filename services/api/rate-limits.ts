/**
 * How often a caller may ask: so many calls in a window, by group of routes and by key (a user, else an
 * address). Counted by rate-limiter-flexible in memory, or in Redis, where all gateways count together; while
 * that is away each counts for itself, so that a caller may come to as many times the number as there are
 * gateways. Invariant: at most about two windows' worth of `KEYS_MAX` keys are held in memory by a group;
 * beyond that new keys share one count, so that many addresses cannot fill it. Windows are fixed: twice the
 * number may pass around an end.
 */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { RedisAway, type SharedRedis } from "../../mixins/redis/shared-redis.ts";
import { SettingInvalid } from "../../mixins/runtime/setting.ts";

export const KEYS_MAX = 100_000;
const SHARED_KEY = "*";

export interface RateRule {
  readonly calls: number;
  readonly seconds: number;
}

export const LIMIT_GROUPS = ["auth", "public", "account", "orders", "refused"] as const;
export type LimitGroup = (typeof LIMIT_GROUPS)[number];

/**
 * Overridden by RATE_LIMIT_AUTH and so on, each CALLS or CALLS/SECONDS. `refused`: calls without a valid
 * token, by address.
 */
const RULES: Readonly<Record<LimitGroup, RateRule>> = {
  auth: { calls: 60, seconds: 60 },
  public: { calls: 600, seconds: 10 },
  account: { calls: 2_000, seconds: 10 },
  orders: { calls: 20_000, seconds: 10 },
  refused: { calls: 600, seconds: 10 },
};

export interface Allowance {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
}

type Counted = readonly [result: RateLimiterRes, allowed: boolean];

async function consumed(limiter: RateLimiterMemory | RateLimiterRedis, key: string): Promise<Counted> {
  try {
    return [await limiter.consume(key), true];
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return [refused, false];
    throw refused;
  }
}

/** The count of a group that all gateways share. */
export class SharedCount {
  readonly #redis: SharedRedis;
  readonly #limiter: RateLimiterRedis;

  constructor(redis: SharedRedis, group: LimitGroup, { calls, seconds }: RateRule) {
    this.#redis = redis;
    const keyPrefix = `cambist:rate:${group}`;
    this.#limiter = new RateLimiterRedis({
      ...{ storeClient: redis.client, keyPrefix, points: calls, duration: seconds },
      rejectIfRedisNotReady: true,
    });
  }

  /** Throws RedisAway. */
  take(key: string): Promise<Counted> {
    return this.#redis.ask(() => consumed(this.#limiter, key));
  }
}

export class RateLimit {
  readonly #limiter: RateLimiterMemory;
  readonly #shared: SharedCount | undefined;
  readonly #rule: RateRule;
  #keys = 0;
  #countedUntil = 0;

  constructor(rule: RateRule, shared?: SharedCount) {
    this.#rule = rule;
    this.#limiter = new RateLimiterMemory({ points: rule.calls, duration: rule.seconds });
    this.#shared = shared;
  }

  async take(key: string): Promise<Allowance> {
    if (this.#shared !== undefined) {
      try {
        return this.#allowance(...(await this.#shared.take(key)));
      } catch (error) {
        if (!(error instanceof RedisAway)) throw error;
      }
    }
    const counted = this.#keys < KEYS_MAX ? key : await this.#knownOrShared(key);
    const [result, allowed] = await consumed(this.#limiter, counted);
    if (result.isFirstInDuration) {
      if (this.#keys === 0) this.#countedUntil = Date.now() + this.#rule.seconds * 1_000;
      this.#keys++;
    }
    return this.#allowance(result, allowed);
  }

  async #knownOrShared(key: string): Promise<string> {
    if (Date.now() >= this.#countedUntil) {
      this.#keys = 0;
      return key;
    }
    return (await this.#limiter.get(key)) === null ? SHARED_KEY : key;
  }

  #allowance({ remainingPoints, msBeforeNext }: RateLimiterRes, allowed: boolean): Allowance {
    return { allowed, limit: this.#rule.calls, remaining: remainingPoints, resetMs: msBeforeNext };
  }
}

export type RateLimits = Readonly<Record<LimitGroup, RateLimit>>;

/**
 * The venue's limits, counted in `redis` where there is one. Throws SettingInvalid where the environment
 * holds one that is none.
 */
export function readRateLimits(
  environment: Readonly<Record<string, string | undefined>>,
  redis?: SharedRedis,
): RateLimits {
  const limit = (group: LimitGroup): RateLimit => {
    const rule = ruleOf(environment, group);
    return new RateLimit(rule, redis === undefined ? undefined : new SharedCount(redis, group, rule));
  };
  return {
    auth: limit("auth"),
    public: limit("public"),
    account: limit("account"),
    orders: limit("orders"),
    refused: limit("refused"),
  };
}

function ruleOf(environment: Readonly<Record<string, string | undefined>>, group: LimitGroup): RateRule {
  const name = `RATE_LIMIT_${group.toUpperCase()}`;
  const text = environment[name];
  if (text === undefined || text === "") return RULES[group];
  const match = /^([1-9]\d{0,8})(?:\/([1-9]\d{0,4}))?$/.exec(text);
  if (match === null) {
    throw new SettingInvalid(`Cannot start as '${name}' must be CALLS or CALLS/SECONDS: received ${text}`);
  }
  return { calls: Number(match[1]), seconds: Number(match[2] ?? RULES[group].seconds) };
}
