/** What a trader was told is true after a crash: the real process, killed while orders are on their way. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountView, PositionView } from "../../models/account.model.ts";
import type { OrderView } from "../../models/order.model.ts";
import { temporaryFolder } from "../venue.ts";
import { RestClient } from "./rest-client.ts";
import { VenueProcess } from "./venue-process.ts";

interface Page<Item> {
  readonly items: Item[];
}

const ORDERS = 300;
let folder: string;
let venue: VenueProcess;
let trader: RestClient;

beforeAll(async () => {
  folder = await temporaryFolder();
  venue = await VenueProcess.start(folder);
  trader = await RestClient.signIn(venue.address, venue.demo);
});

afterAll(async () => {
  await venue.kill();
  await rm(folder, { recursive: true, force: true });
});

function order(index: number) {
  const kinds = [
    { type: "market", side: "buy", quantity: "1000" },
    { type: "limit", side: "buy", quantity: "2000", price: "0.90000" },
    { type: "market", side: "sell", quantity: "1000" },
    { type: "limit", side: "buy", quantity: "1500", price: "0.90000" },
  ];
  return { clientOrderId: `crash-${index}`, symbol: "EURUSD", ...kinds[index % kinds.length] };
}

/** Sends all; keeps the answers that came before the process was killed. */
async function tradeUntilKilled(): Promise<Map<number, OrderView>> {
  const told = new Map<number, OrderView>();
  const killAfter = ORDERS / 2;
  let killing: Promise<void> | undefined;
  const sending = Array.from({ length: ORDERS }, async (_, index) => {
    const answer = await trader.send<OrderView>("POST", "orders", order(index)).catch(() => undefined);
    if (answer === undefined || answer.status !== 201) return;
    told.set(index, answer.body);
    if (told.size === killAfter) killing = venue.kill();
  });
  await Promise.all(sending);
  await killing;
  return told;
}

/** Net size of fills. */
function netOf(orders: Iterable<OrderView>): number {
  let net = 0;
  for (const { side, filledQuantity } of orders) net += (side === "buy" ? 1 : -1) * Number(filledQuantity);
  return net;
}

describe("a venue that is killed while orders are on their way", () => {
  it("keeps what it said and does nothing twice", { timeout: 120_000 }, async () => {
    const told = await tradeUntilKilled();
    expect(told.size).toBeGreaterThanOrEqual(ORDERS / 2);
    venue = await VenueProcess.start(folder);
    trader = await RestClient.signIn(venue.address, venue.demo);

    for (const [index, before] of told) {
      const again = await trader.send<OrderView>("POST", "orders", order(index));
      expect(again.status).toBe(200);
      expect(again.body).toMatchObject({ id: before.id, status: before.status, fills: before.fills });
    }

    const outcomes = new Map<string, OrderView>();
    for (let index = 0; index < ORDERS; index++) {
      const found = await trader.get<OrderView>(`orders/by-client-id/crash-${index}`);
      if (found.status === 200) outcomes.set(found.body.id, found.body);
      else expect([found.status, told.has(index)]).toEqual([404, false]);
    }
    expect(new Set([...told.values()].map(({ id }) => id)).size).toBe(told.size);

    const listed = await trader.get<Page<OrderView>>("orders?limit=500");
    expect(new Set(listed.body.items.map(({ id }) => id))).toEqual(new Set(outcomes.keys()));
    const [account] = (await trader.get<Page<AccountView>>("accounts")).body.items;
    const positions = await trader.get<Page<PositionView>>(`accounts/${account?.id}/positions`);
    const held = positions.body.items.find(({ symbol }) => symbol === "EURUSD")?.quantity ?? "0";
    expect(Number(held)).toBe(netOf(outcomes.values()));
  });

  it("keeps a refusal refused and another body for a known id a conflict", async () => {
    const refused = await trader.send<OrderView>("POST", "orders", order(3));
    expect(refused).toMatchObject({
      status: 200,
      body: { status: "rejected", rejection: "quantityNotMultiple" },
    });
    const other = await trader.send<{ code: string }>("POST", "orders", { ...order(3), quantity: "2000" });
    expect(other).toMatchObject({ status: 409, body: { code: "CLIENT_ORDER_ID_REUSED" } });
  });

  it("ends in order when it is asked to", async () => {
    expect(await venue.end()).toBe(0);
    venue = await VenueProcess.start(folder);
    expect(await venue.end("SIGINT")).toBe(0);
    venue = await VenueProcess.start(folder);
  });
});

describe("npm start", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "ends everything on %s to npm alone",
    { timeout: 60_000 },
    async signal => {
      const other = await temporaryFolder();
      const npm = spawn("npm", ["start"], {
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        env: { ...process.env, DATA_DIR: other, PORT: "0" },
        stdio: ["ignore", "pipe", "ignore"],
      });
      let output = "";
      npm.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
      await expect.poll(() => output, { timeout: 45_000 }).toContain("demo: ");
      npm.kill(signal);
      // Its output closes when the last process that writes to it has ended.
      await once(npm, "close");
      expect(npm.exitCode).toBe(0);
      await rm(other, { recursive: true, force: true });
    },
  );
});

describe("the command line", () => {
  it("refuses options that it does not know", async () => {
    const { code, output } = await VenueProcess.run(["start", "--colour", "red"]);
    expect(code).toBe(2);
    expect(output).toContain("--colour");
  });

  it("refuses a demo that listens beyond loopback", async () => {
    const { code, output } = await VenueProcess.run(["start"], { HOST: "0.0.0.0", DATA_DIR: folder });
    expect(code).toBe(2);
    expect(output).toContain("HOST");
  });

  it.each([
    ["RATE_LIMIT_AUTH", "often", "'RATE_LIMIT_AUTH' must be CALLS or CALLS/SECONDS: received often"],
    ["DATA_DIR", "/dev/null", "'DATA_DIR' must be a folder to write to: received /dev/null"],
  ])("says in one line what is wrong with %s", async (name, value, message) => {
    const { code, output } = await VenueProcess.run(["start"], {
      DATA_DIR: folder,
      PORT: "0",
      [name]: value,
    });
    expect([code, output.trimEnd().split("\n")]).toEqual([2, [expect.stringContaining(message)]]);
  });

  it("says in one line that the port is taken, or the tick file wrong", async () => {
    const other = await temporaryFolder();
    const { port } = new URL(venue.address);
    const taken = await VenueProcess.run(["start"], { DATA_DIR: other, PORT: port });
    expect([taken.code, taken.output]).toEqual([
      2,
      `Cannot start as 'PORT' must be free: received 127.0.0.1:${port}\n`,
    ]);
    const options = ["--replay", "package.json", "--symbol", "EURUSD"];
    const wrong = await VenueProcess.run(["start", ...options], { DATA_DIR: other, PORT: "0" });
    expect([wrong.code, wrong.output]).toEqual([
      2,
      expect.stringMatching(/^Cannot replay .* as line 1 must.*\n$/),
    ]);
    await rm(other, { recursive: true, force: true });
  });
});
