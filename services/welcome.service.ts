/**
 * Tells the terminal where the venue listens and where its data lies. In a demo it also makes the demo
 * trader, at the first start, with a password of its own that is told at every start; it lies in the data
 * folder, readable by its owner only, and a demo listens on loopback only. An operator is made where the
 * environment names one. In a cluster each gateway does this; who comes second finds it done.
 */
import { createHmac, randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { ServiceBroker, ServiceSchema, ServiceSettingSchema } from "moleculer";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import { askAgain } from "./ask-again.ts";
import { isAlone } from "./hosted-services.ts";
import { servicesThere } from "./service-wait.ts";

const EMAIL = "trader@cambist.local";
const PASSWORD_CHARACTERS = 16;

/** The kept password; a new one, durable before it is told, where there is none. */
async function demoPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  const password = randomBytes(12).toString("base64url");
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(`${file}.new`, "w", 0o600);
  try {
    await handle.writeFile(`${password}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
  return password;
}

/** In a cluster every gateway tells the same one. */
function sharedPassword(secret: string): string {
  return createHmac("sha256", secret).update("demo trader").digest("base64url").slice(0, PASSWORD_CHARACTERS);
}

/** The demo trader's password, once there is a demo trader. */
async function makeTrader(broker: ServiceBroker, dataDir: string): Promise<string> {
  const { JWT_SECRET: secret = "" } = process.env;
  const password = isAlone(broker)
    ? await demoPassword(join(dataDir, "secrets", "demo-password"))
    : sharedPassword(secret);
  await broker.call("identity.provision", { email: EMAIL, name: "Demo trader", password, role: "trader" });
  return password;
}

/** Resolves when it has told the terminal; in a cluster what it needs may be on other nodes, and moving. */
async function greet(broker: ServiceBroker, isOver: () => boolean): Promise<void> {
  if (!(await servicesThere(broker, ["identity", "accounts", "api"], isOver))) return;
  const runtime = runtimeOf(broker);
  const { dataDir, demo, operator } = runtime.settings;
  if (operator !== undefined) {
    const account = { name: "Operator", role: "operator", deposit: "0" };
    await broker.call("identity.provision", { ...operator, ...account });
  }
  const lines = [`Cambist: ${runtime.address}`, `Data: ${resolve(dataDir)}`];
  if (demo) lines.push(`demo: ${EMAIL} / ${await makeTrader(broker, dataDir)}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

const schema: ServiceSchema<ServiceSettingSchema, object, { stopping: boolean }> = {
  name: "welcome",

  created() {
    this.stopping = false;
  },

  async started() {
    const { broker } = this;
    const isOver = () => this.stopping;
    const { timers, onFatal, settings } = runtimeOf(broker);
    if (isAlone(broker) && settings.stores.mongoUrl === undefined) return greet(broker, isOver);
    // Not awaited: a node that waits for others is not seen by them, and a store of users may be away.
    askAgain(() => greet(broker, isOver), { timers, isOver }).catch(error => {
      if (!isOver()) onFatal(error);
    });
  },

  stopped() {
    this.stopping = true;
  },
};

export default schema;
