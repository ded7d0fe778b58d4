/** A venue with all instruments on a free port, where users can sign in; quoted only as a test asks. */
import type { ServiceBroker } from "moleculer";
import { type Runtime, runtimeOf } from "../../mixins/runtime/runtime.ts";
import type { Settings } from "../../mixins/runtime/settings.ts";
import identity from "../../services/identity.service.ts";
import { INSTRUMENTS } from "../../services/instruments.ts";
import * as bare from "../venue.ts";

export interface Venue {
  readonly broker: ServiceBroker;
  readonly runtime: Runtime;
  /** A provider's bid and ask: without one nothing has a value, and orders are refused. */
  quote(symbol: string, bid: string, ask: string): Promise<void>;
  /** Stops it and removes its folder, unless the folder was given. */
  stop(): Promise<void>;
}

export const TRADING: readonly bare.VenueService[] = [...bare.TRADING, identity];

export async function startVenue(
  services: readonly bare.VenueService[] = TRADING,
  options: Partial<Settings> = {},
): Promise<Venue> {
  const venue = await bare.startVenue(options.dataDir ?? (await bare.temporaryFolder()), {
    services,
    instruments: INSTRUMENTS,
    settings: { demo: false, liquidity: false, ...options },
  });
  return {
    broker: venue.broker,
    runtime: runtimeOf(venue.broker),
    quote: (symbol, bid, ask) => venue.quote(symbol, bid, ask),
    stop: () => (options.dataDir === undefined ? venue.remove() : venue.stop()),
  };
}
