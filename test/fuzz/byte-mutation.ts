/** Changes to bytes as damage, chance and malice make them: bits, words that mean something, blocks. */
import type { SeededRandom } from "../../mixins/seeded-random.ts";
import { onceIn, pick } from "./target.ts";

const BYTES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 192, 254, 255];
const WORDS = [0, 1, 2, 4, 255, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
const DOUBLES = [
  ...[0, -0, 1, -1, 0.5, 1e-300, 1e300, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, -(2 ** 53)],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 16_384, 32_768],
];

type Change = (bytes: Buffer, at: number, random: SeededRandom, other: Uint8Array) => Buffer;

function block(bytes: Buffer, at: number, random: SeededRandom): Buffer {
  return bytes.subarray(at, at + 1 + (random.integer() % Math.min(64, bytes.length - at)));
}

const CHANGES: readonly Change[] = [
  (bytes, at, random) => {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (random.integer() & 7));
    return bytes;
  },
  (bytes, at, random) => {
    bytes[at] = random.integer();
    return bytes;
  },
  (bytes, at, random) => {
    bytes[at] = pick(random, BYTES);
    return bytes;
  },
  (bytes, at, random) => {
    if (at + 4 <= bytes.length) bytes.writeUInt32LE(pick(random, WORDS), at);
    return bytes;
  },
  (bytes, at, random) => {
    if (at + 8 <= bytes.length) bytes.writeDoubleLE(pick(random, DOUBLES), at);
    return bytes;
  },
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at, random) => {
    const cut = block(bytes, at, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + cut.length)]);
  },
  (bytes, at, random) => {
    const again = block(bytes, at, random);
    return Buffer.concat([bytes.subarray(0, at + again.length), again, bytes.subarray(at + again.length)]);
  },
  (bytes, at, random) => {
    const inserted = Buffer.alloc(1 + (random.integer() & 15), random.integer() & 255);
    return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
  },
  (bytes, at, random, other) => {
    const from = other.length === 0 ? 0 : random.integer() % other.length;
    return Buffer.concat([bytes.subarray(0, at), other.subarray(from)]);
  },
];

/** A changed copy; `other`: what may be spliced in. Most inputs change in one place. */
export function mutate(bytes: Uint8Array, random: SeededRandom, other: Uint8Array): Buffer {
  let changed: Buffer = Buffer.from(bytes);
  do {
    if (changed.length === 0) return changed;
    const at = random.integer() % changed.length;
    changed = pick(random, CHANGES)(changed, at, random, other);
  } while (onceIn(random, 3));
  return changed;
}
