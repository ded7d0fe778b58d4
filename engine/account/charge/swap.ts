/**
 * What a position pays or earns for being carried over night, and what a swap-free account pays instead.
 *
 * Swap = points × pip value × size × nights, in the quote currency: the points that a pair's forward price
 * lies away from its spot price for one night (tom-next), in pips, for a position of a standard lot as for
 * any other size. Brokers' price lists state it the same way ("swap in points" of MetaTrader 5, with a triple
 * day); nights come from value dates (`calendar/value-date.ts`). Rounded once, toward minus infinity: what is
 * paid goes up, what is earned goes down to the next money unit.
 */
import type { Instrument } from "../../instrument.ts";
import { assert, type Money } from "../../units.ts";

/** Decimal places of swap points. */
export const POINT_DIGITS = 8;
const POINT = 10n ** BigInt(POINT_DIGITS);
/** Money units of a standard lot of 100,000. */
const STANDARD_LOT = 100_000n * 100_000_000n;

/** Pips a night in 1e-8; below zero is paid, above is earned. */
export interface SwapPoints {
  readonly long: bigint;
  readonly short: bigint;
}

/** In place of swaps: a fee a night for each standard lot, of positions that have been open for longer. */
export interface SwapFreeFee {
  /** Days that nothing is charged for. */
  readonly freeDays: number;
  /** Quote money for 100,000 units of the base currency and a night. */
  readonly perLot: Money;
}

/** quotient rounded toward minus infinity; `divisor` is positive. */
function divideDown(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && dividend % divisor !== 0n ? quotient - 1n : quotient;
}

/** Quote money that a position gets for so many nights; negative: pays. `lots` of a short one are too. */
export function swapOf(instrument: Instrument, lots: number, points: SwapPoints, nights: number): bigint {
  assert(Number.isSafeInteger(nights) && nights >= 0, "nights are a whole number from 0");
  const perNight = lots > 0 ? points.long : points.short;
  const pip = BigInt(instrument.ticksPerPip) * instrument.valuePerTickLot;
  return divideDown(BigInt(Math.abs(lots)) * pip * perNight * BigInt(nights), POINT);
}

/** The same for 100,000 units of the base currency, by the points of its side. */
export function swapOfStandardLot(instrument: Instrument, points: bigint, nights: number): bigint {
  const pip = BigInt(instrument.ticksPerPip) * instrument.valuePerTickLot;
  const swap = STANDARD_LOT * pip * points * BigInt(nights);
  return divideDown(swap, instrument.baseMoneyPerLot * POINT);
}

/** Quote money that a swap-free position pays: never above zero. `days`: for how long it has been open. */
export function swapFreeFeeOf(
  instrument: Instrument,
  lots: number,
  fee: SwapFreeFee,
  held: { readonly days: number; readonly nights: number },
): bigint {
  assert(fee.perLot >= 0n && held.nights >= 0, "a fee for nights is not negative");
  if (held.days <= fee.freeDays) return 0n;
  const size = BigInt(Math.abs(lots)) * instrument.baseMoneyPerLot;
  return divideDown(-size * fee.perLot * BigInt(held.nights), STANDARD_LOT);
}
