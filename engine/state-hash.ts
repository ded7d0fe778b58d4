/**
 * A 64-bit hash over a sequence of safe integers and strings, in two 32-bit lanes (the mixing of MurmurHash3,
 * with different constants in each). It tells two states apart; it is no defence against somebody who forges
 * one.
 */
export class StateHash {
  #a = 0x243f6a88;
  #b = 0x85a308d3 | 0;

  /** Adds a safe integer. */
  number(value: number): void {
    this.#word(value | 0);
    this.#word(Math.floor(value / 4_294_967_296) | 0);
  }

  /** Adds a whole number of any size. */
  bigint(value: bigint): void {
    this.text(value.toString());
  }

  /** Adds a string, its length first. */
  text(value: string): void {
    this.number(value.length);
    for (let index = 0; index < value.length; index++) this.#word(value.charCodeAt(index));
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    const high = finish(this.#a ^ Math.imul(this.#b, 0x27d4eb2f));
    const low = finish(this.#b ^ high);
    return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
  }

  #word(word: number): void {
    let a = Math.imul(word, 0xcc9e2d51);
    a = Math.imul((a << 15) | (a >>> 17), 0x1b873593) ^ this.#a;
    this.#a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    let b = Math.imul(word ^ 0x5bd1e995, 0x239b961b);
    b = Math.imul((b << 16) | (b >>> 16), 0xab0e9789) ^ this.#b;
    this.#b = (Math.imul((b << 17) | (b >>> 15), 5) + 0x561ccd1b) | 0;
  }
}

function finish(lane: number): number {
  let mixed = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
