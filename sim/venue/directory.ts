/**
 * Who offers which service, as the nodes' registries have heard it: a little late, and of a process that has
 * crashed until its heartbeats have been missed. Two processes may offer the same one for a while.
 */
import type { Process } from "../kernel/process.ts";
import type { Scheduler } from "../kernel/scheduler.ts";

/** How long word of a new or ended service takes. */
const HEARD_MS = 25;
/** After so long without a heartbeat a node counts as gone. */
const MISSED_MS = 3_000;

export type Action = (params: unknown) => unknown;

export interface Offer {
  readonly process: Process;
  readonly actions: ReadonlyMap<string, Action>;
  readonly events: ReadonlyMap<string, (payload: unknown) => void>;
}

interface Listener {
  readonly process: Process;
  readonly hear: (payload: unknown) => void;
}

interface Listed extends Offer {
  readonly since: number;
  until: number;
}

export class Directory {
  readonly #scheduler: Scheduler;
  readonly #services = new Map<string, Listed[]>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Returns the way to take the offer back. */
  offer(service: string, offer: Offer): () => void {
    const listed: Listed = {
      ...offer,
      since: this.#scheduler.now + HEARD_MS,
      until: Number.POSITIVE_INFINITY,
    };
    const known = this.#services.get(service);
    if (known === undefined) this.#services.set(service, [listed]);
    else known.push(listed);
    return () => {
      listed.until = Math.min(listed.until, this.#scheduler.now + HEARD_MS);
    };
  }

  crashed(process: Process): void {
    for (const listed of this.#services.values()) {
      for (const each of listed) {
        if (each.process === process) each.until = Math.min(each.until, this.#scheduler.now + MISSED_MS);
      }
    }
  }

  restarted(before: Process): void {
    for (const [service, listed] of this.#services) {
      this.#services.set(
        service,
        listed.filter(({ process }) => process !== before),
      );
    }
  }

  /** Whoever listens to an event, as far as anybody knows. */
  listeners(event: string): Listener[] {
    const { now } = this.#scheduler;
    return [...this.#services.values()].flat().flatMap(({ process, events, until }) => {
      const hear = until > now ? events.get(event) : undefined;
      return hear === undefined ? [] : [{ process, hear }];
    });
  }

  /** Those who seem to offer the service now; its own process knows at once. */
  who(service: string, asker: Process): Offer[] {
    const { now } = this.#scheduler;
    const listed = this.#services.get(service) ?? [];
    const standing = listed.filter(({ until }) => until > now);
    if (standing.length < listed.length) this.#services.set(service, standing);
    return standing.filter(({ since, process }) => since <= now || process === asker);
  }
}
