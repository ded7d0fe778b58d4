/**
 * What is traded: the steps of price and size, the limits, and how a fill settles.
 *
 * An instrument may be listed only if tick size × lot step is a whole number of money units (1e-8 of the
 * quote currency), so that every fill settles exactly: value = ticks × lots × `valuePerTickLot`.
 */
import * as decimal from "./decimal.ts";
import { type MarginTier, type MarginTierSpecification, marginTiersOf } from "./margin-tiers.ts";
import { type PriceLimits, type PriceLimitsSpecification, priceLimits } from "./price-limits.ts";
import type { Rejection } from "./rejection.ts";
import { assert, type Lots, MONEY_DIGITS, type Money, TICKS_MAX, type Ticks } from "./units.ts";

const { decimalPlaces, formatDecimal, formatShortDecimal, parseDecimal, parseShortDecimal } = decimal;

/** Steps up to this size are counted in doubles where the rest allows it. */
const SHORT_STEP_MAX = 10n ** 15n;
/** Decimal places that a number of pips may have. */
const PIP_DIGITS = 8;

/** `margin`: positions and leverage (forex). `spot`: both assets change hands. */
export type Settlement = "margin" | "spot";

/** An instrument as configured: decimal strings, sizes in units of the base currency. */
export interface InstrumentSpecification extends PriceLimitsSpecification {
  readonly symbol: string;
  readonly tickSize: string;
  readonly lotStep: string;
  readonly minimumQuantity: string;
  readonly maximumQuantity?: string;
  readonly pipSize?: string;
  readonly base?: string;
  readonly quote?: string;
  readonly settlement?: Settlement;
  /** Largest net position of one account, in units of the base currency. */
  readonly positionLimit?: string;
  /** Leverage by size of the position: the first rows up to so many units of base, the last for all above. */
  readonly marginTiers?: readonly MarginTierSpecification[];
  /** Least and most that an order may be worth, in the quote currency. */
  readonly minimumNotional?: string;
  readonly maximumNotional?: string;
  /** The market's number in the venue: the origin of its order ids. */
  readonly number?: number;
}

/** What an order may be worth, in money of the quote currency; each part left out where there is no limit. */
export interface NotionalLimits {
  readonly minimum?: Money;
  readonly maximum?: Money;
  readonly valuePerTickLot: Money;
}

export interface Instrument {
  readonly symbol: string;
  readonly number: number;
  readonly base: string;
  readonly quote: string;
  readonly settlement: Settlement;
  readonly tickSize: string;
  readonly lotStep: string;
  readonly pipSize: string;
  /** 10^-priceDigits units of price in one tick, and likewise for sizes. */
  readonly tickUnits: bigint;
  readonly priceDigits: number;
  readonly lotUnits: bigint;
  readonly quantityDigits: number;
  readonly ticksPerPip: number;
  readonly minimumLots: Lots;
  readonly maximumLots: Lots;
  readonly positionLimitLots: Lots;
  /** Money units of the quote currency in one tick of one lot step. */
  readonly valuePerTickLot: Money;
  /** Money units (1e-8) of the base currency in one lot step. */
  readonly baseMoneyPerLot: Money;
  /** Left out where the account's leverage holds for any size. */
  readonly marginTiers?: readonly MarginTier[];
  /** Left out where the worth of an order has no limit. */
  readonly notional?: NotionalLimits;
  /** Left out where prices may go anywhere. */
  readonly priceLimits?: PriceLimits;
}

function wholeUnits(name: string, text: string, digits: number): bigint {
  const value = parseDecimal(text, digits);
  if (value === undefined || value <= 0n) {
    throw new RangeError(`Cannot list instrument as '${name}' must be a positive decimal: received ${text}`);
  }
  return value;
}

function wholeLots(name: string, text: string, digits: number, lotUnits: bigint): Lots {
  const units = wholeUnits(name, text, digits);
  if (units % lotUnits !== 0n || units / lotUnits > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(
      `Cannot list instrument as '${name}' must be a multiple of the lot step: received ${text}`,
    );
  }
  return Number(units / lotUnits) as Lots;
}

function notionalLimits(specification: InstrumentSpecification, valuePerTickLot: Money) {
  const moneyOf = (name: "minimumNotional" | "maximumNotional") => {
    const text = specification[name];
    return text === undefined ? undefined : (wholeUnits(name, text, MONEY_DIGITS) as Money);
  };
  const [minimum, maximum] = [moneyOf("minimumNotional"), moneyOf("maximumNotional")];
  if (minimum === undefined && maximum === undefined) return undefined;
  if (minimum !== undefined && maximum !== undefined && maximum < minimum) {
    const received = specification.maximumNotional;
    throw new RangeError(
      `Cannot list instrument as 'maximumNotional' must be at least the minimum: received ${received}`,
    );
  }
  return {
    notional: {
      ...(minimum === undefined ? undefined : { minimum }),
      ...(maximum === undefined ? undefined : { maximum }),
      valuePerTickLot,
    },
  };
}

