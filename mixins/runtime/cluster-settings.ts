/**
 * What makes a node one of a cluster, read from the environment: servers and how to sign in to them, the
 * node's name, what it hosts, and the stores that nodes share. Credentials come from the environment only,
 * and no sentence here repeats one.
 */
import { hostname } from "node:os";
import { type Environment, given, integer, SettingInvalid } from "./setting.ts";

/** What a node may host: `services/roles.ts` says which services that are. */
export const ROLES = [
  "gateway",
  "matching",
  "risk",
  "history",
  "identity",
  "operations",
  "reference",
  "liquidity",
] as const;

export type Role = (typeof ROLES)[number];

export interface NatsCredentials {
  /** Path of a credentials file. */
  readonly credentialsFile?: string;
  readonly token?: string;
  readonly user?: string;
  readonly password?: string;
}

export interface ClusterSettings extends NatsCredentials {
  /** `nats://host:port` or `tls://host:port`. */
  readonly servers: readonly string[];
  /** Copies of what is stored; undefined: 3 where there are so many servers, else 1. */
  readonly replicas?: number;
  /** Where the servers keep it; undefined: in files. */
  readonly storage?: "file" | "memory";
  /** Hours that a journal's records stay in their stream at least, though everyone has passed them. */
  readonly keepHours: number;
  /** A folder for a second copy of what leaves a stream. */
  readonly archiveDir?: string;
  /** Unlike that of any other node. */
  readonly nodeId: string;
  /** How long an actor of a node that was killed has no owner. */
  readonly leaseMs: number;
  /** Share of the actors that this node is to have, beside others. */
  readonly weight: number;
}

export interface InfluxSettings {
  readonly url: string;
  readonly database: string;
  readonly user?: string;
  readonly password?: string;
}

export interface StoreSettings {
  readonly mongoUrl?: string;
  readonly influx?: InfluxSettings;
  readonly redisUrl?: string;
}

const NODE_ID = /^[A-Za-z0-9_-]{1,64}$/;
const SERVER = /^(nats|tls):\/\/[^\s,@/]+$/;
/** Fewer characters of secret than bits of HS256's strength asks for are refused. */
export const SECRET_CHARACTERS_MIN = 32;

/** Undefined where NATS_URL is not given: then the node is alone. Throws SettingInvalid. */
export function clusterOf(environment: Environment): ClusterSettings | undefined {
  const url = given(environment, "NATS_URL");
  if (url === undefined) {
    for (const name of ["SERVICES", "NODE_ID"]) {
      if (given(environment, name) !== undefined) {
        throw new SettingInvalid(`Cannot start as '${name}' must be given together with 'NATS_URL'`);
      }
    }
    return undefined;
  }
  if ((environment.JWT_SECRET ?? "").length < SECRET_CHARACTERS_MIN) {
    throw new SettingInvalid(
      `Cannot start as 'JWT_SECRET' must have ${SECRET_CHARACTERS_MIN} characters or more in a cluster: ` +
        "every gateway has to know every other's tokens",
    );
  }
  const nodeId = given(environment, "NODE_ID") ?? ownName();
  if (!NODE_ID.test(nodeId)) {
    throw new SettingInvalid(
      `Cannot start as 'NODE_ID' must be 1 to 64 of A-Z a-z 0-9 _ -: received ${nodeId}`,
    );
  }
  const replicas = integer(environment, "NATS_REPLICAS", 0, 1, 5);
  return {
    servers: serversOf(url),
    ...credentialsOf(environment),
    ...(replicas === 0 ? {} : { replicas }),
    ...storageOf(environment),
    keepHours: integer(environment, "JOURNAL_KEEP_HOURS", 0, 0, 8_760),
    nodeId,
    leaseMs: integer(environment, "LEASE_MS", 1_500, 300, 60_000),
    weight: integer(environment, "NODE_WEIGHT", 100, 1, 10_000),
  };
}

function storageOf(environment: Environment): Pick<ClusterSettings, "storage" | "archiveDir"> {
  const storage = given(environment, "NATS_STORAGE");
  const archiveDir = given(environment, "ARCHIVE_DIR");
  if (storage !== undefined && storage !== "file" && storage !== "memory") {
    throw new SettingInvalid(`Cannot start as 'NATS_STORAGE' must be file or memory: received ${storage}`);
  }
  return {
    ...(storage === undefined ? {} : { storage }),
    ...(archiveDir === undefined ? {} : { archiveDir }),
  };
}

/** All of them where SERVICES is not given. */
export function rolesOf(environment: Environment): readonly Role[] {
  const names = given(environment, "SERVICES")?.split(",") ?? ROLES;
  return names.map(name => {
    const role = ROLES.find(each => each === name.trim());
    if (role !== undefined) return role;
    throw new SettingInvalid(`Cannot start as 'SERVICES' must be of ${ROLES.join(", ")}: received ${name}`);
  });
}

export function storesOf(environment: Environment): StoreSettings {
  const mongoUrl = address(environment, "MONGO_URL", /^mongodb(\+srv)?:\/\/\S+$/, "mongodb://host/database");
  const url = address(environment, "INFLUX_URL", /^https?:\/\/\S+$/, "http://host:port");
  const redisUrl = address(environment, "REDIS_URL", /^rediss?:\/\/\S+$/, "redis://host:port");
  const user = given(environment, "INFLUX_USER");
  const password = given(environment, "INFLUX_PASSWORD");
  const influx =
    url === undefined
      ? undefined
      : {
          url,
          database: given(environment, "INFLUX_DATABASE") ?? "cambist",
          ...(user === undefined ? {} : { user }),
          ...(password === undefined ? {} : { password }),
        };
  return {
    ...(mongoUrl === undefined ? {} : { mongoUrl }),
    ...(influx === undefined ? {} : { influx }),
    ...(redisUrl === undefined ? {} : { redisUrl }),
  };
}

/** An address may hold a password: it is never repeated. */
function address(environment: Environment, name: string, form: RegExp, example: string): string | undefined {
  const url = given(environment, name);
  if (url === undefined || form.test(url)) return url;
  throw new SettingInvalid(`Cannot start as '${name}' must be an address like ${example}`);
}

function serversOf(url: string): readonly string[] {
  const servers = url.split(",").map(server => server.trim());
  if (servers.every(server => SERVER.test(server))) return servers;
  throw new SettingInvalid(
    "Cannot start as 'NATS_URL' must be nats://host:port, or several with commas, without credentials: " +
      "these are for NATS_CREDS, NATS_TOKEN or NATS_USER and NATS_PASSWORD",
  );
}

function credentialsOf(environment: Environment): NatsCredentials {
  const credentialsFile = given(environment, "NATS_CREDS");
  const token = given(environment, "NATS_TOKEN");
  const user = given(environment, "NATS_USER");
  const password = given(environment, "NATS_PASSWORD");
  if ((user === undefined) !== (password === undefined)) {
    throw new SettingInvalid("Cannot start as 'NATS_USER' and 'NATS_PASSWORD' must be given together");
  }
  const ways = [credentialsFile, token, user].filter(way => way !== undefined);
  if (ways.length > 1) {
    throw new SettingInvalid(
      "Cannot start as only one of 'NATS_CREDS', 'NATS_TOKEN' and 'NATS_USER' must be given",
    );
  }
  return {
    ...(credentialsFile === undefined ? {} : { credentialsFile }),
    ...(token === undefined ? {} : { token }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
}

function ownName(): string {
  return `${hostname()
    .replaceAll(/[^A-Za-z0-9_-]/g, "-")
    .slice(0, 50)}-${process.pid}`;
}
