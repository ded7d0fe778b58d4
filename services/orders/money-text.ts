/** Money as every answer writes it. */
import { formatDecimal } from "../../engine/decimal.ts";
import { MONEY_DIGITS, type Money } from "../../engine/units.ts";

/** Places that money always shows; further ones up to the eighth only where they are not zero. */
const MONEY_DIGITS_LEAST = 2;

export function formatMoney(amount: Money): string {
  const text = formatDecimal(amount, MONEY_DIGITS);
  let end = text.length;
  while (text.length - end < MONEY_DIGITS - MONEY_DIGITS_LEAST && text[end - 1] === "0") end--;
  return text.slice(0, end);
}
