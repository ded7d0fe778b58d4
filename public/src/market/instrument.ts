/**
 * A listed market with its steps as whole numbers: prices are counted in 10^-priceDigits, sizes in
 * 10^-quantityDigits.
 */
import type { Listing } from "../client/wire.ts";
import { decimalPlaces, divideRounded, formatDecimal, groupDigits, parseDecimal } from "../decimal.ts";

export interface Instrument {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly priceDigits: number;
  readonly quantityDigits: number;
  readonly tickSize: string;
  readonly lotStep: string;
  readonly minimumQuantity: string;
  readonly tickUnits: bigint;
  readonly pipUnits: bigint;
  readonly pipDigits: number;
  readonly lotUnits: bigint;
  readonly minimumUnits: bigint;
  readonly maximumUnits: bigint | undefined;
}

export function instrumentOf(listing: Listing): Instrument {
  const priceDigits = decimalPlaces(listing.tickSize);
  const quantityDigits = decimalPlaces(listing.lotStep);
  const maximum = listing.maximumQuantity;
  return {
    symbol: listing.symbol,
    base: listing.base,
    quote: listing.quote,
    priceDigits,
    quantityDigits,
    tickSize: listing.tickSize,
    lotStep: listing.lotStep,
    minimumQuantity: listing.minimumQuantity,
    tickUnits: parseDecimal(listing.tickSize, priceDigits) ?? 1n,
    pipUnits: parseDecimal(listing.pipSize, priceDigits) ?? 1n,
    pipDigits: Math.min(decimalPlaces(listing.pipSize), priceDigits),
    lotUnits: parseDecimal(listing.lotStep, quantityDigits) ?? 1n,
    minimumUnits: parseDecimal(listing.minimumQuantity, quantityDigits) ?? 0n,
    maximumUnits: maximum === undefined ? undefined : parseDecimal(maximum, quantityDigits),
  };
}

export interface PriceParts {
  /** What rarely moves: "1.10". */
  readonly figure: string;
  /** The two digits that traders watch: "50". */
  readonly pips: string;
  /** Fractions of a pip: "3". */
  readonly fraction: string;
}

/** A price cut at its pip, for display. */
export function priceParts(instrument: Instrument, price: string): PriceParts {
  const units = parseDecimal(price, instrument.priceDigits);
  const text = units === undefined ? price : formatDecimal(units, instrument.priceDigits);
  const fractions = instrument.priceDigits - instrument.pipDigits;
  const end = text.length - fractions;
  // With fewer than two places before the pip the cut would fall on the point.
  const start = instrument.pipDigits >= 2 ? end - 2 : end - 1;
  return { figure: text.slice(0, start), pips: text.slice(start, end), fraction: text.slice(end) };
}

/** Distance of two prices in pips, to a tenth: "0.3". */
export function pipsBetween(instrument: Instrument, low: string, high: string): string | undefined {
  const from = parseDecimal(low, instrument.priceDigits);
  const to = parseDecimal(high, instrument.priceDigits);
  if (from === undefined || to === undefined) return undefined;
  return formatDecimal(((to - from) * 10n) / instrument.pipUnits, 1);
}

/** A change of price in per cent of the price before it, with two places: "-0.42". */
export function changeInPercent(instrument: Instrument, price: string, change: string): string | undefined {
  const now = parseDecimal(price, instrument.priceDigits);
  const moved = parseDecimal(change, instrument.priceDigits);
  if (now === undefined || moved === undefined || now - moved <= 0n) return undefined;
  return formatDecimal(divideRounded(moved * 10_000n, now - moved), 2);
}

/** The price `steps` ticks from `price`, on the tick, at least one tick. */
export function stepPrice(instrument: Instrument, price: string, steps: number): string | undefined {
  const units = parseDecimal(price, instrument.priceDigits);
  if (units === undefined) return undefined;
  const moved = (units / instrument.tickUnits + BigInt(steps)) * instrument.tickUnits;
  const least = moved < instrument.tickUnits ? instrument.tickUnits : moved;
  return formatDecimal(least, instrument.priceDigits);
}

/** The quantity `steps` lot steps from `quantity`, within the market's limits. */
export function stepQuantity(instrument: Instrument, quantity: string, steps: number): string {
  const units = parseDecimal(quantity, instrument.quantityDigits) ?? 0n;
  const moved = (units / instrument.lotUnits + BigInt(steps)) * instrument.lotUnits;
  const { minimumUnits, maximumUnits } = instrument;
  const least = moved < minimumUnits ? minimumUnits : moved;
  const within = maximumUnits !== undefined && least > maximumUnits ? maximumUnits : least;
  return formatDecimal(within, instrument.quantityDigits);
}

/** What an iceberg is first offered to show: a fifth, in lots, at least the market's minimum. */
export function likelyPart(instrument: Instrument, quantity: string): string {
  const units = parseDecimal(quantity, instrument.quantityDigits) ?? 0n;
  return stepQuantity(instrument, formatDecimal(units / 5n, instrument.quantityDigits), 0);
}

/** A size for reading: "1,250,000". */
export function readableQuantity(instrument: Instrument | undefined, quantity: string): string {
  const units = parseDecimal(quantity, instrument?.quantityDigits ?? 0);
  return groupDigits(units === undefined ? quantity : formatDecimal(units, instrument?.quantityDigits ?? 0));
}
