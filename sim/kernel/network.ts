/**
 * The wires between nodes, and between nodes and the cluster's store: each message takes its time, so one may
 * overtake another, and it may get lost or come twice. A pair of nodes that is cut hears nothing of each
 * other. What is on its way when a wire is cut still arrives.
 */
import type { Chance } from "./chance.ts";
import type { Scheduler } from "./scheduler.ts";

export interface Wires {
  /** Milliseconds that a message takes, more or less. */
  typicalMs: number;
  /** What a slow one takes on top, at most. */
  tailMs: number;
  /** Probabilities for each message. */
  loss: number;
  duplicate: number;
  /** It comes when nobody waits for it any more. */
  late: number;
}

export const CALM: Readonly<Wires> = { typicalMs: 0.5, tailMs: 5, loss: 0, duplicate: 0, late: 0 };

/** Nothing that a network would not do on an ordinary day. */
export const BREEZE: Readonly<Wires> = { typicalMs: 1, tailMs: 40, loss: 0.01, duplicate: 0.1, late: 0.03 };

/** What a message that is late takes, at most. */
const LATE_MS = 9_000;

/** A second copy comes so much after the first, at most. */
const SECOND_MS = 2_000;

/** The node that stands for the cluster's store. */
export const STORE = "store";

export class Network {
  wires: Readonly<Wires> = CALM;
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #cut = new Set<string>();

  constructor(scheduler: Scheduler, chance: Chance) {
    this.#scheduler = scheduler;
    this.#chance = chance;
  }

  /** `from` hears no more of `to`, and the other way round unless `oneWay`. */
  cut(from: string, to: string, oneWay = false): void {
    this.#cut.add(`${from}>${to}`);
    if (!oneWay) this.#cut.add(`${to}>${from}`);
  }

  mend(from: string, to: string): void {
    this.#cut.delete(`${from}>${to}`);
    this.#cut.delete(`${to}>${from}`);
  }

  heal(): void {
    this.#cut.clear();
  }

  isCut(from: string, to: string): boolean {
    return this.#cut.has(`${from}>${to}`);
  }

  /** A message between nodes; `arrive` is called once, twice or never. */
  send(from: string, to: string, arrive: () => void): void {
    const chance = this.#chance;
    const { typicalMs, tailMs, loss, duplicate, late } = this.wires;
    if (this.isCut(from, to)) return;
    const copies = chance.is(duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (chance.is(loss)) continue;
      const wait = chance.is(late) ? chance.within(500, LATE_MS) : chance.delay(typicalMs, tailMs);
      this.#scheduler.after(copy === 0 ? wait : wait + chance.within(0, SECOND_MS), arrive);
    }
  }
}
