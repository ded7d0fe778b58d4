/**
 * Decimal strings as whole numbers of 10^-digits and back, exactly; "1.10500" with 5 digits is 110500n.
 * Prices, sizes and money stay strings or bigints from the wire to the screen; a float is made only where a
 * pixel is (`approximate`). The engine has the like of it; the dashboard takes no code from there, so that it
 * can be served from anywhere.
 */

const DECIMAL = /^(-?)(\d{1,24})(?:\.(\d{1,18}))?$/;

/** Whole count of 10^-digits in `text`; undefined where it is malformed or finer than that. Never rounds. */
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
  const body = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return negative ? `-${body}` : body;
}

/** Places after the point: "0.00001" has 5. */
export function decimalPlaces(text: string): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}

/** `numerator` ÷ `denominator`, half away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  if (denominator < 0n) return divideRounded(-numerator, -denominator);
  const half = denominator / 2n;
  return numerator < 0n ? -((-numerator + half) / denominator) : (numerator + half) / denominator;
}

/** The same number counted in 10^-to instead of 10^-from, rounded half away from zero where digits go. */
export function rescale(value: bigint, from: number, to: number): bigint {
  return to >= from ? value * 10n ** BigInt(to - from) : divideRounded(value, 10n ** BigInt(from - to));
}

/**
 * Decimal string cut or filled to `digits` places, rounded half away from zero; undefined where malformed.
 */
export function roundDecimal(text: string, digits: number): string | undefined {
  const places = Math.max(decimalPlaces(text), digits);
  const value = parseDecimal(text, places);
  return value === undefined ? undefined : formatDecimal(rescale(value, places, digits), digits);
}

/** "1234567.8" as "1,234,567.8". The sign is a true minus, as wide as a plus. */
export function groupDigits(text: string): string {
  const negative = text.startsWith("-");
  const [whole = "", fraction] = (negative ? text.slice(1) : text).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const body = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return negative ? `\u2212${body}` : body;
}

/** What someone typed ("10 000", "1,000") as a decimal string; undefined where it is not a number. */
export function readDecimal(typed: string): string | undefined {
  const text = typed.replace(/[\s,_']/g, "").replace(/^\u2212/, "-");
  const filled = text.startsWith(".") ? `0${text}` : text;
  return DECIMAL.test(filled) ? filled : undefined;
}

/** -1, 0 or 1. */
export function signOf(text: string): -1 | 0 | 1 {
  if (!/[1-9]/.test(text)) return 0;
  return text.startsWith("-") ? -1 : 1;
}

/** The nearest float: for pixels only, never for arithmetic. */
export function approximate(text: string): number {
  return Number(text);
}
