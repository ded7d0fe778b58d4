/**
 * The way of a question from a process to the cluster's store and back. Where the question or its answer is
 * lost, or the store has no leader, the asker hears nothing and gives up after a while, not knowing what
 * became of it: a question may still be done long after that, or was done long before.
 */
import type { Chance } from "../kernel/chance.ts";
import { type Network, STORE } from "../kernel/network.ts";
import type { Process } from "../kernel/process.ts";
import type { Scheduler } from "../kernel/scheduler.ts";

/** What an asker waits. */
const TIMEOUT_MS = 2_000;
/** How much later than that a question may be done. */
const LATE_MS = 6_000;
/** What a quorum takes. */
const QUORUM_MS = 0.8;

export interface StoreFaults {
  /** Probabilities for each question. */
  lost: number;
  late: number;
  unanswered: number;
  /** An answer from a copy, or a leader of before, that is behind. */
  stale: number;
  /** Bytes of an object change on their way to the asker. */
  damaged: number;
}

export const RELIABLE: Readonly<StoreFaults> = { lost: 0, late: 0, unanswered: 0, stale: 0, damaged: 0 };

export class StoreTimeout extends Error {
  readonly code = "TIMEOUT";

  constructor(what: string) {
    super(`Cannot tell what became of ${what} as the store gave no answer`);
    this.name = "StoreTimeout";
  }
}

export class StoreLink {
  faults: StoreFaults = { ...RELIABLE };
  /** No leader before this: questions wait for one, or get lost. */
  leaderlessUntil = 0;
  readonly #scheduler: Scheduler;
  readonly #network: Network;
  readonly #chance: Chance;

  constructor(scheduler: Scheduler, network: Network, chance: Chance) {
    this.#scheduler = scheduler;
    this.#network = network;
    this.#chance = chance;
  }

  get now(): number {
    return this.#scheduler.now;
  }

  get chance(): Chance {
    return this.#chance;
  }

  /** Milliseconds by which a read is behind: mostly none. */
  staleness(): number {
    return this.#chance.is(this.faults.stale) ? this.#chance.within(1, 1_500) : 0;
  }

  /** Whether the store's word reaches the node now. */
  reaches(node: string): boolean {
    return this.#scheduler.now >= this.leaderlessUntil && !this.#network.isCut(STORE, node);
  }

  /** Milliseconds that a message from the store takes. */
  pushDelay(): number {
    const { typicalMs, tailMs } = this.#network.wires;
    return this.#chance.delay(typicalMs, tailMs);
  }

  after(ms: number, work: () => void): void {
    this.#scheduler.after(ms, work);
  }

  ask<Answer>(process: Process, what: string, perform: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const giveUp = process.timers.after(TIMEOUT_MS, () => reject(new StoreTimeout(what)));
      const answer = (told: () => void) => {
        if (this.#chance.is(this.faults.unanswered) || this.#network.isCut(STORE, process.node)) return;
        this.#scheduler.after(this.pushDelay(), () =>
          process.run(() => {
            giveUp();
            told();
          }),
        );
      };
      this.#deliver(process.node, () => {
        let answered: Answer;
        try {
          answered = perform();
        } catch (error) {
          answer(() => reject(error));
          return;
        }
        answer(() => resolve(answered));
      });
    });
  }

  /** Brings a question to the store's leader: now, late, or never. */
  #deliver(node: string, perform: () => void): void {
    const chance = this.#chance;
    const { lost, late } = this.faults;
    if (chance.is(lost) || this.#network.isCut(node, STORE)) return;
    const wait = chance.is(late) ? chance.within(0, TIMEOUT_MS + LATE_MS) : 0;
    this.#scheduler.after(this.pushDelay() + QUORUM_MS + wait, () => this.#lead(perform));
  }

  #lead(perform: () => void): void {
    const leaderless = this.leaderlessUntil - this.#scheduler.now;
    if (leaderless <= 0) perform();
    else if (this.#chance.is(0.5)) {
      this.#scheduler.after(leaderless + this.#chance.within(0, 50), () => this.#lead(perform));
    }
  }
}
