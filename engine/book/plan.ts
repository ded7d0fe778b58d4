/**
 * What a taker would trade, found without changing anything: the steps in their order, and what would be
 * left. Levels from the best one on; in each first the orders that aren't hidden, in the order of their
 * queue, then the hidden ones. An iceberg's next part comes behind the queue that it refreshes in. Whose
 * condition isn't met is passed over, and is not asked again: what a taker has left only gets smaller. Where
 * it meets an order of its own trader and its terms prevent that (`prevention.ts`), that is a step too.
 *
 * One plan is made over and over, so that a taker allocates nothing. It holds until its makers change.
 */
import * as layout from "./arena.ts";
import type { RestingOrder } from "./audit.ts";
import type { Budget } from "./budget.ts";
import { LinkedTrades } from "./linked-trades.ts";
import { isOfTrader } from "./prevention.ts";
import type { Queues } from "./queues.ts";

const { FLAGS, HIDDEN_FLAG, HIDDEN_ORDERS, KEY, LINKS, NEXT, NUMBERS, REST, SPECIAL_FLAG } = layout;

export class Plan {
  /** Steps of the plan; only so many elements of `makers` and `traded` count. */
  steps = 0;
  /** What would be left of the taker. */
  remaining = 0;
  /** What of that would be traded, and what would be taken off because it meets its own trader. */
  trading = 0;
  decremented = 0;
  /** Whether the taker ends where it meets its own trader, whatever it has left. */
  ends = false;
  /** The slot of each step's maker. */
  readonly makers: number[] = [];
  /** The lots of each step. */
  readonly traded: number[] = [];
  /** Whether each step is no trade but is prevented. */
  readonly prevented: boolean[] = [];
  #lots = 0;
  #taker: RestingOrder | undefined;
  /** Icebergs of one queue that have parts to come, and what each holds back before the next. */
  readonly #icebergs: number[] = [];
  readonly #reserves: number[] = [];
  #parts = 0;
  readonly #linked = new LinkedTrades();

  /** The plan of who trades nothing. */
  clear(lots: number): void {
    this.steps = 0;
    this.remaining = lots;
    this.trading = 0;
    this.decremented = 0;
    this.ends = false;
    this.#lots = lots;
  }

  /** Leaves out the steps from one on. */
  cut(from: number): void {
    for (let step = from; step < this.steps; step++) {
      const lots = this.traded[step] ?? 0;
      if (this.prevented[step] !== true) this.trading -= lots;
      else if (this.#taker?.selfTrade?.mode === "decrement") this.decremented -= lots;
    }
    this.steps = from;
    this.ends = false;
    this.remaining = this.#lots - this.trading - this.decremented;
  }

  /** Whether all of the taker would be traded. */
  get isWhole(): boolean {
    return this.trading === this.#lots;
  }

  /** Of the other side's orders whose key is at most `limitKey`. */
  make(queues: Queues, taker: RestingOrder, side: number, limitKey: number, lots: number): void {
    this.clear(lots);
    this.#taker = taker.selfTrade === undefined ? undefined : taker;
    this.#linked.clear();
    this.#walk(queues, side, limitKey, taker.minimumLots ?? 0, undefined);
    if (this.ends) this.remaining = lots - this.trading;
  }

  /** What a taker without conditions would trade, and what would be taken off it, for so much money. */
  makeFor(queues: Queues, taker: RestingOrder, side: number, limitKey: number, budget: Budget): void {
    this.clear(0);
    this.#taker = taker.selfTrade === undefined ? undefined : taker;
    this.#linked.clear();
    this.#walk(queues, side, limitKey, 0, budget);
  }

  /** `minimum`: the least that each of the taker's executions must be. */
  #walk(queues: Queues, side: number, limitKey: number, minimum: number, budget: Budget | undefined): void {
    const { ladders, arena } = queues;
    const { links } = arena;
    let used = 0;
    for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) {
      const at = level << LINKS;
      if (budget !== undefined) this.remaining = this.ends ? 0 : budget.lotsAt(ladders.ticksOf(level));
      if ((links[at + KEY] ?? 0) > limitKey || this.remaining === 0 || this.remaining < minimum) return;
      this.#parts = 0;
      this.#addQueue(queues, level, 0, minimum);
      this.#addParts(queues, minimum);
      if (links[at + HIDDEN_ORDERS] !== 0) this.#addQueue(queues, level, HIDDEN_FLAG, minimum);
      if (budget === undefined) continue;
      const sum = this.trading + this.decremented;
      budget.use(ladders.ticksOf(level), sum - used);
      used = sum;
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
      let traded = Math.min(rest, remaining);
      if (traded < minimum) continue;
      let reserve = 0;
      if ((flags & SPECIAL_FLAG) !== 0) {
        const special = queues.specials.get(slot);
        if (special !== undefined) {
          if (special.linked !== undefined) {
            traded = Math.min(traded, this.#linked.allowed(queues, slot));
            if (traded === 0 || traded < minimum) continue;
          }
          if (traded < (special.minimumLots ?? 0) || (special.allOrNone && traded < rest)) continue;
          if (traded === rest) reserve = special.reserve;
        }
      }
      const left = this.#add(queues, slot, traded);
      if (reserve > 0 && left) this.#addIceberg(slot, reserve);
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
      const traded = Math.min(shown, remaining, this.#linked.allowed(queues, slot));
      if (traded === 0 || traded < minimum) continue;
      this.#add(queues, slot, traded);
      if (traded === shown && reserve > shown) this.#addIceberg(slot, reserve - shown);
    }
  }

  /** Returns whether the maker is still there afterwards, if it has a part to come. */
  #add(queues: Queues, slot: number, traded: number): boolean {
    const step = this.steps++;
    this.makers[step] = slot;
    this.traded[step] = traded;
    const isPrevented = this.#taker !== undefined && isOfTrader(queues, slot, this.#taker);
    this.prevented[step] = isPrevented;
    this.#linked.note(queues, slot, traded, isPrevented);
    if (isPrevented) return this.#prevent(traded);
    this.trading += traded;
    this.remaining -= traded;
    return true;
  }

  #prevent(lots: number): boolean {
    switch (this.#taker?.selfTrade?.mode) {
      case "decrement":
        this.decremented += lots;
        this.remaining -= lots;
        return true;
      case "expireTaker":
      case "expireBoth":
        this.ends = true;
        this.remaining = 0;
        return false;
      default:
        // The maker goes, the taker looks further.
        return false;
    }
  }

  #addIceberg(slot: number, reserve: number): void {
    this.#icebergs[this.#parts] = slot;
    this.#reserves[this.#parts] = reserve;
    this.#parts++;
  }
}
