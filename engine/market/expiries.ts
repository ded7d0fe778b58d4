/**
 * Which open orders end by themselves: with the day, at a time, with an auction. They rest or wait like any
 * other order, here stands only when they end; so orders that last until cancelled pay for none of it.
 *
 * An order that ends in another way is not looked up here: its entry stays until it is due, or until there
 * are twice as many entries as there were open orders when they were last gone through, O(entries).
 */
import { assert, type Milliseconds, type OrderId } from "../units.ts";
import type { OrderBody, TimeInForce } from "./command.ts";
import { Deadlines } from "./deadlines.ts";
import type { Timed } from "./timers.ts";

/** Times in force of orders that end by themselves. */
export const ENDING = ["DAY", "GTD", "ATO", "ATC", "GFA"] as const;
export type Ending = (typeof ENDING)[number];

export interface Expiry {
  readonly orderId: OrderId;
  readonly timeInForce: Ending;
  /** Of a GTD order. */
  readonly expireAt?: Milliseconds;
}

const FIRST_SWEEP = 1_024;

export function endsByItself(timeInForce: TimeInForce): timeInForce is Ending {
  return timeInForce !== "GTC" && timeInForce !== "IOC" && timeInForce !== "FOK";
}

export class Expiries implements Timed {
  readonly #isOpen: (id: number) => boolean;
  readonly #end: (id: number) => void;
  readonly #times = new Deadlines();
  /** By id, in the order in which orders came: those that end with the day or with an auction. */
  readonly #others = new Map<number, Ending>();
  #sweepAt = FIRST_SWEEP;

  /** `end` takes out an order whose time has come. */
  constructor(isOpen: (id: number) => boolean, end: (id: number) => void) {
    this.#isOpen = isOpen;
    this.#end = end;
  }

  get next(): number {
    return this.#times.next;
  }

  onSooner(tell: (time: number) => void): void {
    this.#times.onSooner = tell;
  }

  /** An order that is open ends so. */
  add(expiry: Expiry): void {
    this.restore(expiry);
    if (this.#times.size + this.#others.size >= this.#sweepAt) this.#sweep();
  }

  /** An order that is open may end by itself; one that is known to keeps its time. */
  expect({ timeInForce, terms }: OrderBody, orderId: OrderId): void {
    if (!endsByItself(timeInForce) || this.find(orderId) !== undefined) return;
    const expireAt = terms?.expireAt;
    this.add(expireAt === undefined ? { orderId, timeInForce } : { orderId, timeInForce, expireAt });
  }

  /** Puts back what a snapshot holds; the orders may come later. */
  restore({ orderId, timeInForce, expireAt }: Expiry): void {
    if (expireAt === undefined) this.#others.set(orderId, timeInForce);
    else this.#times.set(orderId, expireAt);
  }

  /** When and how an order ends; undefined where it lasts until it is cancelled. */
  find(orderId: OrderId): Expiry | undefined {
    const expireAt = this.#times.timeOf(orderId);
    if (expireAt !== undefined) {
      return { orderId, timeInForce: "GTD", expireAt: expireAt as Milliseconds };
    }
    const timeInForce = this.#others.get(orderId);
    return timeInForce === undefined ? undefined : { orderId, timeInForce };
  }

  expire(now: number): void {
    for (let id = this.#times.takeDue(now); id !== undefined; id = this.#times.takeDue(now)) this.#end(id);
  }

  /** Takes out the entries of which `ends` says so; the orders that are still open, as they came. */
  take(ends: (id: number, ending: Ending) => boolean): number[] {
    const taken: number[] = [];
    for (const [id, ending] of this.#others) {
      if (!ends(id, ending)) continue;
      this.#others.delete(id);
      if (this.#isOpen(id)) taken.push(id);
    }
    return taken;
  }

  /** Those of open orders, by id. */
  entries(): Expiry[] {
    this.#sweep();
    const ids = [...this.#others.keys(), ...this.#times.entries().map(([id]) => id)];
    ids.sort((one, other) => one - other);
    return ids.flatMap(id => this.find(id as OrderId) ?? []);
  }

  /** Proves that every entry is of an open order. */
  checkOpen(): void {
    const ids = [...this.#others.keys(), ...this.#times.entries().map(([id]) => id)];
    assert(ids.every(this.#isOpen), "what ends by itself is open");
  }

  check(): void {
    this.#times.check();
    for (const id of this.#others.keys()) {
      assert(this.#times.timeOf(id) === undefined, "an order ends in one way");
    }
  }

  /** Forgets orders that have ended in another way. */
  #sweep(): void {
    for (const id of this.#others.keys()) if (!this.#isOpen(id)) this.#others.delete(id);
    for (const [id] of this.#times.entries()) if (!this.#isOpen(id)) this.#times.clear(id);
    this.#sweepAt = Math.max(FIRST_SWEEP, 2 * (this.#times.size + this.#others.size));
  }
}
