/**
 * Decimal strings to integers and back, exactly: "1.10500" with 5 digits is 110500n.
 * No float takes part. Input is refused (undefined), never rounded.
 */

const DECIMAL = /^(-?)(\d{1,24})(?:\.(\d{1,18}))?$/;

/** Whole count of 10^-digits in `text`; undefined where it is malformed or finer than that. */
export function parseDecimal(text: string, digits: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = ""] = match;
  if (fraction.length > digits && !/^0*$/.test(fraction.slice(digits))) return undefined;
  const value = BigInt(whole + fraction.slice(0, digits).padEnd(digits, "0"));
  return sign === "-" ? -value : value;
}

/** Decimal string of `value` × 10^-digits, always with that many places. */
export function formatDecimal(value: bigint, digits: number): string {
  const negative = value < 0n;
  const text = (negative ? -value : value).toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const body = digits === 0 ? text : `${whole}.${text.slice(text.length - digits)}`;
  return negative ? `-${body}` : body;
}

/** Places after the point of a decimal string: "0.00001" has 5. */
export function decimalPlaces(text: string): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}
