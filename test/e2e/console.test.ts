/** The operator's console of a real process: lines in, answers out. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { OrderView } from "../../models/order.model.ts";
import guards from "../../services/guards.service.ts";
import { principal, startVenue, TRADING, temporaryFolder } from "../venue.ts";

const PROCESS = fileURLToPath(new URL("console-process.ts", import.meta.url));

/** What the console says to these lines; it ends with its input. */
async function ask(dataDir: string, lines: readonly string[]): Promise<string> {
  const env = { ...process.env, DATA_DIR: dataDir, HOME: dataDir, NO_COLOR: "1" };
  const child = spawn(process.execPath, ["--import", "tsx", PROCESS], { env, stdio: "pipe" });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  child.stdin.end(`${lines.join("\n")}\n`);
  await once(child, "close");
  return said;
}

it("explains a refusal by its id alone, and says what it cannot explain", { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const venue = await startVenue(folder, { services: [...TRADING, guards] });
  await venue.openAccounts(1_001);
  await venue.quote("EURUSD", "1.10000", "1.10010");
  const order = { clientOrderId: "big", symbol: "EURUSD", side: "buy", type: "market", timeInForce: "IOC" };
  const { id } = await venue.call<OrderView>(
    "orders.place",
    { ...order, quantity: "4000000" },
    principal(1_001),
  );
  await venue.stop();
  const said = await ask(folder, [`explain ${id}`, "explain 77"]);
  expect(said).toContain(`"id": "${id}"`);
  expect(said).toContain('"acceptableQuantity": "2727000"');
  expect(said).toContain("Cannot explain as the id must be of a refusal: received 77");
  await rm(folder, { recursive: true });
});
