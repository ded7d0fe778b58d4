/** Values of the engine's own kinds, small ones and the ends of their ranges, from a seed. */
import type { AccountId, Lots, Milliseconds, Money, OrderId, Side, Ticks } from "../../engine/units.ts";
import { TICKS_MAX } from "../../engine/units.ts";
import type { SeededRandom } from "../../mixins/seeded-random.ts";
import { onceIn, pick } from "./target.ts";

const WHOLES = [0, 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1];
const TICKS = [0, 1, TICKS_MAX];
const MONEYS = [0n, 1n, -1n, 2n ** 64n, -(2n ** 64n), 2n ** 127n - 1n, -(2n ** 127n)];
const TEXTS = ["", "a", "order-17", "x".repeat(255), "\u0000~"];
const SIDES: readonly Side[] = ["buy", "sell"];

export class ValueMaker {
  readonly random: SeededRandom;

  constructor(random: SeededRandom) {
    this.random = random;
  }

  whole(): number {
    return onceIn(this.random, 8) ? pick(this.random, WHOLES) : this.random.integer() % 1_000;
  }

  lots(): Lots {
    return this.whole() as Lots;
  }

  ticks(): Ticks {
    return (onceIn(this.random, 8) ? pick(this.random, TICKS) : this.random.integer() % 2_000) as Ticks;
  }

  time(): Milliseconds {
    return (onceIn(this.random, 8) ? -this.whole() + 0 : this.whole()) as Milliseconds;
  }

  money(): Money {
    const value = onceIn(this.random, 4) ? pick(this.random, MONEYS) : BigInt(this.random.integer());
    return value as Money;
  }

  account(): AccountId {
    return this.whole() as AccountId;
  }

  orderId(): OrderId {
    return this.whole() as OrderId;
  }

  text(): string {
    return pick(this.random, TEXTS);
  }

  side(): Side {
    return this.word(SIDES);
  }

  flag(): boolean {
    return onceIn(this.random, 2);
  }

  below(limit: number): number {
    return this.random.integer() % limit;
  }

  word<Word>(words: readonly Word[]): Word {
    return pick(this.random, words);
  }

  /** These fields, or none of them. */
  maybe<Fields extends object>(make: () => Fields): Fields | undefined {
    return onceIn(this.random, 3) ? make() : undefined;
  }

  list<Value>(most: number, make: () => Value): Value[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}
