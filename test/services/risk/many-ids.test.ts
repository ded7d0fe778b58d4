/** Client order ids are remembered for ever at no cost of memory: what is documented is found on disk. */
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { shardOf } from "../../../engine/ids.ts";
import { accountId } from "../../../engine/units.ts";
import { principal, startVenue, temporaryFolder, type Venue } from "../../venue.ts";

const ALICE = principal(1001);
const IDS = Number(process.env.CAMBIST_FULL === undefined ? 1_500 : 50_000);
let folder: string;
let venue: Venue;

beforeAll(async () => {
  folder = await temporaryFolder();
  venue = await startVenue(folder);
  await venue.openAccounts(1001);
  await venue.quote("EURUSD", "1.00000", "1.10000");
});

afterAll(async () => {
  await venue.stop();
  await rm(folder, { recursive: true });
});

/** An id's block in the filter of used ids, which has a limit: all that memory keeps of it. */
const FILTER_BYTES_AN_ID = 66;

/** One that is accepted and cancelled, one that is refused, and one that is given up. */
const order = (index: number, quantity = "1000") => ({
  ...{ clientOrderId: `id-${index}`, symbol: "EURUSD", side: "buy", quantity },
  ...{ type: "limit", price: "0.90000", timeInForce: "IOC" },
});
const give = (index: number) => venue.call("orders.resolve", { clientOrderId: `never-${index}` }, ALICE);

async function use(from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    await venue.call("orders.place", order(index, index % 2 === 0 ? "1000" : "1500"), ALICE);
    if (index % 10 === 0) await expect(give(index)).rejects.toMatchObject({ type: "ORDER_NEVER_ACCEPTED" });
  }
}

/** What the shard keeps in memory, in bytes of its snapshot, once all that it knows is stored. */
async function stateBytes(): Promise<number> {
  await venue.call("orders.list", { status: "closed", limit: 1 }, ALICE);
  const service = venue.broker.getLocalService(`risk.${shardOf(accountId(1001), 2)}`) as unknown as {
    parts: { shard: { machine: { snapshot(): Uint8Array; closedInMemory: number } } };
  };
  const { machine } = service.parts.shard;
  expect(machine.closedInMemory).toBe(0);
  return machine.snapshot().length;
}

it("finds each of many ids, and refuses each that was given up", { timeout: 300_000 }, async () => {
  await use(0, 100);
  const few = await stateBytes();
  await use(100, IDS);
  const most = few + (IDS - 100) * 1.1 * FILTER_BYTES_AN_ID;
  expect(await stateBytes()).toBeLessThanOrEqual(most);

  await venue.stop();
  venue = await startVenue(folder);
  const ids = new Set<string>();
  for (let index = 0; index < IDS; index += 7) {
    const clientOrderId = `id-${index}`;
    const found = await venue.call<{ id: string; status: string }>(
      "orders.resolve",
      { clientOrderId },
      ALICE,
    );
    expect(found.status).toBe(index % 2 === 0 ? "expired" : "rejected");
    const again = await venue.call<{ id: string }>(
      "orders.place",
      order(index, index % 2 === 0 ? "1000" : "1500"),
      ALICE,
    );
    expect(again.id).toBe(found.id);
    ids.add(found.id);
  }
  expect(ids.size).toBe(Math.ceil(IDS / 7));
  for (let index = 0; index < IDS; index += 70) {
    const late = { ...order(index), clientOrderId: `never-${index}` };
    await expect(give(index)).rejects.toMatchObject({ type: "ORDER_NEVER_ACCEPTED" });
    await expect(venue.call("orders.place", late, ALICE)).rejects.toMatchObject({
      type: "CLIENT_ORDER_ID_REVOKED",
    });
  }
  expect(await stateBytes()).toBeLessThanOrEqual(most);
});
