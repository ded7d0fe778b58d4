/**
 * One life of a process: from a start to a crash. Whatever reaches it from outside (a timer, a message, an
 * answer) comes through `run`, so one that has crashed hears nothing any more, and one that is paused hears
 * it all at once when it goes on. Its clocks are its own: the wall clock may be wrong and jump, the monotonic
 * one may stand still while the process is paused, as it does on a machine that was put to sleep.
 */
import type { Cancel, Clock, Timers } from "../../mixins/clock.ts";
import type { Scheduler } from "./scheduler.ts";

/** A moment at which some market is open: 2026-11-18T12:00:00Z. */
export const BEGINNING = 1_795_003_200_000;

export class Process {
  /** "node-1#3": the third life of node-1. */
  readonly name: string;
  readonly node: string;
  readonly clock: Clock = { now: () => BEGINNING + Math.floor(this.#scheduler.now + this.skewMs) };
  readonly timers: Timers;
  /** What its wall clock is wrong by. */
  skewMs = 0;
  /** Its monotonic clock has stood still at some time: nothing is promised of its leases. */
  hasSlept = false;
  readonly #scheduler: Scheduler;
  #state: "running" | "paused" | "dead" = "running";
  /** What has arrived while it was paused, oldest first. */
  #held: (() => void)[] = [];
  #asleepSince: number | undefined;
  /** How long its monotonic clock has stood still. */
  #sleptMs = 0;

  constructor(scheduler: Scheduler, node: string, life: number) {
    this.#scheduler = scheduler;
    this.node = node;
    this.name = `${node}#${life}`;
    this.timers = {
      monotonic: () => (this.#asleepSince ?? scheduler.now) - this.#sleptMs,
      after: (ms, work) => this.#after(ms, work),
      every: (ms, work) => this.#every(ms, work),
      soon: work => this.#plan(0, work),
    };
  }

  get isDead(): boolean {
    return this.#state === "dead";
  }

  get isRunning(): boolean {
    return this.#state === "running";
  }

  /** Something reaches the process: now, when it goes on, or never. */
  run(work: () => void): void {
    if (this.#state === "running") work();
    else if (this.#state === "paused") this.#held.push(work);
  }

  /** Nothing happens in it from here on; `asleep`: its monotonic clock stands still too. */
  pause(asleep: boolean): void {
    if (this.#state !== "running") return;
    this.#state = "paused";
    if (!asleep) return;
    this.hasSlept = true;
    this.#asleepSince = this.#scheduler.now;
  }

  /** Goes on: what has arrived happens now, one thing after another. */
  resume(): void {
    if (this.#state !== "paused") return;
    this.#state = "running";
    if (this.#asleepSince !== undefined) this.#sleptMs += this.#scheduler.now - this.#asleepSince;
    this.#asleepSince = undefined;
    const held = this.#held;
    this.#held = [];
    for (const work of held) this.#scheduler.after(0, () => this.run(work));
  }

  crash(): void {
    this.#state = "dead";
    this.#held = [];
  }

  /** No sooner than a millisecond from now, as the system's timers. */
  #after(ms: number, work: () => void): Cancel {
    return this.#plan(Math.max(1, ms), work);
  }

  /** A timer that was cancelled while it was held does not go off. */
  #plan(ms: number, work: () => void): Cancel {
    if (this.isDead) return () => undefined;
    let cancelled = false;
    const cancel = this.#scheduler.after(ms, () =>
      this.run(() => {
        if (!cancelled) work();
      }),
    );
    return () => {
      cancelled = true;
      cancel();
    };
  }

  #every(ms: number, work: () => void): Cancel {
    let cancel: Cancel = () => undefined;
    const next = () => {
      cancel = this.#after(ms, () => {
        next();
        work();
      });
    };
    next();
    return () => cancel();
  }
}
