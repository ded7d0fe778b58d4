/**
 * What a trade costs: fee tiers, and the fee of an order's fills.
 *
 * A fee is counted by order and role: of all that an order has traded as taker, and of all as maker, each
 * rounded once, up to the next money unit, so always against the account (a rebate gets smaller). What a fill
 * pays is what its order's fee grows by. So a minimum and a fixed fee are paid once an order and role however
 * many fills it has, as brokers charge them (Interactive Brokers: 0.20 basis points of the value, at least
 * USD 2.00 an order), and the sum over the fills is the formula on their sums to the last unit.
 *
 * All amounts are money of the quote currency. Source of the forms: commissions in USD per million traded
 * (bank and ECN price lists), USD per standard lot of 100,000 (retail accounts with raw spreads), per cent of
 * the value (spot venues).
 */
import type { Instrument } from "../../instrument.ts";
import { assert, type Money, unreachable } from "../../units.ts";

/** The index is stored. */
export const FEE_BASES = ["perMillion", "perCent", "perLot", "fixed"] as const;
export type FeeBasis = (typeof FEE_BASES)[number];

export interface FeeRate {
  readonly basis: FeeBasis;
  /** Per million or per hundred of the value, per standard lot, or in all; below zero: a rebate. */
  readonly amount: Money;
  /** The least that an order pays in this role; 0 for none, and for a rebate. */
  readonly minimum: Money;
}

export type FeeRole = "maker" | "taker";

/** Rates of some markets, or of all that no other group of the tier names. */
export interface FeeGroup {
  /** By number; empty: all others. */
  readonly markets: readonly number[];
  readonly maker: FeeRate;
  readonly taker: FeeRate;
}

/** Its number stands in markets' journals, so a tier is never changed and its number never used again. */
export interface FeeTier {
  /** From 1; 0 says that nothing is charged. */
  readonly number: number;
  /** ASCII. */
  readonly name: string;
  readonly groups: readonly FeeGroup[];
}

/** What fills come to: Σ lots, and Σ ticks × lots. */
export interface Traded {
  readonly lots: number;
  readonly value: bigint;
}

const UNITS = 100_000_000n;
const STANDARD_LOT = 100_000n;

/** quotient rounded toward plus infinity; `divisor` is positive. */
function divideUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend > 0n && dividend % divisor !== 0n ? quotient + 1n : quotient;
}

/** The group of a market; undefined where the tier charges nothing there. */
export function groupOf(tier: FeeTier, market: number): FeeGroup | undefined {
  let others: FeeGroup | undefined;
  for (const group of tier.groups) {
    if (group.markets.includes(market)) return group;
    if (group.markets.length === 0) others = group;
  }
  return others;
}

/** Whether two definitions charge the same by the same name. */
export function sameTier(one: FeeTier, other: FeeTier): boolean {
  const { number, name, groups } = one;
  if (number !== other.number || name !== other.name || groups.length !== other.groups.length) return false;
  return groups.every((group, index) => {
    const against = other.groups[index];
    return against !== undefined && sameGroup(group, against);
  });
}

function sameGroup(one: FeeGroup, other: FeeGroup): boolean {
  if (!sameRate(one.maker, other.maker) || !sameRate(one.taker, other.taker)) return false;
  const { markets } = one;
  return (
    markets.length === other.markets.length && markets.every((each, index) => each === other.markets[index])
  );
}

function sameRate(one: FeeRate, other: FeeRate): boolean {
  return one.basis === other.basis && one.amount === other.amount && one.minimum === other.minimum;
}

function feeBeforeMinimum(rate: FeeRate, instrument: Instrument, traded: Traded): bigint {
  const { amount } = rate;
  const money = () => traded.value * instrument.valuePerTickLot;
  switch (rate.basis) {
    case "perMillion":
      return divideUp(money() * amount, 1_000_000n * UNITS);
    case "perCent":
      return divideUp(money() * amount, 100n * UNITS);
    case "perLot":
      return divideUp(BigInt(traded.lots) * instrument.baseMoneyPerLot * amount, STANDARD_LOT * UNITS);
    case "fixed":
      return amount;
    default:
      return unreachable(rate.basis);
  }
}

/** Of all fills of one order in one role, in money of the quote currency; negative: a rebate. */
export function feeOf(rate: FeeRate, instrument: Instrument, traded: Traded): bigint {
  assert(traded.lots >= 0, "a fee is of what has traded");
  if (traded.lots === 0) return 0n;
  const fee = feeBeforeMinimum(rate, instrument, traded);
  return rate.minimum > fee && rate.minimum > 0n ? rate.minimum : fee;
}

/**
 * The most that fills of so many lots, worth `value` (ticks × lots), can be charged in quote money, whatever
 * their roles: where both are counted alike the dearer role for all of it and the other's least, else both
 * for all of it. Never below zero.
 */
export function worstFee(group: FeeGroup, instrument: Instrument, traded: Traded): bigint {
  if (traded.lots === 0) return 0n;
  const { maker, taker } = group;
  const [asMaker, asTaker] = [feeOf(maker, instrument, traded), feeOf(taker, instrument, traded)];
  if (maker.basis !== taker.basis) return largest(asMaker, 0n) + largest(asTaker, 0n);
  return largest(asMaker + leastOf(taker), asTaker + leastOf(maker), -1n) + 1n;
}

function largest(first: bigint, ...others: readonly bigint[]): bigint {
  let most = first;
  for (const other of others) if (other > most) most = other;
  return most;
}

/** What the first lot in a role costs at least. */
function leastOf({ basis, amount, minimum }: FeeRate): bigint {
  const first = basis === "fixed" && amount > minimum ? amount : minimum;
  return first > 0n ? first : 0n;
}
