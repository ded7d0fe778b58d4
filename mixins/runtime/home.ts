/**
 * Which cluster a data folder belongs to, compared at a node's start: market data of another cluster's
 * journals would be told as this one's.
 */
import { randomUUID } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { placeFile } from "../journal/durable-file.ts";
import { type Keys, KeyTaken } from "../nats/ports.ts";
import { FOUNDING_FILE } from "./founding-store.ts";
import { SettingInvalid } from "./setting.ts";

const FILE = "cluster.json";
const KEY = "cluster";
const FORM = /^\{"cluster":"([0-9a-f-]{36})"\}\n$/;

/** Throws SettingInvalid where the folder is of another cluster, or holds a venue of its own. */
export async function confirmHome(keys: Keys, folder: string): Promise<void> {
  if (await isThere(join(folder, FOUNDING_FILE))) {
    throw new SettingInvalid(
      `Cannot start as 'DATA_DIR' must hold no venue of its own while NATS_URL is set: received ${folder}`,
    );
  }
  const cluster = await agreed(keys, randomUUID());
  const path = join(folder, FILE);
  if (!(await isThere(path))) {
    await placeFile(path, [Buffer.from(`${JSON.stringify({ cluster })}\n`)]);
    return;
  }
  if (FORM.exec(await readFile(path, "utf8"))?.[1] === cluster) return;
  throw new SettingInvalid(
    `Cannot start as 'DATA_DIR' must be of the cluster that NATS_URL names: received ${folder}. ` +
      "Set NATS_URL back, or set DATA_DIR to a new folder",
  );
}

/** A data folder of a cluster is no venue of its own. Throws SettingInvalid. */
export async function confirmAlone(folder: string): Promise<void> {
  if (!(await isThere(join(folder, FILE)))) return;
  throw new SettingInvalid(
    `Cannot start as 'NATS_URL' must be given where 'DATA_DIR' is a cluster node's: received ${folder}`,
  );
}

/** The cluster's id; `value` where it had none. */
async function agreed(keys: Keys, value: string): Promise<string> {
  for (;;) {
    const entry = await keys.get(KEY);
    if (entry !== undefined) return entry.value;
    try {
      await keys.create(KEY, value);
      return value;
    } catch (error) {
      if (!(error instanceof KeyTaken)) throw error;
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
