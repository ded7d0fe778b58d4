/**
 * Redis, as nodes share it for what may be forgotten: it answers soon, or is away. After a call that it did
 * not answer it is not asked for half a second, so that while it is away nobody waits for it; nothing is
 * queued for its return, and nothing is sent twice.
 */
import { Redis } from "ioredis";

const ANSWER_MS = 300;
const RESTS_MS = 500;

export interface RedisWatch {
  /** Redis went away, with what it said. */
  onAway(error: Error): void;
  onBack(): void;
}

export class RedisAway extends Error {
  readonly code = "REDIS_AWAY";

  constructor(cause?: unknown) {
    super("Cannot ask Redis as it does not answer", { cause });
    this.name = "RedisAway";
  }
}

export class SharedRedis {
  readonly client: Redis;
  readonly #watch: RedisWatch;
  #isAway = false;
  #isClosed = false;
  #asksAgainAt = 0;

  /** Connects by itself, now and whenever the connection is lost. */
  constructor(url: string, watch: RedisWatch) {
    this.#watch = watch;
    this.client = new Redis(url, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      // Those of one turn of the event loop travel together.
      enableAutoPipelining: true,
      maxRetriesPerRequest: 0,
      connectTimeout: 1_000,
      commandTimeout: ANSWER_MS,
      retryStrategy: () => RESTS_MS,
    });
    this.client.on("error", (error: Error) => this.#missed(error));
    this.client.on("close", () => this.#missed(new Error("The connection to Redis was closed")));
    this.client.on("ready", () => {
      this.#asksAgainAt = 0;
      this.#found();
    });
  }

  /** What `question` answers. Throws RedisAway; what it rejects with that is no error passes. */
  async ask<Answer>(question: (client: Redis) => Promise<Answer>): Promise<Answer> {
    if (this.client.status !== "ready" || performance.now() < this.#asksAgainAt) throw new RedisAway();
    let answer: Answer;
    try {
      answer = await question(this.client);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#asksAgainAt = performance.now() + RESTS_MS;
      this.#missed(error);
      throw new RedisAway(error);
    }
    this.#found();
    return answer;
  }

  close(): void {
    this.#isClosed = true;
    this.client.disconnect();
  }

  #missed(error: Error): void {
    if (this.#isClosed) return;
    if (!this.#isAway) this.#watch.onAway(error);
    this.#isAway = true;
  }

  #found(): void {
    if (this.#isAway) this.#watch.onBack();
    this.#isAway = false;
  }
}
