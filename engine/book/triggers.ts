/**
 * Orders that wait for a price. Each watches one source in one direction, so there is a heap for each of the
 * eight pairs, ranked by stop price and then by arrival, and what a price releases is at its top.
 *
 * Costs: arm O(log n), release O(log n) an order, disarm constant: an entry that was disarmed stays in its
 * heap until it surfaces or until more than half of the heap is dead, which then is rebuilt, O(n), once for
 * every n/2 disarmed. The midpoint is watched doubled, so that it is an integer.
 */
import { assert, type Ticks } from "../units.ts";
import type { WaitingOrder } from "./audit.ts";

export const LAST = 0;
export const BID = 1;
export const ASK = 2;
export const MID = 3;
const DEAD_MIN = 64;

export interface ArmedOrder extends WaitingOrder {
  readonly source: number;
  /** Whether the price must rise to the stop price; else fall. */
  readonly rising: boolean;
  readonly stopTicks: Ticks;
  /** Grows with each time that an order is armed: time priority among equal stop prices. */
  readonly arrival: number;
}

/** What a source's price is compared with: the lowest first. */
function rankOf(order: ArmedOrder): number {
  const price = order.source === MID ? order.stopTicks * 2 : order.stopTicks;
  return order.rising ? price : -price;
}

function precedes(one: ArmedOrder, other: ArmedOrder): boolean {
  const difference = rankOf(one) - rankOf(other);
  return difference < 0 || (difference === 0 && one.arrival < other.arrival);
}

/** Sells first, the highest stop price first; then buys, the lowest first; equal ones by arrival. */
export function releaseOrder(one: ArmedOrder, other: ArmedOrder): number {
  if (one.side !== other.side) return one.side === "sell" ? -1 : 1;
  const difference = one.stopTicks - other.stopTicks;
  if (difference !== 0) return one.side === "sell" ? -difference : difference;
  return one.arrival - other.arrival;
}

export class Triggers {
  readonly #armed = new Map<number, ArmedOrder>();
  readonly #heaps: ArmedOrder[][] = Array.from({ length: 8 }, () => []);
  readonly #alive = new Int32Array(8);
  /** The rank at the top of each heap: what a price is compared with after every command. */
  readonly #tops = new Float64Array(8).fill(Number.MAX_VALUE);

  get size(): number {
    return this.#armed.size;
  }

  /** Armed orders in the order of their arrival. */
  *orders(): Generator<ArmedOrder, void, undefined> {
    for (const order of [...this.#armed.values()].sort((a, b) => a.arrival - b.arrival)) yield order;
  }

  find(id: number): ArmedOrder | undefined {
    return this.#armed.get(id);
  }

  arm(order: ArmedOrder): void {
    const at = heapOf(order);
    this.#armed.set(order.orderId, order);
    this.#alive[at] = (this.#alive[at] ?? 0) + 1;
    this.#push(this.#heaps[at] ?? [], order);
    this.#noteTop(at);
  }

  disarm(order: ArmedOrder): void {
    const at = heapOf(order);
    this.#armed.delete(order.orderId);
    const alive = (this.#alive[at] ?? 0) - 1;
    this.#alive[at] = alive;
    const heap = this.#heaps[at] ?? [];
    if (heap.length - alive < DEAD_MIN || heap.length < alive * 2) return;
    this.#heaps[at] = [];
    for (const other of heap) if (this.#isAlive(other)) this.#push(this.#heaps[at], other);
    this.#noteTop(at);
  }

  /** Changes an armed order without moving it in its heap: same stop price, same arrival. */
  replace(order: ArmedOrder): void {
    this.disarm(order);
    this.arm(order);
  }

  /** Disarms into `released` what a source releases that has been as low as `low` and as high as `high`. */
  collect(source: number, low: number, high: number, released: ArmedOrder[]): void {
    const at = source * 2;
    if ((this.#tops[at] ?? 0) <= -low) this.#drain(at, -low, released);
    if ((this.#tops[at + 1] ?? 0) <= high) this.#drain(at + 1, high, released);
  }

  /** Proves that heaps and map agree. */
  check(): void {
    let alive = 0;
    for (const [at, heap] of this.#heaps.entries()) {
      const living = heap.filter(order => this.#isAlive(order));
      assert(living.length === this.#alive[at], "a heap counts its armed orders");
      assert(
        living.every(order => heapOf(order) === at),
        "an armed order waits in the heap of its source",
      );
      const top = heap[0];
      assert(this.#tops[at] === (top ? rankOf(top) : Number.MAX_VALUE), "a heap's top is at hand");
      for (let index = 1; index < heap.length; index++) {
        const [parent, child] = [heap[(index - 1) >> 1], heap[index]];
        assert(parent !== undefined && child !== undefined && !precedes(child, parent), "a heap is ranked");
      }
      alive += living.length;
    }
    assert(alive === this.#armed.size, "every armed order waits in a heap");
  }

  #isAlive(order: ArmedOrder): boolean {
    return this.#armed.get(order.orderId) === order;
  }

  #drain(at: number, limit: number, released: ArmedOrder[]): void {
    const heap = this.#heaps[at] ?? [];
    for (let top = heap[0]; top !== undefined && rankOf(top) <= limit; top = heap[0]) {
      this.#pop(heap);
      if (!this.#isAlive(top)) continue;
      this.#armed.delete(top.orderId);
      this.#alive[at] = (this.#alive[at] ?? 0) - 1;
      released.push(top);
    }
    this.#noteTop(at);
  }

  #noteTop(at: number): void {
    const top = this.#heaps[at]?.[0];
    this.#tops[at] = top === undefined ? Number.MAX_VALUE : rankOf(top);
  }

  #push(heap: ArmedOrder[], order: ArmedOrder): void {
    let at = heap.length;
    heap.push(order);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !precedes(order, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = order;
  }

  #pop(heap: ArmedOrder[]): void {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      let below = heap[child];
      if (below === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && precedes(right, below)) {
        child++;
        below = right;
      }
      if (!precedes(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}

function heapOf(order: ArmedOrder): number {
  return order.source * 2 + (order.rising ? 1 : 0);
}