/** Checks a specification and derives the integers from it. Throws RangeError where a value doesn't fit. */
export function defineInstrument(specification: InstrumentSpecification): Instrument {
  const { symbol, tickSize, lotStep } = specification;
  const priceDigits = decimalPlaces(tickSize);
  const quantityDigits = decimalPlaces(lotStep);
  const tickUnits = wholeUnits("tickSize", tickSize, priceDigits);
  const lotUnits = wholeUnits("lotStep", lotStep, quantityDigits);
  const pipSize = specification.pipSize ?? tickSize;
  const pipUnits = wholeUnits("pipSize", pipSize, priceDigits);
  if (pipUnits % tickUnits !== 0n) {
    throw new RangeError(
      `Cannot list instrument as 'pipSize' must be a multiple of the tick: received ${pipSize}`,
    );
  }
  const settlement = specification.settlement ?? "margin";
  const scale = 10n ** BigInt(MONEY_DIGITS);
  const divisor = 10n ** BigInt(priceDigits + quantityDigits);
  const [value, base] = [tickUnits * lotUnits * scale, lotUnits * scale];
  const baseDivisor = 10n ** BigInt(quantityDigits);
  if (value % divisor !== 0n || base % baseDivisor !== 0n) {
    throw new RangeError(
      "Cannot list instrument as tickSize × lotStep must be a multiple of 0.00000001: " +
        `received ${tickSize} × ${lotStep}`,
    );
  }
  const lotsOf = (name: string, text: string) => wholeLots(name, text, quantityDigits, lotUnits);
  const mostOf = (name: "maximumQuantity" | "positionLimit") => {
    const text = specification[name];
    return text === undefined ? (Number.MAX_SAFE_INTEGER as Lots) : lotsOf(name, text);
  };
  const maximumLots = mostOf("maximumQuantity");
  const minimumLots = lotsOf("minimumQuantity", specification.minimumQuantity);
  if (maximumLots < minimumLots) {
    const received = specification.maximumQuantity;
    throw new RangeError(
      `Cannot list instrument as 'maximumQuantity' must be at least the minimum: received ${received}`,
    );
  }
  return {
    symbol,
    number: specification.number ?? 0,
    base: specification.base ?? symbol.slice(0, 3),
    quote: specification.quote ?? symbol.slice(3),
    settlement,
    tickSize,
    lotStep,
    pipSize,
    tickUnits,
    priceDigits,
    lotUnits,
    quantityDigits,
    ticksPerPip: Number(pipUnits / tickUnits),
    minimumLots,
    maximumLots,
    positionLimitLots: mostOf("positionLimit"),
    valuePerTickLot: (value / divisor) as Money,
    baseMoneyPerLot: (base / baseDivisor) as Money,
    ...marginTiersOf(specification.marginTiers, lotsOf),
    ...notionalLimits(specification, (value / divisor) as Money),
    ...priceLimits(specification, text => asDistance(countSteps(text, priceDigits, tickUnits))),
  };
}

/** How many `step`s of 10^-digits a decimal string is; undefined where that is no whole number. */
function countSteps(text: string, digits: number, step: bigint): bigint | number | undefined {
  const short = parseShortDecimal(text, digits);
  if (short >= 0 && step <= SHORT_STEP_MAX) {
    const whole = Number(step);
    return short % whole === 0 ? short / whole : undefined;
  }
  const units = parseDecimal(text, digits);
  return units === undefined || units % step !== 0n ? undefined : units / step;
}

/** Decimal string of `count` steps. */
function formatSteps(count: number, digits: number, step: bigint): string {
  if (step <= SHORT_STEP_MAX && count >= 0) {
    const units = count * Number(step);
    if (units <= Number.MAX_SAFE_INTEGER) return formatShortDecimal(units, digits);
  }
  return formatDecimal(BigInt(count) * step, digits);
}

/** A price string as ticks, or the rejection that it deserves. */
export function parsePrice(instrument: Instrument, text: string): Ticks | Rejection {
  const count = countSteps(text, instrument.priceDigits, instrument.tickUnits);
  if (count === undefined) return "priceNotMultiple";
  return count < 1 || count > TICKS_MAX ? "priceOutOfRange" : (Number(count) as Ticks);
}

/** A difference of prices as ticks, 0 included; undefined where it is none. */
export function parseDistance(instrument: Instrument, text: string): Ticks | undefined {
  return asDistance(countSteps(text, instrument.priceDigits, instrument.tickUnits));
}

/** The same, written in pips. */
export function parsePips(instrument: Instrument, text: string): Ticks | undefined {
  const pips = parseDecimal(text, PIP_DIGITS);
  if (pips === undefined) return undefined;
  const parts = pips * BigInt(instrument.ticksPerPip);
  const whole = 10n ** BigInt(PIP_DIGITS);
  return parts % whole === 0n ? asDistance(parts / whole) : undefined;
}

function asDistance(count: bigint | number | undefined): Ticks | undefined {
  return count === undefined || count < 0 || count > TICKS_MAX ? undefined : (Number(count) as Ticks);
}

/** A size string as lots, or the rejection that it deserves. */
export function parseQuantity(instrument: Instrument, text: string): Lots | Rejection {
  const count = countSteps(text, instrument.quantityDigits, instrument.lotUnits);
  if (count === undefined) return "quantityNotMultiple";
  if (count < instrument.minimumLots) return "quantityBelowMinimum";
  return count > instrument.maximumLots ? "quantityAboveMaximum" : (Number(count) as Lots);
}

export function formatPrice(instrument: Instrument, price: Ticks): string {
  return formatSteps(price, instrument.priceDigits, instrument.tickUnits);
}

export function formatQuantity(instrument: Instrument, size: Lots): string {
  return formatSteps(size, instrument.quantityDigits, instrument.lotUnits);
}

/** Money units of the quote currency that `size` lots at `price` are worth. */
export function tradeValue(instrument: Instrument, price: Ticks, size: Lots): Money {
  assert(Number.isSafeInteger(price) && Number.isSafeInteger(size), "a value is made of integers");
  return (BigInt(price) * BigInt(size) * instrument.valuePerTickLot) as Money;
}
