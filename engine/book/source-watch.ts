/**
 * Orders that watch one source. All that have joined have seen the same newest price, `seen`; so a double
 * tick needs no note of its own: it is released where this price and the one before both satisfy it. An order
 * that was just armed, or read from a snapshot, is looked at by itself until it has seen a price as well.
 *
 * Prices are half ticks; 0 is none.
 */
import { assert } from "../units.ts";
import { see, type Tracked } from "./trailing.ts";
import { WaitingSide } from "./waiting-side.ts";

/** Row of an order that has joined. */
const JOINED = -1;
const SIGNS = [1, -1] as const;

export class SourceWatch {
  seen = 0;
  /** Armed orders. */
  size = 0;
  /** For a fall, for a rise; with a double tick for a fall, for a rise. */
  #sides = [0, 1, 2, 3].map(() => new WaitingSide());
  #fresh: Tracked[] = [];
  /** So many of the fresh ones were armed before this command. */
  #known = 0;

  add(tracked: Tracked): void {
    this.#fresh.push(tracked);
    this.size++;
  }

  /** Whether any order has yet to see a price by itself. */
  get hasFresh(): boolean {
    return this.#fresh.length !== 0;
  }

  /** Whether one look at the lowest and the highest of several prices is as good as one at each. */
  get isSimple(): boolean {
    const [fall, rise, fallTwice, riseTwice] = this.#sides;
    const trails = fall?.trails || rise?.trails;
    return !trails && this.#fresh.length === 0 && !!fallTwice?.isEmpty && !!riseTwice?.isEmpty;
  }

  /** A new price, of a trade in a row of the log; collects what it releases. */
  tick(price: number, row: number, released: Tracked[]): void {
    this.#show(price, released);
    if (this.#fresh.length !== 0) this.#welcome(price, row, true, released);
  }

  /** The price that stands: a new one only where it is another than before. */
  stand(price: number, released: Tracked[]): void {
    if (price !== this.seen) this.#show(price, released);
    if (this.#fresh.length !== 0) this.#welcome(price, Number.POSITIVE_INFINITY, false, released);
  }

  /** The log has been looked at to its end. */
  endLook(): void {
    for (; this.#known < this.#fresh.length; this.#known++) {
      const tracked = this.#fresh[this.#known];
      if (tracked !== undefined) tracked.fromRow = 0;
    }
  }

  /** The price that satisfied an order's condition and has to be confirmed; 0 where there is none. */
  firstOf(tracked: Tracked, stop: number): number {
    if (tracked.fromRow !== JOINED) return tracked.first;
    const price = this.seen * tracked.sign;
    return price !== 0 && price <= stop ? price : 0;
  }

  /** Empties it of what is no longer armed; `living`: its orders, in no group, with what they have seen. */
  rebuild(living: readonly Tracked[]): void {
    this.#sides = this.#sides.map(() => new WaitingSide());
    this.#fresh = this.#fresh.filter(tracked => tracked.alive);
    this.#known = 0;
    this.#join(living.filter(tracked => tracked.fromRow === JOINED));
  }

  check(): void {
    let alive = 0;
    for (const side of this.#sides) alive += side.check();
    for (const tracked of this.#fresh) if (tracked.alive) alive++;
    assert(alive === this.size, "every armed order waits in one place");
  }

  #show(price: number, released: Tracked[]): void {
    const before = this.seen;
    this.seen = price;
    for (let at = 0; at < 4; at++) {
      const side = this.#sides[at];
      if (side === undefined || side.isEmpty) continue;
      const sign = (at & 1) === 0 ? 1 : -1;
      const last = before === 0 ? Number.MAX_SAFE_INTEGER : before * sign;
      const limit = at < 2 ? price * sign : Math.max(price * sign, last);
      side.tick(price * sign, limit, released);
    }
  }

  /** Shows a price to the orders that are to see it for themselves, and lets them join. */
  #welcome(price: number, row: number, isNew: boolean, released: Tracked[]): void {
    const later: Tracked[] = [];
    const joining: Tracked[] = [];
    for (const tracked of this.#fresh) {
      if (!tracked.alive) continue;
      if (tracked.fromRow > row) later.push(tracked);
      else if (!see(tracked, price * tracked.sign, isNew)) joining.push(tracked);
      else {
        tracked.alive = false;
        released.push(tracked);
      }
    }
    this.#fresh = later;
    this.#known = 0;
    this.#join(joining);
  }

  /** The best prices first, as groups stand in this order. */
  #join(joining: Tracked[]): void {
    if (joining.length > 1) joining.sort((one, other) => (one.best < other.best ? 1 : -1));
    for (const tracked of joining) {
      tracked.fromRow = JOINED;
      const twice = tracked.order.trigger.doubleTick === undefined ? 0 : 2;
      this.#sides[twice + SIGNS.indexOf(tracked.sign)]?.join(tracked);
    }
  }
}
