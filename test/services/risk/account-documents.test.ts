/** Balances and positions as documents: as an account's newest fact left them, also after a crash. */
import { rm } from "node:fs/promises";
import { open } from "lmdb";
import { expect, it } from "vitest";
import { DATABASES_MAX } from "../../../mixins/documents/document-databases.ts";
import { runtimeOf } from "../../../mixins/runtime/runtime.ts";
import { principal, startVenue, temporaryFolder, type Venue } from "../../venue.ts";

const ALICE = principal(1001);

async function buy(venue: Venue, clientOrderId: string): Promise<void> {
  const order = { clientOrderId, symbol: "EURUSD", side: "buy", type: "market", quantity: "10000" };
  await venue.call("orders.place", order, ALICE);
}

const documentOf = (venue: Venue) => runtimeOf(venue.broker).documents.account("1001");
/** A list of closed orders comes after all that the shard knows is written. */
const writeAll = (venue: Venue) => venue.call("orders.list", { status: "closed", limit: 1 }, ALICE);

it("follow an account's facts, and are made whole at the next start", async () => {
  const folder = await temporaryFolder();
  let venue = await startVenue(folder);
  await venue.openAccounts(1001);
  await venue.quote("EURUSD", "1.00000", "1.10000");
  await buy(venue, "first");
  await writeAll(venue);
  const first = documentOf(venue);
  expect(first).toMatchObject({
    accountId: "1001",
    balances: [{ currency: "USD", total: "100000.00" }],
    positions: [{ symbol: "EURUSD", quantity: "10000", averagePrice: "1.100000", cost: "11000.00" }],
  });
  await venue.stop();

  const root = open({ path: `${folder}/documents/orders`, maxDbs: DATABASES_MAX });
  await root.openDB({ name: "accounts" }).put(1001, { ...first, version: 0, balances: [] });
  await root.close();
  venue = await startVenue(folder);
  await writeAll(venue);
  expect(documentOf(venue)).toEqual(first);
  await venue.stop();
  await rm(folder, { recursive: true });
});
