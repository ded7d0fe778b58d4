/**
 * Orders that wait for a price, by the source that they watch: of the last trade, the best prices, the
 * midpoint or the mark. Some have a stop price, some a stop price that follows (`trailing.ts`), some want to
 * see two prices in a row.
 *
 * Costs: arm, release and disarm O(log n) an order; a price that releases nothing is compared with the tops
 * of a few heaps. An order that was disarmed stays in its heap until it surfaces or until as many have gone
 * as there are, twice over: then all is made anew, O(n log n). Prices are half ticks, 0 is none.
 */
import { assert } from "../units.ts";
import { SourceWatch } from "./source-watch.ts";
import { type ArmedOrder, bestOf, orderOf, see, stopOf, type Tracked, track } from "./trailing.ts";

export type { ArmedOrder } from "./trailing.ts";

export const LAST = 0;
export const BID = 1;
export const ASK = 2;
export const MID = 3;
export const MARK = 4;
const SOURCES = 5;
const GONE_MIN = 64;

/** Sells first, the highest stop price first; then buys, the lowest first; equal ones by arrival. */
export function releaseOrder(one: ArmedOrder, other: ArmedOrder): number {
  if (one.side !== other.side) return one.side === "sell" ? -1 : 1;
  const difference = one.stopTicks - other.stopTicks;
  if (difference !== 0) return one.side === "sell" ? -difference : difference;
  return one.arrival - other.arrival;
}

export class Triggers {
  readonly #armed = new Map<number, Tracked>();
  readonly #watches = Array.from({ length: SOURCES }, () => new SourceWatch());
  readonly #collected: Tracked[] = [];
  /** Released, and kept until matching resumes. */
  readonly #due = new Map<number, ArmedOrder>();
  /** Disarmed and released since all was made anew. */
  #gone = 0;

  get size(): number {
    return this.#armed.size + this.#due.size;
  }

