/**
 * Cursors of followers on many nodes: each follower's are one key, written at most once a second, so that
 * what is read may be a second old and never too far. Those that are expected (the shards) hold everything
 * until they speak, wherever they run. Others (the market data of a gateway) hold from their first word on,
 * and are forgotten when they have been silent for a while: a gateway that comes back later begins at a
 * snapshot.
 */
import type { Cancel, Timers } from "../clock.ts";
import { type KeyEntry, type Keys, KeyTaken } from "../nats/ports.ts";
import type { Cursors } from "./cursors.ts";

const WRITE_MS = 1_000;
const READ_MS = 1_000;
const FORGOTTEN_MS = 10 * 60_000;

type ByJournal = Readonly<Record<string, number>>;

interface Heard {
  readonly revision: number;
  /** Monotonic, by this node: nothing new since then. */
  readonly since: number;
}

export interface SharedCursorsOptions {
  readonly keys: Keys;
  readonly timers: Timers;
  readonly expected: readonly string[];
  /** Hears of a write that failed, which is tried again with the next, and of a read. */
  readonly onFailed: (error: unknown) => void;
}

export class SharedCursors implements Cursors {
  readonly #options: SharedCursorsOptions;
  readonly #own = new Map<string, Map<string, number>>();
  readonly #unwritten = new Set<string>();
  readonly #heard = new Map<string, Heard>();
  #cancel: Cancel | undefined;
  #read: { readonly at: number; readonly cursors: Promise<ReadonlyMap<string, ByJournal>> } | undefined;

  constructor(options: SharedCursorsOptions) {
    this.#options = options;
  }

  set(follower: string, journal: string, sequence: number): void {
    const cursors = this.#own.get(follower) ?? new Map<string, number>();
    this.#own.set(follower, cursors.set(journal, sequence));
    this.#unwritten.add(follower);
    this.#cancel ??= this.#options.timers.after(WRITE_MS, () => {
      this.#cancel = undefined;
      this.#write().catch(this.#options.onFailed);
    });
  }

  /** 0 where the others cannot be asked: then nothing is trimmed now. */
  async floor(journal: string): Promise<number> {
    const { expected, onFailed } = this.#options;
    let cursors: ReadonlyMap<string, ByJournal>;
    try {
      cursors = await this.#all();
    } catch (error) {
      onFailed(error);
      return 0;
    }
    const others = [...cursors.keys()].filter(follower => !expected.includes(follower));
    return Math.min(...[...expected, ...others].map(follower => cursors.get(follower)?.[journal] ?? 0));
  }

  async close(): Promise<void> {
    this.#cancel?.();
    await this.#write();
  }

  async #write(): Promise<void> {
    for (const follower of [...this.#unwritten]) {
      this.#unwritten.delete(follower);
      const cursors: ByJournal = Object.fromEntries(this.#own.get(follower) ?? []);
      try {
        await this.#options.keys.put(follower, JSON.stringify(cursors));
      } catch (error) {
        this.#unwritten.add(follower);
        throw error;
      }
    }
  }

  #all(): Promise<ReadonlyMap<string, ByJournal>> {
    const now = this.#options.timers.monotonic();
    if (this.#read === undefined || now - this.#read.at >= READ_MS) {
      this.#read = { at: now, cursors: this.#list() };
    }
    return this.#read.cursors;
  }

  /** Nodes come and go under ever new names: what they leave is cleared away. */
  async #forget(key: string, revision: number): Promise<void> {
    try {
      await this.#options.keys.remove(key, revision);
    } catch (error) {
      // It has just spoken again, or is tried again with the next look.
      if (!(error instanceof KeyTaken)) this.#options.onFailed(error);
    }
  }

  async #list(): Promise<ReadonlyMap<string, ByJournal>> {
    const { keys, timers, expected } = this.#options;
    const entries = await keys.list();
    const now = timers.monotonic();
    const speaking: KeyEntry[] = [];
    for (const entry of entries) {
      const { key, revision } = entry;
      const heard = this.#heard.get(key);
      if (heard?.revision !== revision) this.#heard.set(key, { revision, since: now });
      const silentMs = heard?.revision === revision ? now - heard.since : 0;
      if (expected.includes(key) || silentMs < FORGOTTEN_MS) speaking.push(entry);
      else await this.#forget(key, revision);
    }
    const known = new Set(entries.map(({ key }) => key));
    for (const key of this.#heard.keys()) if (!known.has(key)) this.#heard.delete(key);
    // Written by this module only.
    return new Map(speaking.map(({ key, value }) => [key, JSON.parse(value) as ByJournal]));
  }
}
