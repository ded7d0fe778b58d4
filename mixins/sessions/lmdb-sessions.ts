/**
 * Sessions of a venue on one node, in an LMDB file of its data folder, so that one that was ended stays ended
 * over a restart. What has expired is forgotten at the start and once a day.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { open, type RootDatabase } from "lmdb";
import type { Cancel, Clock, Timers } from "../clock.ts";
import { committed } from "../lmdb-commit.ts";
import { REPEATED_MS, type Sessions, type Use } from "./sessions.ts";

const DAY_MS = 86_400_000;
/** Of an ended session, in place of its next number. */
const ENDED = 0;

/** Next number, when the newest token was used, and when the session's last token expires. */
type Kept = readonly [next: number, at: number, expiresAt: number];

export interface SessionLife {
  /** For as long as a token may be good. */
  readonly keptMs: number;
  readonly repeatedMs?: number;
}

export class LmdbSessions implements Sessions {
  readonly #root: RootDatabase<Kept, string>;
  readonly #clock: Clock;
  readonly #life: Required<SessionLife>;
  readonly #stopSweeping: Cancel;

  /** Opens or creates `<folder>/sessions.mdb`. `onFailed` hears of a sweep that failed. */
  constructor(
    folder: string,
    clock: Clock,
    timers: Timers,
    life: SessionLife,
    onFailed: (error: unknown) => void,
  ) {
    mkdirSync(folder, { recursive: true });
    this.#root = open<Kept, string>({ path: join(folder, "sessions.mdb") });
    this.#clock = clock;
    this.#life = { repeatedMs: REPEATED_MS, ...life };
    const sweep = () => void this.#sweep().catch(onFailed);
    this.#stopSweeping = timers.every(DAY_MS, sweep);
    sweep();
  }

  async use(session: string, number: number): Promise<Use> {
    let use: Use = { outcome: "ended" };
    await this.#change(() => {
      const now = this.#clock.now();
      const [next, at] = this.#root.get(session) ?? [1, now];
      if (next === ENDED) return undefined;
      if (number === next - 1 && now - at <= this.#life.repeatedMs) {
        use = { outcome: "renewed", next };
        return undefined;
      }
      if (number < next) {
        use = { outcome: "reused" };
        return [session, ENDED];
      }
      use = { outcome: "renewed", next: number + 1 };
      return [session, number + 1];
    });
    return use;
  }

  end(session: string): Promise<void> {
    return this.#change(() => [session, ENDED]);
  }

  async close(): Promise<void> {
    this.#stopSweeping();
    await this.#root.close();
  }

  /** Decides and stores in one transaction; durable when it resolves. */
  async #change(decide: () => readonly [session: string, next: number] | undefined): Promise<void> {
    const writes: Promise<unknown>[] = [];
    const transaction = this.#root.childTransaction(() => {
      const change = decide();
      if (change === undefined) return;
      const [session, next] = change;
      const now = this.#clock.now();
      writes.push(this.#root.put(session, [next, now, now + this.#life.keptMs]));
    });
    await committed(transaction, writes);
    await this.#root.flushed;
  }

  async #sweep(): Promise<void> {
    const now = this.#clock.now();
    const expired: string[] = [];
    for (const { key, value } of this.#root.getRange({})) if (value[2] < now) expired.push(key);
    await Promise.all(expired.map(session => this.#root.remove(session)));
  }
}
