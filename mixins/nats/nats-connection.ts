/**
 * A node's connection to the NATS servers of its cluster, and what of it the journals, leases and snapshots
 * use. It reconnects for ever; what is asked while it is away fails within its timeout. A server that has
 * frozen is given up after two unanswered pings, one a second.
 *
 * Credentials come as settings and go nowhere else: they are no part of a message, an error or a log line,
 * and an address that holds some is refused. `lost` and `back` name the server without them.
 */
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  Events,
  type JetStreamClient,
  type JetStreamManager,
  type NatsConnection,
  StorageType,
} from "nats";
import { NatsUnusable } from "./nats-fault.ts";
import { NatsKeys } from "./nats-keys.ts";
import { NatsObjects } from "./nats-objects.ts";
import { NatsStreams } from "./nats-streams.ts";
import { patiently } from "./patience.ts";
import type { Keys, Objects, Streams } from "./ports.ts";

const RECONNECT_MS = 200;
const PING_MS = 1_000;
const PINGS_UNANSWERED_MAX = 2;
const TIMEOUT_MS = 5_000;
/** One try of what is asked again where no answer comes. */
const TRY_MS = 2_000;
const FIRST_CONNECT_MS = 30_000;
const REPLICAS_WANTED = 3;
const BUCKET = /^[A-Za-z0-9_-]{1,64}$/;

export interface NatsSettings {
  /** `nats://host:port` or `tls://host:port`, without credentials. */
  readonly servers: readonly string[];
  /** Shown by the server beside the connection: the node's id. */
  readonly name: string;
  /** Contents of a credentials file. */
  readonly credentials?: string;
  readonly token?: string;
  readonly user?: string;
  readonly password?: string;
  /** Copies of each stream; default 3 where the cluster has that many servers, else 1. */
  readonly replicas?: number;
  /** Where streams lie; default file. In memory nothing outlives the servers: for what is thrown away. */
  readonly storage?: "file" | "memory";
  /** Before the name of every stream and bucket, so that several venues share the servers. Default none. */
  readonly namespace?: string;
  /** How long an answer may take, default 5 s; an append's 10 s. After it an outcome is unknown. */
  readonly timeoutMs?: number;
  /** How long the first connection may take; default 30 s. */
  readonly firstConnectMs?: number;
  /** The connection to `server` has gone; every part of it is tried again until one answers. */
  readonly onLost?: (server: string) => void;
  readonly onBack?: (server: string) => void;
}

/** What every port of this folder works with. */
export interface JetStream {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly replicas: number;
  readonly storage: StorageType;
  readonly namespace: string;
  readonly timeoutMs: number;
}

export class NatsPorts {
  readonly streams: Streams;
  readonly replicas: number;
  readonly #jetStream: JetStream;

  private constructor(jetStream: JetStream) {
    this.#jetStream = jetStream;
    this.replicas = jetStream.replicas;
    this.streams = new NatsStreams(jetStream);
  }

  /** Throws NatsUnusable where no server answers in time, or the answer is that JetStream is off. */
  static async connect(settings: NatsSettings): Promise<NatsPorts> {
    for (const server of settings.servers) refuseCredentials(server);
    const { namespace = "", timeoutMs = TIMEOUT_MS } = settings;
    const storage = settings.storage === "memory" ? StorageType.Memory : StorageType.File;
    if (namespace !== "" && !BUCKET.test(namespace)) {
      throw new NatsUnusable(
        `Cannot use NATS as 'namespace' must be 1 to 64 of A-Z a-z 0-9 _ -: received ${namespace}`,
      );
    }
    const connection = await firstConnection(settings);
    void tell(connection, settings);
    try {
      const manager = await patiently("reach JetStream", () =>
        connection.jetstreamManager({ timeout: Math.min(timeoutMs, TRY_MS) }),
      );
      const client = connection.jetstream({ timeout: timeoutMs });
      const replicas = settings.replicas ?? replicasFor(connection);
      return new NatsPorts({ connection, client, manager, replicas, storage, namespace, timeoutMs });
    } catch (error) {
      await connection.close();
      throw new NatsUnusable("Cannot use NATS as its servers must run JetStream", { cause: error });
    }
  }

  /** Opens or creates a bucket. `timeoutMs`: a lease's answer has to come in a part of its time. */
  keys(bucket: string, timeoutMs = this.#jetStream.timeoutMs): Promise<Keys> {
    return NatsKeys.open({ ...this.#jetStream, timeoutMs }, bucketName(bucket));
  }

  objects(bucket: string): Promise<Objects> {
    return NatsObjects.open(this.#jetStream, bucketName(bucket));
  }

  /** Lets what was sent go out and what is being handled end, then disconnects. */
  async close(): Promise<void> {
    const { connection } = this.#jetStream;
    if (connection.isClosed()) return;
    await connection.drain();
  }
}

function bucketName(bucket: string): string {
  if (BUCKET.test(bucket)) return bucket;
  throw new RangeError(
    `Cannot open bucket as 'bucket' must be 1 to 64 of A-Z a-z 0-9 _ -: received ${bucket}`,
  );
}

function refuseCredentials(server: string): void {
  if (!server.includes("@")) return;
  // The address is not repeated: it holds what must not be told.
  throw new NatsUnusable(
    "Cannot connect to NATS as an address must hold no credentials: set NATS_CREDS, NATS_TOKEN or " +
      "NATS_USER and NATS_PASSWORD",
  );
}

async function firstConnection(settings: NatsSettings): Promise<NatsConnection> {
  const end = performance.now() + (settings.firstConnectMs ?? FIRST_CONNECT_MS);
  for (;;) {
    try {
      return await connect(connectionOptions(settings));
    } catch (error) {
      if (performance.now() < end) {
        await new Promise(resolve => setTimeout(resolve, RECONNECT_MS));
        continue;
      }
      const reason = error instanceof Error ? error.message : String(error);
      throw new NatsUnusable(
        `Cannot connect to NATS as one of ${settings.servers.join(", ")} must take the connection: ${reason}`,
        { cause: error },
      );
    }
  }
}

/** For the transporter too, which has a connection of its own to the same servers. */
export function connectionOptions(settings: NatsSettings): ConnectionOptions {
  const { credentials, token, user, password } = settings;
  return {
    servers: [...settings.servers],
    name: settings.name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: PINGS_UNANSWERED_MAX,
    timeout: TIMEOUT_MS,
    ...(credentials === undefined
      ? {}
      : { authenticator: credsAuthenticator(new TextEncoder().encode(credentials)) }),
    ...(token === undefined ? {} : { token }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
  };
}

/** The servers that the first one tells of, itself among them. */
function replicasFor(connection: NatsConnection): number {
  const known = connection.info?.connect_urls?.length ?? 1;
  return known >= REPLICAS_WANTED ? REPLICAS_WANTED : 1;
}

async function tell(connection: NatsConnection, { onLost, onBack }: NatsSettings): Promise<void> {
  for await (const { type, data } of connection.status()) {
    if (type === Events.Disconnect) onLost?.(String(data));
    if (type === Events.Reconnect) onBack?.(String(data));
  }
}
