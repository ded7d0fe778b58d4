/**
 * The broker of a node: every option that differs from Moleculer's default has its reason beside it. The
 * runtime (data folder, journals, documents) is made with the broker, opened before the first service starts
 * and closed after the last has stopped.
 */
import type { BrokerOptions, Middleware, ServiceBroker } from "moleculer";
import { connectionOptions } from "./mixins/nats/nats-connection.ts";
import { natsSettings } from "./mixins/nats/nats-settings.ts";
import { NewestOwner } from "./mixins/placement/newest-owner.ts";
import { attachRuntime, Runtime } from "./mixins/runtime/runtime.ts";
import { readSettings, type Settings } from "./mixins/runtime/settings.ts";
import { FaultRegenerator, SERIALIZER } from "./mixins/wire.ts";
import { CONSOLE_COMMANDS } from "./services/console-commands.ts";
import { INSTRUMENTS } from "./services/instruments.ts";

function runtimeMiddleware(runtime: Runtime): Middleware {
  return {
    name: "Runtime",
    starting: () => runtime.open(),
    stopped: () => runtime.close(),
  };
}

const transit = {
  // Packets that wait for an answer; the next one is refused.
  maxQueueSize: 50_000,
  // A service is seen on other nodes after 23 ms instead of a second.
  serviceChangedDebounceTime: 20,
};

/** What a node of a cluster has beside: its name, its way to the others, what it tells them of itself. */
function clusterOptions({ cluster, roles }: Settings): Partial<BrokerOptions> {
  if (cluster === undefined) return {};
  const { nodeId, weight } = cluster;
  return {
    nodeID: nodeId,
    transporter: { type: "NATS", options: connectionOptions(natsSettings(cluster)) },
    metadata: { roles, weight },
  };
}

/** Broker options of a node with these settings. */
export function brokerOptions(settings: Settings, instruments = INSTRUMENTS): BrokerOptions {
  const runtime = new Runtime(settings, instruments);
  return {
    namespace: "cambist",
    logger: { type: "Console", options: { formatter: "short", colors: false } },
    // A trader's terminal is no log: what goes wrong is shown, what goes well is in the metrics.
    logLevel: "warn",
    serializer: SERIALIZER,
    errorRegenerator: new FaultRegenerator(),
    // The default is to wait for ever. An order's outcome is asked for again by its client id.
    requestTimeout: 10_000,
    // A command that is sent again by the framework would be applied again.
    retryPolicy: { enabled: false },
    // The defaults notice a dead node after 54 s.
    heartbeatInterval: 1,
    heartbeatTimeout: 3,
    transit,
    // Which node owns an actor is decided by ownership, not by closeness.
    registry: { preferLocal: false, strategy: NewestOwner },
    // Orders that are being answered are answered before the node goes.
    tracking: { enabled: true, shutdownTimeout: 5_000 },
    // No call chain here is deeper; a loop ends with an error instead of a full stack.
    maxCallLevel: 20,
    // The entry handles signals itself, so that everything ends in order and once.
    skipProcessEventRegistration: true,
    middlewares: [runtimeMiddleware(runtime)],
    replOptions: { customCommands: [...CONSOLE_COMMANDS] },
    ...clusterOptions(settings),
    created: (broker: ServiceBroker) => {
      attachRuntime(broker, runtime);
      let said = "";
      runtime.onAway = error => {
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== said) broker.logger.warn(`Cannot reach documents, trying again: ${reason}`);
        said = reason;
      };
      runtime.onTrouble = error => broker.logger.warn(error);
      runtime.onCut = ({ file, offset, cutBytes }) =>
        broker.logger.warn(
          `Cut ${cutBytes} bytes of an append that never finished off ${file} at byte ${offset}: ` +
            `nobody was told of it; the bytes are in ${file}.torn`,
        );
    },
    started: () => runtime.readiness.allStarted(),
  };
}

/** For Moleculer's own runner, which `npm run dev` uses. */
export default function configure(): BrokerOptions {
  return brokerOptions(readSettings(process.env));
}
