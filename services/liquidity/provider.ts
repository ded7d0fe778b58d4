/**
 * The two liquidity providers of the demo and how wide each quotes. A provider's half-spread bounds all of
 * its layers, the outermost too: no quote of its lies further from the reference mid than that plus one tick.
 */
import type { Instrument } from "../../engine/instrument.ts";

export interface ProviderProfile {
  readonly name: string;
  readonly email: string;
  /** Half-spread on EURUSD in ticks; other pairs are in proportion. */
  readonly halfSpreadTicks: number;
  /** Where its layers lie, as parts of the half-spread, the best price first. */
  readonly layers: readonly number[];
  /** Largest size of the best layer in lot steps; layer n quotes up to n times that. */
  readonly bestLotsMax: number;
}

export const PROVIDERS: readonly ProviderProfile[] = [
  {
    name: "Aster Liquidity",
    email: "aster@liquidity.cambist.local",
    halfSpreadTicks: 24,
    layers: [0.2, 0.45, 0.7, 1],
    bestLotsMax: 900,
  },
  {
    name: "Birch Liquidity",
    email: "birch@liquidity.cambist.local",
    halfSpreadTicks: 40,
    layers: [0.17, 0.4, 0.7, 1],
    bestLotsMax: 1_500,
  },
];

/** How wide each pair is quoted beside EURUSD, in ticks of its own: about what interbank venues show. */
const SYMBOLS_WIDTH: Readonly<Record<string, number>> = {
  EURUSD: 1,
  GBPUSD: 1.4,
  USDJPY: 1.3,
  USDCHF: 1.5,
  AUDUSD: 1.2,
  USDCAD: 1.5,
  NZDUSD: 1.7,
  EURGBP: 1.4,
  EURJPY: 2.1,
};
const WIDTH_OTHERWISE = 2;

/** The provider's half-spread on a pair in that pair's ticks. */
export function halfSpreadOf(profile: ProviderProfile, instrument: Instrument): number {
  return Math.round(profile.halfSpreadTicks * (SYMBOLS_WIDTH[instrument.symbol] ?? WIDTH_OTHERWISE));
}
