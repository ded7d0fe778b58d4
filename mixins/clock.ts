/**
 * The only sources of time outside tests: everything that needs the time is given a clock, everything that
 * waits is given timers. `npm run sim` puts simulated ones in their place, so nothing on an order's path
 * reaches for the system's own.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** What is cancelled is not called any more; cancelling what has been called does nothing. */
export type Cancel = () => void;

export interface Timers {
  /** Milliseconds from some start of its own; never runs backwards. */
  monotonic(): number;
  /** Calls once, `ms` from now. */
  after(ms: number, work: () => void): Cancel;
  /** Calls every `ms`. */
  every(ms: number, work: () => void): Cancel;
  /** Calls once in the next turn of the event loop, when all that has arrived by now has been dealt with. */
  soon(work: () => void): Cancel;
}

export const systemTimers: Timers = {
  monotonic: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  every(ms, work) {
    const timer = setInterval(work, ms);
    return () => clearInterval(timer);
  },
  soon(work) {
    const immediate = setImmediate(work);
    return () => clearImmediate(immediate);
  },
};

/** Resolves `ms` from now. */
export function wait(timers: Timers, ms: number): Promise<void> {
  return new Promise(resolve => timers.after(ms, resolve));
}
