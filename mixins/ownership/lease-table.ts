/**
 * All leases as they were seen last. Somebody looks several times a second, and to read each key each time
 * would cost more than the actors do: so they are watched, where keys can be, and asked for one by one only
 * while nothing is heard. Leases are renewed at a quarter of their length, so a watch that is silent for half
 * of one has either ended, or there is nobody who renews.
 *
 * What is seen here decides nothing: who claims reads the key itself.
 */
import type { KeyEntry, KeysWatch } from "../nats/ports.ts";
import type { LeaseOptions } from "./lease.ts";

const SILENT_PART = 0.5;

export class LeaseTable {
  readonly #options: LeaseOptions;
  readonly #entries = new Map<string, KeyEntry>();
  #watch: KeysWatch | undefined;
  /** Monotonic: when the watch told anything. */
  #heardAt = Number.NEGATIVE_INFINITY;
  #isBeginning = false;
  #isClosed = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  async entries(): Promise<readonly KeyEntry[]> {
    const { keys, leaseMs, timers } = this.#options;
    if (this.#watch === undefined) this.#begin();
    if (timers.monotonic() - this.#heardAt < leaseMs * SILENT_PART) return [...this.#entries.values()];
    return keys.list();
  }

  close(): void {
    this.#isClosed = true;
    this.#watch?.close();
  }

  /** Not waited for: until it tells something, leases are asked for. */
  #begin(): void {
    const { keys, timers } = this.#options;
    if (keys.watch === undefined || this.#isBeginning || this.#isClosed) return;
    this.#isBeginning = true;
    this.#entries.clear();
    const change = (key: string, entry: KeyEntry | undefined) => {
      if (entry === undefined) this.#entries.delete(key);
      else this.#entries.set(key, entry);
      this.#heardAt = timers.monotonic();
    };
    const end = () => {
      this.#watch = undefined;
      this.#isBeginning = false;
      this.#heardAt = Number.NEGATIVE_INFINITY;
    };
    keys.watch(change, end).then(watch => {
      this.#watch = watch;
      if (this.#isClosed) watch.close();
    }, end);
  }
}
