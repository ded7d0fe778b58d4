/**
 * Hosts the risk shards: each is offered as `risk.<SHARD>` by the node that has it, once its markets have
 * answered it. Everything that happens to an account goes through its shard's actions; none of them is
 * reachable from outside.
 */
import type { ServiceSchema } from "moleculer";
import type { Tenure } from "../mixins/actor/actor-host.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import { hostingOf } from "./hosting.ts";
import { hostShard } from "./risk/hosted-shard.ts";

const schema: ServiceSchema = {
  name: "risk",

  async started() {
    const { broker } = this;
    const runtime = runtimeOf(broker);
    const done = runtime.readiness.wait("risk");
    const plans = Array.from({ length: runtime.settings.shards }, (_, number) => ({
      actor: `risk.${number}`,
      open: (tenure: Tenure) => hostShard(broker, number, tenure),
    }));
    await hostingOf(broker).host("risk", plans);
    done();
  },

  async stopped() {
    await hostingOf(this.broker).leave("risk");
  },
};

export default schema;
