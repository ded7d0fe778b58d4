/** The broker of a bench's node: as the venue's own, but with NATS between them and without its runtime. */
import type { BrokerOptions } from "moleculer";
import { readSettings } from "../../mixins/runtime/settings.ts";
import { brokerOptions } from "../../moleculer.config.ts";

export function benchNode(nodeID: string, urls: readonly string[]): BrokerOptions {
  const {
    middlewares: _runtime,
    created: _created,
    started: _started,
    ...options
  } = brokerOptions(readSettings({}));
  return {
    ...options,
    nodeID,
    transporter: { type: "NATS", options: { servers: [...urls] } },
    requestTimeout: 60_000,
  };
}
