/**
 * One currency's money in another, through the marks, in integers. The way is a listed pair, direct or
 * inverse; else two pairs by way of USD; else by way of EUR: the first of these whose marks are all there.
 * The rate is the middle of bid and ask, kept as a fraction, so it is rounded once, at the end, always
 * against the account: what it owns goes down to the next money unit (a loss too: away from zero), what is
 * asked of it goes up.
 *
 * One leg: a lot step of base is `baseMoneyPerLot` money units, and is worth ticks × `valuePerTickLot` of
 * quote.
 */
import type { Instrument } from "../../instrument.ts";
import type { Marks } from "./marks.ts";

/** Units of the one for a unit of the other; both positive. */
export interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

interface Leg {
  readonly instrument: Instrument;
  readonly inverse: boolean;
  /** The middle is twiceMiddle × numerator ÷ denominator of quote for a unit of base, in lowest terms. */
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** What it was asked for last, as marks move less often than decisions ask. */
  twiceMiddle: number;
  rate: Rate;
}

const PIVOTS = ["USD", "EUR"] as const;
const IDENTITY: Rate = { numerator: 1n, denominator: 1n };

/** amount × rate, toward minus infinity: for what an account owns. */
export function convertDown(amount: bigint, rate: Rate): bigint {
  if (rate === IDENTITY) return amount;
  const product = amount * rate.numerator;
  const quotient = product / rate.denominator;
  return product < 0n && quotient * rate.denominator !== product ? quotient - 1n : quotient;
}

/** amount × rate, toward plus infinity: for what is asked of an account. */
export function convertUp(amount: bigint, rate: Rate): bigint {
  if (rate === IDENTITY) return amount;
  const product = amount * rate.numerator;
  const quotient = product / rate.denominator;
  return product > 0n && quotient * rate.denominator !== product ? quotient + 1n : quotient;
}

export class Conversion {
  readonly #instruments: readonly Instrument[];
  readonly #marks: Marks;
  /** Ways from one currency (outer key) to another (inner key). */
  readonly #ways = new Map<string, Map<string, readonly (readonly Leg[])[]>>();

  constructor(instruments: readonly Instrument[], marks: Marks) {
    this.#instruments = instruments;
    this.#marks = marks;
  }

  /** Undefined where no way has all its marks. */
  rate(from: string, to: string): Rate | undefined {
    if (from === to) return IDENTITY;
    for (const way of this.#waysOf(from, to)) {
      const rate = this.#rateOf(way);
      if (rate !== undefined) return rate;
    }
    return undefined;
  }

  /** Markets that a conversion may look at. */
  marketsOf(from: string, to: string): number[] {
    return from === to ? [] : this.#waysOf(from, to).flatMap(way => way.map(leg => leg.instrument.number));
  }

  #rateOf(way: readonly Leg[]): Rate | undefined {
    let rate = IDENTITY;
    for (const leg of way) {
      const twiceMiddle = this.#marks.twiceMiddle(leg.instrument.number);
      if (twiceMiddle === 0) return undefined;
      if (twiceMiddle !== leg.twiceMiddle) {
        leg.twiceMiddle = twiceMiddle;
        leg.rate = rateAt(leg, twiceMiddle);
      }
      rate = rate === IDENTITY ? leg.rate : productOf(rate, leg.rate);
    }
    return rate;
  }

  #waysOf(from: string, to: string): readonly (readonly Leg[])[] {
    let targets = this.#ways.get(from);
    if (targets === undefined) {
      targets = new Map();
      this.#ways.set(from, targets);
    }
    let ways = targets.get(to);
    if (ways === undefined) {
      ways = this.#findWays(from, to);
      targets.set(to, ways);
    }
    return ways;
  }

  #findWays(from: string, to: string): readonly (readonly Leg[])[] {
    const ways: (readonly Leg[])[] = [];
    const direct = this.#leg(from, to);
    if (direct !== undefined) ways.push([direct]);
    for (const pivot of PIVOTS) {
      const first = pivot === from || pivot === to ? undefined : this.#leg(from, pivot);
      const second = first === undefined ? undefined : this.#leg(pivot, to);
      if (first !== undefined && second !== undefined) ways.push([first, second]);
    }
    return ways;
  }

  #leg(from: string, to: string): Leg | undefined {
    for (const instrument of this.#instruments) {
      if (instrument.base === from && instrument.quote === to) return newLeg(instrument, false);
      if (instrument.base === to && instrument.quote === from) return newLeg(instrument, true);
    }
    return undefined;
  }
}

function newLeg(instrument: Instrument, inverse: boolean): Leg {
  const { valuePerTickLot } = instrument;
  const base = 2n * instrument.baseMoneyPerLot;
  const common = commonDivisor(valuePerTickLot, base);
  const parts = { numerator: valuePerTickLot / common, denominator: base / common };
  return { instrument, inverse, ...parts, twiceMiddle: 0, rate: IDENTITY };
}

function rateAt({ inverse, numerator, denominator }: Leg, twiceMiddle: number): Rate {
  const quote = BigInt(twiceMiddle) * numerator;
  return inverse ? { numerator: denominator, denominator: quote } : { numerator: quote, denominator };
}

function productOf(one: Rate, other: Rate): Rate {
  return {
    numerator: one.numerator * other.numerator,
    denominator: one.denominator * other.denominator,
  };
}

function commonDivisor(one: bigint, other: bigint): bigint {
  return other === 0n ? one : commonDivisor(other, one % other);
}
