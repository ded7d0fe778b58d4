/** Services that a host service makes for its actors end with it, also where it alone is loaded again. */
import type { Service, ServiceBroker } from "moleculer";

export async function destroyHosted(broker: ServiceBroker, services: readonly Service[]): Promise<void> {
  // A broker that stops ends them itself.
  if (broker.stopping) return;
  for (const service of services) await broker.destroyService(service);
}