  /** Whether any order watches a source. */
  isWatched(source: number): boolean {
    return (this.#watches[source]?.size ?? 0) !== 0;
  }

  /** Whether any order has yet to see a price by itself. */
  get hasFresh(): boolean {
    for (let source = 0; source < SOURCES; source++) {
      if (this.#watches[source]?.hasFresh) return true;
    }
    return false;
  }

  /** Whether of a source's trades the lowest and the highest price tell all that its orders want to know. */
  isSimple(source: number): boolean {
    return this.#watch(source).isSimple;
  }

  /** Armed orders as they are now, in the order of their arrival. */
  *orders(): Generator<ArmedOrder, void, undefined> {
    const all = [...this.#armed.values()].sort((a, b) => a.order.arrival - b.order.arrival);
    if (this.#due.size === 0) for (const tracked of all) yield this.#now(tracked);
    else {
      const both = [...all.map(tracked => this.#now(tracked)), ...this.#due.values()];
      yield* both.sort((a, b) => a.arrival - b.arrival);
    }
  }

  /** Armed orders as they were armed, and those that are kept, in no order that means anything. */
  *known(): Generator<ArmedOrder, void, undefined> {
    for (const { order } of this.#armed.values()) yield order;
    yield* this.#due.values();
  }

  /** An armed order as it is now. */
  find(id: number): ArmedOrder | undefined {
    const tracked = this.#armed.get(id);
    return tracked === undefined ? this.#due.get(id) : this.#now(tracked);
  }

  /** Keeps an order that was released until it may enter. */
  keep(order: ArmedOrder): void {
    this.#due.set(order.orderId, { ...order, due: true });
  }

  /** Takes out those that are kept, in the order in which they enter. */
  takeDue(): ArmedOrder[] {
    const due = [...this.#due.values()].sort(releaseOrder);
    this.#due.clear();
    return due;
  }

  /**
   * Arms an order that has not seen what stands in the log's rows before `row`; undefined where the price of
   * now releases it at once.
   */
  arm(order: ArmedOrder, price: number, row: number): ArmedOrder | undefined {
    const tracked = track(order, row);
    const signed = price * tracked.sign;
    const { trail } = order.trigger;
    // A first stop price stays until the price gets better than it was when the order was armed.
    if (price !== 0 && trail !== undefined && order.stopTicks !== 0) tracked.best = signed;
    if (price !== 0 && see(tracked, signed, false)) return undefined;
    this.#add(tracked);
    return orderOf(tracked);
  }

  /** Puts back an order with all that it had seen. */
  restore(order: ArmedOrder): void {
    if (order.due) this.keep(order);
    else this.#add(track(order, 0));
  }

  disarm(id: number): void {
    const tracked = this.#armed.get(id);
    this.#due.delete(id);
    if (tracked === undefined) return;
    tracked.alive = false;
    this.#forget(tracked);
    this.#tidy();
  }

  /** Changes what doesn't concern an armed order's condition. */
  change(order: ArmedOrder): void {
    const tracked = this.#armed.get(order.orderId);
    if (tracked !== undefined) tracked.order = { ...order, trigger: tracked.order.trigger };
    else if (this.#due.has(order.orderId)) this.keep(order);
  }

  /** A source has been as low and as high: as `tick`, where the source is simple. */
  range(source: number, low: number, high: number, released: ArmedOrder[]): void {
    const watch = this.#watch(source);
    watch.stand(low, this.#collected);
    watch.stand(high, this.#collected);
    this.#release(released);
  }

  /** A trade, told by a row of the log. */
  tick(source: number, price: number, row: number, released: ArmedOrder[]): void {
    this.#watch(source).tick(price, row, this.#collected);
    this.#release(released);
  }

  /** The price that a source shows. */
  stand(source: number, price: number, released: ArmedOrder[]): void {
    this.#watch(source).stand(price, this.#collected);
    this.#release(released);
  }

  /** All rows of the log have been looked at. */
  endLook(): void {
    for (const watch of this.#watches) if (watch.size !== 0) watch.endLook();
  }

  /** Proves that all structures agree. */
  check(): void {
    let size = 0;
    for (const watch of this.#watches) {
      watch.check();
      size += watch.size;
    }
    assert(size === this.#armed.size, "every armed order watches a source");
    for (const [id, tracked] of this.#armed) {
      assert(tracked.alive && tracked.order.orderId === id, "armed orders are known by their ids");
      assert(!this.#due.has(id), "an order waits for a price or has seen it");
    }
  }

  #watch(source: number): SourceWatch {
    const watch = this.#watches[source];
    assert(watch !== undefined, "a source is one that there is");
    return watch;
  }

  #now(tracked: Tracked): ArmedOrder {
    const { trigger, source } = tracked.order;
    if (trigger.trail === undefined && trigger.doubleTick === undefined) return tracked.order;
    return orderOf(tracked, this.#watch(source).firstOf(tracked, stopOf(tracked)));
  }

  #add(tracked: Tracked): void {
    this.#armed.set(tracked.order.orderId, tracked);
    this.#watch(tracked.order.source).add(tracked);
  }

  #forget(tracked: Tracked): void {
    this.#armed.delete(tracked.order.orderId);
    this.#watch(tracked.order.source).size--;
    this.#gone++;
  }

  #release(released: ArmedOrder[]): void {
    const collected = this.#collected;
    if (collected.length === 0) return;
    for (const tracked of collected) {
      this.#forget(tracked);
      released.push(orderOf(tracked, 0));
    }
    collected.length = 0;
    this.#tidy();
  }

  #tidy(): void {
    if (this.#gone < GONE_MIN + 2 * this.#armed.size) return;
    this.#gone = 0;
    const living = this.#watches.map((): Tracked[] => []);
    for (const tracked of this.#armed.values()) {
      tracked.stop = stopOf(tracked);
      tracked.best = bestOf(tracked);
      living[tracked.order.source]?.push(tracked);
    }
    for (const tracked of this.#armed.values()) {
      tracked.group = undefined;
      tracked.child = undefined;
      tracked.sibling = undefined;
    }
    for (const [source, watch] of this.#watches.entries()) watch.rebuild(living[source] ?? []);
  }
}
