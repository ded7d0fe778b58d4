/**
 * The transactions of a shard's clients, numbered 1, 2, 3 … per account without a hole, the same at every
 * replay. What moves is collected by the journal that it comes from. A cut is a record of the ledger that
 * names how far each market had been heard: all that lies below it and was not numbered by an earlier one is
 * numbered, in one order: the ledger's first, then market by market. A replay that hears the ledger first
 * keeps the cut until the markets have got there. So balances after each transaction agree with all others,
 * whatever the order in which the journals were heard.
 *
 * Worst case: a replay keeps all that the ledger moved until the markets' records have come.
 */
import type { Movement, Transaction } from "../../ledger/transaction.ts";
import { assert, type Milliseconds, type Money } from "../../units.ts";
import type { Account } from "../account.ts";
import type { ShardState } from "../shard/shard-state.ts";

/** A cut as its record says it, with the record's sequence. */
export interface Cut {
  readonly sequence: number;
  readonly time: Milliseconds;
  readonly cursors: readonly (readonly [market: number, sequence: number])[];
}

const LEDGER = 0;

/** Movements of one journal, in its order. */
class Source {
  #items: Movement[] = [];
  #taken = 0;

  get size(): number {
    return this.#items.length - this.#taken;
  }

  add(movement: Movement): void {
    this.#items.push(movement);
  }

  /** Takes what comes up to a record. */
  *takeUpTo(sequence: number): Iterable<Movement> {
    for (;;) {
      const movement = this.#items[this.#taken];
      if (movement === undefined || movement.sequence > sequence) break;
      this.#taken++;
      yield movement;
    }
    // Moved together only now and then, so that each is moved about once.
    if (this.#taken * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#taken);
    this.#taken = 0;
  }

  left(): Movement[] {
    return this.#items.slice(this.#taken);
  }
}

export class TransactionLog {
  /** By market number; 0 for the ledger. */
  readonly #sources = new Map<number, Source>();
  /** Cuts that the markets have not come to yet, oldest first. */
  readonly #cuts: Cut[] = [];

  /** Movements that have no number yet. */
  get size(): number {
    let size = 0;
    for (const source of this.#sources.values()) size += source.size;
    return size;
  }

  get cuts(): readonly Cut[] {
    return this.#cuts;
  }

  add(account: Account, movement: Movement): void {
    const market = movement.market ?? LEDGER;
    let source = this.#sources.get(market);
    if (source === undefined) {
      source = new Source();
      this.#sources.set(market, source);
    }
    source.add(movement);
    account.unlogged ??= new Map();
    addTo(account.unlogged, movement.currency, movement.amount);
  }

  cut(cut: Cut): void {
    assert(cut.sequence > (this.#cuts.at(-1)?.sequence ?? 0), "cuts follow each other");
    this.#cuts.push(cut);
  }

  /** Numbers what lies below every cut that the markets have come to. */
  *reached(state: ShardState): Iterable<Transaction> {
    for (let next = this.#cuts[0]; next !== undefined; next = this.#cuts[0]) {
      const isReached = next.cursors.every(([market, sequence]) => state.cursorOf(market) >= sequence);
      if (!isReached) return;
      this.#cuts.shift();
      yield* this.#number(state, next);
    }
  }

  *#number(state: ShardState, { sequence, time, cursors }: Cut): Iterable<Transaction> {
    const ends = new Map<number, number>([[LEDGER, sequence], ...cursors]);
    for (const market of [...this.#sources.keys()].sort((one, other) => one - other)) {
      for (const movement of this.#sources.get(market)?.takeUpTo(ends.get(market) ?? 0) ?? []) {
        const account = state.known(movement.account);
        const { currency, amount } = movement;
        account.unlogged ??= new Map();
        addTo(account.unlogged, currency, -amount);
        const balanceAfter = account.total(currency) - (account.unlogged.get(currency) ?? 0n);
        if (account.unlogged.size === 0) account.unlogged = undefined;
        const id = ++account.transactions;
        yield numbered(movement, id, balanceAfter as Money, time);
      }
    }
  }

  /** What has no number yet, journal by journal. */
  movements(): Movement[] {
    return [...this.#sources.values()].flatMap(source => source.left());
  }
}

/** Written out, as it is made for every fill. */
function numbered(movement: Movement, id: number, balanceAfter: Money, bookedAt: Milliseconds): Transaction {
  const { kind, market, sequence, part, time, orderId, account, currency, amount } = movement;
  const from = { kind, market, sequence, part, time, account, currency, amount, id, balanceAfter, bookedAt };
  return orderId === undefined ? from : Object.assign(from, { orderId });
}

function addTo(sums: Map<string, bigint>, currency: string, amount: bigint): void {
  const sum = (sums.get(currency) ?? 0n) + amount;
  if (sum === 0n) sums.delete(currency);
  else sums.set(currency, sum);
}
