/** Callers who wait for the journal to show the outcome of a numbered command, by market and number. */
import type { Answer } from "../../engine/account/order/answer.ts";
import { Fault } from "../../mixins/fault.ts";

interface Waiter {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export class Waiting {
  readonly #byMarket = new Map<number, Map<number, Waiter>>();

  get size(): number {
    let size = 0;
    for (const waiters of this.#byMarket.values()) size += waiters.size;
    return size;
  }

  /**
   * Resolves with what became of command `number` of this shard in `market`. Bounded by the link's own limit.
   */
  for(market: number, number: number): Promise<Answer> {
    let waiters = this.#byMarket.get(market);
    if (waiters === undefined) {
      waiters = new Map();
      this.#byMarket.set(market, waiters);
    }
    const ofMarket = waiters;
    return new Promise((resolve, reject) => ofMarket.set(number, { resolve, reject }));
  }

  settle(answer: Answer): void {
    const waiters = this.#byMarket.get(answer.market);
    const waiter = waiters?.get(answer.number);
    if (waiter === undefined) return;
    waiters?.delete(answer.number);
    waiter.resolve(answer);
  }

  /** Nobody will hear: the shard stops. */
  rejectAll(error: unknown): void {
    for (const waiters of this.#byMarket.values()) {
      for (const waiter of waiters.values()) waiter.reject(error);
      waiters.clear();
    }
  }
}

/** What those hear who wait for a shard that stops. */
export function outcomeUnknown(shard: number): Fault {
  const actor = `risk.${shard}`;
  return new Fault("OUTCOME_UNKNOWN", `Cannot tell the outcome as '${actor}' stopped before a journal did`, {
    actor,
  });
}
