/**
 * A service that runs once in a cluster, as it keeps what others ask for or does what must not be done twice:
 * an actor without a journal, claimed, handed over and taken over as any other. What it writes is its own
 * business to keep safe: for a moment two may run, where one does not know yet that it has lost its claim.
 */
import type { Service, ServiceBroker, ServiceSchema } from "moleculer";
import type { HostedActor, Tenure } from "../mixins/actor/actor-host.ts";
import type { Role } from "../mixins/runtime/cluster-settings.ts";
import { destroyHosted } from "./hosted-services.ts";
import { hostingOf } from "./hosting.ts";

/** A service that hosts `schema` where placement puts it, among the nodes with the role. */
export function once(schema: ServiceSchema, role: Role): ServiceSchema {
  return {
    name: `singleton.${schema.name}`,
    async started() {
      const { broker } = this;
      const open = (tenure: Tenure) => openService(broker, schema, tenure);
      await hostingOf(broker).host(role, [{ actor: `singleton.${schema.name}`, open }]);
    },
    async stopped() {
      await hostingOf(this.broker).leave(role);
    },
  };
}

/** Resolves when the service has started; rejects, with nothing left of it, where it can't. */
async function openService(
  broker: ServiceBroker,
  schema: ServiceSchema,
  { claim }: Tenure,
): Promise<HostedActor> {
  let service: Service | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const { started } = schema;
      service = broker.createService({
        ...schema,
        metadata: { ...schema.metadata, epoch: claim.epoch },
        async started() {
          try {
            if (typeof started === "function") await started.call(this);
            resolve();
          } catch (error) {
            reject(error);
            throw error;
          }
        },
      });
    });
  } catch (error) {
    if (service !== undefined) await destroyHosted(broker, service);
    throw error;
  }
  return new HostedService(broker, service);
}

class HostedService implements HostedActor {
  readonly isMovable = true;
  readonly #broker: ServiceBroker;
  readonly #service: Service | undefined;
  #ended: Promise<void> | undefined;

  constructor(broker: ServiceBroker, service: Service | undefined) {
    this.#broker = broker;
    this.#service = service;
  }

  close(): Promise<void> {
    this.#ended ??=
      this.#service === undefined ? Promise.resolve() : destroyHosted(this.#broker, this.#service);
    return this.#ended;
  }

  abandon(): Promise<void> {
    return this.close();
  }
}
