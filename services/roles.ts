/**
 * Which services a node hosts for each of its roles. Doors (orders, accounts, …) keep no state, so they stand
 * wherever they are called: a gateway's calls to them never leave its node. `matching`, `risk` and what runs
 * once in the whole venue are hosts: which of their actors they have is decided by placement.
 */
import type { ServiceSchema } from "moleculer";
import type { Role } from "../mixins/runtime/cluster-settings.ts";
import type { Settings } from "../mixins/runtime/settings.ts";
import accounts from "./accounts.service.ts";
import alerts from "./alerts.service.ts";
import api from "./api.service.ts";
import charges from "./charges.service.ts";
import guards from "./guards.service.ts";
import history from "./history.service.ts";
import identity from "./identity.service.ts";
import killSwitch from "./kill-switch.service.ts";
import liquidity from "./liquidity.service.ts";
import marketdata from "./marketdata.service.ts";
import markets from "./markets.service.ts";
import matching from "./matching.service.ts";
import { once } from "./once.ts";
import orders from "./orders.service.ts";
import payments from "./payments.service.ts";
import placement from "./placement.service.ts";
import quotes from "./quotes.service.ts";
import reconciliation from "./reconciliation.service.ts";
import reference from "./reference.service.ts";
import risk from "./risk.service.ts";
import series from "./series.service.ts";
import { SINGLETONS } from "./singletons.ts";
import welcome from "./welcome.service.ts";

/** A schema of one of the services above; each has a `this` of its own. */
type Hosted =
  | ServiceSchema
  | typeof alerts
  | typeof history
  | typeof reconciliation
  | typeof identity
  | typeof matching
  | typeof risk
  | typeof charges
  | typeof reference
  | typeof marketdata
  | typeof series
  | typeof api
  | typeof liquidity;

/** In the order in which they are started. */
const SERVICES: readonly (readonly [service: Hosted, ...roles: readonly Role[]])[] = [
  [alerts, "operations"],
  [history, "history"],
  [reconciliation, "operations"],
  [identity, "identity"],
  [matching, "matching"],
  [markets, "gateway"],
  [risk, "risk"],
  [orders, "gateway", "liquidity"],
  [quotes, "gateway", "liquidity"],
  [accounts, "gateway", "identity", "liquidity"],
  [killSwitch, "gateway"],
  [guards, "gateway"],
  [charges, "gateway"],
  [payments, "gateway"],
  [reference, "reference"],
  [marketdata, "gateway"],
  [series, "history"],
  [api, "gateway"],
  [welcome, "gateway"],
  [liquidity, "liquidity"],
];

/** Each once; in a cluster what runs once there is a host that may be given it. */
export function servicesOf({ roles, liquidity: quotes, cluster }: Settings): Hosted[] {
  const taken = roles.filter(role => role !== "liquidity" || quotes);
  const hosted = SERVICES.filter(([, ...its]) => its.some(role => taken.includes(role))).map(
    ([service]) => service,
  );
  if (cluster === undefined) return [...hosted, placement];
  const placed = hosted.map(service => {
    const role = SINGLETONS.get(service.name);
    // Each schema has a `this` of its own, which whoever hosts it never looks at.
    return role === undefined ? service : once(service as unknown as ServiceSchema, role);
  });
  return [...placed, placement];
}
