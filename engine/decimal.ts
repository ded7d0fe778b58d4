/**
 * Decimal strings to integers and back, exactly: "1.10500" with 5 digits is 110500n.
 * No float takes part. Input is refused (undefined), never rounded. What fits a safe integer with room to
 * spare, as nearly all prices and sizes do, goes a short way without a bigint (`parseShortDecimal`,
 * `formatShortDecimal`).
 */

/** Longest decimal string that is read. */
export const DECIMAL_CHARACTERS_MAX = 64;
/** Digits that a double holds exactly whatever they are. */
const SHORT_DIGITS_MAX = 15;

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const ZERO = 48;
const NINE = 57;
const POINT = 46;

/** Whole count of 10^-digits in `text`; undefined where it is malformed or finer than that. */
export function parseDecimal(text: string, digits: number): bigint | undefined {
  if (text.length > DECIMAL_CHARACTERS_MAX) return undefined;
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = ""] = match;
  if (fraction.length > digits && !/^0*$/.test(fraction.slice(digits))) return undefined;
  const value = BigInt(whole + fraction.slice(0, digits).padEnd(digits, "0"));
  return sign === "-" ? -value : value;
}

/**
 * As `parseDecimal`, for text without a sign that makes at most 15 digits; -1 says only that it isn't such.
 */
export function parseShortDecimal(text: string, digits: number): number {
  const length = text.length;
  if (length === 0 || length > SHORT_DIGITS_MAX) return -1;
  let value = 0;
  let point = -1;
  for (let at = 0; at < length; at++) {
    const character = text.charCodeAt(at);
    if (character >= ZERO && character <= NINE) value = value * 10 + (character - ZERO);
    else if (character === POINT && point < 0 && at > 0 && at < length - 1) point = at;
    else return -1;
  }
  const missing = point < 0 ? digits : digits - (length - point - 1);
  if (missing < 0 || length + missing > SHORT_DIGITS_MAX) return -1;
  for (let left = missing; left > 0; left--) value *= 10;
  return value;
}

/** Decimal string of `value` × 10^-digits, always with that many places. */
export function formatDecimal(value: bigint, digits: number): string {
  const negative = value < 0n;
  const text = (negative ? -value : value).toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const body = digits === 0 ? text : `${whole}.${text.slice(text.length - digits)}`;
  return negative ? `-${body}` : body;
}

/** As `formatDecimal`, for a safe integer from 0. */
export function formatShortDecimal(value: number, digits: number): string {
  let text = value.toString();
  if (digits === 0) return text;
  if (text.length <= digits) text = text.padStart(digits + 1, "0");
  const point = text.length - digits;
  return `${text.slice(0, point)}.${text.slice(point)}`;
}

/** Places after the point of a decimal string: "0.00001" has 5. */
export function decimalPlaces(text: string): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}
