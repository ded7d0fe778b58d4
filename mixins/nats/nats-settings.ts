/** How a node of a cluster reaches its NATS servers, from its settings. */
import { readFileSync } from "node:fs";
import type { ClusterSettings } from "../runtime/cluster-settings.ts";
import { SettingInvalid } from "../runtime/setting.ts";
import type { NatsSettings } from "./nats-connection.ts";

/** Reads the credentials file. Throws SettingInvalid, without a word of what is in it. */
export function natsSettings(cluster: ClusterSettings): NatsSettings {
  const { servers, nodeId: name, credentialsFile, token, user, password, replicas, storage } = cluster;
  return {
    servers,
    name,
    ...(credentialsFile === undefined ? {} : { credentials: credentialsIn(credentialsFile) }),
    ...(token === undefined ? {} : { token }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(replicas === undefined ? {} : { replicas }),
    ...(storage === undefined ? {} : { storage }),
  };
}

function credentialsIn(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new SettingInvalid(`Cannot start as 'NATS_CREDS' must be a file to read: received ${path}`, {
      cause: error,
    });
  }
}
