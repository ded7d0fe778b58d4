/** What the simulated venue lists: a spot market, where money reserved twice shows, and one on margin. */
import { defineInstrument, type Instrument } from "../../engine/instrument.ts";

export const LISTED: readonly Instrument[] = [
  defineInstrument({
    ...{ symbol: "EURUSD", number: 1, tickSize: "0.01", lotStep: "1", minimumQuantity: "1" },
    settlement: "spot",
  }),
  defineInstrument({
    ...{ symbol: "GBPUSD", number: 2, tickSize: "0.01", lotStep: "1", minimumQuantity: "1" },
    settlement: "margin",
  }),
];

export const SHARDS = 2;

/** Clients' accounts: the first half trade spot only, the other half on margin only. */
export const SPOT_ACCOUNTS: readonly number[] = [1001, 1002, 1003, 1004, 1005, 1006];
export const MARGIN_ACCOUNTS: readonly number[] = [2001, 2002, 2003, 2004];
/** The house's own liquidity: in each market it has both currencies. */
export const PROVIDERS: readonly number[] = [901, 902];

export function isSpotAccount(account: number): boolean {
  return SPOT_ACCOUNTS.includes(account);
}
