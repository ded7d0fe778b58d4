/**
 * What the demo venue charges its clients: commissions by tier of 30-day volume in USD, swap points of its
 * nine pairs, and the fee of swap-free accounts. A tier's number is never used again: another price is
 * another number. The figures are an example of the usual order of size, nobody's price list.
 */
import type { ChargeSettings } from "../engine/account/charge/charge-desk.ts";
import type { FeeRate, FeeTier } from "../engine/account/charge/fee-tier.ts";
import { POINT_DIGITS, type SwapFreeFee, type SwapPoints } from "../engine/account/charge/swap.ts";
import { parseDecimal } from "../engine/decimal.ts";
import type { Instrument } from "../engine/instrument.ts";
import { MONEY_DIGITS, type Money } from "../engine/units.ts";

export interface ScheduledTier extends FeeTier {
  /** Least volume of 30 days in VOLUME_CURRENCY. */
  readonly fromVolume: Money;
}

/** How this venue charges where no record says otherwise. */
export interface VenueCharges extends ChargeSettings {
  /** By volume, the least first. */
  readonly tiers: readonly ScheduledTier[];
}

const VOLUME_CURRENCY = "USD";
const FREE_DAYS = 5;

function money(text: string): Money {
  const value = parseDecimal(text, MONEY_DIGITS);
  if (value === undefined) throw new RangeError(`Cannot read the schedule as '${text}' must be a decimal`);
  return value as Money;
}

const perMillion = (amount: string): FeeRate => ({
  basis: "perMillion",
  amount: money(amount),
  minimum: money("0"),
});

function tier(number: number, name: string, fromVolume: string, taker: string, maker: string): ScheduledTier {
  const groups = [{ markets: [], maker: perMillion(maker), taker: perMillion(taker) }];
  return { number, name, fromVolume: money(fromVolume), groups };
}

/** By volume. */
export const FEE_SCHEDULE: readonly ScheduledTier[] = [
  tier(1, "standard", "0", "25", "15"),
  tier(2, "active", "50000000", "20", "10"),
  tier(3, "professional", "250000000", "15", "5"),
  tier(4, "institutional", "1000000000", "10", "-1"),
];

/** Pips a night: long, short; and the swap-free fee of a standard lot and night in the quote currency. */
const NIGHTS: Readonly<Record<string, readonly [long: string, short: string, swapFree: string]>> = {
  EURUSD: ["-0.65", "0.2", "3"],
  GBPUSD: ["-0.35", "-0.15", "3"],
  USDJPY: ["0.9", "-1.6", "450"],
  USDCHF: ["0.6", "-1.1", "3"],
  AUDUSD: ["-0.25", "-0.1", "3"],
  USDCAD: ["0.1", "-0.45", "4"],
  NZDUSD: ["-0.15", "-0.2", "3"],
  EURGBP: ["-0.5", "0.1", "2.5"],
  EURJPY: ["0.7", "-1.4", "450"],
};

/** The tier of a volume; 0 where nothing is charged. */
function tierFor(volume: bigint): number {
  return FEE_SCHEDULE.findLast(({ fromVolume }) => volume >= fromVolume)?.number ?? 0;
}

/** A venue that charges nothing but what operators set. */
const FREE: VenueCharges = {
  tiers: [],
  points: new Map(),
  swapFree: new Map(),
  volumeCurrency: VOLUME_CURRENCY,
  tierFor: () => 0,
};

export function chargeSettings(charges: "none" | "demo", instruments: readonly Instrument[]): VenueCharges {
  if (charges === "none") return FREE;
  const points = new Map<number, SwapPoints>();
  const swapFree = new Map<number, SwapFreeFee>();
  for (const { symbol, number, settlement } of instruments) {
    const night = NIGHTS[symbol];
    if (night === undefined || settlement === "spot") continue;
    const [long, short, perLot] = night;
    const units = (text: string) => parseDecimal(text, POINT_DIGITS) ?? 0n;
    points.set(number, { long: units(long), short: units(short) });
    swapFree.set(number, { freeDays: FREE_DAYS, perLot: money(perLot) });
  }
  return { tiers: FEE_SCHEDULE, points, swapFree, volumeCurrency: VOLUME_CURRENCY, tierFor };
}
