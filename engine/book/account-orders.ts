/**
 * Which resting orders are an account's: mass cancels, timers that fire and protections that trip ask. Until
 * one does nothing is kept, and the plain path pays a comparison an order. The first question goes once
 * through the whole book, O(resting orders); from then on the orders of each account are a ring through a
 * record of the account in the arena, as a level's are, and a question costs what it finds.
 *
 * Worst case: an account with one order costs a record of 64 bytes and an entry of the map more.
 */
import { assert, type OrderId } from "../units.ts";
import * as layout from "./arena.ts";
import type { Ladders } from "./ladders.ts";

const { ACCOUNT, FLAGS, ID, LINKS, NEXT, NEXT_OWN, NUMBERS, PREVIOUS_OWN, SELL_FLAG } = layout;

export class AccountOrders {
  /** Whether somebody has asked: then every order that comes and goes is told here. */
  isKept = false;
  readonly #arena: layout.Arena;
  readonly #ladders: Ladders;
  /** The record of each account that has an order. */
  readonly #records = new Map<number, number>();

  constructor(arena: layout.Arena, ladders: Ladders) {
    this.#arena = arena;
    this.#ladders = ladders;
  }

  /** Records in the arena. */
  get size(): number {
    return this.#records.size;
  }

  /** Appends the ids of an account's orders of one side (0 buy, 1 sell), in no order that means anything. */
  collect(account: number, side: number, ids: OrderId[]): void {
    if (!this.isKept) this.#begin();
    const { numbers, links } = this.#arena;
    const record = this.#records.get(account);
    if (record === undefined) return;
    let slot = links[(record << LINKS) + NEXT_OWN] ?? 0;
    for (; slot !== record; slot = links[(slot << LINKS) + NEXT_OWN] ?? 0) {
      const isOfSide = ((links[(slot << LINKS) + FLAGS] ?? 0) & SELL_FLAG) === side;
      if (isOfSide) ids.push(numbers[(slot << NUMBERS) + ID] as OrderId);
    }
  }

  /** An order has come to rest. The arena's views may be new ones afterwards. */
  add(slot: number, account: number): void {
    const record = this.#records.get(account) ?? this.#open(account);
    const { links } = this.#arena;
    const last = links[(record << LINKS) + PREVIOUS_OWN] ?? 0;
    links[(slot << LINKS) + NEXT_OWN] = record;
    links[(slot << LINKS) + PREVIOUS_OWN] = last;
    links[(last << LINKS) + NEXT_OWN] = slot;
    links[(record << LINKS) + PREVIOUS_OWN] = slot;
  }

  /** An order goes. */
  remove(slot: number): void {
    const { links } = this.#arena;
    const next = links[(slot << LINKS) + NEXT_OWN] ?? 0;
    const previous = links[(slot << LINKS) + PREVIOUS_OWN] ?? 0;
    links[(previous << LINKS) + NEXT_OWN] = next;
    links[(next << LINKS) + PREVIOUS_OWN] = previous;
    this.#blank(slot);
    if (next === previous) this.#close(next);
  }

  /** Proves that the rings hold `orders` orders, each in that of its account. */
  check(orders: number): void {
    const { numbers, links } = this.#arena;
    let counted = 0;
    for (const [account, record] of this.#records) {
      let previous = record;
      let slot = links[(record << LINKS) + NEXT_OWN] ?? 0;
      assert(slot !== record, "an account that is kept has an order");
      for (; slot !== record; slot = links[(slot << LINKS) + NEXT_OWN] ?? 0) {
        assert(links[(slot << LINKS) + PREVIOUS_OWN] === previous, "an account's links are mutual");
        assert(numbers[(slot << NUMBERS) + ACCOUNT] === account, "an account's orders are its own");
        previous = slot;
        counted++;
        assert(counted <= orders, "an account's orders end");
      }
      assert(links[(record << LINKS) + PREVIOUS_OWN] === previous, "an account's last is its last");
    }
    assert(!this.isKept || counted === orders, "every resting order is an account's");
  }

  #begin(): void {
    this.isKept = true;
    const ladders = this.#ladders;
    for (const side of [0, 1]) {
      for (let level = ladders.best(side); level !== 0; level = ladders.next(side, level)) this.#fill(level);
    }
  }

  #fill(level: number): void {
    const arena = this.#arena;
    let slot = arena.links[(level << LINKS) + NEXT] ?? 0;
    for (; slot !== level; slot = arena.links[(slot << LINKS) + NEXT] ?? 0) {
      this.add(slot, arena.numbers[(slot << NUMBERS) + ACCOUNT] ?? 0);
    }
  }

  #open(account: number): number {
    const record = this.#arena.take();
    const { numbers, links } = this.#arena;
    numbers[(record << NUMBERS) + ACCOUNT] = account;
    links[(record << LINKS) + NEXT_OWN] = record;
    links[(record << LINKS) + PREVIOUS_OWN] = record;
    this.#records.set(account, record);
    return record;
  }

  #close(record: number): void {
    this.#records.delete(this.#arena.numbers[(record << NUMBERS) + ACCOUNT] ?? 0);
    this.#blank(record);
    this.#arena.release(record);
  }

  #blank(slot: number): void {
    const { links } = this.#arena;
    links[(slot << LINKS) + NEXT_OWN] = 0;
    links[(slot << LINKS) + PREVIOUS_OWN] = 0;
  }
}
