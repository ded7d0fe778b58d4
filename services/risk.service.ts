/**
 * Hosts the risk shards: each is offered as `risk.<SHARD>` by the node that has it, once its markets have
 * answered it. Everything that happens to an account goes through its shard's actions; none of them is
 * reachable from outside.
 */
import type { ServiceSchema, ServiceSettingSchema } from "moleculer";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import { HostedActors } from "./hosted-actors.ts";
import { hostShard } from "./risk/hosted-shard.ts";

interface Hosted {
  shards: HostedActors | undefined;
}

const schema: ServiceSchema<ServiceSettingSchema, object, Hosted> = {
  name: "risk",
  dependencies: ["matching", "history"],

  async started() {
    const { broker } = this;
    const runtime = runtimeOf(broker);
    const done = runtime.readiness.wait("risk");
    this.shards = new HostedActors(
      broker,
      Array.from({ length: runtime.settings.shards }, (_, number) => ({
        actor: `risk.${number}`,
        open: tenure => hostShard(broker, number, tenure),
      })),
    );
    await this.shards.takeAll();
    done();
  },

  async stopped() {
    await this.shards?.handOverAll();
  },
};

export default schema;
