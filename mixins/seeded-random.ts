/**
 * A small seeded generator for what only has to look random: synthetic prices, the sizes of quotes.
 *
 * xoshiro128** by Blackman and Vigna (public domain), seeded through splitmix32. Its state is four 32-bit
 * integers that can be stored, so a stream resumes where it was. Only additions, multiplications and shifts:
 * the same numbers on any machine. Never for secrets.
 */

export type RandomState = readonly [number, number, number, number];

export class SeededRandom {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(seed: number) {
    let state = seed | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state ^ (state >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1;
  }

  static restore(state: RandomState): SeededRandom {
    const random = new SeededRandom(0);
    [random.#a, random.#b, random.#c, random.#d] = state;
    return random;
  }

  state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#d];
  }

  /** Uniform 0 … 2³² − 1. */
  integer(): number {
    const scrambled = Math.imul(this.#b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.integer() / 2 ** 32;
  }

  /** Whole number in [low, high]. */
  between(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  /**
   * Standard normal, near enough: six uniforms summed; its tails end at ±4.2. No logarithm, so exact
   * anywhere.
   */
  normal(): number {
    let sum = 0;
    for (let draw = 0; draw < 6; draw++) sum += this.uniform();
    return (sum - 3) * Math.SQRT2;
  }
}

/** A seed of its own for each name under one seed (32-bit FNV-1a). */
export function seedOf(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash | 0;
}
