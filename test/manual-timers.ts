/**
 * Time that passes when a test says so, for any number of nodes: each has timers of its own on the one clock,
 * and may stand still while the others go on, as a process does that is stopped.
 */
import type { Cancel, Timers } from "../mixins/clock.ts";

interface Due {
  readonly at: number;
  readonly work: () => void;
}

export class ManualTime {
  #now = 0;
  readonly #nodes: ManualTimers[] = [];

  get now(): number {
    return this.#now;
  }

  node(): ManualTimers {
    const timers = new ManualTimers(this);
    this.#nodes.push(timers);
    return timers;
  }

  /** Lets `ms` pass in steps, and whatever is due be called, promises settled in between. */
  async pass(ms: number, step = 5): Promise<void> {
    for (const end = this.#now + ms; this.#now < end; ) {
      this.#now = Math.min(end, this.#now + step);
      for (const timers of this.#nodes) timers.run();
      await new Promise(resolve => setImmediate(resolve));
    }
  }
}

export class ManualTimers implements Timers {
  readonly #time: ManualTime;
  readonly #due = new Set<Due>();
  /** While true nothing is called. */
  stopped = false;

  constructor(time: ManualTime) {
    this.#time = time;
  }

  monotonic(): number {
    return this.#time.now;
  }

  after(ms: number, work: () => void): Cancel {
    const due = { at: this.#time.now + ms, work };
    this.#due.add(due);
    return () => void this.#due.delete(due);
  }

  every(ms: number, work: () => void): Cancel {
    let cancel = this.after(ms, again.bind(this));
    function again(this: ManualTimers): void {
      cancel = this.after(ms, again.bind(this));
      work();
    }
    return () => cancel();
  }

  soon(work: () => void): Cancel {
    return this.after(0, work);
  }

  run(): void {
    for (const due of [...this.#due]) {
      if (this.stopped || due.at > this.#time.now || !this.#due.delete(due)) continue;
      due.work();
    }
  }
}
