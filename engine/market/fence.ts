/**
 * Which commands a market takes: of each shard only those of the epoch that this market has recorded,
 * numbered 1, 2, 3… within it. An epoch never goes down, and recording the one that stands already changes
 * nothing, so a number is applied once for ever. A shard that never recorded an epoch has epoch 0.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { SHARDS_MAX } from "../limits.ts";
import type { StateHash } from "../state-hash.ts";
import { assert } from "../units.ts";

export type Admission = "next" | "duplicate" | "gap" | "staleEpoch";

export class Fence {
  /** Epoch of the market's own owner. */
  #owner = 0;
  readonly #epochs = new Float64Array(SHARDS_MAX);
  readonly #numbers = new Float64Array(SHARDS_MAX);
  /** Shards from here on have never been heard of. */
  #known = 0;

  get ownerEpoch(): number {
    return this.#owner;
  }

  epochOf(shard: number): number {
    return this.#epochs[shard] ?? 0;
  }

  lastNumber(shard: number): number {
    return this.#numbers[shard] ?? 0;
  }

  admits(shard: number, epoch: number, number: number): Admission {
    if (epoch !== this.epochOf(shard)) return "staleEpoch";
    const last = this.lastNumber(shard);
    if (number <= last) return "duplicate";
    return number === last + 1 ? "next" : "gap";
  }

  /** Counts a command of a shard. */
  pass(shard: number, number: number): void {
    if (shard >= this.#known) this.#know(shard);
    assert(
      number === (this.#numbers[shard] ?? 0) + 1,
      "a shard's commands are applied in the order of their numbers",
    );
    this.#numbers[shard] = number;
  }

  /** Records a shard's new owner, whose numbers begin at 1. */
  recordShard(shard: number, epoch: number): void {
    this.#know(shard);
    if (epoch <= this.epochOf(shard)) return;
    this.#epochs[shard] = epoch;
    this.#numbers[shard] = 0;
  }

  recordOwner(epoch: number): void {
    this.#owner = Math.max(this.#owner, epoch);
  }

  hash(into: StateHash): void {
    into.number(this.#owner);
    for (let shard = 0; shard < this.#known; shard++) {
      if (this.epochOf(shard) === 0 && this.lastNumber(shard) === 0) continue;
      into.number(shard);
      into.number(this.epochOf(shard));
      into.number(this.lastNumber(shard));
    }
  }

  write(writer: ByteWriter): void {
    writer.f64(this.#owner);
    writer.u16(this.#known);
    for (let shard = 0; shard < this.#known; shard++) {
      writer.f64(this.epochOf(shard));
      writer.f64(this.lastNumber(shard));
    }
  }

  read(reader: ByteReader): void {
    this.#owner = reader.whole();
    const known = reader.u16();
    if (known > 0) this.#know(known - 1);
    for (let shard = 0; shard < known; shard++) {
      this.#epochs[shard] = reader.whole();
      this.#numbers[shard] = reader.whole();
    }
  }

  #know(shard: number): void {
    assert(
      Number.isInteger(shard) && shard >= 0 && shard < SHARDS_MAX,
      "a shard's number is below SHARDS_MAX",
    );
    this.#known = Math.max(this.#known, shard + 1);
  }
}
