/**
 * A server may drop what it does not know of a configuration and say nothing, and a stream that is there
 * already keeps the one that it has. So whatever was asked for is read back, and a difference is an error.
 */
import type { NatsConnection, StreamConfig, StreamInfo } from "nats";
import { isStreamUnknown, NatsUnusable } from "./nats-fault.ts";
import { patiently } from "./patience.ts";

const TRY_MS = 1_000;

export type WantedStream = Partial<StreamConfig> & Pick<StreamConfig, "name">;

/**
 * Creates the stream unless it is there. Throws NatsUnusable where it is not as wanted. Where several nodes
 * ask at once, or a leader is being chosen, some get no answer at all: they ask again.
 */
export async function ensureStream(connection: NatsConnection, wanted: WantedStream): Promise<StreamInfo> {
  const manager = await connection.jetstreamManager({ timeout: TRY_MS, checkAPI: false });
  return patiently(`open stream ${wanted.name}`, async () => {
    const info = await manager.streams.info(wanted.name).catch((error: unknown) => {
      if (isStreamUnknown(error)) return manager.streams.add(wanted);
      throw error;
    });
    compareConfiguration(info.config, wanted);
    return info;
  });
}

/** More replicas than wanted are as good. */
function compareConfiguration(found: StreamConfig, wanted: WantedStream): void {
  const stored: Readonly<Record<string, unknown>> = { ...found };
  for (const [field, value] of Object.entries(wanted)) {
    // What is off, zero or empty the server may leave out.
    const actual = stored[field] ?? emptyOf(value);
    if (field === "num_replicas" && found.num_replicas >= Number(value)) continue;
    if (JSON.stringify(actual) === JSON.stringify(value)) continue;
    throw new NatsUnusable(
      `Cannot use stream ${wanted.name} as '${field}' must be ${JSON.stringify(value)}: ` +
        `the server has ${JSON.stringify(actual)}`,
    );
  }
}

function emptyOf(value: unknown): unknown {
  if (typeof value === "boolean") return false;
  return typeof value === "number" ? 0 : undefined;
}
