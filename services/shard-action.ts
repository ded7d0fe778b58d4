/** The name of an action of the risk shard that an account belongs to. */
import type { ServiceBroker } from "moleculer";
import { shardOf } from "../engine/ids.ts";
import { runtimeOf } from "../mixins/runtime/runtime.ts";

export function shardAction(broker: ServiceBroker, account: number, action: string): string {
  return `risk.${shardOf(account, runtimeOf(broker).settings.shards)}.${action}`;
}
