/**
 * A venue for tests: a real broker with real stores in a folder of its own, and the services that a test
 * names.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServiceBroker, type ServiceSchema } from "moleculer";
import type { Instrument } from "../engine/instrument.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import { readSettings, type Settings } from "../mixins/runtime/settings.ts";
import { brokerOptions } from "../moleculer.config.ts";
import accounts from "../services/accounts.service.ts";
import type alerts from "../services/alerts.service.ts";
import type api from "../services/api.service.ts";
import type charges from "../services/charges.service.ts";
import history from "../services/history.service.ts";
import type identity from "../services/identity.service.ts";
import { INSTRUMENTS } from "../services/instruments.ts";
import type liquidity from "../services/liquidity.service.ts";
import type marketdata from "../services/marketdata.service.ts";
import matching from "../services/matching.service.ts";
import orders from "../services/orders.service.ts";
import type { Principal, Role } from "../services/principal.ts";
import type reconciliation from "../services/reconciliation.service.ts";
import type reference from "../services/reference.service.ts";
import risk from "../services/risk.service.ts";
import type series from "../services/series.service.ts";

const PROVIDER = 900;

/** A schema that the venue has, or a plain one; each has a `this` of its own. */
export type VenueService =
  | ServiceSchema
  | typeof matching
  | typeof risk
  | typeof history
  | typeof identity
  | typeof reference
  | typeof marketdata
  | typeof series
  | typeof liquidity
  | typeof alerts
  | typeof charges
  | typeof reconciliation
  | typeof api;

export const TRADING: readonly VenueService[] = [matching, risk, orders, accounts, history];

export interface VenueOptions {
  readonly services?: readonly VenueService[];
  readonly instruments?: readonly Instrument[];
  readonly settings?: Partial<Settings>;
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "cambist-test-"));
}

/** Starts a venue on `dataDir`; `crash` leaves it as a killed process would: nothing is saved. */
export async function startVenue(dataDir: string, options: VenueOptions = {}): Promise<Venue> {
  const settings = readSettings({}, { dataDir, port: 0, ...options.settings });
  const instruments = options.instruments ?? INSTRUMENTS.slice(0, 2);
  const broker = new ServiceBroker({ ...brokerOptions(settings, instruments), logger: false });
  runtimeOf(broker).onFatal = error => {
    throw error;
  };
  for (const service of options.services ?? TRADING) broker.createService(service);
  try {
    await broker.start();
  } catch (error) {
    await broker.stop();
    throw error;
  }
  return new Venue(broker, dataDir);
}

export function principal(account: number, ...roles: Role[]): Principal {
  return { userId: `user-${account}`, accounts: [account], roles: roles.length === 0 ? ["trader"] : roles };
}

export class Venue {
  readonly broker: ServiceBroker;
  readonly dataDir: string;

  constructor(broker: ServiceBroker, dataDir: string) {
    this.broker = broker;
    this.dataDir = dataDir;
  }

  call<Answer>(action: string, params: object = {}, caller?: Principal): Promise<Answer> {
    return this.broker.call(action, params, caller === undefined ? {} : { meta: { principal: caller } });
  }

  /** Opens accounts with USD 100,000 each. */
  async openAccounts(...accounts: readonly number[]): Promise<void> {
    for (const account of accounts) {
      const terms = { currency: "USD", leverage: 30, liquidity: false, deposit: "100000" };
      await this.call("accounts.open", { account, ...terms });
    }
  }

  /** A liquidity provider's quote of 1,000,000 a side: the mark that every valuation needs. */
  async quote(symbol: string, bid: string, ask: string): Promise<void> {
    const provider = principal(PROVIDER, "liquidity");
    const terms = { currency: "USD", leverage: 100, liquidity: true, deposit: "1000000000" };
    await this.call("accounts.open", { account: PROVIDER, ...terms });
    for (const [side, price] of [
      ["buy", bid],
      ["sell", ask],
    ] as const) {
      const order = { clientOrderId: `${symbol}-${side}-${price}`, symbol, side, type: "limit", price };
      await this.call("orders.place", { ...order, quantity: "1000000" }, provider);
    }
  }

  async stop(): Promise<void> {
    await this.broker.stop();
  }

  async remove(): Promise<void> {
    await this.broker.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
