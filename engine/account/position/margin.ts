/**
 * What positions and orders tie up, in home money, rounded once and up.
 *
 * Margin of so many lots = Σ over the instrument's tiers of lots in the tier × base money per lot ÷ the lower
 * of the account's and the tier's leverage, in home money at the middle of the mark. An account's margin mode
 * says what long and short take together. By symbol: the margin of their sum, of the larger, or of the net
 * position, in each market. By currency: the margin of each position counts as long in one of its currencies
 * and as short in the other; of each currency the sum, the larger, or the net of both is taken, and half of
 * all currencies together, so that one position alone takes the same either way.
 */
import type { Instrument } from "../../instrument.ts";
import type { Account, Exposure } from "../account.ts";
import type { Claim } from "../order/claims.ts";
import { type Conversion, convertUp } from "./conversion.ts";
import { NO_CLAIMS, type WorstLots, worstOf } from "./worst.ts";

/** What margin depends on of an account. */
export type MarginTerms = Pick<Account, "currency" | "leverage" | "profile" | "exposures">;

/** What is asked about beyond what is counted: claims in one market. */
export interface Further {
  readonly exposure: Exposure;
  readonly claims: readonly Claim[];
}

/** Margin that `lots` of an instrument take; undefined where its base cannot be converted. */
export function marginOf(
  account: MarginTerms,
  instrument: Instrument,
  lots: number,
  conversion: Conversion,
): bigint | undefined {
  if (lots === 0) return 0n;
  const rate = conversion.rate(instrument.base, account.currency);
  if (rate === undefined) return undefined;
  const { numerator, denominator } = rate;
  const { marginTiers, baseMoneyPerLot } = instrument;
  if (marginTiers === undefined) {
    return convertUp(BigInt(lots) * baseMoneyPerLot, {
      numerator,
      denominator: denominator * BigInt(account.leverage),
    });
  }
  // Σ lots ÷ leverage over the tiers, on one denominator.
  let [parts, common, from] = [0n, 1n, 0];
  for (const { upToLots, leverage } of marginTiers) {
    const slice = Math.min(lots, upToLots) - from;
    if (slice <= 0) break;
    const divisor = BigInt(Math.min(leverage, account.leverage));
    parts = parts * divisor + BigInt(slice) * common;
    common *= divisor;
    from = upToLots;
  }
  return convertUp(parts * baseMoneyPerLot, { numerator, denominator: denominator * common });
}

/** Lots whose margin a market takes where long and short meet in it. */
function lotsOfSymbol(worst: WorstLots, account: MarginTerms, exposure: Exposure): number {
  if (exposure.tickets === undefined) return worst.gross;
  const { combination } = account.profile.marginMode;
  if (combination === "sum") return worst.gross;
  if (combination === "max") return Math.max(worst.long, worst.short);
  return Math.max(Math.abs(worst.high), Math.abs(worst.low));
}

/** Of one market by itself, whatever the mode says of currencies. */
export function marginOfExposure(
  account: MarginTerms,
  exposure: Exposure,
  claims: readonly Claim[],
  conversion: Conversion,
): bigint | undefined {
  if (exposure.instrument.settlement === "spot") return 0n;
  const lots = lotsOfSymbol(worstOf(exposure, claims), account, exposure);
  return marginOf(account, exposure.instrument, lots, conversion);
}

/** Of all positions and orders, further claims included. */
export function marginUsed(
  account: MarginTerms,
  conversion: Conversion,
  further?: Further,
): bigint | undefined {
  if (netsCurrencies(account)) return marginByCurrency(account, conversion, further);
  let sum = 0n;
  for (const exposure of account.exposures.values()) {
    const claims = exposure === further?.exposure ? further.claims : NO_CLAIMS;
    const margin = marginOfExposure(account, exposure, claims, conversion);
    if (margin === undefined) return undefined;
    sum += margin;
  }
  if (further === undefined || account.exposures.has(further.exposure.instrument.number)) return sum;
  const margin = marginOfExposure(account, further.exposure, further.claims, conversion);
  return margin === undefined ? undefined : sum + margin;
}

/** What is used now, and what it would be with further claims. */
export function marginsWith(
  account: MarginTerms,
  conversion: Conversion,
  further: Further,
): { readonly used: bigint; readonly after: bigint } | undefined {
  if (netsCurrencies(account)) {
    const used = marginByCurrency(account, conversion);
    const after = marginByCurrency(account, conversion, further);
    return used === undefined || after === undefined ? undefined : { used, after };
  }
  let [used, own] = [0n, 0n];
  for (const exposure of account.exposures.values()) {
    const margin = marginOfExposure(account, exposure, NO_CLAIMS, conversion);
    if (margin === undefined) return undefined;
    used += margin;
    if (exposure === further.exposure) own = margin;
  }
  const grown = marginOfExposure(account, further.exposure, further.claims, conversion);
  return grown === undefined ? undefined : { used, after: used - own + grown };
}

function netsCurrencies({ profile }: MarginTerms): boolean {
  const { basis, combination } = profile.marginMode;
  return basis === "currency" && combination !== "sum";
}

/** Of one currency, margins of positions in it: either side, and the ends of the net. */
interface CurrencySides {
  long: bigint;
  short: bigint;
  high: bigint;
  low: bigint;
}

function marginByCurrency(
  account: MarginTerms,
  conversion: Conversion,
  further?: Further,
): bigint | undefined {
  const sides = new Map<string, CurrencySides>();
  const exposures = new Set(account.exposures.values());
  if (further !== undefined) exposures.add(further.exposure);
  for (const exposure of exposures) {
    const { instrument } = exposure;
    if (instrument.settlement === "spot") continue;
    const worst = worstOf(exposure, exposure === further?.exposure ? further.claims : NO_CLAIMS);
    const margin = (lots: number) => marginOf(account, instrument, Math.abs(lots), conversion);
    const [long, short, high, low] = [worst.long, worst.short, worst.high, worst.low].map(margin);
    if (long === undefined || short === undefined || high === undefined || low === undefined)
      return undefined;
    const net = { high: worst.high < 0 ? -high : high, low: worst.low < 0 ? -low : low };
    addSides(sides, instrument.base, { long, short, ...net });
    addSides(sides, instrument.quote, { long: short, short: long, high: -net.low, low: -net.high });
  }
  let sum = 0n;
  for (const { long, short, high, low } of sides.values()) {
    sum += account.profile.marginMode.combination === "max" ? larger(long, short) : larger(high, -low);
  }
  return (sum + 1n) / 2n;
}

function addSides(sides: Map<string, CurrencySides>, currency: string, added: CurrencySides): void {
  const sum = sides.get(currency);
  if (sum === undefined) {
    sides.set(currency, added);
    return;
  }
  sum.long += added.long;
  sum.short += added.short;
  sum.high += added.high;
  sum.low += added.low;
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
