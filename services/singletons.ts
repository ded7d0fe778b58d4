/** Services of which a cluster runs one each, and the role of the nodes that may. */
import type { Role } from "../mixins/runtime/cluster-settings.ts";

export const SINGLETONS: ReadonlyMap<string, Role> = new Map([
  ["reference", "reference"],
  ["liquidity", "liquidity"],
  ["alerts", "operations"],
  ["reconciliation", "operations"],
  ["series", "history"],
]);
