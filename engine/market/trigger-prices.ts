/**
 * The prices that orders wait for, read from the book, the log and what the market is told. Of trades every
 * one counts, in their order; all trades of an uncrossing are one, as they are at one price. Of the best
 * prices, the midpoint and the mark those count that stand when a look is taken. In half ticks, 0 for none.
 */
import { type Book, BUY, SELL } from "../book/book.ts";
import { type ArmedOrder, ASK, BID, LAST, MARK, type Triggers } from "../book/triggers.ts";
import { COLUMN, EVENT_STRIDE, TRADED, UNSEEN } from "./event.ts";
import type { OutsidePrices } from "./outside-prices.ts";

/** The module's own, for speed: see `book/book.ts`. */
const STRIDE = EVENT_STRIDE;
const KIND = ~UNSEEN;
const TRADE = TRADED;

export class TriggerPrices {
  /** Rows of the log from here on have not been looked at. */
  row = 0;
  /** Trades of the rows before this one are those of an uncrossing. */
  uncrossed = 0;
  /** Best prices and mark at the last whole look. */
  #bid = 0;
  #ask = 0;
  #mark = 0;
  readonly #book: Book;
  readonly #outside: OutsidePrices;

  constructor(book: Book, outside: OutsidePrices) {
    this.#book = book;
    this.#outside = outside;
  }

  of(source: number): number {
    const { queues, lastTicks } = this.#book;
    if (source === LAST) return lastTicks * 2;
    if (source === MARK) return this.#outside.markTicks * 2;
    const bid = source === ASK ? 0 : queues.bestTicks(BUY);
    if (source === BID) return bid * 2;
    const ask = queues.bestTicks(SELL);
    if (source === ASK) return ask * 2;
    return bid === 0 || ask === 0 ? 0 : bid + ask;
  }

  /** Shows the prices since the last look to the orders that wait, and collects those that are released. */
  look(triggers: Triggers, released: ArmedOrder[]): void {
    if (this.#isQuiet() && !triggers.hasFresh) return;
    if (triggers.isWatched(LAST)) this.#lookAtTrades(triggers, released);
    for (let source = LAST; source <= MARK; source++) {
      if (!triggers.isWatched(source)) continue;
      const price = this.of(source);
      if (price !== 0) triggers.stand(source, price, released);
    }
    this.uncrossed = 0;
    this.row = this.#book.log.length;
    triggers.endLook();
  }

  /** Matching stops: of the prices since the last look trades count, and the last of them. */
  lookAtLast(triggers: Triggers, released: ArmedOrder[]): void {
    const price = this.of(LAST);
    if (price !== 0 && triggers.isWatched(LAST)) {
      this.#lookAtTrades(triggers, released);
      triggers.stand(LAST, price, released);
    }
    this.uncrossed = 0;
    this.row = this.#book.log.length;
    triggers.endLook();
  }

  /** Whether nothing has traded and all prices stand as they stood: then nothing is seen that is new. */
  #isQuiet(): boolean {
    const { log, queues } = this.#book;
    const { rows, length } = log;
    let quiet = this.uncrossed === 0;
    for (let row = this.row; row < length; row++) {
      if (((rows[row * STRIDE] ?? 0) & KIND) === TRADE) quiet = false;
    }
    const bid = queues.bestTicks(0);
    const ask = queues.bestTicks(1);
    const mark: number = this.#outside.markTicks;
    quiet &&= bid === this.#bid && ask === this.#ask && mark === this.#mark;
    this.#bid = bid;
    this.#ask = ask;
    this.#mark = mark;
    if (quiet) this.row = length;
    return quiet;
  }

  #lookAtTrades(triggers: Triggers, released: ArmedOrder[]): void {
    const { rows, length } = this.#book.log;
    const simple = triggers.isSimple(LAST);
    let low = 0;
    let high = 0;
    let counted = false;
    for (let row = this.row; row < length; row++) {
      const at = row * EVENT_STRIDE;
      if (((rows[at] ?? 0) & ~UNSEEN) !== TRADED) continue;
      const price = (rows[at + COLUMN.ticks] ?? 0) * 2;
      const again = counted && row < this.uncrossed;
      counted = true;
      if (!simple && !again) triggers.tick(LAST, price, row, released);
      if (low === 0 || price < low) low = price;
      if (price > high) high = price;
    }
    if (simple && low !== 0) triggers.range(LAST, low, high, released);
  }
}
