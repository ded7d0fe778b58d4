/**
 * Units: the numbers of the exchange, each with a nominal type, none of them a float.
 *
 * Price    `Ticks`, an integer count of an instrument's tick size, 1 … 2³¹−1.
 * Size     `Lots`, an integer count of an instrument's lot step, up to 2⁵³−1.
 * Money    `Money`, a bigint count of 1e-8 units of a currency.
 * Time     `Milliseconds` since 1970-01-01T00:00:00Z, always given from outside.
 * Date     `Days` since 1970-01-01, in whatever calendar's time zone; no moment in time.
 */

declare const unit: unique symbol;
type Branded<Base, Name> = Base & { readonly [unit]: Name };

export type Ticks = Branded<number, "ticks">;
export type Lots = Branded<number, "lots">;
export type Money = Branded<bigint, "money">;
export type Milliseconds = Branded<number, "milliseconds">;
/** What a clock on a wall shows, as the milliseconds since 1970 that it would be if that clock were UTC. */
export type LocalMilliseconds = Branded<number, "local milliseconds">;
export type Days = Branded<number, "days">;
/** Position of a record in an actor's journal; the first is 1. */
export type Sequence = Branded<number, "sequence">;
export type AccountId = Branded<number, "account">;
/** Unique in the venue, below 2⁵³: see `engine/ids.ts`. */
export type OrderId = Branded<number, "order">;

export type Side = "buy" | "sell";

/** Highest price in ticks that a book takes. */
export const TICKS_MAX = 2 ** 31 - 1;
/** Decimal places of money: 1 unit = 1e-8 of a currency. */
export const MONEY_DIGITS = 8;

export function ticks(value: number): Ticks {
  assert(Number.isInteger(value) && value >= 0 && value <= TICKS_MAX, "a price is 0 … 2³¹−1 ticks");
  return value as Ticks;
}

export function lots(value: number): Lots {
  assert(Number.isSafeInteger(value), "a size is a safe integer of lot steps");
  return value as Lots;
}

export function money(value: bigint): Money {
  return value as Money;
}

export function sequence(value: number): Sequence {
  assert(Number.isSafeInteger(value) && value >= 0, "a sequence is a safe integer from 0");
  return value as Sequence;
}

export function milliseconds(value: number): Milliseconds {
  assert(Number.isSafeInteger(value), "a time is a safe integer of milliseconds");
  return value as Milliseconds;
}

export function accountId(value: number): AccountId {
  assert(Number.isSafeInteger(value) && value >= 0, "an account id is a safe integer from 0");
  return value as AccountId;
}

export function orderId(value: number): OrderId {
  assert(Number.isSafeInteger(value) && value >= 0, "an order id is a safe integer from 0");
  return value as OrderId;
}

/** States an invariant by its positive rule. A broken one stops the actor; nobody catches it. */
export function assert(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(`Invariant: ${rule}`);
}

/** Closes a union: compiles only where every member has been handled. */
export function unreachable(value: never): never {
  throw new Error(`Invariant: this value cannot be: ${String(value)}`);
}
