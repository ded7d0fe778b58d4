/** The members as Moleculer's registry knows them: a node tells its roles and weight with its metadata. */
import type { ServiceBroker } from "moleculer";
import type { Member, Members } from "./members.ts";

const WEIGHT = 100;

export class BrokerMembers implements Members {
  readonly #broker: ServiceBroker;

  constructor(broker: ServiceBroker) {
    this.#broker = broker;
  }

  list(): readonly Member[] {
    const nodes = this.#broker.registry.nodes.toArray().filter(({ available }) => available);
    return nodes.map(({ id, metadata }) => ({ node: id, ...told(metadata) }));
  }
}

/** A node of another make, a console for one, has no roles. */
function told(metadata: unknown): Pick<Member, "roles" | "weight"> {
  const { roles, weight }: { roles?: unknown; weight?: unknown } =
    typeof metadata === "object" && metadata !== null ? metadata : {};
  return {
    roles: Array.isArray(roles) ? roles.filter(role => typeof role === "string") : [],
    weight: typeof weight === "number" && weight > 0 ? weight : WEIGHT,
  };
}
