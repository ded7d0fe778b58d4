/**
 * What a gateway waits for before it says that the venue takes orders: its own parts, and in a cluster every
 * market and every shard, wherever they are. A part that moves is missing for that moment.
 */
import type { ServiceBroker } from "moleculer";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";

/** Names that one answer lists. */
const NAMES_MAX = 20;

export function venueWaitsFor(broker: ServiceBroker): readonly string[] {
  const { readiness, settings, instruments } = runtimeOf(broker);
  if (settings.cluster === undefined) return readiness.waiting;
  const shards = Array.from({ length: settings.shards }, (_, shard) => `risk.${shard}.state`);
  const needed = [
    "identity.login",
    ...shards,
    ...instruments.map(({ symbol }) => `matching.${symbol}.state`),
  ];
  const missing = needed.filter(action => !broker.registry.actions.isAvailable(action));
  return [...readiness.waiting, ...missing].slice(0, NAMES_MAX);
}
