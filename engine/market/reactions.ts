/**
 * What follows from what has just happened, within the same command: lists adjust their orders, prices
 * release orders that wait. Each part looks at the log's rows since it last looked and does one step; after a
 * step all parts are asked again from the first on, until none has anything to do. So the parts before stops
 * have always done their work before the next stop enters.
 *
 * It ends because every step uses something up: an order that waits, an order that is open, or lots.
 *
 * Most commands trade nothing, change no phase and leave the best prices as they are. Where no part waits for
 * anything else, that is seen at once and nobody is asked.
 */
import { type Book, BUY, SELL } from "../book/book.ts";
import { EVENT_STRIDE, PHASED, TRADED, UNSEEN } from "./event.ts";
import type { OutsidePrices } from "./outside-prices.ts";

/** The module's own, for speed: see `book/book.ts`. */
const STRIDE = EVENT_STRIDE;
const KIND = ~UNSEEN;
const TRADE = TRADED;
const PHASE = PHASED;

export interface Reaction {
  /** Whether it holds anything that could react. Orders with terms, lists and protections begin that. */
  readonly active: boolean;
  /** A command of that time begins: the log is empty. */
  begin(time: number): void;
  /** Does one step; false where there is none to do. */
  react(): boolean;
}

export interface PriceReaction extends Reaction {
  /** Whether it has nothing to do before something trades or a best price or the mark is another. */
  readonly idle: boolean;
}

/** Named, not listed: so V8 knows which is asked where. */
export interface ReactingParts {
  readonly lists: Reaction;
  readonly protection: Reaction;
  readonly stops: PriceReaction;
  readonly pegs: PriceReaction;
}

export class Reactions {
  readonly #book: Book;
  readonly #outside: OutsidePrices;
  readonly #lists: Reaction;
  readonly #protection: Reaction;
  readonly #stops: PriceReaction;
  readonly #pegs: PriceReaction;
  /** What all parts have seen. */
  #bid = -1;
  #ask = -1;
  #mark = -1;

  constructor(book: Book, outside: OutsidePrices, parts: ReactingParts) {
    this.#book = book;
    this.#outside = outside;
    this.#lists = parts.lists;
    this.#protection = parts.protection;
    this.#stops = parts.stops;
    this.#pegs = parts.pegs;
  }

  /** Whether any part holds anything that could react. */
  get active(): boolean {
    return this.#lists.active || this.#protection.active || this.#stops.active || this.#pegs.active;
  }

  begin(time: number): void {
    this.#lists.begin(time);
    this.#protection.begin(time);
    this.#stops.begin(time);
    this.#pegs.begin(time);
  }

  settle(): void {
    while (this.#step());
    const { queues } = this.#book;
    this.#bid = queues.bestTicks(BUY);
    this.#ask = queues.bestTicks(SELL);
    this.#mark = this.#outside.markTicks;
  }

  /** Lets all follow a command whose events are the whole log. */
  follow(time: number): void {
    if (this.#isQuiet()) return;
    this.begin(time);
    this.settle();
  }

  #isQuiet(): boolean {
    const { log, queues } = this.#book;
    const { rows, length } = log;
    for (let row = 0; row < length; row++) {
      const kind = (rows[row * STRIDE] ?? 0) & KIND;
      if (kind === TRADE || kind === PHASE) return false;
    }
    if (queues.bestTicks(0) !== this.#bid || queues.bestTicks(1) !== this.#ask) return false;
    if (this.#outside.markTicks !== this.#mark) return false;
    return !this.#lists.active && this.#stops.idle && this.#pegs.idle;
  }

  #step(): boolean {
    return (
      (this.#lists.active && this.#lists.react()) ||
      (this.#protection.active && this.#protection.react()) ||
      (this.#stops.active && this.#stops.react()) ||
      (this.#pegs.active && this.#pegs.react())
    );
  }
}
