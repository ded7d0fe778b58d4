/** What is left to chance in a run, all of it drawn from the run's seed. */
import { SeededRandom, seedOf } from "../../mixins/seeded-random.ts";

export class Chance {
  readonly #random: SeededRandom;

  /** A stream of its own for each name under one seed. */
  constructor(seed: number, name: string) {
    this.#random = new SeededRandom(seedOf(seed, name));
  }

  /** True once in `1 / probability` draws. */
  is(probability: number): boolean {
    return probability > 0 && this.#random.uniform() < probability;
  }

  /** A whole number in [low, high]. */
  between(low: number, high: number): number {
    return this.#random.between(low, high);
  }

  /** A number in [low, high). */
  within(low: number, high: number): number {
    return low + this.#random.uniform() * (high - low);
  }

  /** Mostly near `typical`, now and then many times as long: how things in a network take their time. */
  delay(typical: number, tail: number): number {
    const usual = typical * (0.5 + this.#random.uniform());
    return this.is(0.02) ? usual + this.within(0, tail) : usual;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.#random.between(0, items.length - 1)];
    if (item === undefined) throw new Error("Invariant: there is something to pick from");
    return item;
  }
}
