/**
 * How often a caller may ask: so many calls in a window, by group of routes and by key (a user, else an
 * address). Counted in memory by rate-limiter-flexible; its Redis store has the same `consume`, for a venue
 * of many nodes. Invariant: at most about two windows' worth of `KEYS_MAX` keys are held by a group; beyond
 * that new keys share one count, so that many addresses cannot fill the memory. Windows are fixed: twice the
 * number may pass around an end.
 */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
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

export class RateLimit {
  readonly #limiter: RateLimiterMemory;
  readonly #rule: RateRule;
  #keys = 0;
  #countedUntil = 0;

  constructor(rule: RateRule) {
    this.#rule = rule;
    this.#limiter = new RateLimiterMemory({ points: rule.calls, duration: rule.seconds });
  }

  async take(key: string): Promise<Allowance> {
    const counted = this.#keys < KEYS_MAX ? key : await this.#knownOrShared(key);
    try {
      return this.#judge(await this.#limiter.consume(counted), true);
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return this.#judge(refused, false);
      throw refused;
    }
  }

  async #knownOrShared(key: string): Promise<string> {
    if (Date.now() >= this.#countedUntil) {
      this.#keys = 0;
      return key;
    }
    return (await this.#limiter.get(key)) === null ? SHARED_KEY : key;
  }

  #judge(result: RateLimiterRes, allowed: boolean): Allowance {
    if (result.isFirstInDuration) {
      if (this.#keys === 0) this.#countedUntil = Date.now() + this.#rule.seconds * 1_000;
      this.#keys++;
    }
    const { remainingPoints, msBeforeNext } = result;
    return { allowed, limit: this.#rule.calls, remaining: remainingPoints, resetMs: msBeforeNext };
  }
}

export type RateLimits = Readonly<Record<LimitGroup, RateLimit>>;

/** The venue's limits. Throws SettingInvalid where the environment holds one that is none. */
export function readRateLimits(environment: Readonly<Record<string, string | undefined>>): RateLimits {
  const limit = (group: LimitGroup): RateLimit => {
    const name = `RATE_LIMIT_${group.toUpperCase()}`;
    const text = environment[name];
    if (text === undefined || text === "") return new RateLimit(RULES[group]);
    const match = /^([1-9]\d{0,8})(?:\/([1-9]\d{0,4}))?$/.exec(text);
    if (match === null) {
      throw new SettingInvalid(`Cannot start as '${name}' must be CALLS or CALLS/SECONDS: received ${text}`);
    }
    return new RateLimit({ calls: Number(match[1]), seconds: Number(match[2] ?? RULES[group].seconds) });
  };
  return {
    auth: limit("auth"),
    public: limit("public"),
    account: limit("account"),
    orders: limit("orders"),
    refused: limit("refused"),
  };
}
