/**
 * Tells the terminal where the venue listens and where its data lies. In a demo it also makes the demo
 * trader, at the first start, with a password of its own that is told at every start; it lies in the data
 * folder, readable by its owner only, and a demo listens on loopback only. An operator is made where the
 * environment names one.
 */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { ServiceBroker, ServiceSchema } from "moleculer";
import { runtimeOf } from "../mixins/runtime/runtime.ts";

const EMAIL = "trader@cambist.local";

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

/** The demo trader's password, once there is a demo trader. */
async function makeTrader(broker: ServiceBroker, dataDir: string): Promise<string> {
  const password = await demoPassword(join(dataDir, "secrets", "demo-password"));
  await broker.call("identity.provision", { email: EMAIL, name: "Demo trader", password, role: "trader" });
  return password;
}

const schema: ServiceSchema = {
  name: "welcome",
  dependencies: ["identity", "accounts", "api"],

  async started() {
    const runtime = runtimeOf(this.broker);
    const { dataDir, demo, operator } = runtime.settings;
    if (operator !== undefined) {
      const account = { name: "Operator", role: "operator", deposit: "0" };
      await this.broker.call("identity.provision", { ...operator, ...account });
    }
    const lines = [`Cambist: ${runtime.address}`, `Data: ${resolve(dataDir)}`];
    if (demo) lines.push(`demo: ${EMAIL} / ${await makeTrader(this.broker, dataDir)}`);
    process.stdout.write(`${lines.join("\n")}\n`);
  },
};

export default schema;
