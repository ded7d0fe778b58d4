/**
 * What a taker would trade, found without changing anything: the steps in their order, and what would be
 * left. Levels from the best one on; in each first the orders that aren't hidden, in the order of their
 * queue, then the hidden ones. An iceberg's next part comes behind the queue that it refreshes in. Whose
 * condition isn't met is passed over, and is not asked again: what a taker has left only gets smaller.
 *
 * One plan is made over and over, so that a taker allocates nothing. It holds until its makers change.
 */
import * as layout from "./arena.ts";
import type { Queues } from "./queues.ts";

const { FLAGS, HIDDEN_FLAG, HIDDEN_ORDERS, KEY, LINKS, NEXT, NUMBERS, REST, SPECIAL_FLAG } = layout;

export class Plan {
  /** Steps of the plan; only so many elements of `makers` and `traded` count. */
  steps = 0;
  /** What would be left of the taker. */
  remaining = 0;
  /** The slot of each step's maker. */
  readonly makers: number[] = [];
  /** The lots of each step. */
  readonly traded: number[] = [];
  /** Icebergs of one queue that have parts to come, and what each holds back before the next. */
  readonly #icebergs: number[] = [];
  readonly #reserves: number[] = [];
  #parts = 0;

  /** The plan of who trades nothing. */
  clear(lots: number): void {
    this.steps = 0;
    this.remaining = lots;
  }

  /** `minimum`: the least that each of the taker's executions must be. */
  make(queues: Queues, side: number, limitKey: number, lots: number, minimum: number): void {
    const { ladders, arena } = queues;
    const { links } = arena;
    this.clear(lots);
    for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) {
      const at = level << LINKS;
      if ((links[at + KEY] ?? 0) > limitKey || this.remaining === 0 || this.remaining < minimum) return;
      this.#parts = 0;
      this.#addQueue(queues, level, 0, minimum);
      this.#addParts(queues, minimum);
      if (links[at + HIDDEN_ORDERS] !== 0) this.#addQueue(queues, level, HIDDEN_FLAG, minimum);
    }
  }

  /** The orders of one level that are hidden (`hidden` = `HIDDEN_FLAG`) or not (0). */
  #addQueue(queues: Queues, level: number, hidden: number, minimum: number): void {
    const { numbers, links } = queues.arena;
    let slot = links[(level << LINKS) + NEXT] ?? 0;
    for (; slot !== level; slot = links[(slot << LINKS) + NEXT] ?? 0) {
      const flags = links[(slot << LINKS) + FLAGS] ?? 0;
      if ((flags & HIDDEN_FLAG) !== hidden) continue;
      const { remaining } = this;
      if (remaining === 0 || remaining < minimum) return;
      const rest = numbers[(slot << NUMBERS) + REST] ?? 0;
      const traded = Math.min(rest, remaining);
      if (traded < minimum) continue;
      if ((flags & SPECIAL_FLAG) !== 0) {
        const special = queues.specials.get(slot);
        if (special !== undefined) {
          if (traded < (special.minimumLots ?? 0) || (special.allOrNone && traded < rest)) continue;
          if (special.reserve > 0 && traded === rest) this.#addIceberg(slot, special.reserve);
        }
      }
      this.#add(slot, traded);
    }
  }

  /** The parts of a queue's icebergs, each behind those that are to come already. */
  #addParts(queues: Queues, minimum: number): void {
    for (let part = 0; part < this.#parts; part++) {
      const { remaining } = this;
      if (remaining === 0 || remaining < minimum) return;
      const slot = this.#icebergs[part] ?? 0;
      const reserve = this.#reserves[part] ?? 0;
      const shown = Math.min(queues.specials.get(slot)?.displayLots ?? 0, reserve);
      const traded = Math.min(shown, remaining);
      if (traded < minimum) continue;
      this.#add(slot, traded);
      if (traded === shown && reserve > shown) this.#addIceberg(slot, reserve - shown);
    }
  }

  #add(slot: number, traded: number): void {
    this.makers[this.steps] = slot;
    this.traded[this.steps] = traded;
    this.steps++;
    this.remaining -= traded;
  }

  #addIceberg(slot: number, reserve: number): void {
    this.#icebergs[this.#parts] = slot;
    this.#reserves[this.#parts] = reserve;
    this.#parts++;
  }
}
