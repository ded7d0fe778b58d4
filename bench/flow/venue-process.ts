/**
 * Half of a venue, with NATS between it and the other half: PART=inner has shards and markets with file
 * journals, and quotes for one market; PART=gateway has REST. Prints its address, or "ready".
 */
import { ServiceBroker, type ServiceSchema } from "moleculer";
import { runtimeOf } from "../../mixins/runtime/runtime.ts";
import { readSettings } from "../../mixins/runtime/settings.ts";
import { brokerOptions } from "../../moleculer.config.ts";
import accounts from "../../services/accounts.service.ts";
import api from "../../services/api.service.ts";
import history from "../../services/history.service.ts";
import identity from "../../services/identity.service.ts";
import { INSTRUMENTS } from "../../services/instruments.ts";
import matching from "../../services/matching.service.ts";
import orders from "../../services/orders.service.ts";
import risk from "../../services/risk.service.ts";

const { NATS_URL = "", DATA_DIR = "", PART = "" } = process.env;
const PROVIDER = 900;

const settings = readSettings({}, { dataDir: DATA_DIR, port: 0 });
const options = brokerOptions(settings, INSTRUMENTS.slice(0, 1));
const transporter = { type: "NATS" as const, options: { servers: NATS_URL.split(",") } };
const broker = new ServiceBroker({ ...options, nodeID: PART, transporter });
runtimeOf(broker).onFatal = error => {
  throw error;
};

/** Without a mark no order can be margined. */
async function quote(): Promise<void> {
  const principal = { userId: "provider", accounts: [PROVIDER], roles: ["liquidity"] };
  const terms = { currency: "USD", leverage: 100, liquidity: true, deposit: "1000000000" };
  await broker.call("accounts.open", { account: PROVIDER, ...terms });
  for (const [side, price] of [
    ["buy", "1.05000"],
    ["sell", "1.15000"],
  ]) {
    const order = { clientOrderId: `quote-${side}`, symbol: "EURUSD", side, type: "limit", price };
    await broker.call("orders.place", { ...order, quantity: "1000000" }, { meta: { principal } });
  }
}

if (PART === "inner") {
  for (const schema of [matching, risk, accounts, history]) broker.createService(schema as ServiceSchema);
  await broker.start();
  process.stdout.write("ready\n");
} else {
  for (const schema of [orders, identity, api]) broker.createService(schema as ServiceSchema);
  await broker.start();
  await broker.waitForServices(["risk.0", "risk.1", "accounts"], 30_000, 50);
  await quote();
  process.stdout.write(`Cambist: ${runtimeOf(broker).address}\n`);
}
process.once("SIGTERM", () => void broker.stop().then(() => process.exit(0)));
