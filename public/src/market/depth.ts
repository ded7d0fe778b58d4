/**
 * A book as levels, folded from a snapshot and updates: a level's size replaces the one before, "0" removes
 * it. Levels are kept by price in whole units; sorting happens when somebody looks, not when a message comes.
 */
import type { BookMessage, WireLevel } from "../client/wire.ts";
import { parseDecimal } from "../decimal.ts";

export interface DepthLevel {
  readonly price: string;
  readonly units: bigint;
  readonly quantity: bigint;
  readonly orders: number;
  /** Sum of the sizes from the best level to this one. */
  readonly cumulative: bigint;
}

export interface DepthView {
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
}

type Level = Omit<DepthLevel, "cumulative">;

export class Depth {
  readonly #bids = new Map<bigint, Level>();
  readonly #asks = new Map<bigint, Level>();
  readonly #priceDigits: number;
  readonly #quantityDigits: number;

  constructor(priceDigits: number, quantityDigits: number) {
    this.#priceDigits = priceDigits;
    this.#quantityDigits = quantityDigits;
  }

  replace(message: BookMessage): void {
    this.#bids.clear();
    this.#asks.clear();
    this.change(message);
  }

  change(message: BookMessage): void {
    for (const level of message.bids) this.#set(this.#bids, level);
    for (const level of message.asks) this.#set(this.#asks, level);
  }

  /** The best `levelsMax` of each side, best first, with running sums. */
  view(levelsMax: number): DepthView {
    const down = [...this.#bids.values()].sort((a, b) => (a.units > b.units ? -1 : 1));
    const up = [...this.#asks.values()].sort((a, b) => (a.units < b.units ? -1 : 1));
    return { bids: accumulate(down.slice(0, levelsMax)), asks: accumulate(up.slice(0, levelsMax)) };
  }

  #set(side: Map<bigint, Level>, [price, size, orders]: WireLevel): void {
    const units = parseDecimal(price, this.#priceDigits);
    const quantity = parseDecimal(size, this.#quantityDigits);
    if (units === undefined || quantity === undefined) return;
    if (quantity === 0n) side.delete(units);
    else side.set(units, { price, units, quantity, orders });
  }
}

function accumulate(levels: readonly Level[]): DepthLevel[] {
  let cumulative = 0n;
  return levels.map(level => {
    cumulative += level.quantity;
    return { ...level, cumulative };
  });
}
