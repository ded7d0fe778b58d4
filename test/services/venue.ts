/**
 * A whole venue in this process, on a free loopback port, in a folder of its own; without liquidity and
 * welcome.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServiceBroker } from "moleculer";
import { type Runtime, runtimeOf } from "../../mixins/runtime/runtime.ts";
import { readSettings, type Settings } from "../../mixins/runtime/settings.ts";
import { brokerOptions } from "../../moleculer.config.ts";
import accounts from "../../services/accounts.service.ts";
import history from "../../services/history.service.ts";
import identity from "../../services/identity.service.ts";
import matching from "../../services/matching.service.ts";
import orders from "../../services/orders.service.ts";
import risk from "../../services/risk.service.ts";
import type { VenueService } from "../venue.ts";

export interface Venue {
  readonly broker: ServiceBroker;
  readonly runtime: Runtime;
  /** Stops it and removes its folder, unless the folder was given. */
  stop(): Promise<void>;
}

export const TRADING: readonly VenueService[] = [matching, risk, orders, accounts, history, identity];

export async function startVenue(
  services: readonly VenueService[] = TRADING,
  options: Partial<Settings> = {},
): Promise<Venue> {
  const own = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "cambist-venue-")));
  const settings = readSettings({}, { port: 0, demo: false, liquidity: false, dataDir, ...options });
  const broker = new ServiceBroker({ ...brokerOptions(settings), logger: false });
  for (const service of services) broker.createService(service);
  await broker.start();
  return {
    broker,
    runtime: runtimeOf(broker),
    async stop() {
      await broker.stop();
      if (own) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
