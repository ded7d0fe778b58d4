/**
 * Money that an order wants to spend or to get, while its size is worked out along the book. A buyer takes as
 * many whole lots as the money that is left pays for; a seller gives the fewest that bring what is missing.
 */
import type { Money, Side } from "../units.ts";

const LOTS_MAX = BigInt(Number.MAX_SAFE_INTEGER);

export class Budget {
  readonly #buys: boolean;
  readonly #valuePerTickLot: Money;
  #left: bigint;

  constructor(side: Side, money: Money, valuePerTickLot: Money) {
    this.#buys = side === "buy";
    this.#left = money;
    this.#valuePerTickLot = valuePerTickLot;
  }

  /** Lots that it comes to at a price. */
  lotsAt(ticks: number): number {
    if (this.#left <= 0n) return 0;
    const value = BigInt(ticks) * this.#valuePerTickLot;
    const lots = (this.#buys ? this.#left : this.#left + value - 1n) / value;
    return Number(lots < LOTS_MAX ? lots : LOTS_MAX);
  }

  use(ticks: number, lots: number): void {
    this.#left -= BigInt(ticks) * BigInt(lots) * this.#valuePerTickLot;
  }
}
