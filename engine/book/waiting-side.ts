/**
 * Orders that wait for one source to move in one direction, either all with a double tick or all without.
 * Those with a stop price that stays are in a heap by it. A trailing stop is in a group (`trail-groups.ts`);
 * while its first stop price is not where its trail would put it, it is in that heap as well, and it joins a
 * group with the first price that is better than what it has seen.
 */
import { RankedHeap } from "./ranked-heap.ts";
import { TrailGroups } from "./trail-groups.ts";
import { type Tracked, trailedStop } from "./trailing.ts";

export class WaitingSide {
  /** By stop price, the highest first. */
  readonly #stops = new RankedHeap<Tracked>();
  /** Trailing stops in no group, by the best price that they have seen, the lowest first. */
  readonly #led = new RankedHeap<Tracked>();
  readonly #byTicks = new TrailGroups();
  readonly #byPerMille = new TrailGroups();

  get isEmpty(): boolean {
    return this.#stops.size === 0 && !this.trails;
  }

  /** Whether it holds trailing stops, or remains of them. */
  get trails(): boolean {
    return this.#led.size + this.#byTicks.entries + this.#byPerMille.entries !== 0;
  }

  /** Takes an order that has seen the price of now. */
  join(tracked: Tracked): void {
    const { trail } = tracked.order.trigger;
    if (trail === undefined) this.#stops.push(-tracked.stop, tracked);
    else if (tracked.stop === trailedStop(tracked.best, tracked.sign, trail)) {
      this.#follow(tracked, tracked.best);
    } else {
      this.#stops.push(-tracked.stop, tracked);
      this.#led.push(tracked.best, tracked);
    }
  }

  /** A price, signed: trails follow, and what has its stop price at `limit` or above is released. */
  tick(price: number, limit: number, released: Tracked[]): void {
    this.#byTicks.raise(price);
    this.#byPerMille.raise(price);
    while (this.#led.topRank < price) {
      const tracked = this.#led.pop();
      if (tracked?.alive) this.#follow(tracked, price);
    }
    const first = released.length;
    while (-this.#stops.topRank >= limit) {
      const tracked = this.#stops.pop();
      if (tracked?.alive) released.push(tracked);
      if (tracked !== undefined) tracked.alive = false;
    }
    if (this.#byTicks.topStop >= limit) this.#byTicks.drain(limit, released);
    if (this.#byPerMille.topStop >= limit) this.#byPerMille.drain(limit, released);
    for (let at = first; at < released.length; at++) {
      const tracked = released[at];
      if (tracked !== undefined) tracked.alive = false;
    }
  }

  /** Proves heaps and groups; counts the living. */
  check(): number {
    this.#stops.check();
    this.#led.check();
    const still = this.#stops.items().filter(one => one.alive && one.order.trigger.trail === undefined);
    const led = this.#led.items().filter(one => one.alive);
    return still.length + led.length + this.#byTicks.check() + this.#byPerMille.check();
  }

  #follow(tracked: Tracked, best: number): void {
    const groups = tracked.order.trigger.trail?.by === "ticks" ? this.#byTicks : this.#byPerMille;
    groups.join(tracked, best);
  }
}
