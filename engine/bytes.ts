/**
 * Little-endian bytes, written and read in order. `ByteWriter` grows by doubling and is used again after
 * `clear`, so that encoding a record allocates nothing. Strings are ASCII of at most 255 characters behind a
 * length byte.
 *
 * What is read is taken for what it says only where it can be that: `whole`, `ticks`, `flag`, `choice` and
 * `count` refuse bytes that no writer made, so what was decoded encodes to the same bytes.
 */
import { assert, TICKS_MAX, type Ticks } from "./units.ts";

const STRING_MAX = 255;

export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Drops what was written after `length`. */
  truncate(length: number): void {
    assert(length <= this.#length, "a writer is truncated to what it holds");
    this.#length = length;
  }

  u8(value: number): void {
    const at = this.#take(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.#take(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#take(4);
    this.#view.setUint32(at, value, true);
  }

  /** A safe integer, or any double, in eight bytes. Minus zero, which JSON can say, is written as zero. */
  f64(value: number): void {
    const at = this.#take(8);
    this.#view.setFloat64(at, value + 0, true);
  }

  /** A bigint of at most 127 bits and a sign, in sixteen bytes. */
  i128(value: bigint): void {
    const at = this.#take(16);
    this.#view.setBigInt64(at, value, true);
    this.#view.setBigInt64(at + 8, value >> 64n, true);
  }

  ascii(text: string): void {
    assert(text.length <= STRING_MAX, "a string in a record has at most 255 characters");
    const at = this.#take(1 + text.length);
    this.#bytes[at] = text.length;
    let all = 0;
    for (let index = 0; index < text.length; index++) {
      const character = text.charCodeAt(index);
      all |= character;
      this.#bytes[at + 1 + index] = character;
    }
    assert(all < 128, "a string in a record is ASCII");
  }

  /** Bytes as they are; their number is the reader's to know. */
  raw(bytes: Uint8Array): void {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Reserves a u32 to be patched by `endLength`: the record's length goes in front of it. */
  beginLength(): number {
    return this.#take(4);
  }

  endLength(at: number): void {
    this.#view.setUint32(at, this.#length - at - 4, true);
  }

  /** What was written, as a view that the next write may change. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  copy(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #take(size: number): number {
    const at = this.#length;
    const end = at + size;
    if (end > this.#bytes.length) this.#grow(end);
    this.#length = end;
    return at;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Reads what a `ByteWriter` wrote. Throws RangeError where bytes end early, an invariant for nonsense. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    this.#at += 1;
    return this.#view.getUint8(this.#at - 1);
  }

  u16(): number {
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2, true);
  }

  u32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  f64(): number {
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  i128(): bigint {
    this.#at += 16;
    const low = this.#view.getBigUint64(this.#at - 16, true);
    return (this.#view.getBigInt64(this.#at - 8, true) << 64n) | low;
  }

  /** A safe integer from 0 that was written as a double: a size, an id, a sequence. */
  whole(): number {
    const value = this.f64();
    assert(
      Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0),
      "a count is a safe integer from 0",
    );
    return value;
  }

  /** A safe integer of either sign that was written as a double. */
  integer(): number {
    const value = this.f64();
    assert(Number.isSafeInteger(value) && !Object.is(value, -0), "a number is a safe integer");
    return value;
  }

  /** A price, or 0 for none. */
  ticks(): Ticks {
    const value = this.u32();
    assert(value <= TICKS_MAX, "a price is at most 2³¹−1 ticks");
    return value as Ticks;
  }

  /** A byte of the bits in `known`. */
  bits(known: number): number {
    const value = this.u8();
    assert((value & ~known) === 0, "each flag that is set has a meaning");
    return value;
  }

  /** A byte that is the place of one of `values`. */
  choice<Value>(values: readonly Value[]): Value {
    const value = values[this.u8()];
    assert(value !== undefined, "a choice is one of those that there are");
    return value;
  }

  /** How many things follow, each of at least `bytes`: more than there is room for are refused at once. */
  count(bytes: number): number {
    const value = this.u32();
    if (value * bytes > this.remaining) throw new RangeError("Cannot read list as the record ends early");
    return value;
  }

  /** The next bytes, as a view. */
  raw(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("Cannot read bytes as the record ends early");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  /** States that everything has been read. */
  end(): void {
    assert(this.remaining === 0, "a record ends with its last field");
  }

  ascii(): string {
    const length = this.u8();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("Cannot read string as the record ends early");
    let text = "";
    for (; this.#at < end; this.#at++) {
      const character = this.#bytes[this.#at] ?? 0;
      assert(character < 128, "a string in a record is ASCII");
      text += String.fromCharCode(character);
    }
    return text;
  }
}
