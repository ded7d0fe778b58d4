/** Everyone who follows one journal object: each batch goes to all of them, and all end with it. */
import type { BatchHandler, Follower, JournalBatch } from "./journal.ts";
import { type Followed, JournalFollower } from "./journal-follower.ts";

export class Followers {
  readonly #journal: Omit<Followed, "leave">;
  readonly #followers = new Set<JournalFollower>();

  constructor(journal: Omit<Followed, "leave">) {
    this.#journal = journal;
  }

  add(from: number, handler: BatchHandler, onFailure?: (error: unknown) => void): Follower {
    const { name, last, read } = this.#journal;
    const leave = (follower: JournalFollower) => void this.#followers.delete(follower);
    const follower = new JournalFollower({ name, last, read, leave }, from, handler, onFailure);
    this.#followers.add(follower);
    return follower;
  }

  /** Hands a durable batch over after every microtask of this turn, before anything else. */
  deliverSoon(batch: JournalBatch): void {
    queueMicrotask(() => process.nextTick(() => this.deliver(batch)));
  }

  deliver(batch: JournalBatch): void {
    for (const follower of this.#followers) follower.offer(batch);
  }

  /** How far each has come. */
  cursors(): number[] {
    return [...this.#followers].map(({ cursor }) => cursor);
  }

  fail(error: unknown): void {
    for (const follower of this.#followers) follower.fail(error);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#followers].map(follower => follower.close()));
  }
}
