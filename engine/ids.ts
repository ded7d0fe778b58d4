/**
 * Order ids, unique in the venue and below 2⁵³ without anyone asking anyone: the low 14 bits name the origin
 * (the market, or the risk shard that refused), the rest counts up from 1 within it. 2³⁹ orders fit in each
 * origin.
 */
import { assert, type OrderId } from "./units.ts";

const ORIGINS = 2 ** 14;
/** Origins from here on are risk shards; below are markets. */
const FIRST_SHARD = 2 ** 13;
const COUNT_MAX = 2 ** 39 - 1;

export function marketOrigin(marketNumber: number): number {
  assert(
    Number.isInteger(marketNumber) && marketNumber >= 0 && marketNumber < FIRST_SHARD,
    "a market's number is 0 … 8191",
  );
  return marketNumber;
}

export function shardOrigin(shard: number): number {
  assert(
    Number.isInteger(shard) && shard >= 0 && shard < ORIGINS - FIRST_SHARD,
    "a shard's number is 0 … 8191",
  );
  return FIRST_SHARD + shard;
}

/** The id of the `count`-th order (from 1) of an origin. */
export function composeOrderId(count: number, origin: number): OrderId {
  assert(count >= 1 && count <= COUNT_MAX, "an origin names at most 2³⁹ − 1 orders");
  return (count * ORIGINS + origin) as OrderId;
}

export function originOf(id: OrderId): number {
  return id % ORIGINS;
}

export function countOf(id: OrderId): number {
  return Math.floor(id / ORIGINS);
}

/** The low 32 bits of an id's count, signed: what an index is keyed by. */
export function countWord(id: number): number {
  return (id / ORIGINS) | 0;
}

/** The risk shard of an account: a fixed hash (32-bit finaliser of MurmurHash3) of its id. */
export function shardOf(account: number, shards: number): number {
  let hash = (account ^ Math.floor(account / 2 ** 32)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % shards;
}
