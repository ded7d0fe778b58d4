/**
 * A follower of a journal. It is either level (everything durable has been handed over; the next live
 * batch goes straight to the handler) or catching up (batches are read; live ones are not kept for it, they
 * are read in turn). So a slow handler costs no memory, and the change between the two happens where nothing
 * can come in between.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { BatchHandler, Follower, JournalBatch } from "./journal.ts";
import { JournalClosed } from "./journal-fault.ts";

/** Payload that catching up hands over before others get a turn. */
const TURN_BYTES = 262_144;

/** What a follower needs of its journal. */
export interface Followed {
  readonly name: string;
  last(): number;
  read(from: number): AsyncIterable<JournalBatch>;
  /** Takes the follower off the list for live batches. */
  leave(follower: JournalFollower): void;
}

export class JournalFollower implements Follower {
  readonly caughtUp: Promise<void>;
  readonly failed: Promise<never>;
  readonly #journal: Followed;
  readonly #handler: BatchHandler;
  #cursor: number;
  #level = false;
  #stopped = false;
  /** Settles when nothing of this follower runs any more. */
  #running: Promise<void>;
  #fail: (error: unknown) => void = () => undefined;
  #arrive: () => void = () => undefined;
  #miss: (error: unknown) => void = () => undefined;

  constructor(journal: Followed, from: number, handler: BatchHandler, onFailure?: (error: unknown) => void) {
    this.#journal = journal;
    this.#handler = handler;
    this.#cursor = from - 1;
    this.caughtUp = new Promise((resolve, reject) => {
      this.#arrive = resolve;
      this.#miss = reject;
    });
    // A failure before is told by `failed` too; whoever doesn't wait for this one misses nothing.
    this.caughtUp.catch(() => undefined);
    this.failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    if (onFailure !== undefined) this.failed.catch(onFailure);
    this.#running = this.#catchUp();
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** A batch has become durable. Where some before it have not been offered, they are read. */
  offer(batch: JournalBatch): void {
    if (!this.#level || this.#stopped || batch.first <= this.#cursor) return;
    if (batch.first > this.#cursor + 1) {
      this.#level = false;
      this.#running = this.#catchUp();
      return;
    }
    try {
      const handled = this.#handler(batch);
      if (handled instanceof Promise) {
        this.#level = false;
        this.#running = this.#await(handled, batch);
      } else this.#cursor = batch.first + batch.count - 1;
    } catch (error) {
      this.#stop(error);
    }
  }

  /** The journal cannot go on: the follower stops, as if reading had failed. */
  fail(error: unknown): void {
    if (!this.#stopped) this.#stop(error);
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#journal.leave(this);
    await this.#running;
    this.#miss(new JournalClosed(this.#journal.name));
  }

  async #await(handled: Promise<void>, batch: JournalBatch): Promise<void> {
    try {
      await handled;
      this.#cursor = batch.first + batch.count - 1;
    } catch (error) {
      this.#stop(error);
    }
    await this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    try {
      let bytes = 0;
      let checked = false;
      while (!this.#stopped && (!checked || this.#cursor < this.#journal.last())) {
        checked = true;
        for await (const batch of this.#journal.read(this.#cursor + 1)) {
          if (this.#stopped) return;
          await this.#handler(batch);
          this.#cursor = batch.first + batch.count - 1;
          bytes += batch.payload.length;
          if (bytes < TURN_BYTES) continue;
          bytes = 0;
          await turn();
        }
      }
      if (this.#stopped) return;
      this.#level = true;
      this.#arrive();
    } catch (error) {
      // Closing the journal under a follower that is being closed is no failure of it.
      if (!(this.#stopped && error instanceof JournalClosed)) this.#stop(error);
    }
  }

  #stop(error: unknown): void {
    this.#stopped = true;
    this.#journal.leave(this);
    this.#miss(error);
    this.#fail(error);
  }
}
