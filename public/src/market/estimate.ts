/** What an order would cost at the prices that are shown: a walk down the opposite side of the book. */
import { divideRounded, formatDecimal, parseDecimal } from "../decimal.ts";
import type { DepthLevel } from "./depth.ts";
import type { Instrument } from "./instrument.ts";

export interface Estimate {
  /** Average price of what can be had. */
  readonly price: string;
  /** False where the book that is shown holds less than asked. */
  readonly complete: boolean;
}

export function estimate(
  instrument: Instrument,
  levels: readonly DepthLevel[],
  quantity: string,
): Estimate | undefined {
  const asked = parseDecimal(quantity, instrument.quantityDigits);
  if (asked === undefined || asked <= 0n) return undefined;
  let wanted = asked;
  let value = 0n;
  for (const level of levels) {
    // Not Math.min: these are bigints.
    const enough = level.quantity >= wanted;
    const taken = enough ? wanted : level.quantity;
    value += taken * level.units;
    wanted -= taken;
    if (enough) break;
  }
  if (wanted === asked) return undefined;
  const price = divideRounded(value, asked - wanted);
  return { price: formatDecimal(price, instrument.priceDigits), complete: wanted === 0n };
}
