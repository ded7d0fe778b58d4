/** A position as it is shown and closed: its side, its size, what part of it may be closed. */
import type { Position } from "../client/account-wire.ts";
import { formatDecimal, parseDecimal, readDecimal } from "../decimal.ts";
import type { Instrument } from "./instrument.ts";
import { checkQuantity } from "./ticket-checks.ts";

/** In a hedging account a market has several: each order that opened has its own. */
export function keyOf(position: Position): string {
  return position.id ?? position.symbol;
}

export function isShort(position: Position): boolean {
  return position.quantity.startsWith("-");
}

export function sizeOf(position: Position): string {
  return position.quantity.replace("-", "");
}

/** A share of a position, in whole lots, at least the market's minimum and at most the position. */
export function shareOf(instrument: Instrument, position: Position, perCent: number): string {
  const whole = parseDecimal(sizeOf(position), instrument.quantityDigits) ?? 0n;
  const { lotUnits, minimumUnits } = instrument;
  const share = ((whole * BigInt(perCent)) / 100n / lotUnits) * lotUnits;
  const least = share < minimumUnits ? minimumUnits : share;
  return formatDecimal(least > whole ? whole : least, instrument.quantityDigits);
}

/** Why so much of it cannot be closed: a code of the venue's, or that it is more than there is. */
export function closeProblem(
  instrument: Instrument,
  position: Position,
  typed: string,
): string | "aboveWhole" | undefined {
  const code = checkQuantity(instrument, typed);
  if (code !== undefined) return code;
  const units = parseDecimal(readDecimal(typed) ?? "", instrument.quantityDigits) ?? 0n;
  const whole = parseDecimal(sizeOf(position), instrument.quantityDigits) ?? 0n;
  return units > whole ? "aboveWhole" : undefined;
}
