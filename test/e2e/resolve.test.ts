/**
 * What became of an order, after kill -9 at random moments with orders on their way: every id that was ever
 * sent leads to what the journals hold, or was never accepted; a late copy changes nothing; and the folder
 * verifies after each crash. CAMBIST_FULL asks for more kills.
 */
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeMarketRecords } from "../../engine/market/record.ts";
import { SeededRandom } from "../../mixins/seeded-random.ts";
import type { OrderView } from "../../models/order.model.ts";
import { INSTRUMENTS } from "../../services/instruments.ts";
import { decodeLedgerBatch } from "../../services/risk/shard-recovery.ts";
import { openRecorded } from "../../services/verification/recorded.ts";
import { Report } from "../../services/verification/report.ts";
import { temporaryFolder } from "../venue.ts";
import { RestClient } from "./rest-client.ts";
import { VenueProcess } from "./venue-process.ts";

const KILLS = process.env.CAMBIST_FULL === undefined ? 2 : 20;
const ORDERS_A_KILL = 150;
const SEED = Number(process.env.SEED ?? 20261120);
let folder: string;
let venue: VenueProcess;
let trader: RestClient;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(async () => {
  await venue.kill();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  venue = await VenueProcess.start(folder);
  trader = await RestClient.signIn(venue.address, venue.demo);
}

const KINDS = [
  { type: "market", side: "buy", quantity: "1000" },
  { type: "limit", side: "buy", quantity: "2000", price: "0.90000" },
  { type: "market", side: "sell", quantity: "1000" },
  { type: "limit", side: "buy", quantity: "1500", price: "0.90000" },
];

function order(kill: number, index: number) {
  const symbol = index % 3 === 0 ? "GBPUSD" : "EURUSD";
  return { clientOrderId: `kill-${kill}-${index}`, symbol, ...KINDS[index % KINDS.length] };
}

/** Sends all, and asks for some meanwhile; kills the process after so many answers. Returns what was told. */
async function tradeUntilKilled(kill: number, answersMax: number): Promise<Map<string, OrderView>> {
  const told = new Map<string, OrderView>();
  let killing: Promise<void> | undefined;
  const sending = Array.from({ length: ORDERS_A_KILL }, async (_, index) => {
    const asked = order(kill, index);
    const answer = await trader.send<OrderView>("POST", "orders", asked).catch(() => undefined);
    if (answer?.status === 201) told.set(asked.clientOrderId, answer.body);
    if (told.size >= answersMax) killing ??= venue.kill();
  });
  await Promise.all(sending);
  await (killing ?? venue.kill());
  return told;
}

/** What the journals hold of each client order id. */
async function recorded(): Promise<Map<string, "order" | "revoked">> {
  const held = new Map<string, "order" | "revoked">();
  const facts = await openRecorded(folder, INSTRUMENTS, 2, new Report());
  for (const { ledger } of facts?.shards ?? []) {
    for await (const batch of ledger.read(1, ledger.last)) {
      for (const command of decodeLedgerBatch(batch)) {
        if (command.kind === "refuse") held.set(command.request.clientOrderId, "order");
        if (command.kind === "revoke") held.set(command.clientOrderId, "revoked");
      }
    }
  }
  for (const { instrument, journal } of facts?.markets ?? []) {
    for (const run of journal.runs()) {
      for await (const { first, count, payload } of journal.read(run.first, run.last)) {
        for (const { command } of decodeMarketRecords(instrument.number, first, count, payload)) {
          if (command.kind === "place") held.set(command.clientOrderId, "order");
        }
      }
    }
  }
  return held;
}

async function verified(): Promise<unknown> {
  const { code, output } = await VenueProcess.run(["verify", folder]);
  return code === 0 ? output.trimEnd().split("\n").at(-1) : output;
}

it("leads to what the journals hold, or to never", { timeout: 300_000 }, async () => {
  const random = new SeededRandom(SEED);
  const outcomes = new Map<string, OrderView | "never">();
  await start();
  for (let kill = 0; kill < KILLS; kill++) {
    const told = await tradeUntilKilled(kill, random.between(0, ORDERS_A_KILL - 1));
    expect(await verified(), `seed ${SEED}, after kill ${kill}`).toBe("All is equal");
    const held = await recorded();
    await start();
    for (let index = 0; index < ORDERS_A_KILL; index++) {
      const asked = order(kill, index);
      const { clientOrderId } = asked;
      const found = await trader.get<OrderView>(`orders/by-client-id/${clientOrderId}`);
      expect(found.status, clientOrderId).toBe(held.get(clientOrderId) === "order" ? 200 : 404);
      if (found.status === 200) {
        outcomes.set(clientOrderId, found.body);
        const before = told.get(clientOrderId);
        if (before !== undefined) expect(found.body).toMatchObject({ id: before.id, fills: before.fills });
      } else {
        expect([told.has(clientOrderId), found.body]).toMatchObject([
          false,
          { code: "ORDER_NEVER_ACCEPTED" },
        ]);
        outcomes.set(clientOrderId, "never");
      }
      const late = await trader.send<OrderView>("POST", "orders", asked);
      if (found.status === 200) expect(late).toMatchObject({ status: 200, body: { id: found.body.id } });
      else expect(late).toMatchObject({ status: 409, body: { code: "CLIENT_ORDER_ID_REVOKED" } });
    }
  }
  // What was said once stands, over all the crashes since.
  for (const [clientOrderId, outcome] of outcomes) {
    const { status, body } = await trader.get<OrderView>(`orders/by-client-id/${clientOrderId}`);
    if (outcome === "never") expect(status).toBe(404);
    else expect([status, body.id, body.status]).toEqual([200, outcome.id, outcome.status]);
  }
  expect([...outcomes.values()].filter(outcome => outcome !== "never").length).toBeGreaterThan(0);
  expect(await venue.end()).toBe(0);
  expect(await verified()).toBe("All is equal");
  await start();
});
