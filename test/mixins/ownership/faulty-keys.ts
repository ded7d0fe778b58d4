/**
 * Keys over a bad network: what becomes of each request is drawn. A node that stands still hears no answer
 * before it goes on.
 */
import type { Timers } from "../../../mixins/clock.ts";
import type { KeyEntry, Keys } from "../../../mixins/nats/ports.ts";

/**
 * `slow`: done after 150 ms, and answered 300 ms later. `lost`: not done, and the caller learns that soon.
 * `answerLost`: done at once, and the caller learns of a failure. `late`: the same, and it is done later.
 */
export type Fate = "ok" | "slow" | "lost" | "answerLost" | "late";

const SLOW_MS = 150;
const SLOW_ANSWER_MS = 300;
const LOST_MS = 10;
const LATE_MS = 1_100;

export class FaultyKeys implements Keys {
  readonly #keys: Keys;
  readonly #timers: Timers;
  readonly #fate: () => Fate;

  constructor(keys: Keys, timers: Timers, fate: () => Fate) {
    this.#keys = keys;
    this.#timers = timers;
    this.#fate = fate;
  }

  get(key: string): Promise<KeyEntry | undefined> {
    return this.#sent(() => this.#keys.get(key));
  }

  list(prefix?: string): Promise<KeyEntry[]> {
    return this.#sent(() => this.#keys.list(prefix));
  }

  create(key: string, value: string): Promise<number> {
    return this.#sent(() => this.#keys.create(key, value));
  }

  update(key: string, value: string, revision: number): Promise<number> {
    return this.#sent(() => this.#keys.update(key, value, revision));
  }

  put(key: string, value: string): Promise<number> {
    return this.#sent(() => this.#keys.put(key, value));
  }

  remove(key: string, revision: number): Promise<void> {
    return this.#sent(() => this.#keys.remove(key, revision));
  }

  async #sent<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    const fate = this.#fate();
    if (fate === "ok") return request();
    if (fate === "slow") {
      await this.#wait(SLOW_MS);
      return request().finally(() => this.#wait(SLOW_ANSWER_MS));
    }
    if (fate === "answerLost") await request();
    // What comes late may be refused by then; nobody hears of it.
    if (fate === "late")
      void this.#wait(LATE_MS)
        .then(request)
        .catch(() => undefined);
    await this.#wait(LOST_MS);
    throw new Error("lost");
  }

  #wait(ms: number): Promise<void> {
    return new Promise(resolve => this.#timers.after(ms, resolve));
  }
}
