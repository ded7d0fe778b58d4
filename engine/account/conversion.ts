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
import type { Instrument } from "../instrument.ts";
import type { Marks } from "./marks.ts";

/** Units of the one for a unit of the other; both positive. */
export interface Rate {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

interface Leg {
  readonly instrument: Instrument;
  readonly inverse: boolean;
}

const PIVOTS = ["USD", "EUR"] as const;
const IDENTITY: Rate = { numerator: 1n, denominator: 1n };

/** amount × rate, toward minus infinity: for what an account owns. */
export function convertDown(amount: bigint, rate: Rate): bigint {
  const product = amount * rate.numerator;
  const quotient = product / rate.denominator;
  return product < 0n && product % rate.denominator !== 0n ? quotient - 1n : quotient;
}

/** amount × rate, toward plus infinity: for what is asked of an account. */
export function convertUp(amount: bigint, rate: Rate): bigint {
  return -convertDown(-amount, rate);
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
    let numerator = 1n;
    let denominator = 1n;
    for (const { instrument, inverse } of way) {
      const twiceMiddle = this.#marks.twiceMiddle(instrument.number);
      if (twiceMiddle === 0) return undefined;
      const quote = BigInt(twiceMiddle) * instrument.valuePerTickLot;
      const base = 2n * instrument.baseMoneyPerLot;
      numerator *= inverse ? base : quote;
      denominator *= inverse ? quote : base;
    }
    return { numerator, denominator };
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
      if (instrument.base === from && instrument.quote === to) return { instrument, inverse: false };
      if (instrument.base === to && instrument.quote === from) return { instrument, inverse: true };
    }
    return undefined;
  }
}
