/**
 * Whom to call where more than one node offers an action. Of an actor's service that is the owner with the
 * highest epoch: until it is noticed that a node is gone, its services are still listed beside those of the
 * node that has taken over. Of all others the one on this node, where there is one (a gateway's own doors and
 * market data answer it), else each in turn.
 */
import { Strategies } from "moleculer";

type Endpoint = ReturnType<Strategies.RoundRobin["select"]>;

export class NewestOwner extends Strategies.RoundRobin {
  override select(list: Endpoint[]): Endpoint {
    let newest: Endpoint | undefined;
    let highest = 0;
    for (const endpoint of list) {
      const epoch = epochOf(endpoint);
      if (epoch <= highest) continue;
      highest = epoch;
      newest = endpoint;
    }
    return newest ?? list.find(({ local }) => local) ?? super.select(list);
  }
}

/** 0 for what is no actor's; an endpoint's type does not say that it has a service. */
function epochOf(endpoint: object): number {
  const { service }: { service?: { metadata?: { epoch?: unknown } } } = endpoint;
  const epoch = service?.metadata?.epoch;
  return typeof epoch === "number" ? epoch : 0;
}
