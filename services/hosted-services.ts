/** Services that a host service makes for its actors end with it, also where it alone is loaded again. */
import type { Service, ServiceBroker } from "moleculer";
import { runtimeOf } from "../mixins/runtime/runtime.ts";

export async function destroyHosted(broker: ServiceBroker, service: Service): Promise<void> {
  // A broker that stops ends them itself.
  if (!broker.stopping) await broker.destroyService(service);
}

/** Whether this broker's node is on its own: it hosts everything, and nobody takes over. */
export function isAlone(broker: ServiceBroker): boolean {
  return runtimeOf(broker).settings.cluster === undefined;
}
